package attacks_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"io"
	"math/big"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/pki/npki"
)

var (
	possession       = refusal{422, 2142, "possession"}
	challenge        = refusal{422, 2143, "challenge"}
	requestMalformed = refusal{400, 2141, "request-malformed"}
	vidMissing       = refusal{400, 2144, "vid-missing"}
	vidSealed        = refusal{400, 4003, "encrypted-vid"}
	keyUnfit         = refusal{400, 4005, "key-unfit"}
	keyUsed          = refusal{409, 4002, "key-used"}
	otherKey         = refusal{409, 4004, "application-used"}
)

// pretender names one key and signs with another.
type pretender struct {
	named  *rsa.PublicKey
	signer *rsa.PrivateKey
}

func (p pretender) Public() crypto.PublicKey { return p.named }
func (p pretender) Sign(random io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return p.signer.Sign(random, digest, o)
}

// certify hands a request in as raw HTTP does.
func (p *person) certify(id string, csr []byte) error {
	p.w.t.Helper()
	return p.send("POST", "/api/v1/applications/"+id+"/certificate", encode(p.w.t, client.CertifyRequest{CSR: csr})).err()
}

// "I have overheard the victim's certification request. I put it into my own
// application, as it is and with what I need in it changed: a certificate in
// my name over their key, or in theirs with an R that I know."
func TestReplayedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := w.logIn("hong"), w.logIn("kim")
	theirs, mine := victim.start(client.KindPersonalBank), thief.start(client.KindPersonalBank)
	victim.goTo(theirs, client.NeedKey)
	thief.goTo(mine, client.NeedKey)
	their, my := victim.order(theirs), thief.order(mine)
	theirKey, myKey := testKeys[0](), testKeys[1]()
	heard := their.honest(0)
	swap := func(csr, old, other []byte) []byte {
		if bytes.Count(csr, old) != 1 || len(old) != len(other) {
			t.Fatal("nothing to swap")
		}
		return bytes.Replace(bytes.Clone(csr), old, other, 1)
	}
	theirSPKI, _ := x509.MarshalPKIXPublicKey(&theirKey.PublicKey)
	mySPKI, _ := x509.MarshalPKIXPublicKey(&myKey.PublicKey)
	pretend := pretender{&theirKey.PublicKey, myKey}
	mixed := &order{w: w, challenge: my.challenge, evid: their.evid}
	for _, attack := range []struct {
		name string
		csr  []byte
		want refusal
	}{
		{"as it is", heard, challenge},
		{"with my challenge", swap(heard, []byte(their.challenge), []byte(my.challenge)), possession},
		{"with my R", swap(swap(heard, []byte(their.challenge), []byte(my.challenge)), their.evid, my.evid), possession},
		{"with my R alone", swap(heard, their.evid, my.evid), possession},
		{"with my key in place of theirs", swap(heard, theirSPKI, mySPKI), possession},
		{"made anew over their key, signed with mine", my.request(pretend), possession},
		{"made anew over their key with their R, signed with mine", mixed.request(pretend), possession},
		{"signature of nothing", swap(heard, heard[len(heard)-256:], make([]byte, 256)), possession},
		{"signature that is one", swap(heard, heard[len(heard)-256:], append(make([]byte, 255), 1)), possession},
		{"my key over their challenge", their.request(myKey), challenge},
	} {
		for _, lang := range []string{"ko", "en"} {
			thief.lang = lang
			w.refused(thief.certify(mine, attack.csr), attack.want, audit.Refused)
		}
	}
	// Into the victim's own application nobody else can put anything, and the
	// victim's own answer there is not spoilt by a swapped R.
	w.refused(thief.certify(theirs, heard), applicationUnknown, audit.Denied)
	w.refused(victim.certify(theirs, swap(heard, their.evid, my.evid)), possession, audit.Refused)
	made, created, err := victim.Certify(t.Context(), theirs, heard)
	if must(w, made, err); !created {
		t.Error("the victim's own request did not make their certificate")
	}
	victim.owns(made, 0, their.r)

	// My own key, signed with it, beside an R that I only know sealed: that is
	// a certificate of mine, and it says nothing about the victim.
	stolen, _, err := thief.Certify(t.Context(), mine, mixed.request(myKey))
	leaf, err2 := x509.ParseCertificate(must(w, stolen, err).Certificate)
	data, err3 := npki.IdentifyDataOf(must(w, leaf, err2))
	if must(w, data, err3); data.RealName != thief.s.Name || data.VIDs[0].Matches(victim.s.IdentityNumber, their.r) {
		t.Error("a certificate of mine says that I am the victim")
	}
}

// "Keys are expensive: I use the one of another certificate, mine or
// somebody's whose key file I have."
func TestKeyTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.logIn("hong"), w.logIn("kim")
	one, two := first.start(client.KindPersonalBank), second.start(client.KindPersonalBank)
	second.goTo(two, client.NeedKey)
	made := first.finish(one, 0)
	// Somebody else who holds the same key.
	for _, lang := range []string{"ko", "en"} {
		second.lang = lang
		w.refused(second.certify(two, second.order(two).honest(0)), keyUsed, audit.Refused)
	}
	// The same person, for another kind.
	other := first.start(client.KindPersonalGeneral)
	first.goTo(other, client.NeedKey)
	w.refused(first.certify(other, first.order(other).honest(0)), keyUsed, audit.Refused)
	// Another key for an application that has its certificate.
	o := first.order
	_, err := first.KeyRequest(t.Context(), one)
	w.refused(err, refusal{409, 2105, "application-issued"}, audit.Refused)
	replay := &order{w: w, challenge: o(other).challenge, evid: o(other).evid}
	w.refused(first.certify(one, replay.honest(2)), challenge, audit.Refused)
	if again, err := first.Certificate(t.Context(), one); err != nil || again.Serial != made.Serial {
		t.Errorf("the first certificate is another one now: %v", err)
	}
	first.finish(other, 2)
	second.finish(two, 1)
}

// "The application has its certificate. With the same challenge I ask again:
// for another key, or for another R, to swap what was promised."
func TestSecondRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	id := p.start(client.KindPersonalBank)
	p.goTo(id, client.NeedKey)
	o, other := p.order(id), p.order(id)
	made, _, err := p.Certify(t.Context(), id, o.honest(0))
	must(w, made, err)
	w.refused(p.certify(id, other.honest(1)), otherKey, audit.Refused)
	p.lang = "ko"
	w.refused(p.certify(id, other.honest(2)), otherKey, audit.Refused)
	again, created, err := p.Certify(t.Context(), id, other.honest(0)) // same key, other R
	if must(w, again, err); created || !bytes.Equal(again.Certificate, made.Certificate) {
		t.Error("another R has made another certificate")
	}
	p.owns(again, 0, o.r)
}

// "The challenge ties a key to an application. I leave it out, guess it, take
// the one of an application before."
func TestWrongChallenge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	old := p.start(client.KindPersonalBank)
	p.goTo(old, client.NeedKey)
	before := p.order(old).challenge
	if err := p.Abandon(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	id := p.start(client.KindPersonalBank)
	p.goTo(id, client.NeedKey)
	right := p.order(id)
	for name, guess := range map[string]string{
		"none": "", "an old one": before, "the id": id, "a part": right.challenge[:25], "more": right.challenge + "A",
		"other case": strings.ToLower(right.challenge), "with a blank": right.challenge + " ", "a wildcard": "%", "long": strings.Repeat("A", 255),
	} {
		o := *right
		o.challenge = guess
		p.lang = map[bool]string{true: "ko", false: "en"}[len(name)%2 == 0]
		w.refused(p.certify(id, o.honest(0)), challenge, audit.Refused)
	}
	p.finish(id, 0)
}

// sealed makes an EncryptedVID whose ciphertext is over a content of the
// attacker's choice.
func (o *order) sealed(content []byte) []byte {
	o.w.t.Helper()
	ciphertext, err := rsa.EncryptPKCS1v15(rand.Reader, o.km.PublicKey.(*rsa.PublicKey), content) //nolint:staticcheck // the field's padding
	return o.instead(must(o.w, ciphertext, err))
}

// instead puts another ciphertext into an EncryptedVID that is right otherwise.
func (o *order) instead(ciphertext []byte) []byte {
	o.w.t.Helper()
	e, err := npki.ParseEncryptedVID(o.evid)
	must(o.w, e, err)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		head, _, _ := bytes.Cut(o.evid[4:], tagged(4, octets(e.Ciphertext)))
		b.AddBytes(head)
		b.AddBytes(tagged(4, octets(ciphertext)))
	})
	return b.BytesOrPanic()
}

func element(tag cbasn1.Tag, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(parts, nil)) })
	return b.BytesOrPanic()
}

func sequence(parts ...[]byte) []byte { return element(cbasn1.SEQUENCE, parts...) }
func octets(b []byte) []byte          { return element(cbasn1.OCTET_STRING, b) }
func tagged(n uint8, content []byte) []byte {
	return element(cbasn1.Tag(n).ContextSpecific().Constructed(), content)
}

// content is an EncryptContent with any R in it.
func content(r []byte) []byte {
	sha256 := sequence([]byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}, []byte{5, 0})
	vid := sequence(sha256, tagged(0, octets(make([]byte, 32))))
	return sequence(vid, element(cbasn1.BIT_STRING, []byte{0}, r))
}

// "R goes to the authority under an old padding. Whatever I put in its place
// the answer must tell me nothing, or I can decrypt what others sent. And an R
// of my own length makes a person out of nothing."
func TestSpoiltR(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	p.lang = "en"
	id := p.start(client.KindPersonalBank)
	p.goTo(id, client.NeedKey)
	o := p.order(id)
	other := testKeys[3]()
	ours := o.km.PublicKey.(*rsa.PublicKey)
	e, err := npki.ParseEncryptedVID(o.evid)
	must(w, e, err)
	seal := func(km x509.Certificate) []byte {
		der, err := npki.EncryptVID(rand.Reader, &km, o.r)
		return must(w, der, err)
	}
	flipped := bytes.Clone(e.Ciphertext)
	flipped[100] ^= 1
	random := make([]byte, 256)
	_, _ = rand.Read(random[1:])
	var uniform []byte
	for _, attack := range []struct {
		name string
		evid []byte
		want refusal
	}{
		{"no R at all", nil, vidMissing},
		{"R of 20 bytes and one bit", o.sealed(append(content(o.r)[:len(content(o.r))-21], append([]byte{4}, o.r...)...)), vidSealed},
		{"R of no bytes", o.sealed(content(nil)), vidSealed},
		{"R of 1 byte", o.sealed(content(o.r[:1])), vidSealed},
		{"R of 19 bytes", o.sealed(content(o.r[:19])), vidSealed},
		{"R of 21 bytes", o.sealed(content(append(bytes.Clone(o.r), 0))), vidSealed},
		{"R of 100 bytes", o.sealed(content(make([]byte, 100))), vidSealed},
		{"nothing inside", o.sealed(nil), vidSealed},
		{"no DER inside", o.sealed(make([]byte, len(content(o.r)))), vidSealed},
		{"something behind", o.sealed(append(content(o.r), 0)), vidSealed},
		{"one bit flipped", o.instead(flipped), vidSealed},
		{"random", o.instead(random), vidSealed},
		{"zero", o.instead(make([]byte, 256)), vidSealed},
		{"one", o.instead(append(make([]byte, 255), 1)), vidSealed},
		{"modulus", o.instead(ours.N.Bytes()), vidSealed},
		{"larger than the modulus", o.instead(bytes.Repeat([]byte{0xff}, 256)), vidSealed},
		{"short ciphertext", o.instead(e.Ciphertext[:255]), vidSealed},
		{"long ciphertext", o.instead(append([]byte{0}, e.Ciphertext...)), vidSealed},
		{"empty ciphertext", o.instead(nil), vidSealed},
		{"raw RSA of the content", o.instead(new(big.Int).Exp(new(big.Int).SetBytes(content(o.r)), big.NewInt(int64(ours.E)), ours.N).FillBytes(make([]byte, 256))), vidSealed},
		{"to another key under our name", seal(x509.Certificate{RawIssuer: o.km.RawIssuer, SerialNumber: o.km.SerialNumber, PublicKey: &other.PublicKey}), vidSealed},
		{"to our key under another serial", seal(x509.Certificate{RawIssuer: o.km.RawIssuer, SerialNumber: big.NewInt(1), PublicKey: ours}), vidSealed},
		{"to our key under another issuer", seal(x509.Certificate{RawIssuer: o.km.RawSubject, SerialNumber: o.km.SerialNumber, PublicKey: ours}), vidSealed},
	} {
		spoilt := &order{w: w, challenge: o.challenge, evid: attack.evid}
		a := p.send("POST", "/api/v1/applications/"+id+"/certificate", encode(t, client.CertifyRequest{CSR: spoilt.honest(0)}))
		w.refused(a.err(), attack.want, audit.Refused)
		if attack.want != vidSealed {
			continue
		}
		if uniform == nil {
			uniform = anonymous(a)
		}
		if !bytes.Equal(uniform, anonymous(a)) {
			t.Errorf("%s: another answer than the others: %s", attack.name, a.body)
		}
	}
	p.lang = "ko"
	w.refused(p.certify(id, (&order{w: w, challenge: o.challenge, evid: o.instead(random)}).honest(0)), vidSealed, audit.Refused)
	p.finish(id, 0)
}

// "What I hand in is no request, or one for a key that I can break, or that is
// the authority's own."
func TestStrangeRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	id := p.start(client.KindPersonalBank)
	p.goTo(id, client.NeedKey)
	o := p.order(id)
	good := o.honest(0)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(w, curve, err)
	elliptical, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, curve)
	must(w, elliptical, err)
	n := testKeys[0]().N
	ca := w.Desk().Issuing().PublicKey.(*rsa.PublicKey)
	indefinite := append([]byte{0x30, 0x80}, append(bytes.Clone(good[4:]), 0, 0)...)
	for _, attack := range []struct {
		name string
		csr  []byte
		want refusal
	}{
		{"rubbish", []byte("rubbish"), requestMalformed},
		{"PEM", []byte("-----BEGIN CERTIFICATE REQUEST-----\n"), requestMalformed},
		{"a certificate", w.Desk().Issuing().Raw, requestMalformed},
		{"cut off", good[:len(good)-1], requestMalformed},
		{"something behind", append(bytes.Clone(good), 0), requestMalformed},
		{"BER", indefinite, requestMalformed},
		{"an elliptic key", elliptical, requestMalformed},
		{"deep", bytes.Repeat([]byte{0x30, 0x80}, 4000), requestMalformed},
		{"a length that lies", []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0}, requestMalformed},
		{"512 bits", unsigned(new(big.Int).Rsh(n, 2048-512), 65537), keyUnfit},
		{"2047 bits", unsigned(new(big.Int).Rsh(n, 1), 65537), keyUnfit},
		{"8192 bits", unsigned(new(big.Int).Exp(n, big.NewInt(4), nil), 65537), keyUnfit},
		{"exponent 1", unsigned(n, 1), keyUnfit},
		{"exponent 3", unsigned(n, 3), keyUnfit},
		{"even exponent", unsigned(n, 65538), keyUnfit},
		{"even modulus", unsigned(new(big.Int).Sub(n, big.NewInt(1)), 65537), keyUnfit},
		{"modulus with a small factor", unsigned(new(big.Int).Mul(big.NewInt(3), new(big.Int).Rsh(n, 2)), 65537), keyUnfit},
		{"a square", unsigned(square(n), 65537), keyUnfit},
		{"a negative modulus", unsigned(new(big.Int).Neg(n), 65537), requestMalformed},
		{"the authority's own key", o.request(pretender{ca, testKeys[0]()}), possession},
	} {
		p.lang = map[bool]string{true: "ko", false: "en"}[len(attack.name)%2 == 0]
		w.refused(p.certify(id, attack.csr), attack.want, audit.Refused)
	}
	p.finish(id, 0)
}

// unsigned is a request whose key is all that counts.
func unsigned(n *big.Int, e int64) []byte {
	number := func(n *big.Int) []byte {
		var b cryptobyte.Builder
		b.AddASN1BigInt(n)
		return b.BytesOrPanic()
	}
	oid := func(o asn1.ObjectIdentifier) []byte {
		var b cryptobyte.Builder
		b.AddASN1ObjectIdentifier(o)
		return b.BytesOrPanic()
	}
	null := []byte{5, 0}
	key := element(cbasn1.BIT_STRING, []byte{0}, sequence(number(n), number(big.NewInt(e))))
	info := sequence(number(new(big.Int)), sequence(), sequence(sequence(oid(npki.OIDRSAEncryption), null), key), tagged(0, nil))
	return sequence(info, sequence(oid(npki.OIDSHA256WithRSA), null), element(cbasn1.BIT_STRING, make([]byte, 257)))
}

// square gives a square of as many bits as n without small factors.
func square(n *big.Int) *big.Int {
	root := new(big.Int).Sqrt(n)
	root.SetBit(root, 0, 1)
	for ; !root.ProbablyPrime(8); root.Add(root, big.NewInt(2)) {
	}
	return root.Mul(root, root)
}
