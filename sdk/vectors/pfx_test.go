package vectors_test

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pfx"
)

type pfxIdentity struct {
	Key         string   `json:"key"` // in keys.json
	WithR       bool     `json:"withR"`
	Certificate string   `json:"certificate"` // in certificates.json
	Chain       []string `json:"chain"`       // likewise, the issuer first
	Name        string   `json:"name,omitempty"`
}

type pfxCase struct {
	Name       string        `json:"name"`
	By         string        `json:"by"` // who wrote it
	Password   string        `json:"password"`
	Identities []pfxIdentity `json:"identities"`
	File       octets        `json:"file"`
}

// pfxBad is a file of its own, or one of open (base) with bytes changed in one
// place, or only the first bytes of it.
type pfxBad struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	File     octets `json:"file,omitempty"`
	Base     string `json:"base,omitempty"`
	At       int    `json:"at,omitempty"`
	With     octets `json:"with,omitempty"`
	Length   int    `json:"length,omitempty"`
	Code     string `json:"code"`
}

func (b pfxBad) bytes(open []pfxCase) []byte {
	for _, c := range open {
		if c.Name == b.Base {
			file := bytes.Clone(c.File)
			copy(file[b.At:], b.With)
			if b.Length > 0 {
				file = file[:b.Length]
			}
			return file
		}
	}
	return b.File
}

type pfxFile struct {
	Open []pfxCase `json:"open"`
	Bad  []pfxBad  `json:"bad"`
}

var customer = pfxIdentity{Key: "customer", WithR: true, Certificate: "customer", Chain: []string{}}

func TestPFX(t *testing.T) {
	t.Parallel()
	settle(t, "pfx.json", func(old pfxFile) pfxFile {
		chained, plain := customer, customer
		chained.Chain, chained.Name = []string{"ca", "root"}, "홍길동"
		plain.WithR = false
		f := pfxFile{Open: []pfxCase{
			ours(t, "ours of today", password, chained, pfx.Options{}),
			ours(t, "ours for old programs", password, customer, pfx.Options{Compatible: true}),
			ours(t, "without R, a password in Hangul", "비밀번호 열글자 이상 1!", plain, pfx.Options{Compatible: true}),
		}}
		ber := f.Open[1]
		ber.Name, ber.File = "BER as streams are written", indefinite(ber.File)
		f.Open = append(f.Open, ber)
		for i, args := range [][]string{{"-name", "openssl"}, {"-legacy"}, {"-legacy", "-certpbe", "NONE", "-keypbe", "SEED-CBC", "-macalg", "SHA1"}} {
			c := pfxCase{Name: []string{"AES of OpenSSL", "RC2 and 3DES of OpenSSL", "SEED of OpenSSL"}[i], By: "OpenSSL", Password: password, Identities: []pfxIdentity{plain}}
			if i == 0 {
				c.Identities = []pfxIdentity{{Key: "customer", Certificate: "customer", Chain: []string{}, Name: "openssl"}}
			}
			c.File = fromOpenSSL(t, c, old, args)
			f.Open = append(f.Open, c)
		}
		for _, c := range f.Open {
			got, err := pfx.Decode(c.File, []byte(c.Password))
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			checkIdentities(t, c.Name, got, c.Identities)
		}
		f.Bad = badPFX(t, f.Open)
		return f
	})
}

// certificate finds one by its name in certificates.json.
func certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	h := authority(t)
	c := map[string]*x509.Certificate{"root": h.root, "ca": h.ca, "km": h.km, "customer": h.customer, "corporate": h.corporate}[name]
	if c == nil {
		t.Fatalf("there is no certificate %q", name)
	}
	return c
}

// ours writes with randomness that is always the same, so the file is, too.
func ours(t testing.TB, name, password string, id pfxIdentity, o pfx.Options) pfxCase {
	t.Helper()
	whole := pfx.Identity{Key: key(t, id.Key), Certificate: certificate(t, id.Certificate).Raw, Name: id.Name}
	if !id.WithR {
		whole.Key.R = nil
	}
	for _, n := range id.Chain {
		whole.Chain = append(whole.Chain, certificate(t, n).Raw)
	}
	file := must(pfx.Encode(bytes.NewReader(filler("random of "+name, 256)), whole, []byte(password), o))(t)
	return pfxCase{Name: name, By: "Go", Password: password, Identities: []pfxIdentity{id}, File: file}
}

func checkIdentities(t testing.TB, what string, got []pfx.Identity, want []pfxIdentity) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d identities, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		k, r := key(t, w.Key), npki.R(nil)
		if w.WithR {
			r = k.R
		}
		g := got[i]
		if !g.Key.Signer.Equal(k.Signer) || !bytes.Equal(g.Key.R, r) {
			t.Errorf("%s: another key or R", what)
		}
		if !bytes.Equal(g.Certificate, certificate(t, w.Certificate).Raw) || g.Name != w.Name {
			t.Errorf("%s: another certificate or name", what)
		}
		if len(g.Chain) != len(w.Chain) {
			t.Fatalf("%s: a chain of %d, want %d", what, len(g.Chain), len(w.Chain))
		}
		for j, n := range w.Chain {
			if !bytes.Equal(g.Chain[j], certificate(t, n).Raw) {
				t.Errorf("%s: certificate %d of the chain is not the %s's", what, j, n)
			}
		}
	}
}

// fromOpenSSL gives what is committed, and lets OpenSSL write it only when
// that is not there or not of the keys at hand.
func fromOpenSSL(t testing.TB, c pfxCase, old pfxFile, args []string) octets {
	t.Helper()
	for _, o := range old.Open {
		if got, err := pfx.Decode(o.File, []byte(c.Password)); o.Name == c.Name && err == nil && bytes.Equal(got[0].Certificate, certificate(t, "customer").Raw) {
			return o.File
		}
	}
	if !*update {
		t.Fatalf("%s: what is committed does not open", c.Name)
	}
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pkcs8 := must(x509.MarshalPKCS8PrivateKey(key(t, "customer").Signer))(t)
	cmd := exec.Command("openssl", append([]string{"pkcs12", "-export", "-inkey", write("key", "PRIVATE KEY", pkcs8),
		"-in", write("cert", "CERTIFICATE", certificate(t, "customer").Raw), "-passout", "pass:" + c.Password, "-out", filepath.Join(dir, "out")}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return must(os.ReadFile(filepath.Join(dir, "out")))(t)
}

// pfxCodes are the SDK's names. A file that was changed is a malformed one to
// it.
var pfxCodes = map[string][]error{
	"wrong-password": {pfx.ErrWrongPassword}, "iterations": {pfx.ErrIterations},
	"unsupported": {pfx.ErrUnsupported}, "format": {pfx.ErrFormat, pfx.ErrCorrupt}, "not-found": {pfx.ErrNoIdentity},
}

func badPFX(t testing.TB, open []pfxCase) []pfxBad {
	t.Helper()
	file := open[1].File
	count := []byte{2, 2, 8, 0} // 2048 iterations: the key's, and the MAC's at the end
	if bytes.Count(file, count) != 2 || !bytes.HasSuffix(file, count) {
		t.Fatal("the iterations are not where they are looked for")
	}
	inside := bytes.Index(file, certificate(t, "customer").Raw) + 300
	_, whole, _ := split(file)
	_, _, authSafe := split(whole)
	_, _, mac := split(authSafe)
	bare := tlv(0x30, whole[:len(whole)-len(mac)])
	base := open[1].Name
	bad := []pfxBad{
		{Name: "wrong password", Password: "ingam-Vector.8", Base: base, Code: "wrong-password"},
		{Name: "changed", Password: password, Base: base, At: inside, With: octets{^file[inside]}, Code: "format"},
		{Name: "a negative count", Password: password, Base: base, At: len(file) - 4, With: octets{2, 2, 0x80, 0}, Code: "iterations"},
		{Name: "version 4", Password: password, Base: base, At: 6, With: octets{4}, Code: "unsupported"},
		{Name: "cut off", Password: password, Base: base, Length: 1000, Code: "format"},
		{Name: "without a MAC", Password: password, File: bare, Code: "unsupported"},
		{Name: "a certificate", Password: password, File: certificate(t, "km").Raw, Code: "format"},
		{Name: "nothing", Password: password, Code: "format"},
	}
	for _, b := range bad {
		if _, err := pfx.Decode(b.bytes(open), []byte(b.Password)); !isOneOf(err, pfxCodes[b.Code]) {
			t.Fatalf("%s: %v", b.Name, err)
		}
	}
	if _, err := pfx.Decode(bad[1].bytes(open), []byte(password)); !errors.Is(err, pfx.ErrCorrupt) {
		t.Errorf("changed: Go says %v", err)
	}
	return bad
}

// split takes the first DER element apart.
func split(der []byte) (tag byte, content, rest []byte) {
	n, size := int(der[1]), 2
	if n >= 0x80 {
		size += n & 0x7f
		n = 0
		for _, b := range der[2:size] {
			n = n<<8 | int(b)
		}
	}
	return der[0], der[size : size+n], der[size+n:]
}

func tlv(tag byte, content []byte) octets {
	switch n := len(content); {
	case n < 0x80:
		return append(octets{tag, byte(n)}, content...)
	case n < 0x100:
		return append(octets{tag, 0x81, byte(n)}, content...)
	default:
		return append(octets{tag, 0x82, byte(n >> 8), byte(n)}, content...)
	}
}

// indefinite writes DER with indefinite lengths and long OCTET STRINGs in two
// pieces, as programs that write streams do.
func indefinite(der []byte) octets {
	var out octets
	for len(der) > 0 {
		tag, content, rest := split(der)
		switch {
		case tag&0x20 != 0:
			out = append(append(append(out, tag, 0x80), indefinite(content)...), 0, 0)
		case tag == 4 && len(content) > 64:
			half := len(content) / 2
			out = append(append(append(append(out, 0x24, 0x80), tlv(4, content[:half])...), tlv(4, content[half:])...), 0, 0)
		default:
			out = append(out, der[:len(der)-len(rest)]...)
		}
		der = rest
	}
	return out
}
