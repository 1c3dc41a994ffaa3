package wallet

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
)

func TestCAPubs(t *testing.T) {
	t.Parallel()
	w, err := wallettest.New()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for range 2 { // writing again takes the place of the first
		if err := writeCAPubs(dir, []*x509.Certificate{w.Issuing, w.Root}); err != nil {
			t.Fatal(err)
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Errorf("left in the folder: %v, %v", names, err)
	}
	der, err := os.ReadFile(filepath.Join(dir, caPubs))
	if err != nil {
		t.Fatal(err)
	}
	certs, err := parseCAPubs(der)
	if err != nil || len(certs) != 2 || !certs[0].Equal(w.Root) || !certs[1].Equal(w.Issuing) {
		t.Errorf("%d certificates, %v; want the root, then the issuing CA", len(certs), err)
	}
	many, err := marshalCAPubs(make65(w.Root))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"empty": nil, "cut": der[:len(der)-1], "more behind": append(bytes.Clone(der), 0),
		"no certificate inside": {0x30, 0x03, 0x30, 0x01, 0x00}, "another tag": {0x31, 0x00}, "65 of them": many,
	} {
		if certs, err := parseCAPubs(bad); err == nil {
			t.Errorf("%s: read as %d certificates", name, len(certs))
		}
	}
}

func make65(c *x509.Certificate) []*x509.Certificate {
	all := make([]*x509.Certificate, maxCertificates+1)
	for i := range all {
		all[i] = c
	}
	return all
}

// FuzzCAPubs sees that what is read is written again as it was.
func FuzzCAPubs(f *testing.F) {
	var chain []*x509.Certificate
	for _, name := range []string{"testdata/judged/issuing.pem", "testdata/judged/root.pem"} {
		certs, err := ReadCertificates(name)
		if err != nil {
			f.Fatal(err)
		}
		chain = append(chain, certs...)
	}
	seed, err := marshalCAPubs(chain)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte{0x30, 0x00})
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, der []byte) {
		certs, err := parseCAPubs(der)
		if err != nil {
			return
		}
		chain := make([]*x509.Certificate, len(certs))
		for i, c := range certs {
			chain[len(certs)-1-i] = c
		}
		again, err := marshalCAPubs(chain)
		if err != nil || !bytes.Equal(again, der) {
			t.Errorf("read, and written otherwise: %v", err)
		}
	})
}

// FuzzDemoCode sees that a code is short and made of what an answer holds.
func FuzzDemoCode(f *testing.F) {
	f.Add([]byte(`{"customer":"1","code":"123456"}`))
	f.Add([]byte(`{"messages":[{"text":"[인감] 인증번호 111111"},{"text":"인증번호는 222222입니다. 010-0000-0001"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		code, err := codeIn(body)
		if err == nil && code != "" && len(body) < 2*len(code) && !bytes.Contains(body, []byte(`"code"`)) {
			t.Errorf("%q gives %q", body, code)
		}
	})
}

func TestCodeIn(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"customer":"1","code":"123456"}`:                             "123456",
		`{"messages":[{"text":"111111"},{"text":"인증번호는 222222입니다."}]}`: "222222",
		`{"messages":[{"text":"번호 01000000001"}]}`:                     "",
		`{"messages":[{"text":"1234567 12345"}]}`:                      "",
		`{"messages":[]}`: "",
	} {
		if got, err := codeIn([]byte(body)); err != nil || got != want {
			t.Errorf("%s gives %q, %v; want %q", body, got, err, want)
		}
	}
	if _, err := codeIn([]byte("<html>")); err == nil {
		t.Error("a page is taken for an answer")
	}
}
