package kisa_test

import (
	"encoding/asn1"
	"math/big"
	"testing"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/lint/kisa"
	lt "github.com/ingam-pki/ingam/pki/lint/linttest"
)

const person = "personal-bank"

var (
	rsaAlgorithm = lt.Seq(lt.OID(lint.AlgRSA), lt.Null())
	sha384       = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}), lt.Null())
	clientAuth   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	ocspMethod   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}

	c0 = lt.Attr(lint.AttrCountry, cb.PrintableString, "kr")
	o0 = lt.Attr(lint.AttrOrganization, cb.UTF8String, "ingam")
	u0 = lt.Attr(lint.AttrUnit, cb.UTF8String, "BANK")
	u1 = lt.Attr(lint.AttrUnit, cb.UTF8String, "personal4IB")
	n0 = lt.Attr(lint.AttrCommonName, cb.UTF8String, "홍길동()0081041202611220000001")
)

// policy writes one policy with qualifiers.
func policy(qualifiers ...[]byte) []byte {
	return lt.Seq(lt.OID(asn1.ObjectIdentifier{2, 999, 410, 1, 1, 4}), lt.Seq(qualifiers...))
}

var (
	cps       = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}), lt.Text(cb.IA5String, "http://cps.ingam.example/"))
	cpsLDAP   = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}), lt.Text(cb.IA5String, "ldap://cps.ingam.example/"))
	notice    = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}), lt.Seq(lt.Element(lt.BMP, []byte{0xc7, 0x78})))
	noticeUTF = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}), lt.Seq(lt.Text(cb.UTF8String, "인")))
)

// identity writes a subjectAltName with IdentifyData.
func identity(parts ...[]byte) []byte {
	return lt.Seq(lt.Explicit(0, lt.OID(asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1}), lt.Explicit(0, lt.Seq(parts...))))
}

func vid(hash []byte, octets int) []byte {
	return lt.Seq(lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1, 1}),
		lt.Seq(hash, lt.Explicit(0, lt.Element(cb.OCTET_STRING, make([]byte, octets))))))
}

var (
	realName = lt.Text(cb.UTF8String, "홍길동")
	sha256   = lt.Seq(lt.OID(lint.AlgSHA256))
)

func TestRules(t *testing.T) {
	t.Parallel()
	// change is a pair: the profile's certificate passes, changed it fails.
	change := func(name string, by func(c *lt.Cert)) lt.Case {
		c := lt.Made(t, name)
		by(c)
		return lt.Case{Pass: lt.DER(t, name), Fail: c.DER()}
	}
	value := func(name string, oid asn1.ObjectIdentifier, value []byte) lt.Case {
		return change(name, func(c *lt.Cert) { c.Ext(t, oid).Value = value })
	}
	critical := func(name string, oid asn1.ObjectIdentifier, critical []byte) lt.Case {
		return change(name, func(c *lt.Cert) { c.Ext(t, oid).Critical = critical })
	}
	drop := func(name string, oid asn1.ObjectIdentifier) lt.Case {
		return change(name, func(c *lt.Cert) { c.Drop(oid) })
	}
	put := func(name string, oid asn1.ObjectIdentifier, value []byte) lt.Case {
		return change(name, func(c *lt.Cert) { c.Put(oid, lt.True, value) })
	}
	named := func(rdns ...[]byte) lt.Case {
		return change(person, func(c *lt.Cert) { c.Subject = lt.Seq(rdns...) })
	}
	keyed := func(algorithm, key []byte) lt.Case {
		return change(person, func(c *lt.Cert) { c.SetKey(t, algorithm, key) })
	}
	parsed, err := lint.Parse(lt.DER(t, person))
	if err != nil {
		t.Fatal(err)
	}
	modulus := new(big.Int).SetBytes(parsed.RSA.Modulus)
	issuer := lt.Explicit(1, lt.Explicit(4, parsed.Issuer.Raw))
	id, serial := lt.Implicit(0, parsed.AuthorityKeyID.KeyID), lt.Implicit(2, []byte{7})

	lt.Hold(t, "kisa-", kisa.Rules(), map[string]lt.Case{
		"kisa-name-one-attribute":     named(lt.RDN(c0), lt.RDN(o0), lt.RDN(u0, u1), lt.RDN(n0)),
		"kisa-name-country-printable": named(lt.RDN(lt.Attr(lint.AttrCountry, cb.UTF8String, "kr")), lt.RDN(o0), lt.RDN(u0), lt.RDN(n0)),
		"kisa-name-utf8":              named(lt.RDN(c0), lt.RDN(o0), lt.RDN(lt.Attr(lint.AttrUnit, cb.PrintableString, "BANK")), lt.RDN(n0)),
		"kisa-name-country-first":     named(lt.RDN(o0), lt.RDN(c0), lt.RDN(u0), lt.RDN(n0)),
		"kisa-name-common-name-last":  named(lt.RDN(c0), lt.RDN(o0), lt.RDN(n0), lt.RDN(u0)),
		"kisa-name-organization":      named(lt.RDN(c0), lt.RDN(u0), lt.RDN(n0)),

		"kisa-signature-algorithm":  change(person, func(c *lt.Cert) { c.Algorithm, c.Outer = sha384, sha384 }),
		"kisa-key-algorithm":        keyed(lt.Seq(lt.OID(lint.AlgRSA)), parsed.Key),
		"kisa-key-size":             keyed(rsaAlgorithm, lt.RSA(new(big.Int).SetBit(big.NewInt(1), 1023, 1), 65537)),
		"kisa-key-exponent":         keyed(rsaAlgorithm, lt.RSA(modulus, 3)),
		"kisa-validity-last-second": change(person, func(c *lt.Cert) { c.NotAfter = lt.Text(cb.UTCTime, "271122150000Z") }),

		"kisa-authority-key-id-present": drop(person, lint.ExtAuthorityKeyID),
		"kisa-authority-key-id-key":     value(person, lint.ExtAuthorityKeyID, lt.Seq(issuer, serial)),
		"kisa-authority-key-id-issuer":  value(person, lint.ExtAuthorityKeyID, lt.Seq(id, serial)),
		"kisa-authority-key-id-serial":  value(person, lint.ExtAuthorityKeyID, lt.Seq(id, issuer)),
		"kisa-subject-key-id-present":   drop(person, lint.ExtSubjectKeyID),
		"kisa-subject-key-id-sha1":      value(person, lint.ExtSubjectKeyID, lt.Element(cb.OCTET_STRING, make([]byte, 20))),

		"kisa-key-usage-present":        drop(person, lint.ExtKeyUsage),
		"kisa-key-usage-critical":       critical(person, lint.ExtKeyUsage, nil),
		"kisa-key-usage-subscriber":     value(person, lint.ExtKeyUsage, lt.Usage(0, 1, 2)),
		"kisa-key-usage-authority":      value("ca", lint.ExtKeyUsage, lt.Usage(0, 5, 6)),
		"kisa-key-usage-signer":         value("ocsp", lint.ExtKeyUsage, lt.Usage(0)),
		"kisa-key-usage-key-management": value("km", lint.ExtKeyUsage, lt.Usage(2, 3)),

		"kisa-policies-present":  drop(person, lint.ExtPolicies),
		"kisa-policies-critical": critical(person, lint.ExtPolicies, nil),
		"kisa-policies-one":      value(person, lint.ExtPolicies, lt.Seq(policy(notice, cps), lt.Seq(lt.OID(lint.AnyPolicy)))),
		"kisa-policy-notice":     value(person, lint.ExtPolicies, lt.Seq(policy(cps))),
		"kisa-policy-notice-bmp": value(person, lint.ExtPolicies, lt.Seq(policy(noticeUTF, cps))),
		"kisa-policy-cps":        value(person, lint.ExtPolicies, lt.Seq(policy(notice, cpsLDAP))),

		"kisa-alt-name-present":      drop(person, lint.ExtSubjectAltName),
		"kisa-alt-name-not-critical": critical(person, lint.ExtSubjectAltName, lt.True),
		"kisa-identity":              value(person, lint.ExtSubjectAltName, lt.Seq(lt.Implicit(2, []byte("ingam.example")))),
		"kisa-virtual-id-present":    value(person, lint.ExtSubjectAltName, identity(realName)),
		"kisa-virtual-id-absent":     value("km", lint.ExtSubjectAltName, identity(realName, vid(sha256, 32))),
		"kisa-virtual-id-parameters": value(person, lint.ExtSubjectAltName, identity(realName, vid(lt.Seq(lt.OID(lint.AlgSHA256), lt.Null()), 32))),
		"kisa-virtual-id-size":       value(person, lint.ExtSubjectAltName, identity(realName, vid(sha256, 31))),

		"kisa-subscriber-basic-constraints": put(person, lint.ExtBasicConstraints, lt.Seq()),
		"kisa-subscriber-extended-usage":    put(person, lint.ExtExtKeyUsage, lt.Seq(lt.OID(clientAuth))),
		"kisa-authority-path-length":        value("ca", lint.ExtBasicConstraints, lt.Seq(lt.True)),
		"kisa-authority-explicit-policy":    drop("ca", lint.ExtPolicyConstraints),
		"kisa-root-extensions":              put("root", lint.ExtKeyUsage, lt.Usage(5, 6)),
		"kisa-signer-extended-usage":        critical("ocsp", lint.ExtExtKeyUsage, nil),

		"kisa-crl-point-present": drop(person, lint.ExtCRLPoints),
		"kisa-crl-point-one":     value(person, lint.ExtCRLPoints, lt.Seq(lt.Seq(lt.Explicit(2, lt.Explicit(4, parsed.Issuer.Raw))))),
		"kisa-ocsp-present":      drop(person, lint.ExtInfoAccess),
		"kisa-ocsp-over-http":    value(person, lint.ExtInfoAccess, lt.Seq(lt.Seq(lt.OID(ocspMethod), lt.Implicit(6, []byte("ldap://ingam.example/"))))),
	})
	lt.OneAFile(t, kisa.Rules())
}
