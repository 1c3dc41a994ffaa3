package cms

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// SignOptions says what form a signature takes. The zero value is what banks
// and logins in the field use: attached, without signed attributes.
type SignOptions struct {
	// Detached leaves the content out of the message.
	Detached bool
	// SignedAttributes adds contentType, messageDigest, signingTime and
	// signing-certificate-v2 (RFC 5652 §11, RFC 5035).
	SignedAttributes bool
	// SigningTime is needed with SignedAttributes.
	SigningTime time.Time
	// Certificates (DER) go along in this order, before the signer's own, as
	// OpenSSL's -certfile does.
	Certificates [][]byte
}

// Sign makes a SignedData over content in DER. RSA keys sign PKCS#1 v1.5 with
// SHA-256. Attached without attributes, the bytes are those of
// `openssl smime -sign -binary -nodetach -noattr -md sha256 -outform DER`.
func Sign(content []byte, cert *x509.Certificate, key crypto.Signer, o SignOptions) ([]byte, error) {
	if !o.Detached && len(content) > MaxSize/2 {
		return nil, fmt.Errorf("%w: sign content of over %d bytes detached", ErrTooLarge, MaxSize/2)
	}
	return sign(bytes.NewReader(content), content, cert, key, o)
}

// SignReader makes a detached SignedData over content of any size, read once.
func SignReader(content io.Reader, cert *x509.Certificate, key crypto.Signer, o SignOptions) ([]byte, error) {
	o.Detached = true
	return sign(content, nil, cert, key, o)
}

func sign(r io.Reader, content []byte, cert *x509.Certificate, key crypto.Signer, o SignOptions) ([]byte, error) {
	if cert == nil || key == nil {
		return nil, ErrSignerIdentity
	}
	if own, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !own.Equal(key.Public()) {
		return nil, ErrKeyMismatch
	}
	if len(o.Certificates) >= MaxCertificates {
		return nil, fmt.Errorf("%w: certificates", ErrTooMany)
	}
	sigAlg, hash, err := sigalg.PKCS7Signing(key.Public())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	hashAlg, err := sigalg.HashIdentifier(hash)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	h := hash.New()
	if _, err := io.Copy(h, r); err != nil {
		return nil, fmt.Errorf("reading content to sign: %w", err)
	}
	digest := h.Sum(nil)
	var attrs []byte
	if o.SignedAttributes {
		if o.SigningTime.IsZero() {
			return nil, ErrSigningTime
		}
		if attrs, err = signedAttributes(digest, cert, o.SigningTime); err != nil {
			return nil, err
		}
		digest = sum(hash, attrs)
	}
	value, err := key.Sign(rand.Reader, digest, hash)
	if err != nil {
		return nil, fmt.Errorf("signing message: %w", err)
	}
	m := message{content: content, detached: o.Detached, cert: cert, others: o.Certificates,
		hashAlg: hashAlg, sigAlg: sigAlg, attrs: attrs, value: value}
	return m.marshal()
}

// message is all that goes into a SignedData with one signer.
type message struct {
	content  []byte
	detached bool
	cert     *x509.Certificate
	others   [][]byte
	hashAlg  []byte
	sigAlg   []byte
	attrs    []byte // SET OF
	value    []byte
}

func (m message) marshal() ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, m.addSignedData)
		})
	})
	out, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding message: %w", err)
	}
	return out, nil
}

func (m message) addSignedData(b *cryptobyte.Builder) {
	b.AddASN1Int64(1)
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(m.hashAlg) })
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidData)
		if !m.detached {
			b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(m.content) })
		}
	})
	b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) {
		for _, other := range m.others {
			one := cryptobyte.String(other)
			if !one.SkipASN1(cbasn1.SEQUENCE) || !one.Empty() {
				b.SetError(fmt.Errorf("%w: certificate to go along", ErrFormat))
				return
			}
			b.AddBytes(other)
		}
		b.AddBytes(m.cert.Raw)
	})
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(m.cert.RawIssuer)
				b.AddASN1BigInt(m.cert.SerialNumber)
			})
			b.AddBytes(m.hashAlg)
			if m.attrs != nil {
				b.AddBytes(append([]byte{0xa0}, m.attrs[1:]...)) // SET becomes [0]
			}
			b.AddBytes(m.sigAlg)
			b.AddASN1OctetString(m.value)
		})
	})
}
