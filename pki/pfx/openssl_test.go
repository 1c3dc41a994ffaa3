package pfx

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
)

func TestWeReadOpenSSLs(t *testing.T) {
	t.Parallel()
	want := person(t)
	want.Key.R, want.Key.Attributes = nil, nil // OpenSSL writes none
	certs := parsed(t, want)
	key := pkitest.KeyPEM(t, "key.pem", want.Key.Signer)
	cert, chain := pkitest.PEM(t, "cert.pem", certs[0]), pkitest.PEM(t, "chain.pem", certs[1:]...)
	pass := pkitest.File(t, "password", []byte(password+"\n"))
	for _, c := range []struct {
		name string
		args []string
	}{
		{"today's default", nil},
		{"legacy: RC2-40 and 3DES", []string{"-legacy"}},
		{"legacy with a certificate under 3DES", []string{"-legacy", "-descert"}},
		{"RC2-128", []string{"-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-2DES"}},
		{"certificates in clear", []string{"-certpbe", "NONE", "-keypbe", "AES-256-CBC"}},
		{"key in clear", []string{"-certpbe", "NONE", "-keypbe", "NONE"}},
		{"AES-128", []string{"-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "SHA512"}},
		{"SEED", []string{"-legacy", "-certpbe", "SEED-CBC", "-keypbe", "SEED-CBC", "-macalg", "SHA1"}},
		{"ARIA-256 and ARIA-128", []string{"-certpbe", "ARIA-128-CBC", "-keypbe", "ARIA-256-CBC", "-macalg", "SHA224"}},
		{"AES-192 and 3DES in PBES2", []string{"-certpbe", "AES-192-CBC", "-keypbe", "DES-EDE3-CBC", "-iter", "3000"}},
		{"MAC of SHA-384 and few iterations", []string{"-macalg", "SHA384", "-nomaciter", "-noiter"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out.pfx")
			args := append([]string{"pkcs12", "-export", "-inkey", key, "-in", cert, "-certfile", chain, "-name", want.Name,
				"-passout", "file:" + pass, "-out", out}, c.args...)
			if msg, err := pkitest.OpenSSL(t, args...); err != nil {
				t.Fatalf("%v\n%s", err, msg)
			}
			file, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Decode(file, []byte(password))
			if err != nil || len(got) != 1 {
				t.Fatalf("%d identities, %v", len(got), err)
			}
			same(t, got[0], want)
			if _, err := Decode(file, []byte(password+"!")); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("with a wrong password: %v", err)
			}
		})
	}
}

// TestPasswordsInHangul lets OpenSSL write under the bytes that a Korean
// Windows and other systems hand to it; the owner types the same letters.
func TestPasswordsInHangul(t *testing.T) {
	t.Parallel()
	id := person(t)
	id.Chain, id.Name = nil, ""
	key, cert := pkitest.KeyPEM(t, "key.pem", id.Key.Signer), pkitest.PEM(t, "cert.pem", parsed(t, id)...)
	id.Key.R = nil
	const letters = "비밀번호 열자리 1!"
	forms := npki.PasswordForms([]byte(letters))
	if len(forms) != 2 {
		t.Fatalf("%d forms", len(forms))
	}
	for _, args := range [][]string{nil, {"-legacy"}, {"-legacy", "-certpbe", "SEED-CBC", "-keypbe", "ARIA-128-CBC"}} {
		for _, written := range forms {
			out := filepath.Join(t.TempDir(), "out.pfx")
			pass := pkitest.File(t, "password", append(bytes.Clone(written), '\n'))
			args := append([]string{"pkcs12", "-export", "-inkey", key, "-in", cert, "-passout", "file:" + pass, "-out", out}, args...)
			if msg, err := pkitest.OpenSSL(t, args...); err != nil {
				t.Fatalf("%v\n%s", err, msg)
			}
			file, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			for _, given := range forms {
				got, err := Decode(file, given)
				if err != nil || len(got) != 1 {
					t.Errorf("%v: under %q, opened with %q: %v", args[9:], written, given, err)
					continue
				}
				same(t, got[0], id)
			}
			if _, err := Decode(file, []byte(letters+"!")); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("with a wrong password: %v", err)
			}
		}
	}
}

func TestWidenedPassword(t *testing.T) {
	t.Parallel()
	// As OpenSSL before 1.1 did on a system with UTF-8: each byte a letter.
	file := encode(t, person(t), "\xeb\xb9\x84\xeb\xb0\x801!", Options{Compatible: true})
	w := writer{random: rand.Reader, bmp: widened([]byte("비밀1!")), compatible: true}
	content, _, err := readPFX(file)
	if err != nil {
		t.Fatal(err)
	}
	if file, err = w.sealed(content); err != nil {
		t.Fatal(err)
	}
	// The MAC is right in one form and the key opens in another: nobody writes that.
	if _, err := Decode(file, []byte("비밀1!")); !errors.Is(err, ErrCorrupt) {
		t.Errorf("half in one form, half in another: %v", err)
	}
	id := person(t)
	key, err := w.shroudedKey(id, nil)
	if err != nil {
		t.Fatal(err)
	}
	if content, err = w.authenticatedSafe(certificateBag(id.Certificate, nil), key); err != nil {
		t.Fatal(err)
	}
	if file, err = w.sealed(content); err != nil {
		t.Fatal(err)
	}
	got, err := Decode(file, []byte("비밀1!"))
	if err != nil || len(got) != 1 || !bytes.Equal(got[0].Key.R, id.Key.R) {
		t.Errorf("%d identities, %v", len(got), err)
	}
}

// both are a key for signing and one for key management with one chain.
func both(t testing.TB) []Identity {
	t.Helper()
	sign := person(t)
	ca := parsed(t, sign)[1]
	km := pkitest.Issue(t, pkitest.Template(4, "홍길동 km", false), &pkitest.Authority{Certificate: ca, Key: pkitest.Key(1)}, pkitest.Key(3))
	r := sharedR()
	r[19] = 7
	return []Identity{sign, {Key: &npki.PrivateKey{Signer: km.Key, R: r}, Certificate: km.Raw, Chain: sign.Chain, Name: "km"}}
}

func TestSeveralKeys(t *testing.T) {
	t.Parallel()
	ids := both(t)
	pass := pkitest.File(t, "password", []byte(password+"\n"))
	for _, o := range []Options{{}, {Compatible: true}} {
		file, err := EncodeAll(rand.Reader, ids, []byte(password), o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(file, []byte(password))
		if err != nil || len(got) != len(ids) {
			t.Fatalf("%d identities, %v", len(got), err)
		}
		for i := range got {
			same(t, got[i], ids[i])
		}
		args := []string{"pkcs12", "-in", pkitest.File(t, "our.pfx", file), "-passin", "file:" + pass, "-nodes"}
		if o.Compatible {
			args = append(args, "-legacy")
		}
		out, err := pkitest.OpenSSL(t, args...)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		// Two keys, their two certificates and the chain's two, once each.
		if keys, certs := bytes.Count(out, []byte("BEGIN PRIVATE KEY")), bytes.Count(out, []byte("BEGIN CERTIFICATE")); keys != 2 || certs != 4 {
			t.Errorf("OpenSSL reads %d keys and %d certificates", keys, certs)
		}
	}
	if _, err := EncodeAll(rand.Reader, nil, []byte(password), Options{}); !errors.Is(err, ErrNoIdentity) {
		t.Errorf("none: %v", err)
	}
	if _, err := EncodeAll(rand.Reader, []Identity{ids[0], {Key: ids[0].Key, Certificate: ids[1].Certificate}}, []byte(password), Options{}); !errors.Is(err, ErrKeyMismatch) {
		t.Errorf("the second with the first's key: %v", err)
	}
}

func TestOpenSSLReadsOurs(t *testing.T) {
	t.Parallel()
	id := person(t)
	pass := pkitest.File(t, "password", []byte(password+"\n"))
	for name, o := range map[string]Options{"modern": {}, "compatible": {Compatible: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := pkitest.File(t, "our.pfx", encode(t, id, password, o))
			args := []string{"pkcs12", "-in", file, "-passin", "file:" + pass, "-nodes"}
			if o.Compatible {
				args = append(args, "-legacy")
			}
			out, err := pkitest.OpenSSL(t, args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var certs [][]byte
			for rest := out; ; {
				var block *pem.Block
				if block, rest = pem.Decode(rest); block == nil {
					break
				}
				switch block.Type {
				case "CERTIFICATE":
					certs = append(certs, block.Bytes)
				case "PRIVATE KEY":
					k, err := npki.ParsePrivateKey(block.Bytes)
					if err != nil || !k.Signer.Equal(id.Key.Signer) {
						t.Errorf("OpenSSL reads another key: %v", err)
					}
				}
			}
			want := append([][]byte{id.Certificate}, id.Chain...)
			if len(certs) != len(want) || !bytes.Equal(bytes.Join(certs, nil), bytes.Join(want, nil)) {
				t.Errorf("OpenSSL reads %d certificates", len(certs))
			}
			// OpenSSL prints the attributes in which R stands, and the label.
			for _, want := range []string{"localKeyID", npki.OIDRandomNum.String()} {
				if !strings.Contains(string(out), want) {
					t.Errorf("OpenSSL sees no %s", want)
				}
			}
		})
	}
}

func TestField(t *testing.T) {
	t.Parallel()
	file := pkitest.Fixture(t, "npki/yessign-test/test.pfx")
	keyFile := pkitest.Fixture(t, "npki/yessign-test/signPri.key")
	certificate := pkitest.Fixture(t, "npki/yessign-test/signCert.der")
	const fieldPassword = "WTuA8Ev0lWXVFSiI!"
	want, _, err := npki.DecryptKey(keyFile, []byte(fieldPassword))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(file, []byte(fieldPassword))
	if err != nil || len(got) != 1 {
		t.Fatalf("%d identities, %v", len(got), err)
	}
	if len(want.R) != npki.RSize {
		t.Fatal("the key file of the field has no R")
	}
	same(t, got[0], Identity{Key: want, Certificate: certificate})
	if _, err := Decode(file, []byte(fieldPassword[1:])); !errors.Is(err, ErrWrongPassword) {
		t.Errorf("with a wrong password: %v", err)
	}
	// What we write of it in the old form has the same parts in the same order.
	again := encode(t, got[0], fieldPassword, Options{Compatible: true})
	if a, b := shape(t, file), shape(t, again); a != b {
		t.Errorf("the field writes\n%s\nand we write\n%s", a, b)
	}
	if _, err := x509.ParseCertificate(got[0].Certificate); err != nil {
		t.Error(err)
	}
}
