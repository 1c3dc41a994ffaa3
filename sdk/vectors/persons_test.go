package vectors_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"math/big"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

type passwordCase struct {
	Password string   `json:"password"`
	Problems []string `json:"problems"` // in this order
}

// problems are the SDK's names of the rules.
var problems = map[npki.PasswordRule]string{
	npki.PasswordTooShort: "short", npki.PasswordNoLetter: "letter", npki.PasswordNoDigit: "digit",
	npki.PasswordNoSpecial: "special", npki.PasswordForbidden: "forbidden", npki.PasswordNotASCII: "charset",
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	settle(t, "passwords.json", func([]passwordCase) []passwordCase {
		var f []passwordCase
		for _, p := range []string{
			"ingam-Vector.7", "", "a1!", "abcdefgh1!", "abcdefg1!", "ABCDEFGHI1!", "abcdefghij", "1234567890", "!@#$%^&*()",
			"abcdefgh12", "abcdefgh!!", "12345678!!", "abc def 12", "abc def 1!", "it's 1 password!", `say "1" loud!`,
			`back\slash 1!`, "a|pipe and 1!", "₩on-and-1-more", "비밀번호를만들어요", "비밀번호 a1! 열 자", "tab\there 1!",
			"emoji 😀 1!ab", "😀😀😀😀😀a1!b", "~tilde and 1 ", "del\u007f and 1 !", "'\"\\|",
		} {
			c := passwordCase{Password: p, Problems: []string{}}
			var broken *npki.PasswordError
			if errors.As(npki.CheckPassword([]byte(p)), &broken) {
				for _, r := range broken.Broken {
					c.Problems = append(c.Problems, problems[r])
				}
			}
			f = append(f, c)
		}
		return f
	})
}

type vidCase struct {
	IDN     string `json:"idn"` // invented
	R       octets `json:"r"`
	Hash    string `json:"hash"`
	Content octets `json:"content"` // DER HashContent
	VID     octets `json:"vid"`
}

type rsaCase struct {
	SPKI       octets `json:"spki"`
	Block      octets `json:"block"` // 00 02 padding 00 message, as long as the modulus
	Message    octets `json:"message"`
	Ciphertext octets `json:"ciphertext"`
}

type encryptedVIDCase struct {
	Key         string `json:"key"`         // in keys.json: opens it
	Certificate octets `json:"certificate"` // of the key
	R           octets `json:"r"`
	Content     octets `json:"content"` // EncryptContent, what is encrypted
	// EncryptedVID is one of many: its padding is random. All but the
	// ciphertext at its end is always the same.
	EncryptedVID octets `json:"encryptedVid"`
	Prefix       octets `json:"prefix"` // of every EncryptedVID for this certificate
}

type vidFile struct {
	VIDs         []vidCase        `json:"vids"`
	RSA          rsaCase          `json:"rsa"`
	EncryptedVID encryptedVIDCase `json:"encryptedVid"`
}

func TestVIDs(t *testing.T) {
	t.Parallel()
	settle(t, "vid.json", func(old vidFile) vidFile {
		f := vidFile{EncryptedVID: old.EncryptedVID}
		rs := []npki.R{npki.R(unhex(t, "79ea7568a2d3776604e18bcd3a1b1b85b7da0872")), customerR, make(npki.R, npki.RSize)}
		for _, c := range []struct {
			idn  string
			r    npki.R
			hash crypto.Hash
		}{
			{"1234561234567", rs[0], crypto.SHA256}, {"1234561234567", rs[0], crypto.SHA1},
			{"9901011000004", rs[1], crypto.SHA256}, {"1208147521", rs[1], crypto.SHA256},
			{"0000000000000", rs[2], crypto.SHA256}, {"9901011000004", rs[1], crypto.SHA512},
		} {
			vid := must(npki.NewVID(c.hash, c.idn, c.r))(t)
			content := hashContent(c.idn, c.r)
			h := c.hash.New()
			h.Write(content)
			inner := h.Sum(nil)
			h.Reset()
			h.Write(inner)
			if !bytes.Equal(h.Sum(nil), vid.Value) {
				t.Fatalf("%s: the VID is not the hash of the hash of the content", c.idn)
			}
			f.VIDs = append(f.VIDs, vidCase{c.idn, octets(c.r), hashName(c.hash), content, vid.Value})
		}
		f.RSA = rawRSA(t)
		f.EncryptedVID = encryptedVID(t, old.EncryptedVID)
		return f
	})
}

func hashContent(idn string, r npki.R) octets {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.PrintableString, func(b *cryptobyte.Builder) { b.AddBytes([]byte(idn)) })
		b.AddASN1BitString(r)
	})
	return b.BytesOrPanic()
}

// rawRSA is an encryption whose padding is known, for who writes the
// exponentiation themselves.
func rawRSA(t testing.TB) rsaCase {
	t.Helper()
	k := key(t, "km").Signer
	message := octets("a message of 28 bytes, 0x1c!")
	block := append(octets{0, 2}, bytes.ReplaceAll(filler("padding", k.Size()-3-len(message)), []byte{0}, []byte{1})...)
	block = append(append(block, 0), message...)
	c := new(big.Int).Exp(new(big.Int).SetBytes(block), big.NewInt(int64(k.E)), k.N)
	out := c.FillBytes(make([]byte, k.Size()))
	//nolint:staticcheck // the format knows no other padding
	plain, err := rsa.DecryptPKCS1v15(nil, k, out)
	if err != nil || !bytes.Equal(plain, message) {
		t.Fatalf("decrypting what was padded by hand: %v", err)
	}
	return rsaCase{keyring().Keys["km"].SPKI, block, message, out}
}

// encryptedVID keeps the one that is committed, for its padding was random.
func encryptedVID(t testing.TB, old encryptedVIDCase) encryptedVIDCase {
	t.Helper()
	km := authority(t).km
	c := encryptedVIDCase{Key: "km", Certificate: km.Raw, R: octets(customerR), EncryptedVID: old.EncryptedVID}
	if len(c.EncryptedVID) == 0 || !bytes.Equal(old.Certificate, km.Raw) {
		c.EncryptedVID = must(npki.EncryptVID(nil, km, customerR))(t)
	}
	opened := must(npki.ParseEncryptedVID(c.EncryptedVID))(t)
	r, err := opened.Open(key(t, "km").Signer)
	if err != nil || !bytes.Equal(r, customerR) || !opened.IsFor(km) {
		t.Fatalf("the EncryptedVID that is committed: %v", err)
	}
	//nolint:staticcheck // the format knows no other padding
	c.Content = must(rsa.DecryptPKCS1v15(nil, key(t, "km").Signer, opened.Ciphertext))(t)
	c.Prefix = c.EncryptedVID[:len(c.EncryptedVID)-len(opened.Ciphertext)]
	if another := must(npki.EncryptVID(nil, km, customerR))(t); !bytes.HasPrefix(another, c.Prefix) {
		t.Fatal("two EncryptedVIDs differ in more than the ciphertext")
	}
	return c
}

type nameAttribute struct {
	Type  string `json:"type"` // dotted
	Value string `json:"value"`
}

type nameCase struct {
	Name       string          `json:"name"`
	DER        octets          `json:"der"`
	Attributes []nameAttribute `json:"attributes"` // in the order of the encoding
	Text       string          `json:"text"`       // the folder form
	CN         string          `json:"cn"`
	Writes     bool            `json:"writes"` // the attributes give these bytes
}

type nameBad struct {
	Name string `json:"name"`
	DER  octets `json:"der"`
}

type namesFile struct {
	Names []nameCase `json:"names"`
	Bad   []nameBad  `json:"bad"` // have to be refused
}

func TestNames(t *testing.T) {
	t.Parallel()
	settle(t, "names.json", func(namesFile) namesFile {
		f := namesFile{}
		for _, c := range []struct {
			name string
			n    npki.Name
		}{
			{"as the field has it", subject("BANK", "personal4IB", "홍길동()008104120261122191000001")},
			{"special characters", subject(`a,b+c"d\e<f>g;h`, "#first", " blanks ")},
			{"control characters", subject("line\nfeed", "del\u007f", "nul\x00")},
			{"hash and blank inside", subject("a#b", "a b", "=")},
			{"every keyword", everyKeyword()},
			{"a type without keyword", npki.Name{{Type: npki.OIDCountry, Value: "kr"}, {Type: []int{2, 5, 4, 97}, Value: "VAT-1"}, {Type: []int{2, 999, 3, 268435455}, Value: "x"}}},
			{"beyond the BMP", subject("😀", "가", "𠮷野")},
			{"empty", npki.Name{}},
		} {
			f.Names = append(f.Names, nameOf(t, c.name, must(c.n.Marshal())(t), true))
		}
		f.Names = append(f.Names, otherNames(t)...)
		f.Bad = badNames(t)
		return f
	})
}

// subject is a name of one kr, ingam, two OUs and a CN.
func subject(ou1, ou2, cn string) npki.Name {
	return npki.Name{
		{Type: npki.OIDCountry, Value: "kr"}, {Type: npki.OIDOrganization, Value: "ingam"},
		{Type: npki.OIDOrganizationalUnit, Value: ou1}, {Type: npki.OIDOrganizationalUnit, Value: ou2},
		{Type: npki.OIDCommonName, Value: cn},
	}
}

func everyKeyword() npki.Name {
	n := npki.Name{{Type: npki.OIDCountry, Value: "KR"}}
	for _, oid := range [][]int{
		npki.OIDDomainComponent, npki.OIDProvince, npki.OIDLocality, npki.OIDStreet, npki.OIDOrganization,
		npki.OIDOrganizationalUnit, npki.OIDTitle, npki.OIDSerialNumber, npki.OIDSurname, npki.OIDGivenName,
		npki.OIDUserID, npki.OIDEmailAddress, npki.OIDCommonName,
	} {
		n = append(n, npki.Attribute{Type: oid, Value: "v"})
	}
	return n
}

func nameOf(t testing.TB, name string, der []byte, writes bool) nameCase {
	t.Helper()
	n := must(npki.ParseName(der))(t)
	again, err := n.Marshal()
	if writes != (err == nil && bytes.Equal(again, der)) {
		t.Fatalf("%s: writes is %t, but it comes out as %x, %v", name, writes, again, err)
	}
	if parsed, err := npki.ParseNameString(n.String()); err != nil || parsed.String() != n.String() {
		t.Fatalf("%s: the text is not read back: %v", name, err)
	}
	c := nameCase{Name: name, DER: der, Attributes: []nameAttribute{}, Text: n.String(), CN: n.CommonName(), Writes: writes}
	for _, a := range n {
		c.Attributes = append(c.Attributes, nameAttribute{a.Type.String(), a.Value})
	}
	return c
}

// otherNames are such as others write them: read, and never written so.
func otherNames(t testing.TB) []nameCase {
	t.Helper()
	return []nameCase{
		nameOf(t, "PrintableString", rdns(rdn(3, "\x13", "Hong")), false),
		nameOf(t, "BMPString", rdns(rdn(3, "\x1e", "\xd6\x4d\xae\x38")), false),
		nameOf(t, "UniversalString", rdns(rdn(3, "\x1c", "\x00\x01\xf6\x00")), false),
		nameOf(t, "T61String in Latin-1", rdns(rdn(3, "\x14", "Jos\xe9")), false),
		nameOf(t, "T61String in UTF-8", rdns(rdn(3, "\x14", "홍")), false),
		nameOf(t, "IA5String", rdns(rdn(3, "\x16", "a@b")), false),
		nameOf(t, "NumericString", rdns(rdn(5, "\x12", "12 3")), false),
		nameOf(t, "two attributes in an RDN", rdns(rdn(11, "\x0c", "one", "two")), false),
		nameOf(t, "the country in UTF-8", rdns(rdn(6, "\x0c", "kr")), false),
	}
}

func badNames(t testing.TB) []nameBad {
	t.Helper()
	bad := []nameBad{
		{"nothing", octets{}},
		{"a byte too many", append(rdns(rdn(3, "\x0c", "a")), 0)},
		{"an empty RDN", rdns(octets{0x31, 0})},
		{"a value of no string type", rdns(rdn(3, "\x04", "a"))},
		{"UTF8String that is not UTF-8", rdns(rdn(3, "\x0c", "\xff"))},
		{"BMPString of odd length", rdns(rdn(3, "\x1e", "\xd6\x4d\xae"))},
		{"surrogates in a BMPString", rdns(rdn(3, "\x1e", "\xd8\x3d\xde\x00"))},
		{"PrintableString beyond ASCII", rdns(rdn(3, "\x13", "\xe9"))},
		{"cut off", rdns(rdn(3, "\x0c", "abc"))[:9]},
	}
	for _, b := range bad {
		if n, err := npki.ParseName(b.DER); !errors.Is(err, npki.ErrName) {
			t.Fatalf("%s: is read as %s", b.Name, n)
		}
	}
	return bad
}

// rdn writes an RDN of attributes of 2.5.4.attribute with values of one type.
func rdn(attribute byte, tag string, values ...string) octets {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		for _, v := range values {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier([]int{2, 5, 4, int(attribute)})
				b.AddASN1(cbasn1.Tag(tag[0]), func(b *cryptobyte.Builder) { b.AddBytes([]byte(v)) })
			})
		}
	})
	return b.BytesOrPanic()
}

func rdns(parts ...octets) octets {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	return b.BytesOrPanic()
}

// fingerprint is the SHA-256 of a DER.
func fingerprint(der []byte) octets {
	sum := sha256.Sum256(der)
	return sum[:]
}
