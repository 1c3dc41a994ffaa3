// Package wallettest makes what a wallet meets, for tests: an authority,
// customers' certificates in NPKI folders, revocation lists and a responder.
// Nobody of it exists.
package wallettest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/npki/folder"
	"github.com/ingam-pki/ingam/pki/ocsp"
	"github.com/ingam-pki/ingam/pki/profile"
)

// Password opens every key that Store writes.
const Password = "demo-pass-2026!"

// IDN is the identity number that the VIDs are made of; no issued number has
// its check digit.
const IDN = "0000000000000"

// Began is when the authority was made; its OCSP signer lasts a year from then.
var Began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// World is an authority and one key that all its customers share.
type World struct {
	*ca.Ceremony
	Key  *npki.PrivateKey
	spki []byte

	mu     sync.Mutex
	serial int64
}

// New makes a world. It takes a second or two: share it.
func New() (*World, error) {
	made, err := ca.Init(ca.InitConfig{
		CAName: "ingam", Profiles: profile.Set(profile.DefaultArc),
		RootCRLURL: "http://127.0.0.1:1/crl/root.crl", CRLURL: "http://127.0.0.1:1/crl/issuing.crl",
		RootBits: 2048, IssuingBits: 2048, KMBits: 2048, OCSPBits: 2048,
		Now: func() time.Time { return Began },
	})
	if err != nil {
		return nil, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		return nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &World{Ceremony: made, Key: &npki.PrivateKey{Signer: key, R: r}, spki: spki, serial: 0x1000}, nil
}

// Customer is whom a certificate is for. Zero fields are those of an ordinary
// one.
type Customer struct {
	Name      string
	Kind      npki.Kind
	NotBefore time.Time
	NotAfter  time.Time // zero: a year
	OCSPURL   string
	CAURL     string
}

// Certify makes a certificate for the shared key.
func (w *World) Certify(c Customer) (*x509.Certificate, error) {
	if c.Kind == "" {
		c.Kind = npki.PersonalBank
	}
	if c.OCSPURL == "" {
		c.OCSPURL = "http://127.0.0.1:1/ocsp"
	}
	p, known := profile.Set(profile.DefaultArc).OfKind(c.Kind)
	if !known {
		return nil, fmt.Errorf("no profile of kind %q", c.Kind)
	}
	vid, err := npki.NewVID(crypto.SHA256, IDN, w.Key.R)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.serial++
	serial := w.serial
	w.mu.Unlock()
	tbs, err := p.Prepare(profile.Request{
		Serial: big.NewInt(serial), Issuer: profile.IssuerOf(w.Issuing),
		Subject: npki.Name{
			{Type: npki.OIDCountry, Value: "kr"}, {Type: npki.OIDOrganization, Value: "ingam"},
			{Type: npki.OIDOrganizationalUnit, Value: p.SubjectOU}, {Type: npki.OIDOrganizationalUnit, Value: "INGAM"},
			{Type: npki.OIDCommonName, Value: fmt.Sprintf("%s()0099041%s%09d", c.Name, c.NotBefore.Format("20060102"), serial)},
		},
		PublicKey: w.spki, RealName: c.Name, VID: &vid, NotBefore: c.NotBefore, NotAfter: c.NotAfter,
		CRLURL: "http://127.0.0.1:1/crl/issuing.crl", OCSPURL: c.OCSPURL, CAURL: c.CAURL,
	})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(tbs)
	signature, err := rsa.SignPKCS1v15(rand.Reader, w.IssuingKey, crypto.SHA256, sum[:])
	if err != nil {
		return nil, err
	}
	der, err := profile.Assemble(tbs, signature)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// Store writes a certificate and the shared key into an NPKI folder.
func (w *World) Store(root, authority string, cert *x509.Certificate) (dir string, err error) {
	e := npki.DefaultEncryption()
	e.Iterations = 1024
	key, err := npki.EncryptKey(rand.Reader, w.Key, []byte(Password), e)
	if err != nil {
		return "", err
	}
	return folder.Write(root, authority, cert.Raw, key, folder.Options{})
}

// CRL makes the issuing CA's list of a time, current for a day.
func (w *World) CRL(at time.Time, revoked ...crl.Entry) ([]byte, error) {
	return crl.Create(crl.Header{
		RawIssuer: w.Issuing.RawSubject, KeyID: w.Issuing.SubjectKeyId, Number: big.NewInt(7),
		ThisUpdate: at, NextUpdate: at.Add(24 * time.Hour),
	}, revoked, w.IssuingKey)
}

// Responder answers OCSP requests as of a time by what status says about a
// serial; a nil status says good.
func (w *World) Responder(at time.Time, status func(serial *big.Int) ocsp.Single) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, ocsp.MaxRequestSize))
		if err != nil {
			http.Error(rw, "", http.StatusBadRequest)
			return
		}
		req, err := ocsp.ParseRequest(body)
		if err != nil {
			_, _ = rw.Write(ocsp.ErrorResponse(ocsp.MalformedRequest))
			return
		}
		answer := ocsp.Response{ProducedAt: at, Nonce: req.Nonce, Responder: w.OCSP}
		for _, id := range req.IDs {
			single := ocsp.Single{}
			if status != nil {
				single = status(id.Serial)
			}
			single.ID, single.ThisUpdate, single.NextUpdate = id, at, at.Add(time.Hour)
			answer.Singles = append(answer.Singles, single)
		}
		der, err := ocsp.CreateResponse(rand.Reader, answer, w.OCSPKey)
		if err != nil {
			http.Error(rw, "", http.StatusInternalServerError)
			return
		}
		rw.Header().Set("Content-Type", "application/ocsp-response")
		_, _ = rw.Write(der)
	})
}
