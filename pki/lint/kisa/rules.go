// Package kisa has the rules of the profile of Korean joint certificates: what
// software of the field relies on beyond RFC 5280.
//
// The documents (KCAC.TS.*) are cited by code. What the rules say was held
// against certificates of the field: the root KISA RootCA 4, the five CAs below
// it, and a subscriber's test certificate of yessign all pass.
package kisa

import (
	"encoding/asn1"
	"errors"
	"time"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// since is when the root that stands now began, KISA RootCA 4: the rules were
// held against what was issued below it. What is older is another hierarchy's.
var since = time.Date(2010, 7, 12, 0, 0, 0, 0, time.UTC)

// bmpString is the tag that cryptobyte has no name for.
const bmpString = cb.Tag(30)

// null is the NULL element.
var null = []byte{5, 0}

// Rules gives the rules, in the order of the certificate's fields.
func Rules() []lint.Rule {
	return []lint.Rule{
		nameOneAttribute(),
		nameCountryPrintable(),
		nameUtf8(),
		nameCountryFirst(),
		nameCommonNameLast(),
		nameOrganization(),
		signatureAlgorithm(),
		keyAlgorithm(),
		keySize(),
		keyExponent(),
		validityLastSecond(),
		authorityKeyIdPresent(),
		authorityKeyIdKey(),
		authorityKeyIdIssuer(),
		authorityKeyIdSerial(),
		subjectKeyIdPresent(),
		subjectKeyIdSha1(),
		keyUsagePresent(),
		keyUsageCritical(),
		keyUsageSubscriber(),
		keyUsageAuthority(),
		keyUsageSigner(),
		keyUsageKeyManagement(),
		policiesPresent(),
		policiesCritical(),
		policiesOne(),
		policyNotice(),
		policyNoticeBmp(),
		policyCps(),
		altNamePresent(),
		altNameNotCritical(),
		identity(),
		virtualIdPresent(),
		virtualIdAbsent(),
		virtualIdParameters(),
		virtualIdSize(),
		subscriberBasicConstraints(),
		subscriberExtendedUsage(),
		authorityPathLength(),
		authorityExplicitPolicy(),
		rootExtensions(),
		signerExtendedUsage(),
		crlPointPresent(),
		crlPointOne(),
		ocspPresent(),
		ocspOverHttp(),
	}
}

var belowRoot = lint.IsNot(lint.Root)

func hasIdentity(c *lint.Certificate) bool { return c.Identity != nil && c.Identity.Readable }

// has makes an Applies: the extension is there.
func has(oid asn1.ObjectIdentifier) func(*lint.Certificate) bool {
	return func(c *lint.Certificate) bool { return c.Extension(oid) != nil }
}

func missing(c *lint.Certificate, oid asn1.ObjectIdentifier, name string) error {
	if c.Extension(oid) == nil {
		return errors.New("there is no " + name)
	}
	return nil
}

// mustBe says that an extension that is there is not critical.
func mustBe(c *lint.Certificate, oid asn1.ObjectIdentifier, name string) error {
	if !c.Extension(oid).Critical {
		return errors.New("the " + name + " is not critical")
	}
	return nil
}
