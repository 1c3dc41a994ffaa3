// Package rfc5280 has the rules that RFC 5280 and DER make for every
// certificate: those that a CA can break by its own doing.
package rfc5280

import (
	"encoding/asn1"
	"errors"
	"time"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// published is when RFC 5280 came out; older certificates follow RFC 3280.
var published = time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)

// bmpString is the tag that cryptobyte has no name for.
const bmpString = cb.Tag(30)

// Rules gives the rules, in the order of the certificate's fields.
func Rules() []lint.Rule {
	return []lint.Rule{
		versionV3(),
		serialPositive(),
		serialLength(),
		serialMinimal(),
		algorithmsAgree(),
		validityEncoding(),
		validityOrder(),
		issuerNotEmpty(),
		authoritySubject(),
		namelessSubject(),
		countrySize(),
		attributeSize(),
		attributeString(),
		attributeUtf8(),
		uniqueIds(),
		extensionsUnique(),
		extensionsDecode(),
		defaultLeftOut(),
		authorityKeyIdPresent(),
		authorityKeyIdKey(),
		authorityKeyIdPair(),
		authorityKeyIdNotCritical(),
		subjectKeyIdPresent(),
		subjectKeyIdNotCritical(),
		keyUsagePresent(),
		keyUsageBits(),
		keyUsageTrimmed(),
		certSignNeedsAuthority(),
		pathLengthNeedsCertSign(),
		basicConstraintsCritical(),
		policiesUnique(),
		noticeSize(),
		noticeReference(),
		policyConstraintsCritical(),
		policyConstraintsNotEmpty(),
		altNameNotEmpty(),
		crlPointsNotCritical(),
		crlPointsComplete(),
		infoAccessNotCritical(),
		uriAbsolute(),
	}
}

func isAuthority(c *lint.Certificate) bool {
	return c.BasicConstraints != nil && c.BasicConstraints.CA
}

// has makes an Applies: the extension is there.
func has(oid asn1.ObjectIdentifier) func(*lint.Certificate) bool {
	return func(c *lint.Certificate) bool { return c.Extension(oid) != nil }
}

// mustNot says that an extension that is there is critical.
func mustNot(c *lint.Certificate, oid asn1.ObjectIdentifier, name string) error {
	if c.Extension(oid).Critical {
		return errors.New("the " + name + " is critical")
	}
	return nil
}
