package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// maxCard is the size of the largest body of a card's proof, in bytes.
const maxCard = 8 << 20

// What openapi.yaml says about form. bounds_test.go holds the two together.
var (
	idForm     = regexp.MustCompile(`^[A-Z2-7]{26}$`)
	kindForm   = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	loginForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)
	serialForm = regexp.MustCompile(`^[0-9a-f]{2,40}$`)
)

// bounded is a body whose fields have bounds.
type bounded interface{ check() error }

// take reads a body of at most limit bytes and checks its fields.
func take(r *http.Request, limit int64, into bounded) error {
	if err := kit.Decode(r, limit, into); err != nil {
		return err
	}
	return into.check()
}

// known refuses what can't be an application's id. Nobody has such a one, so
// it is not worth an audit entry.
func known(id string) error {
	if !idForm.MatchString(id) {
		return enrolment.ErrUnknown.With(nil)
	}
	return nil
}

// text checks a field that must be there, in characters.
func text(field, value string, shortest, longest int) error {
	if value == "" {
		return kit.ErrMissingField.With(nil, "field", field)
	}
	if n := utf8.RuneCountInString(value); n < shortest || n > longest {
		return kit.ErrField.With(nil, "field", field)
	}
	return nil
}

func form(field, value string, longest int, pattern *regexp.Regexp) error {
	if err := text(field, value, 1, longest); err != nil {
		return err
	}
	if !pattern.MatchString(value) {
		return kit.ErrField.With(nil, "field", field)
	}
	return nil
}

// first gives the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *LogInRequest) check() error {
	return first(form("loginId", b.LoginID, 64, loginForm), text("password", b.Password, 1, 128))
}

func (b *StartRequest) check() error {
	switch {
	case b.Way == "" && b.Certificate == "":
		if err := text("kind", string(b.Kind), 1, 32); err != nil {
			return err
		}
		if !b.Kind.Valid() {
			return enrolment.ErrKind.With(nil)
		}
		return nil
	case b.Kind != "": // the certificate has one
		return kit.ErrField.With(nil, "field", "kind")
	}
	return first(choice("way", string(b.Way), b.Way.Valid()), form("certificate", b.Certificate, 40, serialForm))
}

// choice checks a field that is one of a list.
func choice(field, value string, valid bool) error {
	if value == "" {
		return kit.ErrMissingField.With(nil, "field", field)
	}
	if !valid {
		return kit.ErrField.With(nil, "field", field)
	}
	return nil
}

func (b *RevocationRequest) check() error {
	err := first(choice("reason", string(b.Reason), b.Reason.Valid()), text("otp", b.OTP, 1, 16))
	if err == nil && b.InvalidityDate != "" {
		err = text("invalidityDate", b.InvalidityDate, 1, 10)
	}
	return err
}

func (b *LossByCode) check() error { return text("code", b.Code, 1, 64) }

func (b *NoticeChoice) check() error {
	return first(choice("channels", string(b.Channels), b.Channels.Valid()), choice("language", string(b.Language), b.Language.Valid()))
}

// serialKnown refuses what can't be a serial number.
func serialKnown(serial string) error {
	if !serialForm.MatchString(serial) {
		return ca.ErrNotFound.With(nil)
	}
	return nil
}

func (b *ConsentRequest) check() error {
	if len(b.Terms) == 0 {
		return kit.ErrMissingField.With(nil, "field", "terms")
	}
	if len(b.Terms) > 16 {
		return kit.ErrField.With(nil, "field", "terms")
	}
	for _, t := range b.Terms {
		if err := first(text("terms.name", t.Name, 1, 64), text("terms.version", t.Version, 1, 32),
			form("terms.sha256", t.SHA256, 64, sha256Form)); err != nil {
			return err
		}
	}
	return nil
}

func (b *IDCardProof) check() error {
	if err := first(text("document", string(b.Document), 1, 32), text("number", b.Number, 1, 20),
		text("name", b.Name, 1, 60), text("issueDate", b.IssueDate, 8, 10)); err != nil {
		return err
	}
	switch {
	case !b.Document.Valid():
		return kit.ErrField.With(nil, "field", "document")
	case utf8.RuneCountInString(b.Licence) > 20:
		return kit.ErrField.With(nil, "field", "licence")
	case len(b.Image) == 0:
		return kit.ErrMissingField.With(nil, "field", "image")
	}
	return nil
}

func (b *AccountProof) check() error {
	return first(text("account", b.Account, 1, 32), text("password", b.Password, 1, 16))
}

func (b *CodeProof) check() error { return text("code", b.Code, 1, 16) }

// maxCSR is the size of the largest certification request, in bytes: 16 KiB
// of base64.
const maxCSR = 16384 / 4 * 3

func (b *CertifyRequest) check() error {
	if b.Type != "" && !b.Type.Valid() {
		return kit.ErrField.With(nil, "field", "type")
	}
	return octets("csr", b.CSR, maxCSR)
}

// maxSignature is the size of the largest signature of a login, in bytes: 48
// KiB of base64.
const maxSignature = 49152 / 4 * 3

func (b *CertificateLogIn) check() error { return octets("signature", b.Signature, maxSignature) }

func (b *VerificationRequest) check() error {
	if len(b.Content) > verification.MaxContent {
		return kit.ErrField.With(nil, "field", "content")
	}
	return octets("signature", b.Signature, verification.MaxMessage)
}

func (b *NewPasskey) check() error {
	return first(text("name", b.Name, 1, 40), login.CheckName(b.Name), b.Response.check())
}

func (b *PasskeyLogIn) check() error { return b.Response.check() }

func (b PasskeyResponse) check() error {
	if len(b) == 0 {
		return kit.ErrMissingField.With(nil, "field", "response")
	}
	if len(b.json()) > login.MaxResponse {
		return kit.ErrField.With(nil, "field", "response")
	}
	return nil
}

// json gives the response as the browser made it, but for blanks and order.
func (b PasskeyResponse) json() []byte {
	encoded, err := json.Marshal(b)
	if err != nil {
		return nil // it was JSON a moment ago
	}
	return encoded
}

// octets checks a field of bytes that must be there.
func octets(field string, value []byte, longest int) error {
	if len(value) == 0 {
		return kit.ErrMissingField.With(nil, "field", field)
	}
	if len(value) > longest {
		return kit.ErrField.With(nil, "field", field)
	}
	return nil
}
