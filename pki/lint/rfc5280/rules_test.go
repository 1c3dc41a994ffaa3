package rfc5280_test

import (
	"bytes"
	"encoding/asn1"
	"strings"
	"testing"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
	lt "github.com/ingam-pki/ingam/pki/lint/linttest"
	"github.com/ingam-pki/ingam/pki/lint/rfc5280"
)

const person = "personal-bank"

// sha384 is the AlgorithmIdentifier sha384WithRSAEncryption.
var sha384 = lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}), lt.Null())

// subject is a name of the usual parts with one of them in another encoding.
func subject(country, unit []byte) []byte {
	return lt.Seq(lt.RDN(country), lt.RDN(lt.Attr(lint.AttrOrganization, cb.UTF8String, "ingam")),
		lt.RDN(unit), lt.RDN(lt.Attr(lint.AttrCommonName, cb.UTF8String, "인감")))
}

var (
	kr   = lt.Attr(lint.AttrCountry, cb.PrintableString, "kr")
	unit = lt.Attr(lint.AttrUnit, cb.UTF8String, "BANK")
)

// policies wraps qualifiers into one policy.
func policies(qualifiers ...[]byte) []byte {
	return lt.Seq(lt.Seq(lt.OID(asn1.ObjectIdentifier{2, 999, 410, 1, 1, 4}), lt.Seq(qualifiers...)))
}

func notice(parts ...[]byte) []byte {
	return lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}), lt.Seq(parts...))
}

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
	named := func(name []byte) lt.Case { return change(person, func(c *lt.Cert) { c.Subject = name }) }
	serial := func(serial ...byte) lt.Case { return change(person, func(c *lt.Cert) { c.Serial = serial }) }

	nameless := func(critical []byte) []byte {
		c := lt.Made(t, person)
		c.Subject = lt.Seq()
		c.Ext(t, lint.ExtSubjectAltName).Critical = critical
		return c.DER()
	}
	parsed, err := lint.Parse(lt.DER(t, person))
	if err != nil {
		t.Fatal(err)
	}
	long := bytes.Repeat([]byte{0xc7, 0x78}, 201)

	lt.Hold(t, "rfc5280-", rfc5280.Rules(), map[string]lt.Case{
		"rfc5280-version-v3":         change(person, func(c *lt.Cert) { c.Version = nil }),
		"rfc5280-serial-positive":    serial(0),
		"rfc5280-serial-length":      serial(bytes.Repeat([]byte{0x5a}, 21)...),
		"rfc5280-serial-minimal":     serial(0, 0x5a),
		"rfc5280-algorithms-agree":   change(person, func(c *lt.Cert) { c.Outer = sha384 }),
		"rfc5280-validity-encoding":  change(person, func(c *lt.Cert) { c.NotAfter = lt.Text(cb.GeneralizedTime, "20271122145959Z") }),
		"rfc5280-validity-order":     change(person, func(c *lt.Cert) { c.NotAfter = lt.Text(cb.UTCTime, "251122145959Z") }),
		"rfc5280-issuer-not-empty":   change(person, func(c *lt.Cert) { c.Issuer = lt.Seq() }),
		"rfc5280-authority-subject":  change("ca", func(c *lt.Cert) { c.Subject = lt.Seq() }),
		"rfc5280-nameless-subject":   {Pass: nameless(lt.True), Fail: nameless(nil)},
		"rfc5280-country-size":       named(subject(lt.Attr(lint.AttrCountry, cb.PrintableString, "kor"), unit)),
		"rfc5280-attribute-size":     named(subject(kr, lt.Attr(lint.AttrUnit, cb.UTF8String, strings.Repeat("인", 65)))),
		"rfc5280-attribute-string":   named(subject(kr, lt.Attr(lint.AttrUnit, lt.BMP, "BANK"))),
		"rfc5280-attribute-utf8":     named(subject(kr, lt.Attr(lint.AttrUnit, cb.UTF8String, "\xb1\xe8"))), // EUC-KR
		"rfc5280-unique-ids":         change(person, func(c *lt.Cert) { c.UniqueID = lt.Implicit(1, []byte{0, 1}) }),
		"rfc5280-extensions-unique":  change(person, func(c *lt.Cert) { c.Put(lint.ExtSubjectKeyID, nil, c.Ext(t, lint.ExtSubjectKeyID).Value) }),
		"rfc5280-extensions-decode":  value(person, lint.ExtInfoAccess, []byte{0x30, 5, 1}),
		"rfc5280-default-left-out":   critical(person, lint.ExtSubjectKeyID, lt.False),
		"rfc5280-key-usage-present":  drop("ca", lint.ExtKeyUsage),
		"rfc5280-key-usage-bits":     value(person, lint.ExtKeyUsage, lt.Usage()),
		"rfc5280-key-usage-trimmed":  value(person, lint.ExtKeyUsage, []byte{3, 2, 0, 0xc0}),
		"rfc5280-policies-unique":    value(person, lint.ExtPolicies, lt.Seq(lt.Seq(lt.OID(lint.AnyPolicy)), lt.Seq(lt.OID(lint.AnyPolicy)))),
		"rfc5280-notice-size":        value(person, lint.ExtPolicies, policies(notice(lt.Element(lt.BMP, long)))),
		"rfc5280-notice-reference":   value(person, lint.ExtPolicies, policies(notice(lt.Seq(lt.Text(cb.UTF8String, "ingam"), lt.Seq(lt.Int(1)))))),
		"rfc5280-alt-name-not-empty": value(person, lint.ExtSubjectAltName, lt.Seq()),
		"rfc5280-uri-absolute":       value(person, lint.ExtInfoAccess, lt.Seq(lt.Seq(lt.OID(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}), lt.Implicit(6, []byte("/ocsp"))))),

		"rfc5280-authority-key-id-present":      drop(person, lint.ExtAuthorityKeyID),
		"rfc5280-authority-key-id-key":          value(person, lint.ExtAuthorityKeyID, lt.Seq(lt.Explicit(1, lt.Explicit(4, parsed.Issuer.Raw)), lt.Implicit(2, []byte{7}))),
		"rfc5280-authority-key-id-pair":         value(person, lint.ExtAuthorityKeyID, lt.Seq(lt.Implicit(0, []byte{1}), lt.Implicit(2, []byte{7}))),
		"rfc5280-authority-key-id-not-critical": critical(person, lint.ExtAuthorityKeyID, lt.True),
		"rfc5280-subject-key-id-present":        drop("ca", lint.ExtSubjectKeyID),
		"rfc5280-subject-key-id-not-critical":   critical(person, lint.ExtSubjectKeyID, lt.True),
		"rfc5280-cert-sign-needs-authority":     {Pass: lt.DER(t, "ca"), Fail: value(person, lint.ExtKeyUsage, lt.Usage(0, 1, 5)).Fail},
		"rfc5280-path-length-needs-cert-sign":   value("ca", lint.ExtKeyUsage, lt.Usage(6)),
		"rfc5280-basic-constraints-critical":    critical("ca", lint.ExtBasicConstraints, nil),
		"rfc5280-policy-constraints-critical":   critical("ca", lint.ExtPolicyConstraints, nil),
		"rfc5280-policy-constraints-not-empty":  value("ca", lint.ExtPolicyConstraints, lt.Seq()),
		"rfc5280-crl-points-not-critical":       critical(person, lint.ExtCRLPoints, lt.True),
		"rfc5280-crl-points-complete":           value(person, lint.ExtCRLPoints, lt.Seq(lt.Seq(lt.Implicit(1, []byte{6, 0x40})))),
		"rfc5280-info-access-not-critical":      critical(person, lint.ExtInfoAccess, lt.True),
	})
	lt.OneAFile(t, rfc5280.Rules())
}
