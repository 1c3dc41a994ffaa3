package pfx

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// built writes a PFX around some parts of an AuthenticatedSafe.
func built(t testing.TB, parts ...[]byte) []byte {
	t.Helper()
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	w := writer{random: rand.Reader, password: []byte(password), bmp: bmp([]byte(password)), compatible: true}
	file, err := w.sealed(b.BytesOrPanic())
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func bag(kind asn1.ObjectIdentifier, value []byte, attributes cryptobyte.BuilderContinuation) []byte {
	var b cryptobyte.Builder
	addBag(&b, kind, func(b *cryptobyte.Builder) { b.AddBytes(value) }, attributes)
	return b.BytesOrPanic()
}

func sequence(parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(parts, nil)) })
	return b.BytesOrPanic()
}

func keyBagOf(t testing.TB, k *npki.PrivateKey, id []byte) []byte {
	t.Helper()
	pkcs8, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return bag(oidKeyBag, pkcs8, labelsOf("", id))
}

func certBagOf(t testing.TB, cert, id []byte) []byte {
	t.Helper()
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidX509)
		b.AddASN1(tag0Cons, func(b *cryptobyte.Builder) { b.AddASN1OctetString(cert) })
	})
	return bag(oidCertBag, b.BytesOrPanic(), labelsOf("", id))
}

func TestWhatOthersWrite(t *testing.T) {
	t.Parallel()
	id := person(t)
	key, cert := keyBagOf(t, id.Key, nil), certBagOf(t, id.Certificate, nil)
	renewed := pkitest.Issue(t, pkitest.Template(9, "홍길동", false), nil, id.Key.Signer)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	second := &npki.PrivateKey{Signer: pkitest.Key(1)} // the CA's, whose certificate goes along
	for _, c := range []struct {
		name string
		file []byte
		want int
		err  error
	}{
		{"SEED in PBES1", built(t, contentInfo(sequence(cert, shrouded(t, id.Key, npki.DefaultEncryption())))), 1, nil},
		{"SEED in PBES2", built(t, contentInfo(sequence(cert, shrouded(t, id.Key, npki.Encryption{Scheme: npki.PBES2SEED, Iterations: 1024})))), 1, nil},
		{"ARIA in PBES2", built(t, contentInfo(sequence(cert, shrouded(t, id.Key, npki.Encryption{Scheme: npki.PBES2ARIA256, Iterations: 1024})))), 1, nil},
		{"key and certificate in parts of their own", built(t, contentInfo(sequence(key)), contentInfo(sequence(cert))), 1, nil},
		{"bags in bags", built(t, contentInfo(sequence(bag(oidSafeContents, sequence(key, cert), nil)))), 1, nil},
		{"bags of other sorts", built(t, contentInfo(sequence(bag(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 5}, []byte{5, 0}, nil), key, cert))), 1, nil},
		{"two keys with a certificate each", built(t, contentInfo(sequence(key, keyBagOf(t, second, nil), cert, certBagOf(t, id.Chain[0], nil)))), 2, nil},
		{"a key without its certificate beside one", built(t, contentInfo(sequence(key, keyBagOf(t, second, nil), cert))), 1, nil},
		{"a key that is not RSA beside one", built(t, contentInfo(sequence(bag(oidKeyBag, ecKey, nil), key, cert))), 1, nil},
		{"a key that is not RSA", built(t, contentInfo(sequence(bag(oidKeyBag, ecKey, nil), cert))), 0, ErrUnsupported},
		{"certificates alone", built(t, contentInfo(sequence(cert))), 0, ErrNoIdentity},
		{"a key alone", built(t, contentInfo(sequence(key))), 0, ErrNoIdentity},
		{"nothing", built(t), 0, ErrNoIdentity},
		{"a part that is signed", built(t, sequence([]byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 2, 5, 0})), 0, ErrUnsupported},
		{"too many bags", built(t, contentInfo(sequence(bytes.Repeat(cert, maxBags), key))), 0, ErrTooLarge},
		{"too many parts", built(t, bytes.Split(bytes.Repeat(append(contentInfo(sequence()), 0xff), maxParts), []byte{0xff})...), 0, ErrNoIdentity},
	} {
		got, err := Decode(c.file, []byte(password))
		if len(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %d identities, %v", c.name, len(got), err)
			continue
		}
		if c.want > 0 && (!bytes.Equal(got[0].Certificate, id.Certificate) || !bytes.Equal(got[0].Key.R, id.Key.R)) {
			t.Errorf("%s: another identity", c.name)
		}
	}
	// Of two certificates for a key the one that the file ties to it.
	tied := built(t, contentInfo(sequence(keyBagOf(t, id.Key, []byte{2}), certBagOf(t, renewed.Raw, []byte{1}), certBagOf(t, id.Certificate, []byte{2}))))
	if got, err := Decode(tied, []byte(password)); err != nil || !bytes.Equal(got[0].Certificate, id.Certificate) {
		t.Errorf("two certificates for a key: %v", err)
	}
}

func shrouded(t testing.TB, k *npki.PrivateKey, e npki.Encryption) []byte {
	t.Helper()
	file, err := npki.EncryptKey(rand.Reader, k, []byte(password), e)
	if err != nil {
		t.Fatal(err)
	}
	return bag(oidShroudedKeyBag, file, nil)
}

func TestUnsupportedForms(t *testing.T) {
	t.Parallel()
	good := encode(t, person(t), password, Options{Compatible: true})
	content, _, err := readPFX(good)
	if err != nil {
		t.Fatal(err)
	}
	noMAC := sequence([]byte{2, 1, 3}, contentInfo(content))
	for name, file := range map[string][]byte{
		"no MAC":      noMAC,
		"version 1":   sequence([]byte{2, 1, 1}, contentInfo(content)),
		"signed":      bytes.Replace(noMAC, []byte{0x0d, 1, 7, 1}, []byte{0x0d, 1, 7, 2}, 1),
		"MAC of MD5":  bytes.Replace(good, []byte{6, 5, 0x2b, 0x0e, 3, 2, 0x1a}, []byte{6, 5, 0x2b, 0x0e, 3, 2, 0x1b}, 1),
		"RC4 for key": rekeyed(t, content, []byte{0x0c, 1, 3}, []byte{0x0c, 1, 1}),
	} {
		if _, err := Decode(file, []byte(password)); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, file := range map[string][]byte{"nothing": nil, "text": []byte("a PFX"), "a certificate": person(t).Certificate} {
		if _, err := Decode(file, []byte(password)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Decode(make([]byte, MaxSize+1), nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	deep := append(bytes.Repeat([]byte{0x30, 0x80}, 10_000), bytes.Repeat([]byte{0, 0}, 10_000)...)
	if _, err := Decode(deep, nil); !errors.Is(err, ErrFormat) {
		t.Errorf("nested deep: %v", err)
	}
}

// rekeyed changes something in the content and seals it again.
func rekeyed(t testing.TB, content, old, with []byte) []byte {
	t.Helper()
	if !bytes.Contains(content, old) {
		t.Fatalf("%x is not there", old)
	}
	w := writer{random: rand.Reader, bmp: bmp([]byte(password)), compatible: true}
	file, err := w.sealed(bytes.Replace(content, old, with, 1))
	if err != nil {
		t.Fatal(err)
	}
	return file
}
