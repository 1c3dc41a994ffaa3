package pfx

import (
	"crypto"
	"crypto/hmac"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Decode opens a PFX. Password is UTF-8 as a person types it; what is not
// ASCII is tried in all the ways that programs have written it, and costs so
// much more.
//
// The MAC is checked before anything is given back; a file without one, or
// with a signature instead, is ErrUnsupported. A key whose certificate is not
// in the file is passed over, as is a key that is not RSA, unless nothing is
// left then: ErrNoIdentity, ErrUnsupported. The other errors are those of this
// package, too.
func Decode(file, password []byte) ([]Identity, error) {
	return decode(file, password, MaxIterations)
}

func decode(file, password []byte, iterations int) ([]Identity, error) {
	der, err := toDER(file)
	if err != nil {
		return nil, err
	}
	content, seal, err := readPFX(der)
	if err != nil {
		return nil, err
	}
	forms, done := passwords(password)
	defer done()
	for _, p := range forms {
		var out []Identity
		o := &opener{password: p.raw, bmp: p.bmp, left: iterations}
		if out, err = o.identities(content, seal); !errors.Is(err, ErrWrongPassword) {
			return out, err
		}
	}
	return nil, err
}

// identities opens the whole file with one form of the password.
func (o *opener) identities(content []byte, seal seal) ([]Identity, error) {
	right, err := seal.check(o, content)
	if err != nil {
		return nil, err
	}
	bags, err := o.authenticatedSafe(content)
	if !right {
		// What comes of a content that nobody vouches for is used for one
		// thing: to tell a wrong password from a file that was changed.
		bags.wipe()
		switch {
		case errors.Is(err, ErrIterations):
			return nil, err
		case o.opened:
			return nil, ErrCorrupt
		}
		return nil, ErrWrongPassword
	}
	if err != nil {
		bags.wipe()
		return nil, err
	}
	return bags.identities()
}

// seal is the MacData of a file.
type seal struct {
	hash       crypto.Hash
	digest     []byte
	salt       []byte
	iterations int
}

// readPFX reads PFX ::= SEQUENCE { version, authSafe ContentInfo, macData }.
// Content is what the MAC is over.
func readPFX(der []byte) (content []byte, m seal, err error) {
	in := cryptobyte.String(der)
	var seq, macData cryptobyte.String
	var version int
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1Integer(&version) {
		return nil, m, ErrFormat
	}
	if version != 3 {
		return nil, m, fmt.Errorf("%w: version %d", ErrUnsupported, version)
	}
	kind, explicit, err := readContentInfo(&seq)
	if err != nil {
		return nil, m, err
	}
	if !kind.Equal(oidData) {
		return nil, m, fmt.Errorf("%w: content type %s", ErrUnsupported, kind)
	}
	var octets cryptobyte.String
	if !explicit.ReadASN1(&octets, cbasn1.OCTET_STRING) || !explicit.Empty() {
		return nil, m, fmt.Errorf("%w: content", ErrFormat)
	}
	if seq.Empty() {
		return nil, m, fmt.Errorf("%w: no MAC", ErrUnsupported)
	}
	if !seq.ReadASN1(&macData, cbasn1.SEQUENCE) || !seq.Empty() {
		return nil, m, fmt.Errorf("%w: MAC", ErrFormat)
	}
	m, err = readMAC(macData)
	return octets, m, err
}

// readMAC reads MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING,
// iterations INTEGER DEFAULT 1 }.
func readMAC(s cryptobyte.String) (m seal, err error) {
	var info, algorithm, digest, salt cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !s.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1(&algorithm, cbasn1.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&oid) || !info.ReadASN1(&digest, cbasn1.OCTET_STRING) || !info.Empty() ||
		!s.ReadASN1(&salt, cbasn1.OCTET_STRING) || len(salt) > maxSalt {
		return m, fmt.Errorf("%w: MAC", ErrFormat)
	}
	m = seal{hash: hashOf(oid), digest: digest, salt: salt, iterations: 1}
	if m.hash == 0 {
		return m, fmt.Errorf("%w: MAC %s", ErrUnsupported, oid)
	}
	if !s.Empty() {
		if m.iterations, err = readIterations(&s); err != nil {
			return m, err
		}
	}
	if !s.Empty() {
		return m, fmt.Errorf("%w: MAC", ErrFormat)
	}
	return m, nil
}

// check says whether the MAC is right. An empty password is written in two
// ways: with the ending zero, and as nothing at all.
func (m seal) check(o *opener, content []byte) (bool, error) {
	if err := o.spend(m.iterations); err != nil {
		return false, err
	}
	if hmac.Equal(m.digest, mac(m.hash, o.bmp, m.salt, m.iterations, content)) {
		return true, nil
	}
	if len(o.password) > 0 {
		return false, nil
	}
	if err := o.spend(m.iterations); err != nil {
		return false, err
	}
	if hmac.Equal(m.digest, mac(m.hash, nil, m.salt, m.iterations, content)) {
		o.bmp = nil
		return true, nil
	}
	return false, nil
}

// readContentInfo reads SEQUENCE { contentType, content [0] EXPLICIT }.
func readContentInfo(s *cryptobyte.String) (kind asn1.ObjectIdentifier, explicit cryptobyte.String, err error) {
	var info cryptobyte.String
	if !s.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1ObjectIdentifier(&kind) {
		return nil, nil, fmt.Errorf("%w: ContentInfo", ErrFormat)
	}
	if !info.ReadASN1(&explicit, tag0Cons) || !info.Empty() {
		return nil, nil, fmt.Errorf("%w: content of a ContentInfo", ErrFormat)
	}
	return kind, explicit, nil
}

// authenticatedSafe reads SEQUENCE OF ContentInfo and opens each. What was
// read before an error comes back with it, so that keys can be wiped.
func (o *opener) authenticatedSafe(content []byte) (*bags, error) {
	found := &bags{}
	der, err := toDER(content)
	if err != nil {
		return found, err
	}
	in := cryptobyte.String(der)
	var safes cryptobyte.String
	if !in.ReadASN1(&safes, cbasn1.SEQUENCE) || !in.Empty() {
		return found, fmt.Errorf("%w: AuthenticatedSafe", ErrFormat)
	}
	for n := 0; !safes.Empty(); n++ {
		if n == maxParts {
			return found, fmt.Errorf("%w: parts", ErrTooLarge)
		}
		kind, explicit, err := readContentInfo(&safes)
		if err != nil {
			return found, err
		}
		if err := o.safe(found, kind, explicit); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (o *opener) safe(found *bags, kind asn1.ObjectIdentifier, explicit cryptobyte.String) error {
	switch {
	case kind.Equal(oidData):
		var octets cryptobyte.String
		if !explicit.ReadASN1(&octets, cbasn1.OCTET_STRING) || !explicit.Empty() {
			return fmt.Errorf("%w: SafeContents", ErrFormat)
		}
		der, err := toDER(octets)
		if err != nil {
			return err
		}
		return o.safeContents(found, der, 0)
	case kind.Equal(oidEncryptedData):
		algorithm, ciphertext, err := readEncryptedData(explicit)
		if err != nil {
			return err
		}
		plain, err := o.open(algorithm, ciphertext)
		if err != nil {
			return err
		}
		defer clear(plain)
		return o.safeContents(found, plain, 0)
	}
	return fmt.Errorf("%w: content type %s", ErrUnsupported, kind)
}

// readEncryptedData reads EncryptedData ::= SEQUENCE { version,
// EncryptedContentInfo { contentType, algorithm, [0] IMPLICIT OCTET STRING } };
// BER may have cut the last into pieces.
func readEncryptedData(s cryptobyte.String) (algorithm, ciphertext []byte, err error) {
	var seq, info, element, octets cryptobyte.String
	var version int
	var kind asn1.ObjectIdentifier
	if !s.ReadASN1(&seq, cbasn1.SEQUENCE) || !s.Empty() || !seq.ReadASN1Integer(&version) || version != 0 ||
		!seq.ReadASN1(&info, cbasn1.SEQUENCE) || !seq.Empty() || !info.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(oidData) ||
		!info.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return nil, nil, fmt.Errorf("%w: EncryptedData", ErrFormat)
	}
	if info.PeekASN1Tag(tag0) {
		if !info.ReadASN1(&octets, tag0) || !info.Empty() {
			return nil, nil, fmt.Errorf("%w: encrypted content", ErrFormat)
		}
		return element, octets, nil
	}
	var pieces cryptobyte.String
	if !info.ReadASN1(&pieces, tag0Cons) || !info.Empty() {
		return nil, nil, fmt.Errorf("%w: encrypted content", ErrFormat)
	}
	for !pieces.Empty() {
		if !pieces.ReadASN1(&octets, cbasn1.OCTET_STRING) {
			return nil, nil, fmt.Errorf("%w: encrypted content", ErrFormat)
		}
		ciphertext = append(ciphertext, octets...)
	}
	return element, ciphertext, nil
}
