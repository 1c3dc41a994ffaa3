package portal

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

// serialForm is what serial numbers look like: ca.Record.Serial.
var serialForm = regexp.MustCompile(`^([0-9a-f]{2}){1,20}$`)

// mine are the visitor's certificates, newest first.
func (p *Portal) mine(r *http.Request, owner string) ([]pages.Certificate, error) {
	records, err := p.records(r)
	var mine []pages.Certificate
	for _, record := range records {
		mine = append(mine, p.brief(r, record, owner))
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
