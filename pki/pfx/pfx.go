// Package pfx reads and writes PKCS#12 files (.pfx, .p12; RFC 7292) without
// losing R.
//
// How do I take somebody's certificate out of a PFX?
//
//	identities, err := pfx.Decode(file, password)
//
// and how do I write one that today's programs read?
//
//	file, err := pfx.Encode(rand.Reader, identity, password, pfx.Options{})
//
// The usual libraries hand back a bare key and drop the attributes that stand
// with it; the field keeps R there, and without R the owner can no longer
// prove who they are. Here a key is an npki.PrivateKey on both ways.
//
// Read are the encryptions that are met in the field: 3DES and RC2 of PKCS#12,
// and all that package npki reads, such as SEED and PBES2 with AES, ARIA or
// 3DES; in DER or in BER with indefinite lengths.
// Written are two forms, see Options. What a file may cost is bounded: its
// size, its parts, and all its iterations together.
package pfx

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Bounds on what is read.
const (
	// MaxSize is the size of a file in bytes.
	MaxSize = 1 << 20
	// MaxIterations bounds the iterations that a file names, all together. The
	// old encryptions derive key and IV apart, and so cost up to three times that.
	MaxIterations = npki.MaxIterations

	maxDepth = 32  // nested elements, in each layer of encoding
	maxParts = 64  // ContentInfos of a file
	maxBags  = 256 // keys and certificates of a file
	maxSalt  = 1 << 10
)

// What can be wrong with a file.
var (
	// ErrFormat says that it is no PFX, or a broken one.
	ErrFormat = errors.New("pfx: malformed file")
	// ErrTooLarge says that it has more bytes or parts than are read.
	ErrTooLarge = errors.New("pfx: file is larger than the limit")
	// ErrWrongPassword says that it does not open with the password.
	ErrWrongPassword = errors.New("pfx: wrong password")
	// ErrCorrupt says that the password is right, but the file was changed
	// after it was written.
	ErrCorrupt = errors.New("pfx: file was changed after it was written")
	// ErrUnsupported says that it uses something that is not read here: another
	// encryption, a signature instead of a password, a key that is not RSA.
	ErrUnsupported = errors.New("pfx: form that is not supported")
	// ErrIterations says that opening it would take more than MaxIterations.
	ErrIterations = errors.New("pfx: iteration count out of bounds")
	// ErrNoIdentity says that it holds no key with a certificate for it.
	ErrNoIdentity = errors.New("pfx: no key with its certificate inside")
	// ErrKeyMismatch says that a key to be written is not the certificate's.
	ErrKeyMismatch = errors.New("pfx: key is not the certificate's")
)

// Identity is a key with its certificate.
type Identity struct {
	Key         *npki.PrivateKey // with R, when it has one
	Certificate []byte           // DER
	// Chain holds certificates (DER) of those above it, as far as they are in
	// the file: its issuer's first.
	Chain [][]byte
	// Name is the label that programs show (friendlyName), often empty.
	Name string
}

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}

	oidKeyBag         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	oidShroudedKeyBag = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertBag        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
	oidSafeContents   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 6}
	oidX509           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}

	oidFriendlyName = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 20}
	oidLocalKeyID   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 21}
)

// The tags [0], primitive and constructed: no other is met.
const (
	tag0     = cbasn1.Tag(0x80)
	tag0Cons = cbasn1.Tag(0xa0)
)

// keyID is what ties a key to its certificate in a file: the certificate's
// subjectKeyIdentifier, as the field has it, or the SHA-1 of its key.
func keyID(c *x509.Certificate) []byte {
	if len(c.SubjectKeyId) > 0 {
		return c.SubjectKeyId
	}
	spki := cryptobyte.String(c.RawSubjectPublicKeyInfo)
	var seq cryptobyte.String
	var bits []byte
	if !spki.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.SkipASN1(cbasn1.SEQUENCE) || !seq.ReadASN1BitStringAsBytes(&bits) {
		return nil
	}
	sum := sha1.Sum(bits)
	return sum[:]
}

func belongs(k *npki.PrivateKey, c *x509.Certificate) bool {
	pub, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && k.Signer != nil && pub.Equal(k.Signer.Public())
}
