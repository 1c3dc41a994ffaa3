package cps

import (
	"errors"
	"math/big"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyFactors wants a modulus that is odd and has no small factor: what has one
// did not come from a sound generator.
func keyFactors(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-key-factors", Citation: "CPS 6.1; NIST SP 800-89 5.3.3", Effective: policy.Effective, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.RSA != nil },
		Check: func(c *lint.Certificate) error {
			modulus := new(big.Int).SetBytes(c.RSA.Modulus)
			if new(big.Int).GCD(nil, nil, modulus, smallPrimes).Cmp(big.NewInt(1)) != 0 {
				return errors.New("the modulus has a factor below 752")
			}
			return nil
		},
	}
}

// smallPrimes is the product of the primes below 752: one gcd finds them all.
var smallPrimes = primorial(752)

func primorial(limit int64) *big.Int {
	product := big.NewInt(1)
	for n := int64(2); n < limit; n++ {
		if p := big.NewInt(n); p.ProbablyPrime(0) { // exact for small numbers
			product.Mul(product, p)
		}
	}
	return product
}
