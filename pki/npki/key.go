package npki

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// MaxKeySize bounds a key file, encrypted or not, in bytes of DER.
const MaxKeySize = 32 << 10

// maxKeyAttributes bounds the attributes of a private key.
const maxKeyAttributes = 32

// maxModulus bounds the modulus of a key that is read, in bytes.
const maxModulus = 1024

// ErrKeyFormat says that a private key or key file is malformed or of a sort
// that is not read here.
var ErrKeyFormat = errors.New("npki: malformed private key")

// PrivateKey is a private key with R and all else that its PKCS#8 form
// carries, so that nothing is lost when it is written again. It never prints
// what it holds.
type PrivateKey struct {
	Signer *rsa.PrivateKey
	R      R // nil when the key has none
	// Attributes holds the DER of the attributes other than R, as they came.
	Attributes [][]byte
	// PublicKey holds the content of the publicKey field of RFC 5958 (a BIT
	// STRING with its count of unused bits), nil for PKCS#8 version 0.
	PublicKey []byte
}

const redactedKey = "PrivateKey(redacted)"

// String hides the key.
func (*PrivateKey) String() string { return redactedKey }

// GoString hides the key.
func (*PrivateKey) GoString() string { return redactedKey }

// Format hides the key whatever the verb.
func (*PrivateKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redactedKey) }

// LogValue hides the key.
func (*PrivateKey) LogValue() slog.Value { return slog.StringValue(redactedKey) }

// MarshalText hides the key, also from encoding/json.
func (*PrivateKey) MarshalText() ([]byte, error) { return []byte(redactedKey), nil }

// ParsePrivateKey reads an unencrypted PKCS#8 PrivateKeyInfo (RFC 5958) with
// an RSA key, with R or without. Errors wrap ErrKeyFormat.
func ParsePrivateKey(pkcs8 []byte) (*PrivateKey, error) {
	info, ok := readPrivateKeyInfo(pkcs8)
	if !ok {
		return nil, ErrKeyFormat
	}
	return info.key()
}

// privateKeyInfo is the outer form of PKCS#8.
type privateKeyInfo struct {
	algorithm  asn1.ObjectIdentifier
	parameters cryptobyte.String
	pkcs1      cryptobyte.String // for RSA the PKCS#1 key
	attributes cryptobyte.String
	publicKey  []byte
}

func readPrivateKeyInfo(der []byte) (info privateKeyInfo, ok bool) {
	if len(der) > MaxKeySize {
		return info, false
	}
	in := cryptobyte.String(der)
	var seq, public cryptobyte.String
	var version int
	var hasAttributes, hasPublic bool
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() ||
		!seq.ReadASN1Integer(&version) || version < 0 || version > 1 {
		return info, false
	}
	info.algorithm, info.parameters, ok = readAlgorithm(&seq)
	if !ok || !seq.ReadASN1(&info.pkcs1, cbasn1.OCTET_STRING) ||
		!seq.ReadOptionalASN1(&info.attributes, &hasAttributes, explicitTag(0)) ||
		!seq.ReadOptionalASN1(&public, &hasPublic, cbasn1.Tag(1).ContextSpecific()) ||
		!seq.Empty() || hasPublic != (version == 1) || hasPublic && len(public) == 0 {
		return info, false
	}
	info.publicKey = public
	return info, true
}

func (info privateKeyInfo) key() (*PrivateKey, error) {
	if !info.algorithm.Equal(OIDRSAEncryption) {
		return nil, fmt.Errorf("%w: algorithm %s", ErrKeyFormat, info.algorithm)
	}
	if !isNullOrAbsent(info.parameters) || !plausibleRSA(info.pkcs1) {
		return nil, fmt.Errorf("%w: RSA parameters", ErrKeyFormat)
	}
	signer, err := x509.ParsePKCS1PrivateKey(info.pkcs1)
	if err != nil {
		// The cause may quote numbers of the key: leave it out.
		return nil, fmt.Errorf("%w: RSA key", ErrKeyFormat)
	}
	k := &PrivateKey{Signer: signer, PublicKey: bytes.Clone(info.publicKey)}
	if err := k.readAttributes(info.attributes); err != nil {
		return nil, err
	}
	return k, nil
}

// plausibleRSA keeps moduli that would take long to check away from
// crypto/x509.
func plausibleRSA(pkcs1 cryptobyte.String) bool {
	n, ok := modulusSize(pkcs1)
	return ok && n <= maxModulus+1
}

// modulusSize is the size of an RSA key's modulus in bytes, with its sign.
func modulusSize(pkcs1 cryptobyte.String) (size int, ok bool) {
	var seq, n cryptobyte.String
	var version int
	ok = pkcs1.ReadASN1(&seq, cbasn1.SEQUENCE) && seq.ReadASN1Integer(&version) && version == 0 && seq.ReadASN1(&n, cbasn1.INTEGER)
	return len(n), ok
}

func (k *PrivateKey) readAttributes(set cryptobyte.String) error {
	for !set.Empty() {
		if err := k.readAttribute(&set); err != nil {
			return err
		}
	}
	return nil
}

func (k *PrivateKey) readAttribute(s *cryptobyte.String) error {
	var element cryptobyte.String
	if len(k.Attributes) == maxKeyAttributes || !s.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return fmt.Errorf("%w: attributes", ErrKeyFormat)
	}
	whole := element
	var attribute, values cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !element.ReadASN1(&attribute, cbasn1.SEQUENCE) || !attribute.ReadASN1ObjectIdentifier(&oid) ||
		!attribute.ReadASN1(&values, cbasn1.SET) || !attribute.Empty() {
		return fmt.Errorf("%w: attribute", ErrKeyFormat)
	}
	if !oid.Equal(OIDRandomNum) {
		k.Attributes = append(k.Attributes, bytes.Clone(whole))
		return nil
	}
	var r []byte
	if k.R != nil || !values.ReadASN1BitStringAsBytes(&r) || !values.Empty() || len(r) != RSize {
		return fmt.Errorf("%w: R", ErrKeyFormat)
	}
	k.R = bytes.Clone(r)
	return nil
}

// Marshal gives the PKCS#8 DER of the key, unencrypted, with R and all other
// attributes. Who asks for it must clear it when it is done with.
func (k *PrivateKey) Marshal() ([]byte, error) {
	if k.Signer == nil {
		return nil, fmt.Errorf("%w: no key", ErrKeyFormat)
	}
	if k.R != nil && len(k.R) != RSize {
		return nil, ErrR
	}
	attributes := slices.Clone(k.Attributes)
	if k.R != nil {
		r, err := marshalRAttribute(k.R)
		if err != nil {
			return nil, fmt.Errorf("encoding R: %w", err)
		}
		attributes = append(attributes, r)
	}
	slices.SortFunc(attributes, bytes.Compare) // DER's order of a SET OF
	key := x509.MarshalPKCS1PrivateKey(k.Signer)
	defer clear(key)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		version := int64(0)
		if k.PublicKey != nil {
			version = 1
		}
		b.AddASN1Int64(version)
		addAlgorithm(b, OIDRSAEncryption, true)
		b.AddASN1OctetString(key)
		if len(attributes) > 0 {
			b.AddASN1(explicitTag(0), func(b *cryptobyte.Builder) {
				for _, a := range attributes {
					b.AddBytes(a)
				}
			})
		}
		if k.PublicKey != nil {
			b.AddASN1(cbasn1.Tag(1).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(k.PublicKey) })
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding private key: %w", err)
	}
	if len(der) > MaxKeySize {
		return nil, fmt.Errorf("%w: %d bytes", ErrKeyFormat, len(der))
	}
	return der, nil
}

func marshalRAttribute(r R) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(OIDRandomNum)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddASN1BitString(r) })
	})
	return b.Bytes()
}
