package pfx

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"testing"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
)

const password = "Opensesame 1! 참깨"

// sharedR has leading zeros, which must count.
func sharedR() npki.R {
	r := npki.R(bytes.Repeat([]byte{0xa5}, npki.RSize))
	r[0], r[1] = 0, 0
	return r
}

// person is an identity with a chain of two.
func person(t testing.TB) Identity {
	t.Helper()
	root := pkitest.Issue(t, pkitest.Template(1, "root", true), nil, pkitest.Key(0))
	ca := pkitest.Issue(t, pkitest.Template(2, "ca", true), root, pkitest.Key(1))
	leaf := pkitest.Issue(t, pkitest.Template(3, "홍길동", false), ca, pkitest.Key(2))
	return Identity{
		Key: &npki.PrivateKey{Signer: leaf.Key, R: sharedR()}, Certificate: leaf.Raw,
		Chain: [][]byte{ca.Raw, root.Raw}, Name: "홍길동의 인증서",
	}
}

func encode(t testing.TB, id Identity, password string, o Options) []byte {
	t.Helper()
	file, err := Encode(rand.Reader, id, []byte(password), o)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// same fails when one of the identities has something that the other has not.
func same(t testing.TB, got, want Identity) {
	t.Helper()
	if !got.Key.Signer.Equal(want.Key.Signer) {
		t.Error("another key")
	}
	if !bytes.Equal(got.Key.R, want.Key.R) {
		t.Error("another R")
	}
	if len(got.Key.Attributes) != len(want.Key.Attributes) {
		t.Errorf("%d attributes, want %d", len(got.Key.Attributes), len(want.Key.Attributes))
	}
	if !bytes.Equal(got.Certificate, want.Certificate) {
		t.Error("another certificate")
	}
	if len(got.Chain) != len(want.Chain) {
		t.Fatalf("a chain of %d, want %d", len(got.Chain), len(want.Chain))
	}
	for i := range got.Chain {
		if !bytes.Equal(got.Chain[i], want.Chain[i]) {
			t.Errorf("certificate %d of the chain differs", i)
		}
	}
	if got.Name != want.Name {
		t.Errorf("name %q, want %q", got.Name, want.Name)
	}
}

// parsed gives the certificates of an identity, its own first.
func parsed(t testing.TB, id Identity) []*x509.Certificate {
	t.Helper()
	var out []*x509.Certificate
	for _, der := range append([][]byte{id.Certificate}, id.Chain...) {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}
