package cms

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// Verify checks every signature in the message and gives the signers in the
// message's order. One signature that is wrong makes the whole an error. With
// attached content pass nil; content that is passed all the same must equal
// it. Detached content must be passed (an empty one as []byte{}).
func (s *SignedData) Verify(content []byte) ([]Signer, error) {
	switch {
	case s.attached && content != nil && !bytes.Equal(content, s.content):
		return nil, ErrContent
	case s.attached:
		content = s.content
	case content == nil:
		return nil, ErrNoContent
	}
	return s.verify(bytes.NewReader(content))
}

// VerifyReader is Verify over detached content of any size, read once.
func (s *SignedData) VerifyReader(content io.Reader) ([]Signer, error) {
	if s.attached {
		return nil, fmt.Errorf("%w: it is attached, use Verify", ErrContent)
	}
	return s.verify(content)
}

func (s *SignedData) verify(content io.Reader) ([]Signer, error) {
	if len(s.signers) == 0 {
		return nil, ErrNoSigner
	}
	first := prefix{limit: maxAttributesSize}
	digests, err := s.digests(io.TeeReader(content, &first))
	if err != nil {
		return nil, err
	}
	disguised := first.isAttributes()
	out := make([]Signer, 0, len(s.signers))
	for i := range s.signers {
		if disguised && s.signers[i].signed == nil {
			return nil, fmt.Errorf("%w: content is itself a set of signed attributes", ErrAttributes)
		}
		signer, err := s.verifySigner(&s.signers[i], digests)
		if err != nil {
			if len(s.signers) > 1 {
				return nil, fmt.Errorf("signer %d of %d: %w", i+1, len(s.signers), err)
			}
			return nil, err
		}
		out = append(out, signer)
	}
	return out, nil
}

// digests hashes the content once for each hash that a signer used.
func (s *SignedData) digests(content io.Reader) (map[crypto.Hash][]byte, error) {
	out := make(map[crypto.Hash][]byte)
	var writers []io.Writer
	var sums []func()
	for i := range s.signers {
		hash, err := s.signers[i].digest.Hash()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
		if _, ok := out[hash]; ok {
			continue
		}
		h := hash.New()
		out[hash] = nil
		writers = append(writers, h)
		sums = append(sums, func() { out[hash] = h.Sum(nil) })
	}
	if _, err := io.Copy(io.MultiWriter(writers...), content); err != nil {
		return nil, fmt.Errorf("reading signed content: %w", err)
	}
	for _, sum := range sums {
		sum()
	}
	return out, nil
}

func (s *SignedData) verifySigner(si *signerInfo, digests map[crypto.Hash][]byte) (Signer, error) {
	cert := si.find(s.Certificates, s.bare)
	if cert == nil {
		return Signer{}, ErrNoCertificate
	}
	hash, err := si.digest.Hash()
	if err != nil {
		return Signer{}, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	signer := Signer{Certificate: cert, Digest: hash, Signature: si.value}
	if si.signed == nil {
		// RFC 5652 §5.3: content of another type than data needs attributes.
		if !s.ContentType.Equal(oidData) {
			return Signer{}, fmt.Errorf("%w: needed for content type %s", ErrAttributes, s.ContentType)
		}
		return signer, si.check(signer, digests[hash])
	}
	if !si.attrs.contentType.Equal(s.ContentType) {
		return Signer{}, fmt.Errorf("%w: contentType is not the content's", ErrAttributes)
	}
	if !bytes.Equal(si.attrs.messageDigest, digests[hash]) {
		return Signer{}, ErrDigest
	}
	if si.attrs.certHash != nil {
		if !si.attrs.names(cert) {
			return Signer{}, ErrSigningCert
		}
		signer.CertificateBound = true
	}
	signer.Attributes, signer.SigningTime = true, si.attrs.signingTime
	err = si.check(signer, sum(hash, si.signed))
	if errors.Is(err, ErrSignature) {
		if sorted := si.attrs.sorted(); !bytes.Equal(sorted, si.signed) {
			err = si.check(signer, sum(hash, sorted))
		}
	}
	return signer, err
}

func (si *signerInfo) check(signer Signer, digest []byte) error {
	err := si.signature.CheckDigest(signer.Certificate.PublicKey, signer.Digest, digest, si.value)
	switch {
	case errors.Is(err, sigalg.ErrSignature):
		return ErrSignature
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return nil
}

func sum(hash crypto.Hash, b []byte) []byte {
	h := hash.New()
	h.Write(b)
	return h.Sum(nil)
}

// maxAttributesSize is up to where content is looked at for being attributes.
const maxAttributesSize = 64 << 10

// prefix keeps the start of the content. A signature over signed attributes is
// also one over a message whose content is those attributes: without this look
// a signature with attributes could be passed off as one without, over a text
// that nobody signed.
type prefix struct {
	limit int
	bytes []byte
	over  bool
}

func (p *prefix) Write(b []byte) (int, error) {
	n := min(len(b), p.limit-len(p.bytes))
	p.bytes = append(p.bytes, b[:n]...)
	p.over = p.over || n < len(b)
	return len(b), nil
}

func (p *prefix) isAttributes() bool {
	s := cryptobyte.String(p.bytes)
	var set cryptobyte.String
	if p.over || !s.ReadASN1(&set, cbasn1.SET) || !s.Empty() {
		return false
	}
	var a attributes
	return a.parse(set) == nil
}
