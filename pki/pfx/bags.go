package pfx

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// bags is what a file holds.
type bags struct {
	keys  []keyBag
	certs []certBag
	// skipped is why a key was passed over, nil when none was.
	skipped error
}

type labels struct {
	localKeyID []byte
	name       string
}

type keyBag struct {
	labels
	key *npki.PrivateKey
}

type certBag struct {
	labels
	cert *x509.Certificate
}

// wipe forgets R of keys that are not given back. (The numbers of the RSA key
// itself are out of reach.)
func (b *bags) wipe() {
	for _, k := range b.keys {
		clear(k.key.R)
	}
}

// safeContents reads SEQUENCE OF SafeBag ::= SEQUENCE { bagId, bagValue [0]
// EXPLICIT, bagAttributes SET OF OPTIONAL }. Nothing found aliases der.
func (o *opener) safeContents(found *bags, der []byte, depth int) error {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || depth > maxDepth {
		return fmt.Errorf("%w: SafeContents", ErrFormat)
	}
	for !seq.Empty() {
		var bag, value, attributes cryptobyte.String
		var kind asn1.ObjectIdentifier
		if o.bags++; o.bags > maxBags {
			return fmt.Errorf("%w: bags", ErrTooLarge)
		}
		if !seq.ReadASN1(&bag, cbasn1.SEQUENCE) || !bag.ReadASN1ObjectIdentifier(&kind) || !bag.ReadASN1(&value, tag0Cons) ||
			!bag.ReadOptionalASN1(&attributes, nil, cbasn1.SET) || !bag.Empty() {
			return fmt.Errorf("%w: bag", ErrFormat)
		}
		if err := o.bag(found, kind, value, readLabels(attributes), depth); err != nil {
			return err
		}
	}
	return nil
}

func (o *opener) bag(found *bags, kind asn1.ObjectIdentifier, value cryptobyte.String, l labels, depth int) error {
	switch {
	case kind.Equal(oidKeyBag):
		return found.addKey(value, l)
	case kind.Equal(oidShroudedKeyBag):
		var seq, algorithm, ciphertext cryptobyte.String
		if !value.ReadASN1(&seq, cbasn1.SEQUENCE) || !value.Empty() || !seq.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) ||
			!seq.ReadASN1(&ciphertext, cbasn1.OCTET_STRING) || !seq.Empty() {
			return fmt.Errorf("%w: key", ErrFormat)
		}
		plain, err := o.open(algorithm, ciphertext)
		if err != nil {
			return err
		}
		defer clear(plain)
		return found.addKey(plain, l)
	case kind.Equal(oidCertBag):
		return found.addCertificate(value, l)
	case kind.Equal(oidSafeContents):
		return o.safeContents(found, value, depth+1)
	}
	return nil // CRLs and secrets are none of an identity's
}

// addKey keeps a key, or why it can't be kept.
func (b *bags) addKey(pkcs8 []byte, l labels) error {
	k, err := npki.ParsePrivateKey(pkcs8)
	if err != nil {
		b.skipped = fmt.Errorf("%w: %w", ErrUnsupported, err)
		return nil
	}
	b.keys = append(b.keys, keyBag{l, k})
	return nil
}

// addCertificate reads CertBag ::= SEQUENCE { certId, certValue [0] EXPLICIT
// OCTET STRING }. What is no X.509 certificate that can be read is passed over.
func (b *bags) addCertificate(value cryptobyte.String, l labels) error {
	var seq, explicit, octets cryptobyte.String
	var kind asn1.ObjectIdentifier
	if !value.ReadASN1(&seq, cbasn1.SEQUENCE) || !value.Empty() || !seq.ReadASN1ObjectIdentifier(&kind) ||
		!seq.ReadASN1(&explicit, tag0Cons) || !seq.Empty() {
		return fmt.Errorf("%w: certificate", ErrFormat)
	}
	if !kind.Equal(oidX509) {
		return nil
	}
	if !explicit.ReadASN1(&octets, cbasn1.OCTET_STRING) || !explicit.Empty() {
		return fmt.Errorf("%w: certificate", ErrFormat)
	}
	cert, err := x509.ParseCertificate(bytes.Clone(octets))
	if err == nil {
		b.certs = append(b.certs, certBag{l, cert})
	}
	return nil
}

// readLabels takes what ties keys to certificates, and passes over the rest.
func readLabels(set cryptobyte.String) (l labels) {
	for !set.Empty() {
		var attribute, values, value cryptobyte.String
		var oid asn1.ObjectIdentifier
		if !set.ReadASN1(&attribute, cbasn1.SEQUENCE) || !attribute.ReadASN1ObjectIdentifier(&oid) ||
			!attribute.ReadASN1(&values, cbasn1.SET) {
			return l
		}
		switch {
		case oid.Equal(oidLocalKeyID) && values.ReadASN1(&value, cbasn1.OCTET_STRING):
			l.localKeyID = bytes.Clone(value)
		case oid.Equal(oidFriendlyName) && values.ReadASN1(&value, tagBMPString) && len(value)%2 == 0:
			units := make([]uint16, len(value)/2)
			for i := range units {
				units[i] = uint16(value[2*i])<<8 | uint16(value[2*i+1])
			}
			l.name = string(utf16.Decode(units))
		}
	}
	return l
}

const tagBMPString = cbasn1.Tag(30)

// identities joins each key to its certificate and that to those above it.
func (b *bags) identities() ([]Identity, error) {
	var out []Identity
	for _, k := range b.keys {
		own := b.certificateOf(k)
		if own == nil {
			clear(k.key.R)
			continue
		}
		name := k.name
		if name == "" {
			name = own.name
		}
		out = append(out, Identity{Key: k.key, Certificate: own.cert.Raw, Chain: b.chainOf(own.cert), Name: name})
	}
	switch {
	case len(out) > 0:
		return out, nil
	case b.skipped != nil:
		return nil, b.skipped
	}
	return nil, ErrNoIdentity
}

// certificateOf finds the certificate for a key: of several that certify the
// same key the one that the file ties to it, else the one that lasts longest.
func (b *bags) certificateOf(k keyBag) *certBag {
	var best *certBag
	for i := range b.certs {
		c := &b.certs[i]
		switch tied := len(k.localKeyID) > 0 && bytes.Equal(k.localKeyID, c.localKeyID); {
		case !belongs(k.key, c.cert):
		case best == nil || tied && !bytes.Equal(k.localKeyID, best.localKeyID):
			best = c
		case tied == bytes.Equal(k.localKeyID, best.localKeyID) && c.cert.NotAfter.After(best.cert.NotAfter):
			best = c
		}
	}
	return best
}

// chainOf follows issuers' names up to a certificate that is its own issuer.
// It judges nothing: that is for package validation.
func (b *bags) chainOf(c *x509.Certificate) [][]byte {
	var chain [][]byte
	for seen := [][]byte{c.Raw}; !bytes.Equal(c.RawIssuer, c.RawSubject); seen = append(seen, c.Raw) {
		next := b.issuerOf(c)
		if next == nil || slices.ContainsFunc(seen, func(s []byte) bool { return bytes.Equal(s, next.Raw) }) {
			break
		}
		chain = append(chain, next.Raw)
		c = next
	}
	return chain
}

// issuerOf prefers the one whose key the certificate names.
func (b *bags) issuerOf(c *x509.Certificate) *x509.Certificate {
	var named *x509.Certificate
	for _, other := range b.certs {
		if !bytes.Equal(other.cert.RawSubject, c.RawIssuer) {
			continue
		}
		if len(c.AuthorityKeyId) > 0 && bytes.Equal(c.AuthorityKeyId, other.cert.SubjectKeyId) {
			return other.cert
		}
		if named == nil {
			named = other.cert
		}
	}
	return named
}
