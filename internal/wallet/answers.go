package wallet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
)

// MaxAnswers bounds an answers file, in bytes.
const MaxAnswers = 64 << 10

// Answers is what a script answers instead of a person. Secrets may stand in
// it, so the file is to be readable by its owner only.
type Answers struct {
	LoginPassword string          `json:"loginPassword,omitempty"`
	KeyPassword   string          `json:"keyPassword,omitempty"`
	OldPassword   string          `json:"oldKeyPassword,omitempty"` // of the certificate that is renewed
	AgreeRequired bool            `json:"agreeRequired,omitempty"`  // agree to the terms without which there is no certificate
	Card          *CardAnswers    `json:"card,omitempty"`
	Account       *AccountAnswers `json:"account,omitempty"`
	OTP           string          `json:"otp,omitempty"`
	PhoneCode     string          `json:"phoneCode,omitempty"`

	// OTPURL and PhoneCodeURL name where a demo shows the codes: an address
	// on this machine whose answer holds six digits. The last six are taken.
	OTPURL       string `json:"otpURL,omitempty"`
	PhoneCodeURL string `json:"phoneCodeURL,omitempty"`
}

// CardAnswers is what stands on an identity card.
type CardAnswers struct {
	Document  string `json:"document"` // resident-card, drivers-licence, passport, alien-registration-card
	Number    string `json:"number"`
	Name      string `json:"name"`
	IssueDate string `json:"issueDate"` // yyyy-mm-dd
	Licence   string `json:"licence,omitempty"`
	Image     string `json:"image"` // file name of the picture, JPEG or PNG
}

// AccountAnswers is an account of the customer's and its password.
type AccountAnswers struct {
	Account  string `json:"account"`
	Password string `json:"password"`
}

// ParseAnswers reads an answers file. Names that it does not know are refused:
// a misspelt answer would be asked for, and nobody is there.
func ParseAnswers(content []byte) (Answers, error) {
	var a Answers
	if len(content) > MaxAnswers {
		return a, errAnswersInvalid.With(nil, "reason", fmt.Sprintf("> %d KiB", MaxAnswers>>10))
	}
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return Answers{}, errAnswersInvalid.With(nil, "reason", whyNotJSON(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Answers{}, errAnswersInvalid.With(nil, "reason", "JSON: more than one value")
	}
	for _, address := range []string{a.OTPURL, a.PhoneCodeURL} {
		if address != "" && !onThisMachine(address) {
			return Answers{}, errAnswersInvalid.With(nil, "reason", "otpURL, phoneCodeURL: http://127.0.0.1 …")
		}
	}
	return a, nil
}

// whyNotJSON says what is wrong with a file without repeating its values,
// which may be secret.
func whyNotJSON(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("JSON: byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return "JSON: " + kind.Field
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "JSON: end of file"
	}
	return err.Error() // an unknown field, named
}

// onThisMachine says whether an address is plain http on the loopback.
func onThisMachine(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && u.User == nil && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
