package vectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

const signedAt = "2026-12-24T11:22:33Z"

type requestCase struct {
	Name         string `json:"name"`
	Key          string `json:"key"` // in keys.json
	Challenge    string `json:"challenge"`
	EncryptedVID octets `json:"encryptedVid"`
	Request      octets `json:"request"` // exactly these bytes
}

func TestRequests(t *testing.T) {
	t.Parallel()
	settle(t, "requests.json", func([]requestCase) []requestCase {
		var vids vidFile
		b := must(os.ReadFile("testdata/vid.json"))(t)
		if err := json.Unmarshal(b, &vids); err != nil {
			t.Fatal(err)
		}
		evid := vids.EncryptedVID.EncryptedVID
		var f []requestCase
		for _, c := range []struct{ name, challenge string }{
			{"as the CA asks", "CVKJXG6M4PNXBTZQHYA2ERUW7S"},
			{"a challenge in Hangul", "도장을 찍어 주세요"},
			{"a challenge that sorts after the EncryptedVID", strings.Repeat("가", 255)},
		} {
			der := must(pkcs10.Create(nil, key(t, "customer").Signer, c.challenge, evid))(t)
			got, err := pkcs10.Parse(der)
			if err != nil || got.Challenge != c.challenge || !bytes.Equal(got.EncryptedVID, evid) {
				t.Fatalf("%s: %v", c.name, err)
			}
			f = append(f, requestCase{c.name, "customer", c.challenge, evid, der})
		}
		return f
	})
}

type signCase struct {
	Name        string   `json:"name"`
	Key         string   `json:"key"`         // in keys.json
	Certificate string   `json:"certificate"` // in certificates.json
	Chain       []string `json:"chain"`       // likewise
	Content     octets   `json:"content"`
	Detached    bool     `json:"detached"`
	Attributes  bool     `json:"attributes"`
	SigningTime string   `json:"signingTime,omitempty"`
	Message     octets   `json:"message"` // exactly these bytes
}

type verifyCase struct {
	Name    string  `json:"name"`
	Message octets  `json:"message"`
	Content *octets `json:"content"`        // null: not given
	Code    string  `json:"code,omitempty"` // empty: the signature is right
}

type cmsFile struct {
	Sign   []signCase   `json:"sign"` // each of them verifies, too
	Verify []verifyCase `json:"verify"`
}

// cmsCodes are the SDK's names of what can be wrong with a message.
var cmsCodes = map[string][]error{
	"signature":  {cms.ErrSignature},
	"digest":     {cms.ErrDigest, cms.ErrContent},
	"no-content": {cms.ErrNoContent},
	"format":     {cms.ErrFormat, cms.ErrNotSigned, cms.ErrNoCertificate, cms.ErrNoSigner, cms.ErrAttributes},
}

func TestCMS(t *testing.T) {
	t.Parallel()
	settle(t, "cms.json", func(cmsFile) cmsFile {
		h := authority(t)
		text := octets("이체 100,000원\n받는 사람 홍길동")
		f := cmsFile{Sign: []signCase{
			{Name: "banks and logins", Content: text},
			{Name: "detached", Content: text, Detached: true},
			{Name: "attributes", Content: text, Attributes: true, SigningTime: signedAt},
			{Name: "detached, attributes, chain", Content: text, Detached: true, Attributes: true, SigningTime: signedAt, Chain: []string{"ca", "root"}},
			{Name: "after 2049", Content: text, Attributes: true, SigningTime: "2050-01-01T00:00:00Z"},
			{Name: "nothing", Content: octets{}},
			{Name: "bytes that are no text", Content: filler("content", 300)},
		}}
		for i := range f.Sign {
			sign(t, &f.Sign[i], h)
		}
		f.Verify = verifications(t, f.Sign)
		return f
	})
}

func sign(t testing.TB, c *signCase, h house) {
	t.Helper()
	o := cms.SignOptions{Detached: c.Detached, SignedAttributes: c.Attributes}
	if c.SigningTime != "" {
		o.SigningTime = must(time.Parse(time.RFC3339, c.SigningTime))(t)
	}
	if c.Chain == nil {
		c.Chain = []string{}
	}
	for _, name := range c.Chain {
		o.Certificates = append(o.Certificates, map[string][]byte{"ca": h.ca.Raw, "root": h.root.Raw}[name])
	}
	c.Key, c.Certificate = "customer", "customer"
	c.Message = must(cms.Sign(c.Content, h.customer, key(t, c.Key).Signer, o))(t)
	right := verifyCase{Message: c.Message}
	if c.Detached {
		right.Content = &c.Content
	}
	if err := verify(right); err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
}

func verifications(t testing.TB, signed []signCase) []verifyCase {
	t.Helper()
	plain, detached, attributes := signed[0], signed[1], signed[2]
	other := octets("이체 900,000원\n받는 사람 홍길동")
	flipped := func(m octets) octets {
		m = bytes.Clone(m)
		m[len(m)-1] ^= 1
		return m
	}
	changed := func(c signCase) octets { return bytes.Replace(c.Message, c.Content, other, 1) }
	spki := keyring().Keys["customer"].SPKI
	f := []verifyCase{
		{"BER as streams are written", ber(plain), nil, ""},
		{"SignedData without its ContentInfo", bare(plain.Message), nil, ""},
		{"detached, without its content", detached.Message, nil, "no-content"},
		{"detached, over another text", detached.Message, &other, "signature"},
		{"attached, and another content given", plain.Message, &other, "digest"},
		{"content changed", changed(plain), nil, "signature"},
		{"content changed below attributes", changed(attributes), nil, "digest"},
		{"signature changed", flipped(plain.Message), nil, "signature"},
		{"signing time changed", bytes.Replace(attributes.Message, []byte("261224112233Z"), []byte("261224112234Z"), 1), nil, "signature"},
		{"attributes passed off as the content", disguised(t, attributes), nil, "format"},
		{"cut off", plain.Message[:800], nil, "format"},
		{"no message", spki, nil, "format"},
		{"nothing", octets{}, nil, "format"},
	}
	for _, c := range f {
		if err := verify(c); !isOneOf(err, cmsCodes[c.Code]) {
			t.Fatalf("%s: %v", c.Name, err)
		}
	}
	return f
}

func verify(c verifyCase) error {
	m, err := cms.Parse(c.Message)
	if err != nil {
		return err
	}
	var content []byte
	if c.Content != nil {
		content = append([]byte{}, *c.Content...)
	}
	_, err = m.Verify(content)
	return err
}

func isOneOf(err error, of []error) bool {
	if len(of) == 0 {
		return err == nil
	}
	for _, e := range of {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// parts takes a message apart: version, digests, content type, the rest behind
// the content, and the content.
func parts(message octets) (seq cryptobyte.String, version, digests, certificates, signers cryptobyte.String) {
	in := cryptobyte.String(message)
	var outer, explicit, content cryptobyte.String
	ok := in.ReadASN1(&outer, cbasn1.SEQUENCE) && outer.SkipASN1(cbasn1.OBJECT_IDENTIFIER) &&
		outer.ReadASN1(&explicit, 0xa0) && explicit.ReadASN1Element(&seq, cbasn1.SEQUENCE)
	inner := seq
	ok = ok && inner.ReadASN1(&inner, cbasn1.SEQUENCE) && inner.ReadASN1Element(&version, cbasn1.INTEGER) &&
		inner.ReadASN1Element(&digests, cbasn1.SET) && inner.ReadASN1Element(&content, cbasn1.SEQUENCE) &&
		inner.ReadASN1Element(&certificates, 0xa0) && inner.ReadASN1Element(&signers, cbasn1.SET)
	if !ok {
		panic("a message of ours is taken apart wrongly")
	}
	return seq, version, digests, certificates, signers
}

func bare(message octets) octets {
	seq, _, _, _, _ := parts(message)
	return octets(seq)
}

// ber writes the message of a case with indefinite lengths and its content in
// two pieces.
func ber(c signCase) octets {
	_, version, digests, certificates, signers := parts(c.Message)
	oid := func(last byte) []byte {
		return []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last}
	}
	end := []byte{0, 0}
	half := len(c.Content) / 2
	piece := func(b []byte) []byte { return append([]byte{4, byte(len(b))}, b...) }
	return octets(bytes.Join([][]byte{
		{0x30, 0x80}, oid(2), {0xa0, 0x80, 0x30, 0x80}, version, digests,
		{0x30, 0x80}, oid(1), {0xa0, 0x80, 0x24, 0x80}, piece(c.Content[:half]), piece(c.Content[half:]), end, end, end,
		certificates, signers, end, end, end,
	}, nil))
}

// disguised takes the signature over a message's attributes for one over a
// text: the attributes become the content.
func disguised(t testing.TB, c signCase) octets {
	t.Helper()
	_, version, digests, certificates, signers := parts(c.Message)
	var set, info, sid, hash, attributes, alg, value cryptobyte.String
	var v cryptobyte.String
	if !signers.ReadASN1(&set, cbasn1.SET) || !set.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1Element(&v, cbasn1.INTEGER) ||
		!info.ReadASN1Element(&sid, cbasn1.SEQUENCE) || !info.ReadASN1Element(&hash, cbasn1.SEQUENCE) || !info.ReadASN1Element(&attributes, 0xa0) ||
		!info.ReadASN1Element(&alg, cbasn1.SEQUENCE) || !info.ReadASN1Element(&value, cbasn1.OCTET_STRING) {
		t.Fatal("a signer of ours is taken apart wrongly")
	}
	content := append([]byte{0x31}, attributes[1:]...)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(version)
		b.AddBytes(digests)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 1})
			b.AddASN1(0xa0, func(b *cryptobyte.Builder) { b.AddASN1OctetString(content) })
		})
		b.AddBytes(certificates)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, part := range []cryptobyte.String{v, sid, hash, alg, value} {
					b.AddBytes(part)
				}
			})
		})
	})
	return b.BytesOrPanic()
}
