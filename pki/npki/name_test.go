package npki

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleName() Name {
	return Name{
		{OIDCountry, "kr"},
		{OIDOrganization, "yessign"},
		{OIDOrganizationalUnit, "personal4IB"},
		{OIDOrganizationalUnit, "WOORI"},
		{OIDCommonName, "홍길동()008104120261122191000001"},
	}
}

func TestNameMarshal(t *testing.T) {
	t.Parallel()
	// C as PrintableString, ASCII as UTF8String, an RDN for each attribute:
	// the subject of the field's test certificate, byte for byte.
	want := fixtureCert(t, "yessign-test/signCert.der").RawSubject
	got, err := Name{
		{OIDCountry, "kr"}, {OIDOrganization, "yessign"},
		{OIDOrganizationalUnit, "personal4IB"}, {OIDOrganizationalUnit, "INITECH"},
		{OIDCommonName, "HKD(KILDONG.HONG)009104120200225191000030"},
	}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("Marshal = %x\nwant      %x", got, want)
	}
}

func TestNamesOfTheFieldRoundTrip(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, file := range fieldCertificates(t) {
		c := fixtureCert(t, file)
		for _, raw := range [][]byte{c.RawSubject, c.RawIssuer} {
			n, err := ParseName(raw)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			got, err := n.Marshal()
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if !bytes.Equal(got, raw) {
				t.Errorf("%s: %s comes back as other bytes", file, n)
			}
			back, err := ParseNameString(n.String())
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if diff := cmp.Diff(n, back); diff != "" {
				t.Errorf("%s: by its text: %s", file, diff)
			}
			seen++
		}
	}
	if seen != 14 {
		t.Errorf("saw %d names, want those of 7 certificates", seen)
	}
}

func fieldCertificates(t *testing.T) []string {
	t.Helper()
	fixture(t, "yessign-test/signCert.der")
	paths, err := filepath.Glob(filepath.Join(root(t), "../shared/fixtures/npki/ca/*.der"))
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"yessign-test/signCert.der"}
	for _, p := range paths {
		files = append(files, "ca/"+filepath.Base(p))
	}
	return files
}

func TestFieldCertificatesChainToTheRoot(t *testing.T) {
	t.Parallel()
	rootCert := fixtureCert(t, "ca/KISA-RootCA-4.der")
	issuing := 0
	for _, file := range fieldCertificates(t)[1:] {
		c := fixtureCert(t, file)
		// Not CheckSignatureFrom alone: the names must agree as bytes too.
		if !bytes.Equal(c.RawIssuer, rootCert.RawSubject) {
			t.Errorf("%s: issuer is not the root's subject", file)
		}
		if err := c.CheckSignatureFrom(rootCert); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if c.IsCA && !bytes.Equal(c.Raw, rootCert.Raw) {
			issuing++
		}
	}
	if issuing != 5 {
		t.Errorf("%d issuing CAs, want 5", issuing)
	}
}

func TestNameString(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name Name
		want string
	}{
		{sampleName(), "cn=홍길동()008104120261122191000001,ou=WOORI,ou=personal4IB,o=yessign,c=kr"},
		{Name{}, ""},
		{Name{{OIDCommonName, `Kim, "J+J" <a\b>;`}}, `cn=Kim\, \"J\+J\" \<a\\b\>\;`},
		{Name{{OIDCommonName, " #x "}}, `cn=\ #x\ `},
		{Name{{OIDCommonName, "#x"}}, `cn=\#x`},
		{Name{{OIDCommonName, "a\x00\n"}}, `cn=a\00\0A`},
		{Name{{OIDCommonName, " "}}, `cn=\ `},
		{Name{{asn1.ObjectIdentifier{1, 2, 410, 200004}, "x=y"}}, `1.2.410.200004=x=y`},
	} {
		if got := c.name.String(); got != c.want {
			t.Errorf("String = %s, want %s", got, c.want)
			continue
		}
		back, err := ParseNameString(c.want)
		if err != nil {
			t.Errorf("ParseNameString(%s): %v", c.want, err)
			continue
		}
		if diff := cmp.Diff(c.name, back); diff != "" {
			t.Errorf("%s: %s", c.want, diff)
		}
	}
}

func TestParseNameStringTakesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	want := Name{{OIDCountry, "KR"}, {OIDOrganization, "KISA"}, {OIDCommonName, "KISA RootCA 4"}}
	for _, s := range []string{
		"cn=KISA RootCA 4,o=KISA,c=KR",
		"CN = KISA RootCA 4 , O=KISA; C=KR  ",
		"2.5.4.3=KISA RootCA 4+OID.2.5.4.10=KISA,c=KR",
		`cn=KISA\20RootCA\ 4,o=KISA,c=KR`,
	} {
		got, err := ParseNameString(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
	}
}

func TestParseNameStringRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"x", "cn=", "cn=a,", "=a", "nosuch=a", "cn=a\\", `cn=a\zz`, `cn="a"`, "cn=a<b",
		"3.1=a", "1.40=a", "1=a", "1.02=a", "cn=\xff", `cn=\ff`, "cn=a,,c=b",
		strings.Repeat("cn=a,", MaxNameAttributes) + "cn=a", "cn=" + strings.Repeat("a", MaxNameSize),
	} {
		if n, err := ParseNameString(s); !errors.Is(err, ErrName) {
			t.Errorf("ParseNameString(%.40q) = %v, %v", s, n, err)
		}
	}
}

func TestNameMarshalRefuses(t *testing.T) {
	t.Parallel()
	for what, n := range map[string]Name{
		"empty value":     {{OIDCommonName, ""}},
		"not UTF-8":       {{OIDCommonName, "\xff"}},
		"Hangul country":  {{OIDCountry, "한국"}},
		"too many":        make(Name, MaxNameAttributes+1),
		"too long":        {{OIDCommonName, strings.Repeat("a", MaxNameSize)}},
		"malformed OID":   {{asn1.ObjectIdentifier{9, 9}, "a"}},
		"underscore in C": {{OIDCountry, "k_r"}},
	} {
		if der, err := n.Marshal(); err == nil {
			t.Errorf("%s: Marshal = %x", what, der)
		}
	}
}

func TestParseNameIsLenientOnStringTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, value, want string }{
		{"UTF8String", "0c06" + hex.EncodeToString([]byte("은행")), "은행"},
		{"PrintableString", "13024b52", "KR"},
		{"IA5String", "16034b4052", "K@R"},
		{"NumericString", "12023031", "01"},
		{"VisibleString", "1a024b52", "KR"},
		{"TeletexString, Latin-1", "140161", "a"},
		{"TeletexString, Latin-1 above ASCII", "1401e9", "é"},
		{"BMPString", "1e04c740d589", "은행"},
		{"UniversalString", "1c080000c7400000d589", "은행"},
	} {
		value := unhex(t, c.value)
		der := wrapName(value)
		n, err := ParseName(der)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if got := n.CommonName(); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// wrapName puts a string element into a name of one CN.
func wrapName(value []byte) []byte {
	tlv := func(tag byte, b []byte) []byte { return append([]byte{tag, byte(len(b))}, b...) }
	return tlv(0x30, tlv(0x31, tlv(0x30, append([]byte{6, 3, 0x55, 4, 3}, value...))))
}

func TestParseNameReadsRDNsOfSeveralAttributes(t *testing.T) {
	t.Parallel()
	der := unhex(t, "301f311d300906035504061302"+"4b52"+"3010060355040a0c09"+hex.EncodeToString([]byte("ingamBank")))
	n, err := ParseName(der)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Name{{OIDCountry, "KR"}, {OIDOrganization, "ingamBank"}}, n); diff != "" {
		t.Error(diff)
	}
}

func TestParseNameRefuses(t *testing.T) {
	t.Parallel()
	for what, der := range map[string][]byte{
		"nothing":              {},
		"not a sequence":       {0x31, 0},
		"trailing bytes":       {0x30, 0, 0},
		"empty RDN":            {0x30, 2, 0x31, 0},
		"broken UTF-8":         wrapName([]byte{0x0c, 1, 0xff}),
		"non-ASCII printable":  wrapName([]byte{0x13, 1, 0xff}),
		"odd BMPString":        wrapName([]byte{0x1e, 1, 0x41}),
		"surrogate BMPString":  wrapName([]byte{0x1e, 2, 0xd8, 0}),
		"UniversalString size": wrapName([]byte{0x1c, 3, 0, 0, 0}),
		"UniversalString rune": wrapName([]byte{0x1c, 4, 0xff, 0, 0, 0}),
		"an integer":           wrapName([]byte{0x02, 1, 0}),
		"indefinite length":    {0x30, 0x80, 0, 0},
		"oversize":             make([]byte, MaxNameSize+1),
	} {
		if n, err := ParseName(der); !errors.Is(err, ErrName) {
			t.Errorf("%s: %v, %v", what, n, err)
		}
	}
}

func TestCommonNameIsTheMostSpecific(t *testing.T) {
	t.Parallel()
	if got := sampleName().CommonName(); got != "홍길동()008104120261122191000001" {
		t.Errorf("CommonName = %s", got)
	}
	if got := (Name{{OIDCommonName, "a"}, {OIDCommonName, "b"}}).CommonName(); got != "b" {
		t.Errorf("CommonName of two = %s", got)
	}
	if got := (Name{{OIDCountry, "kr"}}).CommonName(); got != "" {
		t.Errorf("CommonName of none = %s", got)
	}
}

// The names that Go's own parser reads must be readable here too.
func TestParseNameAgreesWithCryptoX509(t *testing.T) {
	t.Parallel()
	for _, file := range fieldCertificates(t) {
		der, err := os.ReadFile(filepath.Join(root(t), "../shared/fixtures/npki", file))
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		n, err := ParseName(c.RawSubject)
		if err != nil {
			t.Fatal(err)
		}
		if n.CommonName() != c.Subject.CommonName {
			t.Errorf("%s: CN %q, crypto/x509 reads %q", file, n.CommonName(), c.Subject.CommonName)
		}
	}
}
