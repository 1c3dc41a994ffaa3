package pkcs10

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Bounds of a request.
const (
	MaxSize          = 16 << 10 // bytes of DER
	MaxChallengeSize = 255      // characters, RFC 2985 section 5.4.1
	maxAttributes    = 16
)

// Bounds of its key, in bits of the modulus. A CA may ask for more within
// them.
const (
	MinBits = 2048
	MaxBits = 4096
)

const minExponent = 65537

var (
	// ErrFormat says that a request is malformed.
	ErrFormat = errors.New("pkcs10: malformed request")
	// ErrKey says that the key is not one that certificates are issued for.
	ErrKey = errors.New("pkcs10: key not acceptable")
	// ErrPossession says that the request was not signed with its own key.
	ErrPossession = errors.New("pkcs10: signature does not prove possession of the key")
)

var oidChallengePassword = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}

// Request is a request whose signature has been verified.
type Request struct {
	PublicKey    crypto.PublicKey // *rsa.PublicKey
	RawPublicKey []byte           // DER of its SubjectPublicKeyInfo
	Challenge    string           // challengePassword, empty when there is none
	EncryptedVID []byte           // DER of the EncryptedVID, nil when there is none
}

// Create makes a request for an RSA key with an empty subject, the challenge
// and the EncryptedVID (left out when empty), signed with
// sha256WithRSAEncryption. The key must fulfil what Parse asks: ErrKey.
func Create(rand io.Reader, key crypto.Signer, challenge string, encryptedVID []byte) ([]byte, error) {
	pub, ok := key.Public().(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%w: not RSA", ErrKey)
	}
	if err := checkKey(pub); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(challenge) > MaxChallengeSize || !utf8.ValidString(challenge) {
		return nil, fmt.Errorf("%w: challenge", ErrFormat)
	}
	if encryptedVID != nil {
		if _, err := npki.ParseEncryptedVID(encryptedVID); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	spki, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, fmt.Errorf("encoding public key: %w", err)
	}
	info, err := requestInfo(spki, challenge, encryptedVID)
	if err != nil {
		return nil, fmt.Errorf("encoding request: %w", err)
	}
	h := crypto.SHA256.New()
	h.Write(info)
	signature, err := key.Sign(rand, h.Sum(nil), crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing request: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(info)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(npki.OIDSHA256WithRSA)
			b.AddASN1NULL()
		})
		b.AddASN1BitString(signature)
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding request: %w", err)
	}
	if len(der) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrFormat, len(der))
	}
	return der, nil
}

// requestInfo writes the CertificationRequestInfo, which is what is signed.
func requestInfo(spki []byte, challenge string, encryptedVID []byte) ([]byte, error) {
	attribute := func(oid asn1.ObjectIdentifier, add cryptobyte.BuilderContinuation) cryptobyte.BuilderContinuation {
		return func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid)
			b.AddASN1(cbasn1.SET, add)
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1(cbasn1.SEQUENCE, func(*cryptobyte.Builder) {}) // no subject
		b.AddBytes(spki)
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			// DER orders a SET OF by its bytes. The challenge, with at most
			// 1020 bytes of content, may come out shorter or longer than the
			// EncryptedVID: compare.
			var set [][]byte
			if challenge != "" {
				set = append(set, element(b, attribute(oidChallengePassword, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(challenge)) })
				})))
			}
			if encryptedVID != nil {
				set = append(set, element(b, attribute(npki.OIDEncryptedVID, func(b *cryptobyte.Builder) {
					b.AddBytes(encryptedVID)
				})))
			}
			if len(set) == 2 && bytes.Compare(set[0], set[1]) > 0 {
				set[0], set[1] = set[1], set[0]
			}
			for _, a := range set {
				b.AddBytes(a)
			}
		})
	})
	return b.Bytes()
}

// element encodes a SEQUENCE on its own, so that it can be compared.
func element(parent *cryptobyte.Builder, add cryptobyte.BuilderContinuation) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, add)
	der, err := b.Bytes()
	if err != nil {
		parent.SetError(err)
	}
	return der
}
