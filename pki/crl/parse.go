package crl

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// List is a parsed list. It keeps the bytes it was parsed from: don't change
// them. It is safe for use by several goroutines.
type List struct {
	RawIssuer  []byte
	KeyID      []byte   // nil when the list has no authorityKeyIdentifier
	Number     *big.Int // nil when the list has no cRLNumber
	ThisUpdate time.Time
	NextUpdate time.Time // zero when the list has none
	// Distribution is the issuingDistributionPoint, nil when the list covers
	// everything its issuer issued.
	Distribution *Distribution
	// KeepsExpired is since when expired certificates stay on the list
	// (expiredCertsOnCRL, X.509); zero when they may have been dropped.
	KeepsExpired time.Time
	// Critical names critical extensions of the list or of an entry that this
	// package does not know. Such a list can't be relied on.
	Critical []asn1.ObjectIdentifier

	tbs       []byte
	algorithm sigalg.Algorithm
	signature []byte

	entries []byte
	count   int
	seed    maphash.Seed
	slots   []uint32 // offset+1 into entries, by hash of serial, linear probing
}

// Distribution limits what a list covers (RFC 5280 §5.2.5).
type Distribution struct {
	Names          [][]byte // GeneralName elements of distributionPoint.fullName
	OnlyUsers      bool
	OnlyCAs        bool
	OnlyAttributes bool
	SomeReasons    bool
	Indirect       bool
	RelativeName   bool
}

// Len is the number of entries.
func (l *List) Len() int { return l.count }

// Parse reads a list without judging it: CheckSignature and CheckTime do.
func Parse(der []byte) (*List, error) {
	if len(der) > MaxSize {
		return nil, ErrTooLarge
	}
	s := cryptobyte.String(der)
	var outer, element, tbs cryptobyte.String
	l := new(List)
	var ok bool
	if !s.ReadASN1(&outer, cbasn1.SEQUENCE) || !s.Empty() || !outer.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("%w: CertificateList", ErrFormat)
	}
	l.tbs = element
	if l.algorithm, ok = sigalg.Read(&outer); !ok || !outer.ReadASN1BitStringAsBytes(&l.signature) || !outer.Empty() {
		return nil, fmt.Errorf("%w: signature", ErrFormat)
	}
	if !element.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("%w: TBSCertList", ErrFormat)
	}
	if err := l.parseHead(&tbs); err != nil {
		return nil, err
	}
	var list cryptobyte.String
	var present bool
	if !tbs.ReadOptionalASN1(&list, &present, cbasn1.SEQUENCE) {
		return nil, fmt.Errorf("%w: revokedCertificates", ErrFormat)
	}
	l.entries = list
	if err := l.parseExtensions(&tbs); err != nil {
		return nil, err
	}
	if !tbs.Empty() {
		return nil, fmt.Errorf("%w: TBSCertList", ErrFormat)
	}
	return l, l.index()
}

func (l *List) parseHead(tbs *cryptobyte.String) error {
	version := 0
	if tbs.PeekASN1Tag(cbasn1.INTEGER) && (!tbs.ReadASN1Integer(&version) || version != 1) {
		return fmt.Errorf("%w: version", ErrFormat)
	}
	inner, ok := sigalg.Read(tbs)
	if !ok || !inner.OID.Equal(l.algorithm.OID) || !bytes.Equal(inner.Parameters, l.algorithm.Parameters) {
		return fmt.Errorf("%w: inner and outer signature algorithm differ", ErrFormat)
	}
	var issuer cryptobyte.String
	if !tbs.ReadASN1Element(&issuer, cbasn1.SEQUENCE) {
		return fmt.Errorf("%w: issuer", ErrFormat)
	}
	l.RawIssuer = issuer
	if l.ThisUpdate, ok = readTime(tbs); !ok {
		return fmt.Errorf("%w: thisUpdate", ErrFormat)
	}
	if tbs.PeekASN1Tag(cbasn1.UTCTime) || tbs.PeekASN1Tag(cbasn1.GeneralizedTime) {
		if l.NextUpdate, ok = readTime(tbs); !ok {
			return fmt.Errorf("%w: nextUpdate", ErrFormat)
		}
	}
	return nil
}

func (l *List) parseExtensions(tbs *cryptobyte.String) error {
	var explicit, list cryptobyte.String
	var present bool
	if !tbs.ReadOptionalASN1(&explicit, &present, explicit0) {
		return fmt.Errorf("%w: crlExtensions", ErrFormat)
	}
	if !present {
		return nil
	}
	if !explicit.ReadASN1(&list, cbasn1.SEQUENCE) || !explicit.Empty() {
		return fmt.Errorf("%w: crlExtensions", ErrFormat)
	}
	for n := 0; !list.Empty(); n++ {
		oid, critical, value, ok := readExtension(&list)
		if !ok || n == maxExtensions {
			return fmt.Errorf("%w: crlExtensions", ErrFormat)
		}
		known, ok := l.parseExtension(oid, value)
		if !ok {
			return fmt.Errorf("%w: extension %s", ErrFormat, oid)
		}
		if !known && critical {
			l.Critical = append(l.Critical, oid)
		}
	}
	return nil
}

func (l *List) parseExtension(oid asn1.ObjectIdentifier, value cryptobyte.String) (known, ok bool) {
	switch {
	case oid.Equal(oidKeyID):
		var seq, id cryptobyte.String
		var present bool
		if !value.ReadASN1(&seq, cbasn1.SEQUENCE) || !value.Empty() || !seq.ReadOptionalASN1(&id, &present, context(0)) {
			return true, false
		}
		if present {
			l.KeyID = id
		}
		return true, true
	case oid.Equal(oidNumber):
		l.Number = new(big.Int)
		return true, len(value) <= 64 && value.ReadASN1Integer(l.Number) && value.Empty()
	case oid.Equal(oidDistribution):
		l.Distribution = new(Distribution)
		return true, l.Distribution.parse(value)
	case oid.Equal(oidExpiredOnCRL):
		return true, value.ReadASN1GeneralizedTime(&l.KeepsExpired) && value.Empty()
	}
	return false, true
}

func (d *Distribution) parse(value cryptobyte.String) bool {
	var seq cryptobyte.String
	if !value.ReadASN1(&seq, cbasn1.SEQUENCE) || !value.Empty() {
		return false
	}
	for !seq.Empty() {
		var body cryptobyte.String
		var tag cbasn1.Tag
		if !seq.ReadAnyASN1(&body, &tag) {
			return false
		}
		truth := len(body) == 1 && body[0] == 0xff
		switch tag {
		case explicit0:
			if !d.parseName(body) {
				return false
			}
		case context(1):
			d.OnlyUsers = truth
		case context(2):
			d.OnlyCAs = truth
		case context(3):
			d.SomeReasons = true
		case context(4):
			d.Indirect = truth
		case context(5):
			d.OnlyAttributes = truth
		default:
			return false
		}
	}
	return true
}

func (d *Distribution) parseName(point cryptobyte.String) bool {
	var names cryptobyte.String
	var tag cbasn1.Tag
	if !point.ReadAnyASN1(&names, &tag) || !point.Empty() {
		return false
	}
	if tag != explicit0 {
		d.RelativeName = true
		return true
	}
	for !names.Empty() {
		var name cryptobyte.String
		if len(d.Names) == maxExtensions || !names.ReadAnyASN1Element(&name, &tag) {
			return false
		}
		d.Names = append(d.Names, name)
	}
	return true
}

// index walks all entries once, checks each, and builds the table by serial.
func (l *List) index() error {
	s := cryptobyte.String(l.entries)
	for ; !s.Empty(); l.count++ {
		if l.count == MaxEntries {
			return fmt.Errorf("%w: more than %d entries", ErrTooLarge, MaxEntries)
		}
		_, unknown, ok := readEntry(&s)
		if !ok {
			return fmt.Errorf("%w: entry %d", ErrFormat, l.count)
		}
		if unknown != nil {
			l.Critical = append(l.Critical, unknown)
			if len(l.Critical) > maxExtensions {
				return fmt.Errorf("%w: %w", ErrFormat, ErrCritical)
			}
		}
	}
	if l.count == 0 {
		return nil
	}
	size := 4
	for size < 2*l.count {
		size *= 2
	}
	l.seed, l.slots = maphash.MakeSeed(), make([]uint32, size)
	s = l.entries
	for !s.Empty() {
		offset := len(l.entries) - len(s)
		var entry cryptobyte.String
		s.ReadASN1(&entry, cbasn1.SEQUENCE)
		serial, _ := readSerial(&entry)
		i := l.slot(serial)
		for l.slots[i] != 0 {
			i = (i + 1) & (size - 1)
		}
		l.slots[i] = uint32(offset) + 1
	}
	return nil
}

func (l *List) slot(serial []byte) int {
	return int(maphash.Bytes(l.seed, serial) & uint64(len(l.slots)-1))
}

// Find gives the entry for a serial; of two entries with the same serial, the
// first.
func (l *List) Find(serial *big.Int) (Entry, bool) {
	if l.count == 0 || serial.Sign() < 0 {
		return Entry{}, false
	}
	want := serial.Bytes()
	for i := l.slot(want); l.slots[i] != 0; i = (i + 1) & (len(l.slots) - 1) {
		s := cryptobyte.String(l.entries[l.slots[i]-1:])
		e, _, ok := readEntry(&s)
		if ok && bytes.Equal(e.Serial, want) {
			return e, true
		}
	}
	return Entry{}, false
}

// All gives the entries in the order of the list. Serials alias the list.
func (l *List) All() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		s := cryptobyte.String(l.entries)
		for !s.Empty() {
			e, _, ok := readEntry(&s)
			if !ok || !yield(e) {
				return
			}
		}
	}
}

// CheckSignature says whether issuer signed this list and may: its name, key
// identifier and keyUsage fit, and no critical extension is unknown.
func (l *List) CheckSignature(issuer *x509.Certificate) error {
	if !bytes.Equal(l.RawIssuer, issuer.RawSubject) {
		return ErrIssuer
	}
	if l.KeyID != nil && len(issuer.SubjectKeyId) > 0 && !bytes.Equal(l.KeyID, issuer.SubjectKeyId) {
		return fmt.Errorf("%w: key identifier", ErrIssuer)
	}
	if issuer.KeyUsage != 0 && issuer.KeyUsage&x509.KeyUsageCRLSign == 0 {
		return fmt.Errorf("%w: its key may not sign lists", ErrIssuer)
	}
	if len(l.Critical) > 0 {
		return fmt.Errorf("%w: %s", ErrCritical, l.Critical[0])
	}
	err := l.algorithm.Check(issuer.PublicKey, l.tbs, l.signature)
	switch {
	case errors.Is(err, sigalg.ErrSignature):
		return ErrSignature
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return nil
}

// CheckTime says whether the list is current at a time.
func (l *List) CheckTime(at time.Time) error {
	if l.ThisUpdate.After(at) {
		return fmt.Errorf("%w: thisUpdate %s", ErrNotYetValid, l.ThisUpdate.Format(time.RFC3339))
	}
	if !l.NextUpdate.IsZero() && l.NextUpdate.Before(at) {
		return fmt.Errorf("%w: since %s", ErrStale, l.NextUpdate.Format(time.RFC3339))
	}
	return nil
}
