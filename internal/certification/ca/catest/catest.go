// Package catest makes authorities for tests, fault tests and benchmarks: a
// ceremony with short keys, all lint rules, and requests of persons who don't
// exist. Nothing of it belongs into the service.
package catest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/lint/cps"
	"github.com/ingam-pki/ingam/pki/lint/kisa"
	"github.com/ingam-pki/ingam/pki/lint/rfc5280"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// Addresses that stand in what is issued. Nobody asks there.
const (
	CRLURL  = "http://127.0.0.1:8600/crl/issuing.crl"
	OCSPURL = "http://127.0.0.1:8600/ocsp"
	CAURL   = "http://127.0.0.1:8600/ca/issuing.cer"
	rootCRL = "http://127.0.0.1:8600/crl/root.crl"
	rootURL = "http://127.0.0.1:8600/ca/root.cer"
)

// Rules are all lint rules that the service uses.
func Rules() []lint.Rule {
	return slices.Concat(rfc5280.Rules(), kisa.Rules(), cps.Rules(cps.Policy{Arc: profile.DefaultArc}))
}

// Ceremony makes an authority. bits is the issuing key's size, the others have
// 2048.
func Ceremony(bits int, now func() time.Time) (*ca.Ceremony, error) {
	return ca.Init(ca.InitConfig{
		CAName: "ingam", Profiles: profile.Set(profile.DefaultArc), Lint: Rules(),
		RootCRLURL: rootCRL, RootURL: rootURL, CRLURL: CRLURL, CAURL: CAURL,
		RootBits: 2048, IssuingBits: bits, KMBits: 2048, OCSPBits: 2048, Now: now,
	})
}

// Config is what an Authority of a ceremony is made of.
func Config(made *ca.Ceremony, now func() time.Time) ca.Config {
	return ca.Config{
		Root: made.Root, Issuer: made.Issuing, Signer: made.IssuingKey, KM: made.KM, KMKey: made.KMKey,
		Profiles: profile.Set(profile.DefaultArc), Lint: Rules(),
		BankName: "INGAM", BankCode: "0099", Branch: "041",
		CRLURL: CRLURL, OCSPURL: OCSPURL, CAURL: CAURL, Now: now,
	}
}

// Request is a complete request of subscriber n. The public key is a number
// that looks like a modulus: the authority relies on registration for proof of
// possession, and real keys would take a tenth of a second each.
func Request(random io.Reader, n string) (ca.Request, error) {
	spki, err := PublicKey(random)
	if err != nil {
		return ca.Request{}, err
	}
	digest := sha256.Sum256([]byte("virtual id of " + n))
	return ca.Request{
		ApplicationID: "application-" + n, SubscriberID: "subscriber-" + n, Kind: npki.PersonalBank,
		RealName: "홍길동", VID: npki.VID{Hash: crypto.SHA256, Value: digest[:]}, PublicKey: spki,
	}, nil
}

// PublicKey gives the SubjectPublicKeyInfo of a random odd number of 2048 bits
// without small factors.
func PublicKey(random io.Reader) ([]byte, error) {
	var b [256]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return nil, fmt.Errorf("drawing a modulus: %w", err)
		}
		b[0] |= 0xc0
		b[len(b)-1] |= 1
		n := new(big.Int).SetBytes(b[:])
		if new(big.Int).GCD(nil, nil, n, smallPrimes).Cmp(big.NewInt(1)) == 0 {
			return x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: n, E: 65537})
		}
	}
}

// smallPrimes is the product of the odd primes below 752, which the practice
// statement's rules look for.
var smallPrimes = func() *big.Int {
	product := big.NewInt(1)
	for n := int64(3); n < 752; n++ {
		if p := big.NewInt(n); p.ProbablyPrime(0) {
			product.Mul(product, p)
		}
	}
	return product
}()
