package sigalg_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

func read(t *testing.T, der []byte) sigalg.Algorithm {
	t.Helper()
	s := cryptobyte.String(der)
	a, ok := sigalg.Read(&s)
	if !ok || !s.Empty() {
		t.Fatalf("reading %x", der)
	}
	return a
}

func digest(h crypto.Hash, b []byte) []byte {
	w := h.New()
	w.Write(b)
	return w.Sum(nil)
}

func TestSignAndCheck(t *testing.T) {
	signers := map[string]crypto.Signer{"RSA": pkitest.Key(0)}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		signers[curve.Params().Name] = key
	}
	message := []byte("message")
	for name, key := range signers {
		id, hash, err := sigalg.Signing(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		sig, err := key.Sign(rand.Reader, digest(hash, message), hash)
		if err != nil {
			t.Fatal(err)
		}
		a := read(t, id)
		if err := a.Check(key.Public(), message, sig); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := a.Check(key.Public(), []byte("massage"), sig); !errors.Is(err, sigalg.ErrSignature) {
			t.Errorf("%s, another message: %v", name, err)
		}
		for other, key := range signers {
			if err := a.Check(key.Public(), message, sig); other != name && err == nil {
				t.Errorf("%s: passes with %s's key", name, other)
			}
		}
		id7, hash7, err := sigalg.PKCS7Signing(key.Public())
		if err != nil || hash7 != hash {
			t.Fatal(hash7, err)
		}
		if err := read(t, id7).CheckDigest(key.Public(), hash, digest(hash, message), sig); err != nil {
			t.Errorf("%s in PKCS#7: %v", name, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	key := pkitest.Key(0)
	sum1, sum256 := digest(crypto.SHA1, nil), digest(crypto.SHA256, nil)
	sig1, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, sum1)
	if err != nil {
		t.Fatal(err)
	}
	sig256, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum256)
	if err != nil {
		t.Fatal(err)
	}
	alg := func(oid ...int) sigalg.Algorithm { return sigalg.Algorithm{OID: asn1.ObjectIdentifier(oid)} }
	rsaKey, sha1RSA, sha256RSA := alg(1, 2, 840, 113549, 1, 1, 1), alg(1, 2, 840, 113549, 1, 1, 5), alg(1, 2, 840, 113549, 1, 1, 11)
	odd := sha256RSA
	odd.Parameters = []byte{2, 1, 1}
	for name, got := range map[string]struct{ err, want error }{
		"right":                  {sha256RSA.CheckDigest(key.Public(), crypto.SHA256, sum256, sig256), nil},
		"SHA-1 by its pair":      {sha1RSA.CheckDigest(key.Public(), crypto.SHA1, sum1, sig1), sigalg.ErrWeak},
		"SHA-1 by the digest":    {rsaKey.CheckDigest(key.Public(), crypto.SHA1, sum1, sig1), sigalg.ErrWeak},
		"digest of another hash": {sha256RSA.CheckDigest(key.Public(), crypto.SHA512, digest(crypto.SHA512, nil), sig256), sigalg.ErrUnsupported},
		"no hash named":          {rsaKey.Check(key.Public(), nil, sig256), sigalg.ErrUnsupported},
		"odd parameters":         {odd.Check(key.Public(), nil, sig256), sigalg.ErrUnsupported},
		"unknown":                {alg(1, 2, 3).Check(key.Public(), nil, sig256), sigalg.ErrUnsupported},
		"no key":                 {sha256RSA.Check(nil, nil, sig256), sigalg.ErrKey},
	} {
		if !errors.Is(got.err, got.want) {
			t.Errorf("%s: %v, want %v", name, got.err, got.want)
		}
	}
}

func TestHashIdentifiers(t *testing.T) {
	for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		der, err := sigalg.HashIdentifier(hash)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := read(t, der).Hash(); err != nil || got != hash {
			t.Errorf("%v came back as %v, %v", hash, got, err)
		}
		bare := bytes.TrimSuffix(der, []byte{5, 0})
		bare[1] -= 2
		if got, err := read(t, bare).Hash(); err != nil || got != hash {
			t.Errorf("%v without NULL: %v, %v", hash, got, err)
		}
	}
	if _, err := sigalg.HashIdentifier(crypto.MD5); !errors.Is(err, sigalg.ErrUnsupported) {
		t.Errorf("MD5: %v", err)
	}
}

func TestCheckCertificate(t *testing.T) {
	root := pkitest.Issue(t, pkitest.Template(1, "root", true), nil, pkitest.Key(0))
	other := pkitest.Issue(t, pkitest.Template(1, "root", true), nil, pkitest.Key(1))
	weak := pkitest.Template(2, "weak", false)
	weak.SignatureAlgorithm = x509.SHA1WithRSA
	good := pkitest.Issue(t, pkitest.Template(3, "good", false), root, pkitest.Key(2))
	if err := sigalg.CheckCertificate(good.Certificate, root.Certificate); err != nil {
		t.Error(err)
	}
	if err := sigalg.CheckCertificate(good.Certificate, other.Certificate); !errors.Is(err, sigalg.ErrSignature) {
		t.Errorf("another issuer: %v", err)
	}
	if err := sigalg.CheckCertificate(pkitest.Issue(t, weak, root, pkitest.Key(2)).Certificate, root.Certificate); !errors.Is(err, sigalg.ErrWeak) {
		t.Errorf("SHA-1: %v", err)
	}
}
