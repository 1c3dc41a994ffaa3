package npki

import "crypto"

// Strength is how well a key file withstands one who has it and guesses.
type Strength string

// The strengths, from none to that of today.
const (
	StrengthNone   Strength = "none"   // not encrypted
	StrengthWeak   Strength = "weak"   // thousands of guesses a second and more: PBKDF1, few iterations, 3DES
	StrengthFair   Strength = "fair"   // slower, but under today's measure
	StrengthStrong Strength = "strong" // what ModernEncryption is measured by
)

// weakIterations is what any form has to reach not to be weak.
const weakIterations = 10_000

// Strength rates the form: by the derivation, its iterations and the cipher.
// The password counts for more than all of them.
func (e Encryption) Strength() Strength {
	switch {
	case e.Scheme == Unencrypted:
		return StrengthNone
	case !e.Scheme.pbes2(), e.Scheme == PBES2TripleDES, e.Iterations < weakIterations:
		return StrengthWeak
	case e.Legacy():
		return StrengthFair
	}
	return StrengthStrong
}

// Describe names cipher and derivation in the words of the field, such as
// "SEED-CBC, PBKDF1-SHA1".
func (e Encryption) Describe() string {
	switch e.Scheme {
	case Unencrypted:
		return e.Scheme.String()
	case SEED15, SEED4:
		return "SEED-CBC, PBKDF1-SHA1"
	case SEED11:
		return "SEED-CBC, PBKDF1-HAS160"
	default:
		c, ok := e.Scheme.cipher()
		prf, known := prfNames[e.hash()]
		if !ok || !known {
			return e.Scheme.String()
		}
		return c.name + ", PBKDF2-" + prf
	}
}

var prfNames = map[crypto.Hash]string{
	crypto.SHA1: "SHA1", crypto.SHA224: "SHA224", crypto.SHA256: "SHA256", crypto.SHA384: "SHA384", crypto.SHA512: "SHA512",
}
