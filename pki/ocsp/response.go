package ocsp

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// Response is what a responder signs and a client reads. To make one, fill
// Singles, ProducedAt, Nonce (nil: none) and Responder, the certificate of
// the signing key, which goes along in the message. After ParseResponse,
// Certificates holds what came along, and Responder is set by Verify.
type Response struct {
	Singles      []Single
	ProducedAt   time.Time
	Nonce        []byte
	Responder    *x509.Certificate
	Certificates []*x509.Certificate

	tbs       []byte
	algorithm sigalg.Algorithm
	signature []byte
	byName    []byte // one of byName and byKey is set
	byKey     []byte
}

// ErrorResponse is the five bytes that say why there is no answer. They are
// not signed (RFC 6960 §2.3).
func ErrorResponse(s ResponseStatus) []byte {
	return []byte{0x30, 0x03, 0x0a, 0x01, byte(s)}
}

// CreateResponse signs r with the key of r.Responder. The responder is named
// by key hash. Times are written to the second, in UTC.
func CreateResponse(rand io.Reader, r Response, signer crypto.Signer) ([]byte, error) {
	if len(r.Singles) == 0 || len(r.Singles) > MaxIDs {
		return nil, fmt.Errorf("%w: %d", ErrTooMany, len(r.Singles))
	}
	if r.Nonce != nil && (len(r.Nonce) == 0 || len(r.Nonce) > MaxNonce) {
		return nil, ErrNonceLength
	}
	if r.Responder == nil {
		return nil, fmt.Errorf("%w: no responder certificate", ErrResponder)
	}
	if own, ok := r.Responder.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !own.Equal(signer.Public()) {
		return nil, fmt.Errorf("%w: key is not the responder certificate's", ErrResponder)
	}
	tbs, err := r.marshalTBS()
	if err != nil {
		return nil, fmt.Errorf("encoding OCSP response: %w", err)
	}
	alg, hash, err := sigalg.Signing(signer.Public())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	sig, err := signer.Sign(rand, digest(hash, tbs), hash)
	if err != nil {
		return nil, fmt.Errorf("signing OCSP response: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(int64(Successful))
		b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidBasic)
				b.AddASN1(cbasn1.OCTET_STRING, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddBytes(tbs)
						b.AddBytes(alg)
						b.AddASN1BitString(sig)
						b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) {
							b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(r.Responder.Raw) })
						})
					})
				})
			})
		})
	})
	return b.Bytes()
}

func (r *Response) marshalTBS() ([]byte, error) {
	key, err := keyID(r.Responder)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(contextCons(2), func(b *cryptobyte.Builder) { b.AddASN1OctetString(key) })
		addTime(b, r.ProducedAt)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, s := range r.Singles {
				s.add(b)
			}
		})
		if r.Nonce != nil {
			b.AddASN1(contextCons(1), func(b *cryptobyte.Builder) { addNonce(b, r.Nonce) })
		}
	})
	return b.Bytes()
}

func addTime(b *cryptobyte.Builder, t time.Time) {
	b.AddASN1GeneralizedTime(t.UTC().Truncate(time.Second))
}

func (s Single) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		s.ID.add(b)
		switch s.Status {
		case Good:
			b.AddASN1(context(0), func(*cryptobyte.Builder) {})
		case Revoked:
			b.AddASN1(contextCons(1), func(b *cryptobyte.Builder) {
				addTime(b, s.RevokedAt)
				if s.Reason != 0 {
					b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(s.Reason)) })
				}
			})
		default:
			b.AddASN1(context(2), func(*cryptobyte.Builder) {})
		}
		addTime(b, s.ThisUpdate)
		if !s.NextUpdate.IsZero() {
			b.AddASN1(contextCons(0), func(b *cryptobyte.Builder) { addTime(b, s.NextUpdate) })
		}
	})
}

// ParseResponse reads a response without judging it: call Verify. When the
// responder answered with an error status the error is a *StatusError.
func ParseResponse(der []byte) (*Response, error) {
	if len(der) > MaxResponseSize {
		return nil, ErrTooLarge
	}
	s := cryptobyte.String(der)
	var outer, explicit, body, basic cryptobyte.String
	var status int
	if !s.ReadASN1(&outer, cbasn1.SEQUENCE) || !s.Empty() || !outer.ReadASN1Enum(&status) {
		return nil, fmt.Errorf("%w: OCSPResponse", ErrFormat)
	}
	if status != int(Successful) {
		return nil, &StatusError{ResponseStatus(status)}
	}
	var oid asn1.ObjectIdentifier
	if !outer.ReadASN1(&explicit, contextCons(0)) || !outer.Empty() ||
		!explicit.ReadASN1(&body, cbasn1.SEQUENCE) || !explicit.Empty() || !body.ReadASN1ObjectIdentifier(&oid) {
		return nil, fmt.Errorf("%w: ResponseBytes", ErrFormat)
	}
	if !oid.Equal(oidBasic) {
		return nil, fmt.Errorf("%w: response type %s", ErrUnsupported, oid)
	}
	if !body.ReadASN1(&basic, cbasn1.OCTET_STRING) || !body.Empty() {
		return nil, fmt.Errorf("%w: ResponseBytes", ErrFormat)
	}
	return parseBasic(basic)
}

func parseBasic(s cryptobyte.String) (*Response, error) {
	var seq, tbs cryptobyte.String
	if !s.ReadASN1(&seq, cbasn1.SEQUENCE) || !s.Empty() || !seq.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("%w: BasicOCSPResponse", ErrFormat)
	}
	r := &Response{tbs: tbs}
	var ok bool
	if r.algorithm, ok = sigalg.Read(&seq); !ok || !seq.ReadASN1BitStringAsBytes(&r.signature) {
		return nil, fmt.Errorf("%w: signature", ErrFormat)
	}
	if err := r.parseCertificates(&seq); err != nil {
		return nil, err
	}
	if !seq.Empty() {
		return nil, fmt.Errorf("%w: BasicOCSPResponse", ErrFormat)
	}
	return r, r.parseTBS(tbs)
}

func (r *Response) parseCertificates(s *cryptobyte.String) error {
	var explicit, list cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&explicit, &present, contextCons(0)) {
		return fmt.Errorf("%w: certificates", ErrFormat)
	}
	if !present {
		return nil
	}
	if !explicit.ReadASN1(&list, cbasn1.SEQUENCE) || !explicit.Empty() {
		return fmt.Errorf("%w: certificates", ErrFormat)
	}
	for !list.Empty() {
		var raw cryptobyte.String
		if len(r.Certificates) == maxCertificates || !list.ReadASN1Element(&raw, cbasn1.SEQUENCE) {
			return fmt.Errorf("%w: certificates", ErrFormat)
		}
		cert, err := x509.ParseCertificate(raw)
		if err != nil {
			return fmt.Errorf("%w: responder certificate: %w", ErrFormat, err)
		}
		r.Certificates = append(r.Certificates, cert)
	}
	return nil
}

func (r *Response) parseTBS(element cryptobyte.String) error {
	var tbs, list, id cryptobyte.String
	var tag cbasn1.Tag
	if !element.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return fmt.Errorf("%w: ResponseData", ErrFormat)
	}
	if err := readVersion(&tbs); err != nil {
		return err
	}
	if !tbs.ReadAnyASN1(&id, &tag) {
		return fmt.Errorf("%w: responderID", ErrFormat)
	}
	switch tag {
	case contextCons(1):
		var name cryptobyte.String
		if !id.ReadASN1Element(&name, cbasn1.SEQUENCE) || !id.Empty() {
			return fmt.Errorf("%w: responderID", ErrFormat)
		}
		r.byName = name
	case contextCons(2):
		var key cryptobyte.String
		if !id.ReadASN1(&key, cbasn1.OCTET_STRING) || !id.Empty() || len(key) != 20 {
			return fmt.Errorf("%w: responderID", ErrFormat)
		}
		r.byKey = key
	default:
		return fmt.Errorf("%w: responderID", ErrFormat)
	}
	if !tbs.ReadASN1GeneralizedTime(&r.ProducedAt) || !tbs.ReadASN1(&list, cbasn1.SEQUENCE) || list.Empty() {
		return fmt.Errorf("%w: ResponseData", ErrFormat)
	}
	for !list.Empty() {
		if len(r.Singles) == maxSinglesParsed {
			return ErrTooMany
		}
		single, err := readSingle(&list)
		if err != nil {
			return err
		}
		r.Singles = append(r.Singles, single)
	}
	nonce, err := readNonceExtensions(&tbs, 1)
	if err != nil {
		return err
	}
	if !tbs.Empty() {
		return fmt.Errorf("%w: ResponseData", ErrFormat)
	}
	r.Nonce = nonce
	return nil
}

func readSingle(list *cryptobyte.String) (Single, error) {
	var s Single
	var seq, status cryptobyte.String
	var tag cbasn1.Tag
	if !list.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return s, fmt.Errorf("%w: SingleResponse", ErrFormat)
	}
	id, err := readCertID(&seq)
	if err != nil {
		return s, err
	}
	s.ID = id
	if !seq.ReadAnyASN1(&status, &tag) {
		return s, fmt.Errorf("%w: certStatus", ErrFormat)
	}
	switch tag {
	case context(0):
		s.Status = Good
	case contextCons(1):
		s.Status = Revoked
		if err := s.readRevoked(&status); err != nil {
			return s, err
		}
	case context(2):
		s.Status = Unknown
	default:
		return s, fmt.Errorf("%w: certStatus", ErrFormat)
	}
	if !status.Empty() || !seq.ReadASN1GeneralizedTime(&s.ThisUpdate) {
		return s, fmt.Errorf("%w: SingleResponse", ErrFormat)
	}
	var next cryptobyte.String
	var present bool
	if !seq.ReadOptionalASN1(&next, &present, contextCons(0)) ||
		(present && (!next.ReadASN1GeneralizedTime(&s.NextUpdate) || !next.Empty())) {
		return s, fmt.Errorf("%w: nextUpdate", ErrFormat)
	}
	if err := readExtensions(&seq, 1, nil); err != nil {
		return s, err
	}
	if !seq.Empty() {
		return s, fmt.Errorf("%w: SingleResponse", ErrFormat)
	}
	return s, nil
}

func (s *Single) readRevoked(info *cryptobyte.String) error {
	var reason cryptobyte.String
	var present bool
	if !info.ReadASN1GeneralizedTime(&s.RevokedAt) || !info.ReadOptionalASN1(&reason, &present, contextCons(0)) {
		return fmt.Errorf("%w: revokedInfo", ErrFormat)
	}
	if present {
		if !reason.ReadASN1Enum(&s.Reason) || !reason.Empty() || s.Reason < 0 || s.Reason > 10 {
			return fmt.Errorf("%w: revocationReason", ErrFormat)
		}
	}
	return nil
}

// readExtension takes one Extension SEQUENCE off a list.
func readExtension(list *cryptobyte.String) (oid string, critical bool, value cryptobyte.String, ok bool) {
	var seq cryptobyte.String
	var id asn1.ObjectIdentifier
	if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&id) ||
		(seq.PeekASN1Tag(cbasn1.BOOLEAN) && !seq.ReadASN1Boolean(&critical)) ||
		!seq.ReadASN1(&value, cbasn1.OCTET_STRING) || !seq.Empty() {
		return "", false, nil, false
	}
	return id.String(), critical, value, true
}

// Find gives the answer for the certificate with this serial under issuer.
func (r *Response) Find(issuer *x509.Certificate, serial *big.Int) (Single, error) {
	for _, s := range r.Singles {
		if s.ID.Serial.Cmp(serial) == 0 && s.ID.IssuedBy(issuer) {
			return s, nil
		}
	}
	return Single{}, ErrNotIncluded
}
