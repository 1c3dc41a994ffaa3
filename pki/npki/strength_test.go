package npki

import (
	"crypto"
	"testing"
)

func TestStrength(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e     Encryption
		want  Strength
		words string
	}{
		{Encryption{Scheme: Unencrypted}, StrengthNone, "unencrypted"},
		{DefaultEncryption(), StrengthWeak, "SEED-CBC, PBKDF1-SHA1"},
		{Encryption{Scheme: SEED15, Iterations: MaxIterations}, StrengthWeak, "SEED-CBC, PBKDF1-SHA1"},
		{Encryption{Scheme: SEED4, Iterations: 2048}, StrengthWeak, "SEED-CBC, PBKDF1-SHA1"},
		{Encryption{Scheme: SEED11, Iterations: 2048}, StrengthWeak, "SEED-CBC, PBKDF1-HAS160"},
		{Encryption{Scheme: PBES2TripleDES, Iterations: 600_000}, StrengthWeak, "3DES-CBC, PBKDF2-SHA1"},
		{Encryption{Scheme: PBES2AES256, Iterations: 9_999}, StrengthWeak, "AES-256-CBC, PBKDF2-SHA256"},
		{Encryption{Scheme: PBES2AES256, Iterations: 10_000}, StrengthFair, "AES-256-CBC, PBKDF2-SHA256"},
		{Encryption{Scheme: PBES2AES256, Iterations: 600_000, Hash: crypto.SHA1}, StrengthFair, "AES-256-CBC, PBKDF2-SHA1"},
		{Encryption{Scheme: PBES2SEED, Iterations: 600_000, Hash: crypto.SHA256}, StrengthFair, "SEED-CBC, PBKDF2-SHA256"},
		{Encryption{Scheme: PBES2ARIA256, Iterations: 200_000, Hash: crypto.SHA512}, StrengthStrong, "ARIA-256-CBC, PBKDF2-SHA512"},
		{ModernEncryption(), StrengthStrong, "AES-256-CBC, PBKDF2-SHA256"},
		{Encryption{Scheme: 99, Iterations: 600_000}, StrengthWeak, "Scheme(99)"},
	} {
		if got := c.e.Strength(); got != c.want {
			t.Errorf("%s, %d: %s, want %s", c.e.Scheme, c.e.Iterations, got, c.want)
		}
		if got := c.e.Describe(); got != c.words {
			t.Errorf("%s: %q, want %q", c.e.Scheme, got, c.words)
		}
	}
}
