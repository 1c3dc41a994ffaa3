package cms_test

import (
	"testing"

	"github.com/ingam-pki/ingam/pki/cms"
)

// FuzzParse: no message makes the parser or the check panic, and only what
// was signed by someone verifies.
func FuzzParse(f *testing.F) {
	f.Add(mustSign(f, texts["text"], cms.SignOptions{}))
	f.Add(mustSign(f, texts["text"], cms.SignOptions{Detached: true}))
	f.Add(mustSign(f, texts["text"], attributed))
	f.Add([]byte{0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 0x80, 0x30, 0x80, 2, 1, 1, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, message []byte) {
		sd, err := cms.Parse(message)
		if err != nil {
			return
		}
		signers, err := sd.Verify(nil)
		if err == nil && len(signers) == 0 {
			t.Fatal("verified without a signer")
		}
		if _, attached := sd.Content(); !attached {
			if _, err := sd.Verify([]byte("x")); err == nil {
				t.Fatal("nobody signed this")
			}
		}
	})
}
