package linttest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// Begin is the notBefore of all certificates that are made here.
var Begin = time.Date(2026, 11, 22, 5, 6, 7, 0, time.UTC)

// keys are one of the CAs and one of the others.
var keys = sync.OnceValue(func() [2][]byte {
	var made [2][]byte
	for i := range made {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		if made[i], err = x509.MarshalPKIXPublicKey(&key.PublicKey); err != nil {
			panic(err)
		}
	}
	return made
})

// Made makes a certificate by the profile of that name, under the documentation
// arc, with a dummy signature. It is a good one: no rule finds anything in it.
func Made(tb testing.TB, name string) *Cert {
	tb.Helper()
	return Of(tb, DER(tb, name))
}

// DER is Made before it is taken apart.
func DER(tb testing.TB, name string) []byte {
	tb.Helper()
	p, ok := profile.Set(profile.DefaultArc).Named(name)
	if !ok {
		tb.Fatalf("there is no profile %q", name)
	}
	root, ca := distinguished("AccreditedCA", "ingam root"), distinguished("AccreditedCA", "ingam CA")
	r := profile.Request{
		Serial: new(big.Int).SetBytes(bytes.Repeat([]byte{0x5a}, 16)), PublicKey: keys()[1],
		NotBefore: Begin, CRLURL: "http://pki.ingam.example/crl/issuing.crl",
		OCSPURL: "http://pki.ingam.example/ocsp", CAURL: "http://pki.ingam.example/ca/issuing.cer",
		Issuer: below(tb, ca, root), RealName: "인감인증",
		Subject: distinguished("AccreditedCA", "ingam "+name),
	}
	switch name {
	case profile.Root:
		r.Issuer, r.Subject, r.PublicKey = nil, root, keys()[0]
	case profile.CA:
		r.Issuer, r.Subject = below(tb, root, root), ca
	}
	if p.Identity == profile.VirtualIdentity {
		r.RealName, r.Subject = "홍길동", distinguished("BANK", p.SubjectOU, "홍길동()0081041202611220000001")
		vid, err := npki.NewVID(crypto.SHA256, "1234561234567", bytes.Repeat([]byte{7}, npki.RSize))
		if err != nil {
			tb.Fatal(err)
		}
		r.VID = &vid
	}
	tbs, err := p.Prepare(r)
	if err != nil {
		tb.Fatal(err)
	}
	der, err := profile.Assemble(tbs, make([]byte, 256))
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func distinguished(parts ...string) npki.Name {
	attribute := func(oid asn1.ObjectIdentifier, value string) npki.Attribute {
		return npki.Attribute{Type: oid, Value: value}
	}
	n := npki.Name{attribute(npki.OIDCountry, "kr"), attribute(npki.OIDOrganization, "ingam")}
	for _, part := range parts[:len(parts)-1] {
		n = append(n, attribute(npki.OIDOrganizationalUnit, part))
	}
	return append(n, attribute(npki.OIDCommonName, parts[len(parts)-1]))
}

// below is an issuer with that name that was itself issued by another.
func below(tb testing.TB, name, by npki.Name) *profile.Issuer {
	tb.Helper()
	subject, err := name.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	issuer, err := by.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	id, err := profile.KeyID(keys()[0])
	if err != nil {
		tb.Fatal(err)
	}
	return &profile.Issuer{RawSubject: subject, KeyID: id, IssuerName: issuer, IssuerSerial: big.NewInt(7)}
}
