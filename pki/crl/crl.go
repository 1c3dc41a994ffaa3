// Package crl writes and reads certificate revocation lists (RFC 5280 §5).
//
// Encode streams a list from an iterator with about one byte of memory for
// each byte of the list, so that a list of a million entries costs tens of
// megabytes. Parse walks a list once and indexes it by serial.
//
// Sizes: Parse takes lists of at most MaxSize bytes and MaxEntries entries;
// serials have at most MaxSerial bytes. Times are written to the second, UTC.
package crl

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits on lists from outside.
const (
	MaxSize       = 256 << 20
	MaxEntries    = 5_000_000
	MaxSerial     = 32
	maxExtensions = 32
)

// What can be wrong with a list.
var (
	ErrFormat      = errors.New("crl: not a well-formed list")
	ErrTooLarge    = errors.New("crl: list is larger than the limit")
	ErrEntry       = errors.New("crl: entry can't be written")
	ErrHeader      = errors.New("crl: header can't be written")
	ErrIssuer      = errors.New("crl: list is another issuer's")
	ErrSignature   = errors.New("crl: signature does not match")
	ErrUnsupported = errors.New("crl: algorithm is not supported")
	ErrCritical    = errors.New("crl: unknown critical extension")
	ErrNotYetValid = errors.New("crl: list is from the future")
	ErrStale       = errors.New("crl: list is out of date")
)

// Reason is a CRLReason (RFC 5280 §5.3.1).
type Reason int

// Reasons; 7 is not used.
const (
	Unspecified          Reason = 0
	KeyCompromise        Reason = 1
	CACompromise         Reason = 2
	AffiliationChanged   Reason = 3
	Superseded           Reason = 4
	CessationOfOperation Reason = 5
	CertificateHold      Reason = 6
	RemoveFromCRL        Reason = 8
	PrivilegeWithdrawn   Reason = 9
	AACompromise         Reason = 10
)

func (r Reason) String() string {
	names := [...]string{"unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded",
		"cessationOfOperation", "certificateHold", "", "removeFromCRL", "privilegeWithdrawn", "aACompromise"}
	if r >= 0 && int(r) < len(names) && names[r] != "" {
		return names[r]
	}
	return fmt.Sprintf("reason %d", int(r))
}

// Entry is one revoked or suspended certificate.
type Entry struct {
	Serial         []byte // unsigned, big-endian, 1 to MaxSerial bytes; leading zeros don't count
	RevokedAt      time.Time
	Reason         Reason    // Unspecified is left out of the list
	InvalidityDate time.Time // zero: left out
}

// SerialNumber is the serial as a number.
func (e Entry) SerialNumber() *big.Int { return new(big.Int).SetBytes(e.Serial) }

// Header is what a list says of itself.
type Header struct {
	RawIssuer  []byte   // DER Name, as the subject stands in the issuer's certificate
	KeyID      []byte   // the issuer's subjectKeyIdentifier
	Number     *big.Int // cRLNumber: 0 or more, at most 20 bytes
	ThisUpdate time.Time
	NextUpdate time.Time
	// DistributionPoint, when set, is written as a critical
	// issuingDistributionPoint: the list covers only certificates whose
	// cRLDistributionPoints name this URI.
	DistributionPoint string
}

var (
	oidKeyID        = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidNumber       = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidDistribution = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidExpiredOnCRL = asn1.ObjectIdentifier{2, 5, 29, 60}
)

func context(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific() }

// explicit0 is the constructed [0] that wraps extensions and names.
const explicit0 = cbasn1.Tag(0) | 0xa0
