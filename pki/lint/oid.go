package lint

import "encoding/asn1"

// Object identifiers that rules ask for: extensions (RFC 5280 4.2, RFC 6960
// 4.2.2.2.1), attributes (X.520), algorithms (RFC 4055, FIPS 180), and the
// IdentifyData of KCAC.TS.SIVID.
var (
	ExtAuthorityKeyID    = asn1.ObjectIdentifier{2, 5, 29, 35}
	ExtSubjectKeyID      = asn1.ObjectIdentifier{2, 5, 29, 14}
	ExtKeyUsage          = asn1.ObjectIdentifier{2, 5, 29, 15}
	ExtPolicies          = asn1.ObjectIdentifier{2, 5, 29, 32}
	ExtSubjectAltName    = asn1.ObjectIdentifier{2, 5, 29, 17}
	ExtBasicConstraints  = asn1.ObjectIdentifier{2, 5, 29, 19}
	ExtPolicyConstraints = asn1.ObjectIdentifier{2, 5, 29, 36}
	ExtExtKeyUsage       = asn1.ObjectIdentifier{2, 5, 29, 37}
	ExtCRLPoints         = asn1.ObjectIdentifier{2, 5, 29, 31}
	ExtInfoAccess        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	ExtOCSPNoCheck       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}

	AttrCommonName   = asn1.ObjectIdentifier{2, 5, 4, 3}
	AttrCountry      = asn1.ObjectIdentifier{2, 5, 4, 6}
	AttrOrganization = asn1.ObjectIdentifier{2, 5, 4, 10}
	AttrUnit         = asn1.ObjectIdentifier{2, 5, 4, 11}

	AlgRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	AlgSHA256WithRSA = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	AlgSHA1          = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	AlgSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}

	AnyPolicy       = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
	UseOCSPSigning  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}
	UseTimeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}

	qualifierCPS    = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}
	qualifierNotice = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}
	accessOCSP      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	accessCAIssuers = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 2}
	identifyData    = asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1}
	virtualID       = asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1, 1}
)
