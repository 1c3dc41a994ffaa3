package pfx

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	id := person(t)
	other, err := asn1.Marshal(struct {
		Type   asn1.ObjectIdentifier
		Values []int `asn1:"set"`
	}{asn1.ObjectIdentifier{2, 999, 7}, []int{42}})
	if err != nil {
		t.Fatal(err)
	}
	id.Key.Attributes = [][]byte{other}
	bare := id
	bare.Key = &npki.PrivateKey{Signer: id.Key.Signer}
	bare.Name, bare.Chain = "", nil
	for _, c := range []struct {
		name, password string
		id             Identity
		o              Options
	}{
		{"modern", password, id, Options{}},
		{"compatible", password, id, Options{Compatible: true}},
		{"without R, chain and name", password, bare, Options{Compatible: true}},
		{"beyond the BMP", "😀 참깨 1!", id, Options{Compatible: true}},
		{"no password", "", id, Options{Compatible: true}},
		{"a long password", strings.Repeat("long ", 60), id, Options{Compatible: true}},
		{"a password that is no UTF-8", "\xbf\xad\xb7\xc1 1!", id, Options{Compatible: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := encode(t, c.id, c.password, c.o)
			got, err := Decode(file, []byte(c.password))
			if err != nil || len(got) != 1 {
				t.Fatalf("%d identities, %v", len(got), err)
			}
			same(t, got[0], c.id)
			if _, err := Decode(file, []byte(c.password+"x")); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("with a wrong password: %v", err)
			}
			if other := encode(t, c.id, c.password, c.o); bytes.Equal(file, other) {
				t.Error("two files are the same: nothing was drawn")
			}
			again, err := Decode(indefinite(file), []byte(c.password))
			if err != nil || len(again) != 1 {
				t.Fatalf("in BER: %d identities, %v", len(again), err)
			}
			same(t, again[0], c.id)
		})
	}
}

func TestNothingIsInClear(t *testing.T) {
	t.Parallel()
	id := person(t)
	for _, compatible := range []bool{false, true} {
		file := encode(t, id, password, Options{Compatible: compatible})
		secrets := map[string][]byte{
			"R": id.Key.R, "a prime": id.Key.Signer.Primes[0].Bytes(), "the exponent": id.Key.Signer.D.Bytes(),
			"the password": []byte(password), "the password in UTF-16": bmp([]byte(password)),
		}
		if !compatible {
			secrets["the certificate"] = id.Certificate
		}
		for what, secret := range secrets {
			if bytes.Contains(file, secret) {
				t.Errorf("compatible %t: %s stands in the file", compatible, what)
			}
		}
	}
}

func TestRefusesToWrite(t *testing.T) {
	t.Parallel()
	id := person(t)
	foreign, broken, chain, long := id, id, id, id
	foreign.Key = &npki.PrivateKey{Signer: pkitest.Key(3)}
	broken.Certificate = id.Certificate[:100]
	chain.Chain = [][]byte{[]byte("no certificate")}
	long.Chain = make([][]byte, maxBags)
	for _, c := range []struct {
		name string
		id   Identity
		want error
	}{
		{"another's certificate", foreign, ErrKeyMismatch}, {"no key", Identity{Certificate: id.Certificate}, ErrKeyMismatch},
		{"half a certificate", broken, ErrFormat}, {"a chain of no certificates", chain, ErrFormat}, {"a chain too long", long, ErrTooLarge},
	} {
		if _, err := Encode(rand.Reader, c.id, []byte(password), Options{Compatible: true}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := Encode(strings.NewReader("short"), id, []byte(password), Options{Compatible: true}); err == nil {
		t.Error("wrote without randomness")
	}
}

// TestChanged flips bits all over a file: none is given back, none is taken
// for a wrong password where the password still opens something.
func TestChanged(t *testing.T) {
	t.Parallel()
	id := person(t)
	file := encode(t, id, password, Options{Compatible: true})
	verdicts := map[error]int{}
	for at := 0; at < len(file); at += 37 {
		changed := bytes.Clone(file)
		changed[at] ^= 0x04
		got, err := Decode(changed, []byte(password))
		if err == nil {
			t.Fatalf("byte %d changed: %d identities", at, len(got))
		}
		for _, known := range []error{ErrFormat, ErrWrongPassword, ErrCorrupt, ErrUnsupported, ErrIterations, ErrTooLarge} {
			if errors.Is(err, known) {
				verdicts[known]++
			}
		}
	}
	if verdicts[ErrCorrupt] < len(file)/37/2 {
		t.Errorf("verdicts %v: most changes should be told from a wrong password", verdicts)
	}
	// The certificate stands in clear: another one put there is not believed.
	at := bytes.Index(file, id.Certificate) + len(id.Certificate) - 1
	file[at] ^= 1
	if _, err := Decode(file, []byte(password)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("certificate changed: %v", err)
	}
	if _, err := Decode(file, []byte("wrong")); !errors.Is(err, ErrWrongPassword) {
		t.Errorf("certificate changed and a wrong password: %v", err)
	}
	if _, err := Decode(file[:len(file)-1], []byte(password)); !errors.Is(err, ErrFormat) {
		t.Errorf("cut off: %v", err)
	}
	if _, err := Decode(append(file, 0), []byte(password)); !errors.Is(err, ErrFormat) {
		t.Errorf("a byte too many: %v", err)
	}
}

func TestIterations(t *testing.T) {
	t.Parallel()
	id := person(t)
	file := encode(t, id, password, Options{Compatible: true})
	// The MAC's count ends the file, the key's follows its salt.
	if !bytes.HasSuffix(file, []byte{2, 2, 8, 0}) || bytes.Count(file, []byte{2, 2, 8, 0}) != 2 {
		t.Fatal("the counts are not where they are looked for")
	}
	content, _, err := readPFX(file)
	if err != nil {
		t.Fatal(err)
	}
	negative := []byte{2, 2, 0x80, 0}
	if _, err := Decode(append(bytes.Clone(file[:len(file)-4]), negative...), []byte(password)); !errors.Is(err, ErrIterations) {
		t.Errorf("MAC with a negative count: %v", err)
	}
	if _, err := Decode(rekeyed(t, content, []byte{2, 2, 8, 0}, negative), []byte(password)); !errors.Is(err, ErrIterations) {
		t.Errorf("key with a negative count: %v", err)
	}
	for name, e := range map[string]npki.Encryption{"PBES1": {Scheme: npki.SEED15, Iterations: MaxIterations}, "PBES2": {Scheme: npki.PBES2SEED, Iterations: MaxIterations}} {
		algorithm, _, err := npki.EncryptData(rand.Reader, nil, nil, npki.Encryption{Scheme: e.Scheme, Iterations: 1024})
		if err != nil {
			t.Fatal(err)
		}
		// Each alone is within the limit; with the MAC's it is not.
		most, _ := asn1.Marshal(e.Iterations)
		short, _ := asn1.Marshal(1024)
		algorithm = lengthened(t, algorithm, short, most)
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(algorithm)
			b.AddASN1OctetString(make([]byte, 16))
		})
		if _, err := Decode(built(t, contentInfo(sequence(bag(oidShroudedKeyBag, b.BytesOrPanic(), nil)))), []byte(password)); !errors.Is(err, ErrIterations) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// 2048 each for MAC and key.
	if _, err := decode(file, []byte(password), 4096); err != nil {
		t.Errorf("with just enough: %v", err)
	}
	if _, err := decode(file, []byte(password), 4095); !errors.Is(err, ErrIterations) {
		t.Errorf("together over the limit: %v", err)
	}
}

// lengthened replaces an element somewhere in DER by a longer one.
func lengthened(t testing.TB, der, old, with []byte) []byte {
	t.Helper()
	if bytes.Equal(der, old) {
		return with
	}
	tag, content, _, _, err := header(der)
	if err != nil || tag&0x20 == 0 {
		return der
	}
	var inside []byte
	for len(content) > 0 {
		_, _, rest, _, err := header(content)
		if err != nil {
			t.Fatal(err)
		}
		inside = append(inside, lengthened(t, content[:len(content)-len(rest)], old, with)...)
		content = rest
	}
	return append(appendHeader(nil, tag, len(inside)), inside...)
}

func TestRC2(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, plain, cipher string }{ // RFC 2268 section 5, those whose key counts in full
		{"ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"},
		{"3000000000000000", "1000000000000001", "30649edf9be7d2c2"},
		{"88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"},
	} {
		key, _ := hex.DecodeString(c.key)
		in, _ := hex.DecodeString(c.cipher)
		if got := newRC2(key).decryptCBC(make([]byte, 8), in); fmt.Sprintf("%x", got) != c.plain {
			t.Errorf("key %s: %x, want %s", c.key, got, c.plain)
		}
	}
}

func TestHashesAreThere(t *testing.T) {
	t.Parallel()
	for _, oid := range []asn1.ObjectIdentifier{npki.OIDSHA1, npki.OIDSHA256, npki.OIDSHA384, npki.OIDSHA512} {
		if h := hashOf(oid); h == 0 || !h.Available() {
			t.Errorf("%s: %v", oid, h)
		}
	}
	if hashOf(npki.OIDPBES2) != crypto.Hash(0) {
		t.Error("what is no hash function is taken for one")
	}
}
