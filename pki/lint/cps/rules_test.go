package cps_test

import (
	"crypto/rand"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/lint/cps"
	lt "github.com/ingam-pki/ingam/pki/lint/linttest"
	"github.com/ingam-pki/ingam/pki/profile"
	"github.com/ingam-pki/ingam/pki/seoul"
)

const person = "personal-bank"

var (
	rsaAlgorithm = lt.Seq(lt.OID(lint.AlgRSA), lt.Null())
	sha384       = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}), lt.Null())
	crlAddress   = func(uri string) []byte {
		return lt.Seq(lt.Seq(lt.Explicit(0, lt.Explicit(0, lt.Implicit(6, []byte(uri))))))
	}
)

// subject is a subscriber's name with parts of it changed.
func subject(country, organization, common string) []byte {
	return lt.Seq(lt.RDN(lt.Attr(lint.AttrCountry, cb.PrintableString, country)),
		lt.RDN(lt.Attr(lint.AttrOrganization, cb.UTF8String, organization)),
		lt.RDN(lt.Attr(lint.AttrCommonName, cb.UTF8String, common)))
}

// policies writes one policy of a cPSuri.
func policies(cps string, oid ...int) []byte {
	return lt.Seq(lt.Seq(lt.OID(oid), lt.Seq(lt.Seq(
		lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}), lt.Text(cb.IA5String, cps)))))
}

func identity(realName string, hash asn1.ObjectIdentifier) []byte {
	vid := lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1, 1}),
		lt.Seq(lt.Seq(lt.OID(hash)), lt.Explicit(0, lt.Element(cb.OCTET_STRING, make([]byte, 20)))))
	return lt.Seq(lt.Explicit(0, lt.OID(asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1}),
		lt.Explicit(0, lt.Seq(lt.Text(cb.UTF8String, realName), lt.Seq(vid)))))
}

func TestRules(t *testing.T) {
	t.Parallel()
	const address, common = "http://cps.ingam.example/cps.html", "홍길동()0081041202611220000001"
	rules := cps.Rules(cps.Policy{
		Arc: profile.DefaultArc, Effective: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), CPSURI: address,
	})
	// change is a pair: the profile's certificate passes, changed it fails.
	change := func(name string, by func(c *lt.Cert)) lt.Case {
		c := lt.Made(t, name)
		by(c)
		return lt.Case{Pass: lt.DER(t, name), Fail: c.DER()}
	}
	value := func(name string, oid asn1.ObjectIdentifier, value []byte) lt.Case {
		return change(name, func(c *lt.Cert) { c.Ext(t, oid).Value = value })
	}
	named := func(country, organization, common string) lt.Case {
		return change(person, func(c *lt.Cert) { c.Subject = subject(country, organization, common) })
	}
	until := func(name, notAfter string) lt.Case {
		return change(name, func(c *lt.Cert) { c.NotAfter = lt.Text(cb.UTCTime, notAfter) })
	}
	keyed := func(modulus *big.Int) lt.Case {
		return change(person, func(c *lt.Cert) { c.SetKey(t, rsaAlgorithm, lt.RSA(modulus, 65537)) })
	}
	prime := func() *big.Int {
		p, err := rand.Prime(rand.Reader, 512)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	parsed, err := lint.Parse(lt.DER(t, person))
	if err != nil {
		t.Fatal(err)
	}
	sevenfold := new(big.Int).Mul(new(big.Int).SetBytes(parsed.RSA.Modulus), big.NewInt(7))

	lt.Hold(t, "cps-", rules, map[string]lt.Case{
		"cps-serial-size":           change(person, func(c *lt.Cert) { c.Serial = []byte{0x5a, 1, 2, 3, 4, 5, 6, 7} }),
		"cps-signature-hash":        change(person, func(c *lt.Cert) { c.Algorithm, c.Outer = sha384, sha384 }),
		"cps-key-size":              keyed(new(big.Int).Mul(prime(), prime())),
		"cps-key-factors":           keyed(sevenfold),
		"cps-subscriber-validity":   until(person, "271226145959Z"),
		"cps-signer-validity":       until("ocsp", "271123145959Z"),
		"cps-signer-no-check":       change("ocsp", func(c *lt.Cert) { c.Drop(lint.ExtOCSPNoCheck) }),
		"cps-country":               named("us", "ingam", common),
		"cps-organization":          named("kr", "yessign", common),
		"cps-common-name-form":      named("kr", "ingam", "홍길동()0081041202613220000001"), // month 13
		"cps-common-name-real-name": named("kr", "ingam", "홍길순()0081041202611220000001"),
		"cps-policy-arc":            value(person, lint.ExtPolicies, policies(address, 1, 2, 410, 200005, 1, 1, 4)),
		"cps-policy-class":          value(person, lint.ExtPolicies, policies(address, 2, 999, 410, 1, 2, 1)),
		"cps-policy-address":        value(person, lint.ExtPolicies, policies("http://other.example/", 2, 999, 410, 1, 1, 4)),
		"cps-virtual-id-hash":       value(person, lint.ExtSubjectAltName, identity("홍길동", lint.AlgSHA1)),
		"cps-addresses-http":        value(person, lint.ExtCRLPoints, crlAddress("ldap://ingam.example:389/cn=crl")),
		"cps-extensions-known":      change(person, func(c *lt.Cert) { c.Put(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}, nil, lt.Null()) }),
	})
	lt.OneAFile(t, rules)
}

// Whenever a certificate begins, the profile's end is within the practice, and
// so is that of a renewal on the first day on which it can be; three days more
// are not.
func TestValidityThroughLeapYears(t *testing.T) {
	t.Parallel()
	var rule lint.Rule
	for _, r := range cps.Rules(cps.Policy{Arc: profile.DefaultArc}) {
		if r.ID == "cps-subscriber-validity" {
			rule = r
		}
	}
	c, err := lint.Parse(lt.DER(t, person))
	if err != nil {
		t.Fatal(err)
	}
	year := profile.Period{Years: 1}
	for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2031; at = at.Add(5 * time.Hour) {
		c.NotBefore.Time, c.NotAfter.Time = at, year.NotAfter(at)
		if err := rule.Check(c); err != nil {
			t.Errorf("from %v: %v", at, err)
		}
		c.NotAfter.Time = year.NotAfter(at.In(seoul.Zone).AddDate(0, 0, 30))
		if err := rule.Check(c); err != nil {
			t.Errorf("renewed at %v: %v", at, err)
		}
		c.NotAfter.Time = c.NotAfter.Time.AddDate(0, 0, 3)
		if rule.Check(c) == nil {
			t.Errorf("from %v three days more pass", at)
		}
	}
}

func TestCommonNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("긴", 30)
	for _, tt := range []struct {
		realName, common string
		want             bool
	}{
		{"HKD", "HKD(KILDONG.HONG)009104120200225191000030", true}, // as the field has it
		{"홍길동", "홍길동()008104120261122191000001", true},
		{"(주)인감", "(주)인감()00810412026112200000001", true},
		{"인감(서울)", "인감(서울)(INGAM CO., LTD.)00810412026112200000001", true},
		{long, long[:3*25] + "()00810412026112200000001", true}, // shortened to fit
		{"홍길동", "홍길()0081041202611220000001", false},            // too short to be shortened
		{"홍길동", "홍길동0081041202611220000001", false},
		{"홍길동", "홍길동()008104120261122000001", false}, // a digit too few
		{"홍길동", "홍길동()00810412026112200000000001", false},
		{"홍길동", "()0081041202611220000001", false},
		{"홍길동", "홍길동(길동)0081041202611220000001", false}, // romanised, it says
	} {
		c := lt.Made(t, person)
		c.Subject = subject("kr", "ingam", tt.common)
		c.Ext(t, lint.ExtSubjectAltName).Value = identity(tt.realName, lint.AlgSHA256)
		found := lint.Run(cps.Rules(cps.Policy{Arc: profile.DefaultArc}), c.DER())
		if (len(found) == 0) != tt.want {
			t.Errorf("%q of %q: %v", tt.common, tt.realName, found)
		}
	}
}
