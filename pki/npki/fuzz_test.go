package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func FuzzParseName(f *testing.F) {
	if der, err := sampleName().Marshal(); err == nil {
		f.Add(der)
	}
	f.Add(wrapName([]byte{0x1e, 4, 0xc7, 0x40, 0xd5, 0x89}))
	f.Add(wrapName([]byte{0x1c, 4, 0, 0, 0xc7, 0x40}))
	f.Add(wrapName([]byte{0x14, 1, 0xe9}))
	f.Fuzz(func(t *testing.T, der []byte) {
		n, err := ParseName(der)
		if err != nil {
			if !errors.Is(err, ErrName) {
				t.Fatalf("error is %v", err)
			}
			return
		}
		out, err := n.Marshal()
		if err != nil {
			return // such as an empty value, which is read but not written
		}
		again, err := ParseName(out)
		if err != nil {
			t.Fatalf("what was written does not parse: %v", err)
		}
		if n.String() != again.String() {
			t.Fatalf("%s comes back as %s", n, again)
		}
		if n.CommonName() != again.CommonName() {
			t.Fatalf("common names differ")
		}
	})
}

func FuzzParseNameString(f *testing.F) {
	f.Add(sampleName().String())
	f.Add(`CN = Kim\, "J" , 1.2.3=\#x\ ;o=a+c=b`)
	f.Add(`cn=\ec\9d\80,ou=\ `)
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNameString(s)
		if err != nil {
			if !errors.Is(err, ErrName) {
				t.Fatalf("error is %v", err)
			}
			return
		}
		back, err := ParseNameString(n.String())
		if len(n.String()) > MaxNameSize {
			return // escapes can make it longer than may be read
		}
		if err != nil {
			t.Fatalf("%q: what was written does not parse: %v", n.String(), err)
		}
		if back.String() != n.String() || len(back) != len(n) {
			t.Fatalf("%q comes back as %q", n, back)
		}
		for i := range n {
			if n[i].Value != back[i].Value || !n[i].Type.Equal(back[i].Type) {
				t.Fatalf("attribute %d: %v comes back as %v", i, n[i], back[i])
			}
		}
		der, err := n.Marshal()
		if err != nil {
			return
		}
		if _, err := ParseName(der); err != nil {
			t.Fatalf("its DER does not parse: %v", err)
		}
	})
}

func FuzzParseIdentifyData(f *testing.F) {
	v, err := NewVID(crypto.SHA256, checkIDN, sharedR())
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range []IdentifyData{{RealName: "홍길동"}, {RealName: "a", VIDs: []VID{v, v}}} {
		for _, encode := range []func() ([]byte, error){d.Marshal, d.SubjectAltName} {
			der, err := encode()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(der)
		}
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		for _, parse := range []func([]byte) (IdentifyData, error){ParseIdentifyData, ParseSubjectAltName} {
			d, err := parse(der)
			if err != nil {
				continue
			}
			out, err := d.Marshal()
			if err != nil {
				t.Fatalf("what was read can't be written: %v", err)
			}
			back, err := ParseIdentifyData(out)
			if err != nil {
				t.Fatalf("what was written does not parse: %v", err)
			}
			if back.RealName != d.RealName || len(back.VIDs) != len(d.VIDs) || len(back.Other) != len(d.Other) {
				t.Fatalf("%+v comes back as %+v", d, back)
			}
		}
	})
}

func FuzzParseEncryptedVID(f *testing.F) {
	der, err := EncryptVID(rand.Reader, kmCertificate(), sharedR())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Fuzz(func(t *testing.T, der []byte) {
		e, err := ParseEncryptedVID(der)
		if err != nil {
			if !errors.Is(err, ErrEncryptedVID) {
				t.Fatalf("error is %v", err)
			}
			return
		}
		if e.Serial == nil || len(e.RawIssuer) == 0 {
			t.Fatal("parsed without a certificate")
		}
		e.IsFor(kmCertificate())
	})
}

func FuzzEncryptContent(f *testing.F) {
	v, err := NewVID(crypto.SHA256, checkIDN, sharedR())
	if err != nil {
		f.Fatal(err)
	}
	content, err := encryptContent(v, sharedR(), true)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Fuzz(func(t *testing.T, plain []byte) {
		r, err := readEncryptContent(plain, crypto.SHA256)
		if err == nil && len(r) != RSize {
			t.Fatalf("R of %d bytes", len(r))
		}
	})
}

// FuzzDecryptKey feeds key files. Those with more than a few iterations, and
// what is an RSA key within, are only parsed, so that the fuzzer spends its
// time on the formats.
func FuzzDecryptKey(f *testing.F) {
	password := []byte("p")
	for _, e := range append(schemes(), readOnly()...) {
		e.Salt, e.IV, e.Iterations = []byte("saltsalt"), nil, 2
		if e.Scheme.pbes2() {
			e.IV = []byte("0123456789abcdef")[:e.blockSize()]
		}
		f.Add(smallKeyFile(f, e, password, []byte{0x30, 3, 2, 1, 0}))
		f.Add(smallKeyFile(f, e, password, nil))
	}
	seedFromField(f, "yessign-test/signPri.key")
	f.Fuzz(func(t *testing.T, file []byte) {
		e, err := EncryptionOf(file)
		if err != nil {
			if !errors.Is(err, ErrKeyFormat) && !errors.Is(err, ErrIterations) {
				t.Fatalf("error is %v", err)
			}
			return
		}
		if e.Iterations < 1 || e.Iterations > MaxIterations || len(e.Salt) == 0 || e.Scheme.pbes2() != (len(e.IV) == e.blockSize()) {
			t.Fatalf("out of bounds: %+v", e)
		}
		if e.Iterations > 64 {
			return
		}
		if _, _, err := DecryptKey(file, password); err != nil &&
			!errors.Is(err, ErrKeyFormat) && !errors.Is(err, ErrWrongPassword) {
			t.Fatalf("error is %v", err)
		}
	})
}

// smallKeyFile encrypts any content, with iterations that EncryptKey refuses.
func smallKeyFile(f *testing.F, e Encryption, password, content []byte) []byte {
	f.Helper()
	ciphertext, err := e.encrypt(password, pad(content, e.blockSize()))
	if err != nil {
		f.Fatal(err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		e.addAlgorithm(b)
		b.AddASN1OctetString(ciphertext)
	})
	return b.BytesOrPanic()
}

// FuzzParsePrivateKey feeds PKCS#8 all around the RSA key, which is
// crypto/x509's to read and slow.
func FuzzParsePrivateKey(f *testing.F) {
	known := x509.MarshalPKCS1PrivateKey(sharedKey())
	for _, k := range []*PrivateKey{keyWithAll(f), {Signer: sharedKey()}, {Signer: sharedKey(), R: sharedR()}} {
		der, err := k.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(der)
		f.Add(bytes.Replace(der[4:], known, nil, 1)) // not PKCS#8 yet; the fuzzer sees the tail sooner
	}
	f.Add(unhex(f, "303d020100300d06092a864886f70d01010105000400"+
		"a027"+"3025060a2a831a8c9a440a01010331170315"+"000000a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"))
	f.Add(unhex(f, "301a020101300d06092a864886f70d010101050004023000"+"81020001"))
	f.Fuzz(func(t *testing.T, der []byte) {
		info, ok := readPrivateKeyInfo(der)
		if !ok {
			return
		}
		plausibleRSA(info.pkcs1)
		k := &PrivateKey{Signer: sharedKey(), PublicKey: info.publicKey}
		if err := k.readAttributes(info.attributes); err != nil {
			if !errors.Is(err, ErrKeyFormat) {
				t.Fatalf("error is %v", err)
			}
			return
		}
		out, err := k.Marshal()
		if err != nil {
			if len(der) < MaxKeySize/2 {
				t.Fatalf("what was read can't be written: %v", err)
			}
			return
		}
		written, ok := readPrivateKeyInfo(out)
		if !ok || !bytes.Equal(written.pkcs1, known) {
			t.Fatal("what was written does not parse")
		}
		back := &PrivateKey{PublicKey: written.publicKey}
		if err := back.readAttributes(written.attributes); err != nil {
			t.Fatalf("what was written does not parse: %v", err)
		}
		if !bytes.Equal(back.R, k.R) || len(back.Attributes) != len(k.Attributes) || !bytes.Equal(back.PublicKey, k.PublicKey) {
			t.Fatal("something is lost on the way")
		}
	})
}

func FuzzCheckPassword(f *testing.F) {
	f.Add([]byte("abcdefg1!x"))
	f.Fuzz(func(t *testing.T, p []byte) {
		if CheckPassword(p) == nil && (len(p) < MinPasswordLength || bytes.ContainsAny(p, forbiddenInPassword)) {
			t.Fatalf("%q passes", p)
		}
	})
}
