package npki

import (
	"crypto"
	"crypto/rand"
	"testing"
)

func BenchmarkNewVID(b *testing.B) {
	r := sharedR()
	for b.Loop() {
		if _, err := NewVID(crypto.SHA256, checkIDN, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkName(b *testing.B) {
	n := sampleName()
	der, err := n.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Marshal", func(b *testing.B) {
		for b.Loop() {
			if _, err := n.Marshal(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ParseName", func(b *testing.B) {
		for b.Loop() {
			if _, err := ParseName(der); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecryptKey(b *testing.B) {
	for _, e := range []Encryption{DefaultEncryption(), {Scheme: SEED11, Iterations: 2048}, {Scheme: PBES2SEED, Iterations: 2048}, {Scheme: PBES2ARIA256, Iterations: 2048}, ModernEncryption()} {
		file := sealed(b, keyWithAll(b), []byte("p"), e)
		b.Run(e.Scheme.String(), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := DecryptKey(file, []byte("p")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpenEncryptedVID(b *testing.B) {
	der, err := EncryptVID(rand.Reader, kmCertificate(), sharedR())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e, err := ParseEncryptedVID(der)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := e.Open(sharedKey()); err != nil {
			b.Fatal(err)
		}
	}
}
