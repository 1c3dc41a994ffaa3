package portal

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

// certificates is GET /certificates: everything that was issued to the visitor,
// wherever its key is.
func (p *Portal) certificates(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	var mine []pages.Certificate
	if err == nil {
		mine, err = p.mine(r, f.Visitor.Name)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, pages.Certificates{Frame: f, Certificates: mine})
}

// serialForm is what serial numbers look like: ca.Record.Serial.
var serialForm = regexp.MustCompile(`^([0-9a-f]{2}){1,20}$`)

// certificate is GET /certificates/{serial}. Somebody else's looks like one
// that is not there.
func (p *Portal) certificate(w http.ResponseWriter, r *http.Request) {
	serial := r.PathValue("serial")
	var record ca.Record
	err := error(ca.ErrNotFound.With(nil))
	if serialForm.MatchString(serial) {
		record, err = p.Authority.Certificate(r.Context(), p.Sessions.Caller(r.Context()), serial)
	}
	if errors.Is(err, authz.ErrForbidden) || err == nil && len(record.DER) == 0 {
		err = ca.ErrNotFound.With(err)
	}
	var f pages.Frame
	if err == nil {
		f, _, err = p.frame(w, r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, pages.CertificateView{Frame: f, Certificate: p.full(r, record)})
}

// mine are the visitor's certificates, newest first. What is not signed yet is
// no certificate.
func (p *Portal) mine(r *http.Request, owner string) ([]pages.Certificate, error) {
	caller := p.Sessions.Caller(r.Context())
	records, err := p.Authority.CertificatesOf(r.Context(), caller, caller.ID)
	var mine []pages.Certificate
	for _, record := range records {
		if len(record.DER) > 0 {
			mine = append(mine, p.brief(r, record, owner))
		}
	}
	return mine, err
}

// brief is a certificate as a list shows it: its DER is not read.
func (p *Portal) brief(r *http.Request, c ca.Record, owner string) pages.Certificate {
	shown := pages.Certificate{
		Serial: c.Serial, Kind: string(c.Kind), KindTitle: p.kindTitle(r, c.Kind), Owner: owner, Bank: p.Bank,
		State: string(c.StateAt(p.Now())), NotBefore: c.NotBefore, NotAfter: c.NotAfter, IssuedAt: c.IssuedAt,
		Reason: c.Reason, Subject: c.Subject,
	}
	if shown.State != string(ca.Valid) {
		shown.ChangedAt = c.ChangedAt // of a valid one that is when it was issued
	}
	return shown
}

// full is a certificate with all that its page says. What can't be read of our
// own certificate is left out.
func (p *Portal) full(r *http.Request, record ca.Record) pages.Certificate {
	c := p.brief(r, record, "")
	sum := sha256.Sum256(record.DER)
	c.Fingerprint = hex.EncodeToString(sum[:])
	parsed, err := x509.ParseCertificate(record.DER)
	if err != nil {
		return c
	}
	if who, err := npki.IdentifyDataOf(parsed); err == nil {
		c.Owner = who.RealName
	}
	if issuer, err := npki.ParseName(parsed.RawIssuer); err == nil {
		c.Issuer = issuer.String()
	}
	if len(parsed.PolicyIdentifiers) > 0 {
		c.Policy = parsed.PolicyIdentifiers[0].String()
	}
	if key, ok := parsed.PublicKey.(*rsa.PublicKey); ok {
		c.Algorithm = fmt.Sprintf("RSA %d, SHA-256", key.N.BitLen())
	}
	return c
}
