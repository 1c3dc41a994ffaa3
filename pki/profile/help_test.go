package profile_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// keys are one each for root, CA and all who stand below, made once.
var keys = sync.OnceValue(func() [3]*rsa.PrivateKey {
	var made [3]*rsa.PrivateKey
	for i := range made {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		made[i] = key
	}
	return made
})

func spki(tb testing.TB, key *rsa.PrivateKey) []byte {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func sign(tb testing.TB, tbs []byte, key *rsa.PrivateKey) *x509.Certificate {
	tb.Helper()
	digest := sha256.Sum256(tbs)
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		tb.Fatal(err)
	}
	der, err := profile.Assemble(tbs, signature)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return cert
}

var begin = time.Date(2026, 11, 22, 5, 6, 7, 891e6, time.UTC)

func name(parts ...string) npki.Name {
	n := npki.Name{{Type: npki.OIDCountry, Value: "kr"}, {Type: npki.OIDOrganization, Value: "ingam"}}
	for _, part := range parts[:len(parts)-1] {
		n = append(n, npki.Attribute{Type: npki.OIDOrganizationalUnit, Value: part})
	}
	return append(n, npki.Attribute{Type: npki.OIDCommonName, Value: parts[len(parts)-1]})
}

// requestFor fills in what a profile asks for.
func requestFor(tb testing.TB, p profile.Profile, issuer *profile.Issuer, key *rsa.PrivateKey, serial int64) profile.Request {
	tb.Helper()
	r := profile.Request{
		Serial: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(0x5a), 120), big.NewInt(serial)),
		Issuer: issuer, PublicKey: spki(tb, key), NotBefore: begin,
		CRLURL: "http://pki.ingam.example/crl/issuing.crl", OCSPURL: "http://pki.ingam.example/ocsp",
		CAURL: "http://pki.ingam.example/ca/issuing.cer",
	}
	switch p.Identity {
	case profile.VirtualIdentity:
		r.RealName, r.Subject = "홍길동", name("BANK", p.SubjectOU, "홍길동()0081041202611220000001")
		vid, err := npki.NewVID(crypto.SHA256, "1234561234567", bytes.Repeat([]byte{7}, npki.RSize))
		if err != nil {
			tb.Fatal(err)
		}
		r.VID = &vid
	default:
		r.RealName, r.Subject = "인감인증", name("AccreditedCA", "ingam "+p.Name)
	}
	return r
}

// chain issues one certificate of each profile of a set, all below its root.
func chain(tb testing.TB, set profile.Profiles) map[string]*x509.Certificate {
	tb.Helper()
	made := map[string]*x509.Certificate{}
	issuer, signer := (*profile.Issuer)(nil), keys()[0]
	for i, p := range set {
		key := keys()[2]
		switch p.Name {
		case profile.Root:
			key = keys()[0]
		case profile.CA:
			key = keys()[1]
		}
		tbs, err := p.Prepare(requestFor(tb, p, issuer, key, int64(i)))
		if err != nil {
			tb.Fatalf("%s: %v", p.Name, err)
		}
		made[p.Name] = sign(tb, tbs, signer)
		if p.Name == profile.Root || p.Name == profile.CA {
			issuer, signer = profile.IssuerOf(made[p.Name]), key
		}
	}
	return made
}

// fixture reads a certificate of the field.
func fixture(tb testing.TB, file string) *x509.Certificate {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("there is no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
	der, err := os.ReadFile(filepath.Join(dir, "..", "shared", "fixtures", "npki", file))
	if err != nil {
		tb.Skip("field fixtures are not here: ", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return cert
}
