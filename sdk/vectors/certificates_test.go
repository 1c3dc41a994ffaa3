package vectors_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// house is a CA with what it issued. All bytes of it follow from keys.json.
type house struct {
	root, ca, km, customer, corporate *x509.Certificate
}

var built = sync.OnceValues(func() (house, error) {
	var h house
	var err error
	set := profile.Set(profile.DefaultArc)
	issue := func(sort, keyName, signer string, issuer *x509.Certificate, serial string, subject npki.Name, realName, idn string) *x509.Certificate {
		if err != nil {
			return nil
		}
		var c *x509.Certificate
		c, err = issue(set, sort, keyName, signer, issuer, serial, subject, realName, idn)
		return c
	}
	office := func(cn string) npki.Name {
		return npki.Name{{Type: npki.OIDCountry, Value: "kr"}, {Type: npki.OIDOrganization, Value: "ingam"},
			{Type: npki.OIDOrganizationalUnit, Value: "AccreditedCA"}, {Type: npki.OIDCommonName, Value: cn}}
	}
	h.root = issue(profile.Root, "root", "root", nil, "1", office("ingam Vector Root"), "", "")
	h.ca = issue(profile.CA, "ca", "root", h.root, "1002", office("ingam Vector CA"), "인감인증", "")
	h.km = issue(profile.KM, "km", "ca", h.ca, "80000001", office("ingam Vector KM"), "인감인증", "")
	h.customer = issue(string(npki.PersonalBank), "customer", "ca", h.ca, "5a00000000000000000000000000000000c0ffee",
		subject("BANK", "personal4IB", "홍길동()008104120261122191000001"), "홍길동", "9901011000004")
	h.corporate = issue(string(npki.CorporateGeneral), "customer", "ca", h.ca, "7f",
		subject("BANK", "corporate", "(주)도장(DOJANG)0081041202611221910002"), "(주)도장", "1208147521")
	return h, err
})

func authority(t testing.TB) house {
	t.Helper()
	h, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// issue makes a certificate: PKCS#1 v1.5 signs the same bytes the same way.
func issue(set profile.Profiles, sort, keyName, signer string, issuer *x509.Certificate, serial string, subject npki.Name, realName, idn string) (*x509.Certificate, error) {
	p, ok := set.Named(sort)
	n, isHex := new(big.Int).SetString(serial, 16)
	if !ok || !isHex {
		return nil, errors.New("no such profile or serial")
	}
	r := profile.Request{
		Serial: n, Subject: subject, PublicKey: keyring().Keys[keyName].SPKI, RealName: realName, NotBefore: at,
		CRLURL: "http://pki.ingam.example/crl.crl", OCSPURL: "http://pki.ingam.example/ocsp", CAURL: "http://pki.ingam.example/ca.cer",
	}
	if issuer != nil {
		r.Issuer = profile.IssuerOf(issuer)
	}
	if idn != "" {
		vid, err := npki.NewVID(crypto.SHA256, idn, customerR)
		if err != nil {
			return nil, err
		}
		r.VID = &vid
	}
	tbs, err := p.Prepare(r)
	if err != nil {
		return nil, err
	}
	k, err := npki.ParsePrivateKey(keyring().Keys[signer].PKCS8)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(tbs)
	signature, err := rsa.SignPKCS1v15(nil, k.Signer, crypto.SHA256, digest[:])
	if err != nil {
		return nil, err
	}
	der, err := profile.Assemble(tbs, signature)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

type usage struct {
	Sign    bool `json:"sign"`    // digitalSignature
	Encrypt bool `json:"encrypt"` // keyEncipherment
	CA      bool `json:"ca"`
}

type vidIn struct {
	Hash string `json:"hash"`
	VID  octets `json:"vid"`
}

type certificateCase struct {
	Name        string   `json:"name"`
	Key         string   `json:"key"` // in keys.json
	DER         octets   `json:"der"`
	Serial      string   `json:"serial"`
	Issuer      string   `json:"issuer"`
	Subject     string   `json:"subject"`
	CN          string   `json:"cn"`
	Owner       string   `json:"owner"`              // the real name, else the CN before its first "("
	RealName    string   `json:"realName,omitempty"` // of IdentifyData
	VIDs        []vidIn  `json:"vids"`
	NotBefore   string   `json:"notBefore"`
	NotAfter    string   `json:"notAfter"`
	Policies    []string `json:"policies"`
	Usage       usage    `json:"usage"`
	SKI         octets   `json:"ski,omitempty"`
	SPKI        octets   `json:"spki"`
	RawIssuer   octets   `json:"rawIssuer"`
	RawSubject  octets   `json:"rawSubject"`
	Fingerprint octets   `json:"fingerprint"` // SHA-256 of the DER
}

type certificatesFile struct {
	Certificates []certificateCase `json:"certificates"`
	PEM          string            `json:"pem"` // the customer's, as PEM with text before it
	Bad          []nameBad         `json:"bad"` // no certificates
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	settle(t, "certificates.json", func(certificatesFile) certificatesFile {
		h := authority(t)
		f := certificatesFile{Certificates: []certificateCase{
			certificateOf(t, "root", "root", h.root), certificateOf(t, "ca", "ca", h.ca), certificateOf(t, "km", "km", h.km),
			certificateOf(t, "customer", "customer", h.customer), certificateOf(t, "corporate", "customer", h.corporate),
		}}
		f.PEM = "subject=as some programs write it\n" + string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.customer.Raw}))
		f.Bad = []nameBad{
			{"nothing", octets{}}, {"cut off", h.km.Raw[:200]}, {"a byte too many", append(bytes.Clone(h.km.Raw), 0)},
			{"a key", keyring().Keys["km"].SPKI},
		}
		for _, b := range f.Bad {
			if _, err := x509.ParseCertificate(b.DER); err == nil {
				t.Fatalf("%s: is read as a certificate", b.Name)
			}
		}
		return f
	})
}

func certificateOf(t testing.TB, name, keyName string, c *x509.Certificate) certificateCase {
	t.Helper()
	issuer, subject := must(npki.ParseName(c.RawIssuer))(t), must(npki.ParseName(c.RawSubject))(t)
	out := certificateCase{
		Name: name, Key: keyName, DER: c.Raw, Serial: ca.SerialOf(c.SerialNumber), Issuer: issuer.String(), Subject: subject.String(),
		CN: subject.CommonName(), VIDs: []vidIn{},
		NotBefore: c.NotBefore.UTC().Format(time.RFC3339), NotAfter: c.NotAfter.UTC().Format(time.RFC3339), Policies: []string{},
		Usage: usage{
			Sign: c.KeyUsage&x509.KeyUsageDigitalSignature != 0, Encrypt: c.KeyUsage&x509.KeyUsageKeyEncipherment != 0,
			CA: c.IsCA,
		},
		SKI: c.SubjectKeyId, SPKI: c.RawSubjectPublicKeyInfo, RawIssuer: c.RawIssuer, RawSubject: c.RawSubject,
		Fingerprint: fingerprint(c.Raw),
	}
	for _, p := range c.Policies {
		out.Policies = append(out.Policies, p.String())
	}
	out.Owner, _, _ = strings.Cut(out.CN, "(")
	identity, err := npki.IdentifyDataOf(c)
	switch {
	case errors.Is(err, npki.ErrNoIdentifyData):
	case err != nil:
		t.Fatalf("%s: %v", name, err)
	default:
		out.RealName, out.Owner = identity.RealName, identity.RealName
		for _, v := range identity.VIDs {
			out.VIDs = append(out.VIDs, vidIn{hashName(v.Hash), v.Value})
		}
	}
	return out
}
