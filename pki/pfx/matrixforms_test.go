package pfx

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/kcrypto"
	"github.com/ingam-pki/ingam/pki/npki"
)

// keyFile puts a form before OpenSSL, and lays it out for Bouncy Castle.
func (m *matrix) keyFile(r *row, name, what string, e npki.Encryption, opensslArgs ...string) {
	m.t.Helper()
	m.files[name] = where{r, what}
	file, err := npki.EncryptKey(rand.Reader, m.ids[0].Key, []byte(matrixPassword), e)
	r.written.add(yes(err == nil), what)
	if err == nil {
		m.write("ours/"+name, file)
		m.opens(r, "our "+name, file, e.Scheme, true)
		out, ok := m.openssl("pkcs8", "-inform", "DER", "-in", m.path("ours/"+name), "-passin", "file:"+m.path("password"))
		if ok {
			k, _, err := npki.OpenKeyFile(out, nil)
			ok = err == nil && k.Signer.Equal(m.ids[0].Key.Signer)
		}
		r.opensslOpens.add(yes(ok), what)
	}
	if len(opensslArgs) == 0 {
		r.opensslWrites.add("no", what) // it has no name for the form
		return
	}
	args := append([]string{"pkcs8", "-topk8", "-in", m.path("key.0.pem"), "-outform", "DER", "-passout", "file:" + m.path("password")}, opensslArgs...)
	out, ok := m.openssl(args...)
	r.opensslWrites.add(yes(ok), what)
	if ok {
		m.opens(r, "OpenSSL's "+name, out, e.Scheme, false)
	}
}

func (m *matrix) keyFiles() {
	m.t.Helper()
	m.keyFile(m.add("key file, PBKDF1-SHA1 and SEED (1.2.410.200004.1.15)"), "seed15.key", "", npki.Encryption{Scheme: npki.SEED15, Iterations: matrixRounds})
	m.keyFile(m.add("key file, PBKDF1-SHA1 and SEED, fixed IV (1.2.410.200004.1.4)"), "seed4.key", "", npki.Encryption{Scheme: npki.SEED4, Iterations: matrixRounds})
	r := m.add("key file, PBKDF1-HAS160 and SEED (1.2.410.200004.1.11)")
	m.keyFile(r, "seed11.key", "", npki.Encryption{Scheme: npki.SEED11, Iterations: matrixRounds})
	m.opens(r, "by HAS-160", m.seed11(), npki.SEED11, true)
	for _, c := range []struct {
		scheme             npki.Scheme
		name, short, v2arg string
	}{
		{npki.PBES2SEED, "SEED-CBC", "seed", "seed-cbc"},
		{npki.PBES2AES128, "AES-128-CBC", "aes128", "aes-128-cbc"},
		{npki.PBES2AES192, "AES-192-CBC", "aes192", "aes-192-cbc"},
		{npki.PBES2AES256, "AES-256-CBC", "aes256", "aes-256-cbc"},
		{npki.PBES2ARIA128, "ARIA-128-CBC", "aria128", "aria-128-cbc"},
		{npki.PBES2ARIA192, "ARIA-192-CBC", "aria192", "aria-192-cbc"},
		{npki.PBES2ARIA256, "ARIA-256-CBC", "aria256", "aria-256-cbc"},
		{npki.PBES2TripleDES, "3DES-CBC", "3des", "des3"},
	} {
		r := m.add("key file, PBES2 with " + c.name)
		for _, prf := range matrixPRFs {
			name := "pbes2-" + c.short + "-" + prf.name + ".key"
			m.keyFile(r, name, prf.name, npki.Encryption{Scheme: c.scheme, Iterations: matrixRounds, Hash: prf.hash}, "-v2", c.v2arg, "-v2prf", prf.openssl, "-iter", fmt.Sprint(matrixRounds))
		}
	}
	for _, c := range []struct {
		form string
		args []string
	}{
		{"key in clear, PKCS#8 in DER", []string{"pkcs8", "-topk8", "-nocrypt", "-outform", "DER"}},
		{"key in clear, PKCS#8 in PEM", []string{"pkcs8", "-topk8", "-nocrypt"}},
		{"key in clear, PKCS#1 in PEM", []string{"rsa", "-traditional"}},
	} {
		r := m.add(c.form)
		r.written.add("no", "")
		out, ok := m.openssl(append(c.args, "-in", m.path("key.0.pem"))...)
		r.opensslWrites.add(yes(ok), "")
		m.opens(r, c.form, out, npki.Unencrypted, false)
	}
}

// seed11 puts …1.11 together from its parts: we do not write it.
func (m *matrix) seed11() []byte {
	m.t.Helper()
	h, err := kcrypto.NewHAS160()
	if err != nil {
		m.t.Fatal(err)
	}
	sum := func(in []byte) []byte { h.Reset(); _, _ = h.Write(in); return h.Sum(nil) }
	salt := []byte("saltsalt")
	t := sum(append([]byte(matrixPassword), salt...))
	for range matrixRounds - 1 {
		t = sum(t)
	}
	block, err := kcrypto.NewSEED(t[:16])
	if err != nil {
		m.t.Fatal(err)
	}
	plain := m.read("plain.0")
	n := 16 - len(plain)%16
	plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, sum(t[16:])[:16]).CryptBlocks(plain, plain)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(npki.OIDPBEHAS160SEEDCBC)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString(salt)
				b.AddASN1Int64(matrixRounds)
			})
		})
		b.AddASN1OctetString(plain)
	})
	return b.BytesOrPanic()
}

// opensPFX sees that we open a PFX and get so many keys with their certificates.
func (m *matrix) opensPFX(r *row, name string, file []byte, n int, withR bool) {
	m.t.Helper()
	got, err := Decode(file, []byte(matrixPassword))
	if err != nil || len(got) != n {
		m.t.Errorf("%s: %d identities, %v", name, len(got), err)
		return
	}
	r.opened++
	for i, id := range got {
		if !id.Key.Signer.Equal(m.ids[i].Key.Signer) || !bytes.Equal(id.Certificate, m.ids[i].Certificate) {
			m.t.Errorf("%s: another identity", name)
		}
		if withR && !bytes.Equal(id.Key.R, m.ids[i].Key.R) {
			m.t.Errorf("%s: R is lost", name)
		}
	}
}

func (m *matrix) pfxFiles() {
	m.t.Helper()
	for _, c := range []struct {
		form, name string
		ours       *Options // nil: not written
		keys       int
		openssl    []string // nil: it can't
	}{
		{"PFX, 3DES, certificates in clear", "clear-3des", &Options{Compatible: true}, 1, []string{"-certpbe", "NONE", "-keypbe", "PBE-SHA1-3DES", "-macalg", "SHA1"}},
		{"PFX, 3DES", "3des", nil, 1, []string{"-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "SHA1"}},
		{"PFX, 3DES, certificates under RC2-40", "rc2-40-3des", nil, 1, []string{"-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "SHA1"}},
		{"PFX, 3DES with two keys, certificates under RC2-128", "rc2-128-2des", nil, 1, []string{"-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-2DES", "-macalg", "SHA1"}},
		{"PFX, PBES2 with SEED-CBC", "seed", nil, 1, []string{"-certpbe", "SEED-CBC", "-keypbe", "SEED-CBC", "-macalg", "SHA1"}},
		{"PFX, PBES2 with AES-128-CBC", "aes128", nil, 1, []string{"-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC"}},
		{"PFX, PBES2 with AES-256-CBC", "aes256", &Options{}, 1, []string{}},
		{"PFX, PBES2 with ARIA-128 and ARIA-256-CBC", "aria", nil, 1, []string{"-certpbe", "ARIA-128-CBC", "-keypbe", "ARIA-256-CBC"}},
		{"PFX with the keys for signing and key management", "two", &Options{}, 2, nil},
	} {
		r := m.add(c.form)
		m.files[c.name+".pfx"] = where{row: r}
		r.written.add(yes(c.ours != nil), "")
		if c.ours != nil {
			file, err := EncodeAll(rand.Reader, m.ids[:c.keys], []byte(matrixPassword), *c.ours)
			if err != nil {
				m.t.Fatal(err)
			}
			m.write("ours/"+c.name+".pfx", file)
			m.opensPFX(r, "our "+c.name, file, c.keys, true)
			out, ok := m.openssl("pkcs12", "-in", m.path("ours/"+c.name+".pfx"), "-passin", "file:"+m.path("password"), "-nodes")
			r.opensslOpens.add(yes(ok && bytes.Count(out, []byte("BEGIN PRIVATE KEY")) == c.keys), "")
		}
		if c.openssl == nil {
			r.opensslWrites.add("no", "")
			continue
		}
		out, ok := m.openssl(append([]string{"pkcs12", "-export", "-inkey", m.path("key.0.pem"), "-in", m.path("cert.0.pem"), "-passout", "file:" + m.path("password")}, c.openssl...)...)
		r.opensslWrites.add(yes(ok), "")
		if ok {
			m.opensPFX(r, "OpenSSL's "+c.name, out, 1, false)
		}
	}
}
