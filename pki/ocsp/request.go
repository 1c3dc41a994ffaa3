package ocsp

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Request asks for the status of 1 to MaxIDs certificates. Nonce is nil when
// the client sent none.
type Request struct {
	IDs   []CertID
	Nonce []byte
}

// CreateRequest encodes an unsigned request. A nil nonce leaves it out;
// otherwise 1 to MaxNonce bytes (RFC 9654 wants 32 from a new client).
func CreateRequest(ids []CertID, nonce []byte) ([]byte, error) {
	if len(ids) == 0 || len(ids) > MaxIDs {
		return nil, fmt.Errorf("%w: %d", ErrTooMany, len(ids))
	}
	if nonce != nil && (len(nonce) == 0 || len(nonce) > MaxNonce) {
		return nil, ErrNonceLength
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, id := range ids {
					b.AddASN1(cbasn1.SEQUENCE, id.add)
				}
			})
			if nonce != nil {
				b.AddASN1(contextCons(2), func(b *cryptobyte.Builder) { addNonce(b, nonce) })
			}
		})
	})
	return b.Bytes()
}

func addNonce(b *cryptobyte.Builder, nonce []byte) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidNonce)
			b.AddASN1(cbasn1.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1OctetString(nonce) })
		})
	})
}

// ParseRequest reads a request. A signature on it is accepted and not
// checked: answers are public. Errors other than ErrTooLarge and ErrTooMany
// deserve the answer MalformedRequest, and those two as well.
func ParseRequest(der []byte) (*Request, error) {
	if len(der) > MaxRequestSize {
		return nil, ErrTooLarge
	}
	s := cryptobyte.String(der)
	var outer, tbs, list cryptobyte.String
	if !s.ReadASN1(&outer, cbasn1.SEQUENCE) || !s.Empty() || !outer.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("%w: OCSPRequest", ErrFormat)
	}
	if !outer.SkipOptionalASN1(contextCons(0)) || !outer.Empty() {
		return nil, fmt.Errorf("%w: optionalSignature", ErrFormat)
	}
	if err := readVersion(&tbs); err != nil {
		return nil, err
	}
	if !tbs.SkipOptionalASN1(contextCons(1)) || !tbs.ReadASN1(&list, cbasn1.SEQUENCE) || list.Empty() {
		return nil, fmt.Errorf("%w: TBSRequest", ErrFormat)
	}
	req := new(Request)
	for !list.Empty() {
		if len(req.IDs) == MaxIDs {
			return nil, ErrTooMany
		}
		id, err := readSingleRequest(&list)
		if err != nil {
			return nil, err
		}
		req.IDs = append(req.IDs, id)
	}
	nonce, err := readNonceExtensions(&tbs, 2)
	if err != nil {
		return nil, err
	}
	if !tbs.Empty() {
		return nil, fmt.Errorf("%w: TBSRequest", ErrFormat)
	}
	req.Nonce = nonce
	return req, nil
}

func readSingleRequest(list *cryptobyte.String) (CertID, error) {
	var single cryptobyte.String
	if !list.ReadASN1(&single, cbasn1.SEQUENCE) {
		return CertID{}, fmt.Errorf("%w: Request", ErrFormat)
	}
	id, err := readCertID(&single)
	if err != nil {
		return CertID{}, err
	}
	// serviceLocator and the like are for relays: unknown to us.
	if err := readExtensions(&single, 0, nil); err != nil {
		return CertID{}, err
	}
	if !single.Empty() {
		return CertID{}, fmt.Errorf("%w: Request", ErrFormat)
	}
	return id, nil
}

// readVersion takes the optional [0] version; only v1 (0) exists.
func readVersion(s *cryptobyte.String) error {
	var explicit cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&explicit, &present, contextCons(0)) {
		return fmt.Errorf("%w: version", ErrFormat)
	}
	if !present {
		return nil
	}
	var version int
	if !explicit.ReadASN1Integer(&version) || !explicit.Empty() || version != 0 {
		return fmt.Errorf("%w: version", ErrFormat)
	}
	return nil
}

// readNonceExtensions walks a request's or response's own extensions and gives
// the nonce, nil when there is none.
func readNonceExtensions(s *cryptobyte.String, tag uint8) ([]byte, error) {
	var nonce []byte
	err := readExtensions(s, tag, func(oid string, value cryptobyte.String) (bool, error) {
		switch oid {
		case oidNonce.String():
			var inner cryptobyte.String
			if !value.ReadASN1(&inner, cbasn1.OCTET_STRING) || !value.Empty() {
				return true, fmt.Errorf("%w: nonce", ErrFormat)
			}
			if len(inner) == 0 || len(inner) > MaxNonce {
				return true, ErrNonceLength
			}
			if nonce != nil {
				return true, fmt.Errorf("%w: two nonces", ErrFormat)
			}
			nonce = inner
			return true, nil
		case oidAcceptable.String():
			return true, nil // we answer with the basic type, which all must accept
		}
		return false, nil
	})
	return nonce, err
}

// readExtensions walks optional explicitly tagged Extensions. known says
// whether it took an extension; one it did not take must not be critical.
func readExtensions(s *cryptobyte.String, tag uint8, known func(oid string, value cryptobyte.String) (bool, error)) error {
	var explicit, list cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&explicit, &present, contextCons(tag)) {
		return fmt.Errorf("%w: extensions", ErrFormat)
	}
	if !present {
		return nil
	}
	if !explicit.ReadASN1(&list, cbasn1.SEQUENCE) || !explicit.Empty() {
		return fmt.Errorf("%w: extensions", ErrFormat)
	}
	for n := 0; !list.Empty(); n++ {
		if n == maxExtensions {
			return fmt.Errorf("%w: too many extensions", ErrFormat)
		}
		oid, critical, value, ok := readExtension(&list)
		if !ok {
			return fmt.Errorf("%w: extension", ErrFormat)
		}
		taken := false
		if known != nil {
			var err error
			if taken, err = known(oid, value); err != nil {
				return err
			}
		}
		if critical && !taken {
			return fmt.Errorf("%w: %s", ErrCritical, oid)
		}
	}
	return nil
}
