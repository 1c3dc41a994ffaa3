package lint

import "slices"

// Class is what a certificate is for, as its extensions say it.
type Class int

// The classes.
const (
	Subscriber Class = iota + 1 // whatever none of the others is
	Root                        // self-issued CA
	CA                          // any other CA
	Signer                      // OCSP or time-stamp signer: says so in extKeyUsage
	KeyManagement
)

// Class classifies a certificate. KeyManagement is one whose key may encipher
// keys and sign nothing.
func (c *Certificate) Class() Class {
	switch {
	case c.BasicConstraints != nil && c.BasicConstraints.CA && c.SelfIssued():
		return Root
	case c.BasicConstraints != nil && c.BasicConstraints.CA:
		return CA
	case slices.ContainsFunc(c.ExtKeyUsage, UseOCSPSigning.Equal), slices.ContainsFunc(c.ExtKeyUsage, UseTimeStamping.Equal):
		return Signer
	case c.KeyUsage != nil && c.KeyUsage.Has(KeyEncipherment) && !c.KeyUsage.Has(DigitalSignature) && !c.KeyUsage.Has(NonRepudiation):
		return KeyManagement
	}
	return Subscriber
}

// Is makes an Applies of classes: of this class or that one.
func Is(classes ...Class) func(*Certificate) bool {
	return func(c *Certificate) bool { return slices.Contains(classes, c.Class()) }
}

// IsNot makes an Applies of classes: of none of these.
func IsNot(classes ...Class) func(*Certificate) bool {
	return func(c *Certificate) bool { return !slices.Contains(classes, c.Class()) }
}

// All makes an Applies of several: all of them must say yes.
func All(applies ...func(*Certificate) bool) func(*Certificate) bool {
	return func(c *Certificate) bool {
		return !slices.ContainsFunc(applies, func(f func(*Certificate) bool) bool { return !f(c) })
	}
}
