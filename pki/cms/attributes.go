package cms

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// attributes is what this package reads of the signed attributes.
type attributes struct {
	contentType   asn1.ObjectIdentifier
	messageDigest []byte
	signingTime   time.Time
	certHash      []byte // of the signer's certificate, with certHashAlg
	certHashAlg   crypto.Hash
	elements      [][]byte
}

func (a *attributes) parse(set cryptobyte.String) error {
	seen := make(map[string]bool)
	for !set.Empty() {
		var element, seq, values cryptobyte.String
		var oid asn1.ObjectIdentifier
		if len(a.elements) == MaxAttributes {
			return fmt.Errorf("%w: attributes", ErrTooMany)
		}
		if !set.ReadASN1Element(&element, cbasn1.SEQUENCE) {
			return fmt.Errorf("%w: attribute", ErrFormat)
		}
		a.elements = append(a.elements, element)
		if !element.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&oid) ||
			!seq.ReadASN1(&values, cbasn1.SET) || !seq.Empty() {
			return fmt.Errorf("%w: attribute", ErrFormat)
		}
		if seen[oid.String()] {
			return fmt.Errorf("%w: %s twice", ErrAttributes, oid)
		}
		seen[oid.String()] = true
		if !a.parseValue(oid, values) {
			return fmt.Errorf("%w: value of %s", ErrAttributes, oid)
		}
	}
	if a.contentType == nil || a.messageDigest == nil {
		return fmt.Errorf("%w: contentType and messageDigest are needed", ErrAttributes)
	}
	return nil
}

func (a *attributes) parseValue(oid asn1.ObjectIdentifier, v cryptobyte.String) bool {
	switch {
	case oid.Equal(oidContentType):
		return v.ReadASN1ObjectIdentifier(&a.contentType) && v.Empty()
	case oid.Equal(oidMessageDigest):
		var digest cryptobyte.String
		ok := v.ReadASN1(&digest, cbasn1.OCTET_STRING) && v.Empty() && len(digest) > 0
		a.messageDigest = digest
		return ok
	case oid.Equal(oidSigningTime):
		if v.PeekASN1Tag(cbasn1.UTCTime) {
			return v.ReadASN1UTCTime(&a.signingTime) && v.Empty()
		}
		return v.ReadASN1GeneralizedTime(&a.signingTime) && v.Empty()
	case oid.Equal(oidSigningCertV2):
		return a.parseSigningCert(v, crypto.SHA256)
	case oid.Equal(oidSigningCert):
		if a.certHash != nil {
			return true // version 2 says it better
		}
		return a.parseSigningCert(v, crypto.SHA1)
	}
	return true
}

// parseSigningCert reads the first ESSCertID, which names the signer's own
// certificate (RFC 5035 §5.4).
func (a *attributes) parseSigningCert(v cryptobyte.String, hash crypto.Hash) bool {
	var seq, list, id, value cryptobyte.String
	if !v.ReadASN1(&seq, cbasn1.SEQUENCE) || !v.Empty() || !seq.ReadASN1(&list, cbasn1.SEQUENCE) ||
		!list.ReadASN1(&id, cbasn1.SEQUENCE) {
		return false
	}
	if id.PeekASN1Tag(cbasn1.SEQUENCE) {
		alg, ok := sigalg.Read(&id)
		if !ok {
			return false
		}
		var err error
		if hash, err = alg.Hash(); err != nil {
			return false
		}
	}
	if !id.ReadASN1(&value, cbasn1.OCTET_STRING) || len(value) != hash.Size() {
		return false
	}
	a.certHash, a.certHashAlg = value, hash
	return true
}

// names says whether the attributes bind this certificate.
func (a *attributes) names(cert *x509.Certificate) bool {
	if a.certHashAlg == crypto.SHA1 {
		sum := sha1.Sum(cert.Raw)
		return bytes.Equal(sum[:], a.certHash)
	}
	h := a.certHashAlg.New()
	h.Write(cert.Raw)
	return bytes.Equal(h.Sum(nil), a.certHash)
}

// sorted is the SET OF in DER's order. Signers who send BER sign this one.
func (a *attributes) sorted() []byte {
	elements := slices.Clone(a.elements)
	return setOf(elements)
}

func setOf(elements [][]byte) []byte {
	slices.SortFunc(elements, bytes.Compare)
	body := slices.Concat(elements...)
	return append(appendLength([]byte{0x31}, len(body)), body...)
}

func attribute(oid asn1.ObjectIdentifier, value cryptobyte.BuilderContinuation) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, value)
	})
	return b.Bytes()
}

// signedAttributes makes the SET OF that will be signed: contentType,
// signingTime, messageDigest and signing-certificate-v2 (SHA-256, the default
// that is left out, with issuer and serial).
func signedAttributes(digest []byte, cert *x509.Certificate, at time.Time) ([]byte, error) {
	sum := crypto.SHA256.New()
	sum.Write(cert.Raw)
	at = at.UTC().Truncate(time.Second)
	builders := []struct {
		oid   asn1.ObjectIdentifier
		value cryptobyte.BuilderContinuation
	}{
		{oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) }},
		{oidMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest) }},
		{oidSigningTime, func(b *cryptobyte.Builder) {
			if at.Year() >= 1950 && at.Year() < 2050 {
				b.AddASN1UTCTime(at)
			} else {
				b.AddASN1GeneralizedTime(at)
			}
		}},
		{oidSigningCertV2, func(b *cryptobyte.Builder) { addSigningCert(b, sum.Sum(nil), cert) }},
	}
	elements := make([][]byte, 0, len(builders))
	for _, x := range builders {
		e, err := attribute(x.oid, x.value)
		if err != nil {
			return nil, fmt.Errorf("encoding signed attributes: %w", err)
		}
		elements = append(elements, e)
	}
	return setOf(elements), nil
}

func addSigningCert(b *cryptobyte.Builder, sum []byte, cert *x509.Certificate) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // SigningCertificateV2
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // certs
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // ESSCertIDv2
				b.AddASN1OctetString(sum)
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // IssuerSerial
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(contextCons(4), func(b *cryptobyte.Builder) { b.AddBytes(cert.RawIssuer) })
					})
					b.AddASN1BigInt(cert.SerialNumber)
				})
			})
		})
	})
}
