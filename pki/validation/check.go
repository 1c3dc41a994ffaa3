package validation

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math"
	"time"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

var (
	oidNameConstraints  = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidPolicyMappings   = asn1.ObjectIdentifier{2, 5, 29, 33}
	oidExtendedKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidDocumentSigning  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
)

// check runs RFC 5280 §6.1 from below the root to the leaf. Names and
// signatures were matched in building.
func (p *path) check(in Input) *failure {
	n := len(p.certs) - 1
	root := p.certs[n]
	if f := checkTime(root, in); f != nil {
		return f
	}
	if f := weakKey(root); f != nil {
		return f
	}
	room := math.MaxInt // how many more CAs that are not self-issued may follow
	if n > 0 {
		if f := checkCA(root); f != nil {
			return f
		}
		room = pathLen(root, room)
	}
	pol := newPolicyState(in)
	for i := n - 1; i >= 0; i-- {
		cert := p.certs[i]
		if f := checkBasic(cert, in); f != nil {
			return f
		}
		if f := pol.take(cert, i == 0); f != nil {
			return f
		}
		if i == 0 {
			break
		}
		if f := checkCA(cert); f != nil {
			return f
		}
		if !selfIssued(cert) {
			if room == 0 {
				return fail(PathTooLong, cert, "an issuer above allows no further CA (pathLenConstraint)")
			}
			room--
		}
		room = pathLen(cert, room)
	}
	if n == 0 { // the root itself is asked about
		if f := checkCritical(root); f != nil {
			return f
		}
		pol.take(root, true)
	}
	if f := checkLeaf(p.certs[0], in.Usage); f != nil {
		return f
	}
	var f *failure
	p.policies, f = pol.finish(p.certs[0])
	return f
}

func checkBasic(cert *x509.Certificate, in Input) *failure {
	if f := checkTime(cert, in); f != nil {
		return f
	}
	if f := weakKey(cert); f != nil {
		return f
	}
	return checkCritical(cert)
}

func checkTime(cert *x509.Certificate, in Input) *failure {
	if in.At.Before(cert.NotBefore) {
		return fail(NotYetValid, cert, "valid from %s", cert.NotBefore.Format(time.RFC3339))
	}
	if in.At.After(cert.NotAfter) {
		return fail(Expired, cert, "expired %s", cert.NotAfter.Format(time.RFC3339))
	}
	return nil
}

func weakKey(cert *x509.Certificate) *failure {
	if key, ok := cert.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < sigalg.MinRSABits {
		return fail(WeakKey, cert, "RSA of %d bits", key.N.BitLen())
	}
	return nil
}

// checkCritical refuses what this package would have to obey and does not
// know. Name constraints are refused even when not critical: a CA that is
// limited to names must not go unlimited.
func checkCritical(cert *x509.Certificate) *failure {
	if len(cert.UnhandledCriticalExtensions) > 0 {
		return fail(UnknownCritical, cert, "extension %s", cert.UnhandledCriticalExtensions[0])
	}
	for _, ext := range cert.Extensions {
		switch {
		case ext.Id.Equal(oidNameConstraints):
			return fail(NameConstraints, cert, "nameConstraints")
		case ext.Critical && ext.Id.Equal(oidPolicyMappings):
			return fail(PolicyMappings, cert, "critical policyMappings")
		}
	}
	return nil
}

func checkCA(cert *x509.Certificate) *failure {
	if !cert.BasicConstraintsValid || !cert.IsCA {
		return fail(NotACA, cert, "basicConstraints does not say CA")
	}
	if cert.KeyUsage != 0 && cert.KeyUsage&x509.KeyUsageCertSign == 0 {
		return fail(KeyUsage, cert, "key may not sign certificates")
	}
	return nil
}

func pathLen(cert *x509.Certificate, room int) int {
	if cert.BasicConstraintsValid && cert.MaxPathLen >= 0 {
		return min(room, cert.MaxPathLen)
	}
	return room
}

func selfIssued(cert *x509.Certificate) bool { return bytes.Equal(cert.RawSubject, cert.RawIssuer) }

func checkLeaf(cert *x509.Certificate, usage Usage) *failure {
	var want x509.KeyUsage
	switch usage {
	case Signing:
		want = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	case Encryption:
		want = x509.KeyUsageKeyEncipherment
	case AnyUsage:
		return nil
	}
	if cert.KeyUsage != 0 && cert.KeyUsage&want == 0 {
		return fail(KeyUsage, cert, "key may not be used for this")
	}
	return checkPurpose(cert)
}

// checkPurpose lets certificates of signing services (OCSP, TSA, TLS servers)
// not pass for a person's. Subscribers of the field have no extendedKeyUsage.
func checkPurpose(cert *x509.Certificate) *failure {
	has := false
	for _, ext := range cert.Extensions {
		has = has || ext.Id.Equal(oidExtendedKeyUsage)
	}
	if !has {
		return nil
	}
	for _, use := range cert.ExtKeyUsage {
		switch use {
		case x509.ExtKeyUsageAny, x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection:
			return nil
		default:
		}
	}
	for _, use := range cert.UnknownExtKeyUsage {
		if use.Equal(oidDocumentSigning) {
			return nil
		}
	}
	return fail(ExtendedKeyUsage, cert, "extendedKeyUsage is for another purpose")
}
