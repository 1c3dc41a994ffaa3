package npki

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // some files of the field are 3DES
	"encoding/asn1"

	"github.com/ingam-pki/ingam/pki/kcrypto"
)

// pbes2Cipher is a cipher that may stand in PBES2, in CBC mode.
type pbes2Cipher struct {
	scheme             Scheme
	oid                asn1.ObjectIdentifier
	name               string
	keySize, blockSize int
	modern             bool // not only there for old files
	block              func(key []byte) (cipher.Block, error)
}

// pbes2Ciphers are all that are read. The table is never written to.
var pbes2Ciphers = []pbes2Cipher{
	{PBES2SEED, OIDSEEDCBC, "SEED-CBC", kcrypto.SEEDKeySize, kcrypto.SEEDBlockSize, false, kcrypto.NewSEED},
	{PBES2AES128, OIDAES128CBC, "AES-128-CBC", 16, aes.BlockSize, true, aes.NewCipher},
	{PBES2AES192, OIDAES192CBC, "AES-192-CBC", 24, aes.BlockSize, true, aes.NewCipher},
	{PBES2AES256, OIDAES256CBC, "AES-256-CBC", 32, aes.BlockSize, true, aes.NewCipher},
	{PBES2ARIA128, OIDARIA128CBC, "ARIA-128-CBC", 16, kcrypto.ARIABlockSize, true, kcrypto.NewARIA},
	{PBES2ARIA192, OIDARIA192CBC, "ARIA-192-CBC", 24, kcrypto.ARIABlockSize, true, kcrypto.NewARIA},
	{PBES2ARIA256, OIDARIA256CBC, "ARIA-256-CBC", 32, kcrypto.ARIABlockSize, true, kcrypto.NewARIA},
	{PBES2TripleDES, OIDTripleDESCBC, "3DES-CBC", 24, des.BlockSize, false, des.NewTripleDESCipher},
}

// cipher is the scheme's cipher; false for what is not PBES2.
func (s Scheme) cipher() (pbes2Cipher, bool) {
	for _, c := range pbes2Ciphers {
		if c.scheme == s {
			return c, true
		}
	}
	return pbes2Cipher{}, false
}

// cipherOf finds the cipher of an identifier.
func cipherOf(oid asn1.ObjectIdentifier) (pbes2Cipher, bool) {
	for _, c := range pbes2Ciphers {
		if c.oid.Equal(oid) {
			return c, true
		}
	}
	return pbes2Cipher{}, false
}
