package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// MaxEncryptedVIDSize bounds an EncryptedVID, in bytes of DER.
const MaxEncryptedVIDSize = 16 << 10

// constantIDN is the identity number that the field's clients put into the
// VID of a request. It is nobody's: the CA reads R alone and computes the VID
// from the number that it has proved itself.
const constantIDN = "1234561234567"

// ErrEncryptedVID says that an EncryptedVID is malformed or does not open. It
// is the same whatever went wrong inside, so that nobody learns from it how
// the padding looked.
var ErrEncryptedVID = errors.New("npki: EncryptedVID does not open")

// EncryptedVID carries R from the customer to the CA, encrypted to the CA's
// key-management certificate (KCAC.TS.SIVID).
type EncryptedVID struct {
	HashAlg    crypto.Hash // 0 when it is not told
	Issuer     Name        // with Serial: which key-management certificate
	RawIssuer  []byte      // DER of Issuer as it came
	Serial     *big.Int
	Ciphertext []byte // RSAES-PKCS1-v1_5
}

// EncryptVID encrypts R to the CA's key-management certificate and gives the
// DER of an EncryptedVID. The identity number inside is a constant, as the
// field does it. ErrR when R has another size than RSize.
func EncryptVID(random io.Reader, km *x509.Certificate, r R) ([]byte, error) {
	pub, ok := km.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("npki: key-management certificate without an RSA key")
	}
	vid, err := NewVID(crypto.SHA256, constantIDN, r)
	if err != nil {
		return nil, err
	}
	plain, err := encryptContent(vid, r, true)
	if err != nil {
		return nil, fmt.Errorf("encoding EncryptContent: %w", err)
	}
	//nolint:staticcheck // the format knows no other padding
	ciphertext, err := rsa.EncryptPKCS1v15(random, pub, plain)
	clear(plain)
	if err != nil {
		return nil, fmt.Errorf("encrypting VID: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		// The field's clients write the version although 0 is its default.
		b.AddASN1(explicitTag(0), func(b *cryptobyte.Builder) { b.AddASN1Int64(0) })
		b.AddASN1(explicitTag(1), func(b *cryptobyte.Builder) { addAlgorithm(b, OIDSHA256, true) })
		b.AddASN1(explicitTag(2), func(b *cryptobyte.Builder) { addAlgorithm(b, OIDRSAEncryption, true) })
		b.AddASN1(explicitTag(3), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(km.RawIssuer)
				b.AddASN1BigInt(km.SerialNumber)
			})
		})
		b.AddASN1(explicitTag(4), func(b *cryptobyte.Builder) { b.AddASN1OctetString(ciphertext) })
	})
	return b.Bytes()
}

// ParseEncryptedVID reads an EncryptedVID without opening it. Errors wrap
// ErrEncryptedVID.
func ParseEncryptedVID(der []byte) (EncryptedVID, error) {
	var e EncryptedVID
	if len(der) > MaxEncryptedVIDSize {
		return e, fmt.Errorf("%w: %d bytes", ErrEncryptedVID, len(der))
	}
	in := cryptobyte.String(der)
	var seq, version, hashAlg, encAlg, certID, tagged, ciphertext cryptobyte.String
	var hasVersion, hasHash bool
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() ||
		!seq.ReadOptionalASN1(&version, &hasVersion, explicitTag(0)) ||
		!seq.ReadOptionalASN1(&hashAlg, &hasHash, explicitTag(1)) ||
		!seq.ReadASN1(&encAlg, explicitTag(2)) ||
		!seq.ReadASN1(&certID, explicitTag(3)) ||
		!seq.ReadASN1(&tagged, explicitTag(4)) || !seq.Empty() ||
		!tagged.ReadASN1(&ciphertext, cbasn1.OCTET_STRING) || !tagged.Empty() {
		return e, fmt.Errorf("%w: structure", ErrEncryptedVID)
	}
	var v int
	if hasVersion && (!version.ReadASN1Integer(&v) || v != 0 || !version.Empty()) {
		return e, fmt.Errorf("%w: version", ErrEncryptedVID)
	}
	if hasHash {
		oid, params, ok := readAlgorithm(&hashAlg)
		if e.HashAlg = hashOf(oid); !ok || e.HashAlg == 0 || !isNullOrAbsent(params) || !hashAlg.Empty() {
			return EncryptedVID{}, fmt.Errorf("%w: hash algorithm", ErrEncryptedVID)
		}
	}
	oid, params, ok := readAlgorithm(&encAlg)
	if !ok || !oid.Equal(OIDRSAEncryption) || !isNullOrAbsent(params) || !encAlg.Empty() {
		return EncryptedVID{}, fmt.Errorf("%w: encryption algorithm", ErrEncryptedVID)
	}
	if !e.readCertID(certID) {
		return EncryptedVID{}, fmt.Errorf("%w: certificate", ErrEncryptedVID)
	}
	e.Ciphertext = bytes.Clone(ciphertext)
	return e, nil
}

func (e *EncryptedVID) readCertID(tagged cryptobyte.String) bool {
	var seq, issuer cryptobyte.String
	e.Serial = new(big.Int)
	if !tagged.ReadASN1(&seq, cbasn1.SEQUENCE) || !tagged.Empty() ||
		!seq.ReadASN1Element(&issuer, cbasn1.SEQUENCE) || !seq.ReadASN1Integer(e.Serial) || !seq.Empty() {
		return false
	}
	name, err := ParseName(issuer)
	e.Issuer, e.RawIssuer = name, bytes.Clone(issuer)
	return err == nil
}

// IsFor says whether the EncryptedVID names this certificate as the one whose
// key opens it.
func (e EncryptedVID) IsFor(km *x509.Certificate) bool {
	return bytes.Equal(e.RawIssuer, km.RawIssuer) && e.Serial != nil && e.Serial.Cmp(km.SerialNumber) == 0
}

// Open decrypts with the key of the key-management certificate and gives R.
// The VID inside is only checked to be one: it belongs to a constant number.
//
// All that can go wrong is ErrEncryptedVID and nothing more, and takes the
// same time: a caller who could tell bad padding from bad content would have
// Bleichenbacher's oracle. So the key is asked for a content of a known
// length, which gives random bytes when the padding is wrong (RFC 5246
// section 7.4.7.1).
func (e EncryptedVID) Open(key crypto.Decrypter) (R, error) {
	hashes := []crypto.Hash{e.HashAlg}
	if e.HashAlg == 0 {
		hashes = []crypto.Hash{crypto.SHA256, crypto.SHA1}
	}
	for _, hash := range hashes {
		for _, null := range []bool{true, false} {
			size, err := encryptContentSize(hash, null)
			if err != nil {
				return nil, ErrEncryptedVID
			}
			//nolint:staticcheck // the format knows no other padding
			plain, err := key.Decrypt(rand.Reader, e.Ciphertext, &rsa.PKCS1v15DecryptOptions{SessionKeyLen: size})
			if err != nil {
				return nil, ErrEncryptedVID // the size of the ciphertext is wrong
			}
			r, err := readEncryptContent(plain, hash)
			clear(plain)
			if err == nil {
				return r, nil
			}
		}
	}
	return nil, ErrEncryptedVID
}

// encryptContent writes EncryptContent ::= SEQUENCE { vid VID, randomNum
// BIT STRING }.
func encryptContent(vid VID, r R, null bool) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		vid.add(b, null)
		b.AddASN1BitString(r)
	})
	return b.Bytes()
}

func encryptContentSize(hash crypto.Hash, null bool) (int, error) {
	if _, ok := hashOID(hash); !ok {
		return 0, ErrHash
	}
	content, err := encryptContent(VID{Hash: hash, Value: make([]byte, hash.Size())}, make(R, RSize), null)
	return len(content), err
}

func readEncryptContent(plain []byte, hash crypto.Hash) (R, error) {
	in := cryptobyte.String(plain)
	var seq cryptobyte.String
	var r []byte
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return nil, ErrEncryptedVID
	}
	vid, err := readVID(&seq)
	if err != nil || vid.Hash != hash ||
		!seq.ReadASN1BitStringAsBytes(&r) || !seq.Empty() || len(r) != RSize {
		return nil, ErrEncryptedVID
	}
	return bytes.Clone(r), nil
}
