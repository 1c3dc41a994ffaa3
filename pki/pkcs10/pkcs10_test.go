package pkcs10

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

func generate(bits int) *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return k
}

var (
	sharedKey = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	otherKey  = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	smallKey  = sync.OnceValue(func() *rsa.PrivateKey { return generate(1536) })
)

var kmCertificate = sync.OnceValue(func() *x509.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "km"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, otherKey().Public(), otherKey())
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return cert
})

func encryptedVID(t testing.TB) ([]byte, npki.R) {
	t.Helper()
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := npki.EncryptVID(rand.Reader, kmCertificate(), r)
	if err != nil {
		t.Fatal(err)
	}
	return der, r
}

func create(t testing.TB, challenge string, evid []byte) []byte {
	t.Helper()
	der, err := Create(rand.Reader, sharedKey(), challenge, evid)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	evid, r := encryptedVID(t)
	for _, challenge := range []string{"", "ABC", "도전 값", strings.Repeat("x", MaxChallengeSize), strings.Repeat("가", MaxChallengeSize)} {
		for _, e := range [][]byte{nil, evid} {
			req, err := Parse(create(t, challenge, e))
			if err != nil {
				t.Fatalf("%.10q: %v", challenge, err)
			}
			if req.Challenge != challenge || !bytes.Equal(req.EncryptedVID, e) || !sharedKey().PublicKey.Equal(req.PublicKey) {
				t.Errorf("%.10q: comes back as %.10q, EncryptedVID of %d bytes", challenge, req.Challenge, len(req.EncryptedVID))
			}
			if spki, err := x509.MarshalPKIXPublicKey(req.PublicKey); err != nil || !bytes.Equal(spki, req.RawPublicKey) {
				t.Errorf("%.10q: RawPublicKey is not the key's", challenge)
			}
		}
	}
	req, err := Parse(create(t, "c", evid))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := npki.ParseEncryptedVID(req.EncryptedVID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := parsed.Open(otherKey()); err != nil || !bytes.Equal(got, r) {
		t.Errorf("R does not come out of the request: %v", err)
	}
}

func TestOthersReadOurs(t *testing.T) {
	t.Parallel()
	evid, _ := encryptedVID(t)
	der := create(t, "ABC-123", evid)
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := csr.CheckSignature(); err != nil {
		t.Error(err)
	}
	if string(csr.RawSubject) != "\x30\x00" || csr.SignatureAlgorithm != x509.SHA256WithRSA {
		t.Errorf("subject %x, %v", csr.RawSubject, csr.SignatureAlgorithm)
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here")
	}
	cmd := exec.Command("openssl", "req", "-inform", "DER", "-noout", "-verify", "-text")
	cmd.Stdin = bytes.NewReader(der)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "verify OK") || !strings.Contains(string(out), "ABC-123") {
		t.Errorf("openssl req: %v\n%s", err, out)
	}
}

func TestWeReadOthers(t *testing.T) {
	t.Parallel()
	// A request by crypto/x509, with a subject and an extensionRequest.
	for _, alg := range []x509.SignatureAlgorithm{x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA} {
		der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
			Subject: pkix.Name{CommonName: "somebody"}, DNSNames: []string{"example.org"}, SignatureAlgorithm: alg,
		}, sharedKey())
		if err != nil {
			t.Fatal(err)
		}
		if req, err := Parse(der); err != nil || req.Challenge != "" || req.EncryptedVID != nil {
			t.Errorf("%v: %v", alg, err)
		}
	}
}

// parts of a request, to be put together wrongly.
type parts struct {
	version    int64
	subject    []byte
	spki       []byte
	attributes [][]byte
	key        *rsa.PrivateKey
	algorithm  asn1.ObjectIdentifier
	hash       crypto.Hash
}

func goodParts(t testing.TB) parts {
	t.Helper()
	evid, _ := encryptedVID(t)
	spki, err := x509.MarshalPKIXPublicKey(sharedKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	return parts{
		subject: []byte{0x30, 0}, spki: spki, key: sharedKey(), algorithm: npki.OIDSHA256WithRSA, hash: crypto.SHA256,
		attributes: [][]byte{attribute(oidChallengePassword, []byte("\x0c\x03ABC")), attribute(npki.OIDEncryptedVID, evid)},
	}
}

func attribute(oid asn1.ObjectIdentifier, values []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(values) })
	})
	return b.BytesOrPanic()
}

func (p parts) sign(t testing.TB) []byte {
	t.Helper()
	var info cryptobyte.Builder
	info.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(p.version)
		b.AddBytes(p.subject)
		b.AddBytes(p.spki)
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			for _, a := range p.attributes {
				b.AddBytes(a)
			}
		})
	})
	h := p.hash.New()
	h.Write(info.BytesOrPanic())
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, p.hash, h.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(info.BytesOrPanic())
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(p.algorithm)
			b.AddASN1NULL()
		})
		b.AddASN1BitString(signature)
	})
	return b.BytesOrPanic()
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good := goodParts(t)
	if _, err := Parse(good.sign(t)); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	challenge, evid := good.attributes[0], good.attributes[1]
	rawEVID, _ := encryptedVID(t)
	many := make([][]byte, maxAttributes+1)
	for i := range many {
		many[i] = attribute(asn1.ObjectIdentifier{1, 2, 3, i}, []byte{5, 0})
	}
	spkiOf := func(key crypto.PublicKey) []byte {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n := sharedKey().N
	for _, c := range []struct {
		what string
		with func(*parts)
		want error
	}{
		{"signed by another key", func(p *parts) { p.key = otherKey() }, ErrPossession},
		{"another's key", func(p *parts) { p.spki = spkiOf(otherKey().Public()) }, ErrPossession},
		{"signed over another hash", func(p *parts) { p.hash = crypto.SHA384 }, ErrPossession},
		{"SHA-1", func(p *parts) { p.algorithm, p.hash = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, crypto.SHA1 }, ErrFormat},
		{"version 1", func(p *parts) { p.version = 1 }, ErrFormat},
		{"subject no name", func(p *parts) { p.subject = []byte{0x30, 2, 5, 0} }, ErrFormat},
		{"challenge twice", func(p *parts) { p.attributes = [][]byte{challenge, challenge, evid} }, ErrFormat},
		{"EncryptedVID twice", func(p *parts) { p.attributes = [][]byte{challenge, evid, evid} }, ErrFormat},
		{"challenge of two values", func(p *parts) {
			p.attributes[0] = attribute(oidChallengePassword, []byte("\x0c\x01a\x0c\x01b"))
		}, ErrFormat},
		{"challenge of no value", func(p *parts) { p.attributes[0] = attribute(oidChallengePassword, nil) }, ErrFormat},
		{"empty challenge", func(p *parts) { p.attributes[0] = attribute(oidChallengePassword, []byte{0x0c, 0}) }, ErrFormat},
		{"challenge not UTF-8", func(p *parts) { p.attributes[0] = attribute(oidChallengePassword, []byte{0x0c, 1, 0xff}) }, ErrFormat},
		{"challenge of another type", func(p *parts) { p.attributes[0] = attribute(oidChallengePassword, []byte{0x1e, 2, 0, 'a'}) }, ErrFormat},
		{"long challenge", func(p *parts) {
			p.attributes[0] = attribute(oidChallengePassword, append([]byte{0x0c, 0x82, 1, 0}, make([]byte, 256)...))
		}, ErrFormat},
		{"EncryptedVID no EncryptedVID", func(p *parts) { p.attributes[1] = attribute(npki.OIDEncryptedVID, []byte{0x30, 0}) }, ErrFormat},
		{"EncryptedVID of two values", func(p *parts) {
			p.attributes[1] = attribute(npki.OIDEncryptedVID, append(bytes.Clone(rawEVID), 5, 0))
		}, ErrFormat},
		{"attribute no attribute", func(p *parts) { p.attributes[0] = []byte{0x30, 0} }, ErrFormat},
		{"many attributes", func(p *parts) { p.attributes = many }, ErrFormat},
		{"1536 bits", func(p *parts) { p.spki, p.key = spkiOf(smallKey().Public()), smallKey() }, ErrKey},
		{"exponent 3", func(p *parts) { p.spki = spkiOf(&rsa.PublicKey{N: n, E: 3}) }, ErrKey},
		{"even exponent", func(p *parts) { p.spki = spkiOf(&rsa.PublicKey{N: n, E: 65538}) }, ErrKey},
		{"even modulus", func(p *parts) { p.spki = spkiOf(&rsa.PublicKey{N: new(big.Int).Sub(n, big.NewInt(1)), E: 65537}) }, ErrKey},
		{"modulus with factor 751", func(p *parts) { p.spki = spkiOf(&rsa.PublicKey{N: multiple(n, 751), E: 65537}) }, ErrKey},
		{"modulus a square", func(p *parts) {
			root := sharedKey().Primes[0]
			if q := sharedKey().Primes[1]; q.Cmp(root) > 0 {
				root = q // its square has all 2048 bits
			}
			p.spki = spkiOf(&rsa.PublicKey{N: new(big.Int).Mul(root, root), E: 65537})
		}, ErrKey},
		{"5000 bits", func(p *parts) { p.spki = spkiOf(&rsa.PublicKey{N: new(big.Int).Lsh(n, 3000), E: 65537}) }, ErrKey},
		{"elliptic curve", func(p *parts) { p.spki = spkiOf(curve.Public()) }, ErrKey},
		{"no key", func(p *parts) { p.spki = []byte{0x30, 0} }, ErrFormat},
	} {
		p := good
		p.attributes = bytesClone(good.attributes)
		c.with(&p)
		if req, err := Parse(p.sign(t)); !errors.Is(err, c.want) || req != nil {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

// multiple is the greatest odd multiple of p under n.
func multiple(n *big.Int, p int64) *big.Int {
	q := new(big.Int).Div(n, big.NewInt(p))
	q.SetBit(q, 0, 1)
	return q.Mul(q, big.NewInt(p))
}

func bytesClone(in [][]byte) [][]byte {
	out := make([][]byte, len(in))
	for i, b := range in {
		out[i] = bytes.Clone(b)
	}
	return out
}

func TestEveryFlippedByteIsNoticed(t *testing.T) {
	t.Parallel()
	evid, _ := encryptedVID(t)
	good := create(t, "ABC", evid)
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 0x04
		if req, err := Parse(b); err == nil {
			t.Errorf("a flip at %d goes unnoticed: %+v", i, req)
		} else if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrKey) && !errors.Is(err, ErrPossession) {
			t.Errorf("a flip at %d: %v", i, err)
		}
	}
	for what, b := range map[string][]byte{
		"nothing": nil, "cut off": good[:len(good)-1], "trailing": append(bytes.Clone(good), 0), "oversize": make([]byte, MaxSize+1),
	} {
		if _, err := Parse(b); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

type curveSigner struct{ crypto.Signer }

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, challenge string
		key             crypto.Signer
		evid            []byte
		want            error
	}{
		{"elliptic curve", "a", curveSigner{curve}, nil, ErrKey},
		{"small key", "a", smallKey(), nil, ErrKey},
		{"long challenge", strings.Repeat("a", MaxChallengeSize+1), sharedKey(), nil, ErrFormat},
		{"broken challenge", "\xff", sharedKey(), nil, ErrFormat},
		{"no EncryptedVID", "a", sharedKey(), []byte{}, ErrFormat},
		{"junk for an EncryptedVID", "a", sharedKey(), []byte{0x30, 0}, ErrFormat},
	} {
		if _, err := Create(rand.Reader, c.key, c.challenge, c.evid); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	evid, _ := encryptedVID(f)
	f.Add(create(f, "ABC", evid))
	f.Add(create(f, "", nil))
	f.Add(goodParts(f).sign(f))
	f.Fuzz(func(t *testing.T, der []byte) {
		req, err := Parse(der)
		if err != nil {
			if req != nil || !errors.Is(err, ErrFormat) && !errors.Is(err, ErrKey) && !errors.Is(err, ErrPossession) {
				t.Fatalf("%v with %v", req, err)
			}
			return
		}
		if len(req.RawPublicKey) == 0 || req.PublicKey == nil || len(req.Challenge) > 4*MaxChallengeSize {
			t.Fatalf("parsed to %+v", req)
		}
	})
}

// FuzzReadInfo reaches what only a right signature would let through.
func FuzzReadInfo(f *testing.F) {
	for _, der := range [][]byte{create(f, "ABC", nil), goodParts(f).sign(f)} {
		in := cryptobyte.String(der)
		var seq, info cryptobyte.String
		if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1Element(&info, cbasn1.SEQUENCE) {
			f.Fatal("no info")
		}
		f.Add([]byte(info))
	}
	f.Fuzz(func(t *testing.T, info []byte) {
		if req, _, err := readInfo(info); err == nil && (req == nil || len(req.RawPublicKey) == 0) {
			t.Fatalf("read to %+v", req)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	evid, _ := encryptedVID(b)
	der := create(b, "ABC", evid)
	for b.Loop() {
		if _, err := Parse(der); err != nil {
			b.Fatal(err)
		}
	}
}
