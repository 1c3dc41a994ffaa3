package crl

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// chunkSize is how memory for encoded entries grows: nothing is copied.
const chunkSize = 1 << 20

// maxFrame is room for all that is not entries.
const maxFrame = 1 << 16

// Encode signs a list with the entries and writes it to w. The entries are
// taken once; an error from the iterator ends the work. Nothing is written
// before the signature stands. The caller keeps serials unique.
func Encode(w io.Writer, h Header, entries iter.Seq2[Entry, error], signer crypto.Signer) error {
	alg, hash, err := sigalg.Signing(signer.Public())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	chunks, size, err := encodeEntries(entries)
	if err != nil {
		return err
	}
	if size > MaxSize-maxFrame {
		return fmt.Errorf("%w: %d bytes of entries", ErrTooLarge, size)
	}
	head, err := h.before(alg)
	if err != nil {
		return err
	}
	tail, err := h.after()
	if err != nil {
		return err
	}
	if size > 0 {
		head = appendLength(append(head, 0x30), size)
	}
	tbsHead := appendLength([]byte{0x30}, len(head)+size+len(tail))
	parts := make([][]byte, 0, len(chunks)+3)
	parts = append(parts, tbsHead, head)
	parts = append(parts, chunks...)
	parts = append(parts, tail)

	running, total := hash.New(), 0
	for _, p := range parts {
		running.Write(p)
		total += len(p)
	}
	sig, err := signer.Sign(rand.Reader, running.Sum(nil), hash)
	if err != nil {
		return fmt.Errorf("signing CRL: %w", err)
	}
	end := append(slices.Clone(alg), 0x03)
	end = append(appendLength(end, len(sig)+1), 0)
	end = append(end, sig...)
	outer := appendLength([]byte{0x30}, total+len(end))
	if w, ok := w.(interface{ Grow(n int) }); ok { // a bytes.Buffer: in one piece, not by doubling
		w.Grow(len(outer) + total + len(end))
	}
	for _, p := range slices.Concat([][]byte{outer}, parts, [][]byte{end}) {
		if _, err := w.Write(p); err != nil {
			return fmt.Errorf("writing CRL: %w", err)
		}
	}
	return nil
}

// Create is Encode into memory, for lists of ordinary size.
func Create(h Header, entries []Entry, signer crypto.Signer) ([]byte, error) {
	var buf bytes.Buffer
	all := func(yield func(Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
	if key, ok := signer.Public().(*rsa.PublicKey); ok {
		buf.Grow(512 + len(h.RawIssuer) + key.Size() + 64*len(entries))
	}
	if err := Encode(&buf, h, all, signer); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func encodeEntries(entries iter.Seq2[Entry, error]) (chunks [][]byte, size int, err error) {
	var chunk []byte
	var days calendar
	if entries == nil {
		return nil, 0, nil
	}
	for e, err := range entries {
		if err != nil {
			return nil, 0, fmt.Errorf("reading revoked certificates: %w", err)
		}
		if cap(chunk)-len(chunk) < maxEntrySize {
			if chunk != nil {
				chunks = append(chunks, chunk)
			}
			chunk = make([]byte, 0, nextChunk(len(chunks)))
		}
		before := len(chunk)
		if chunk, err = e.appendTo(chunk, &days); err != nil {
			return nil, 0, err
		}
		size += len(chunk) - before
	}
	if len(chunk) > 0 {
		chunks = append(chunks, chunk)
	}
	return chunks, size, nil
}

// nextChunk starts small: most lists are.
func nextChunk(n int) int {
	return min(chunkSize, 4096<<min(n, 16))
}

// maxEntrySize: header 2, serial 2+33, time 17, extensions 2+12+29.
const maxEntrySize = 128

var (
	derReason     = []byte{0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01}
	derInvalidity = []byte{0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11}
)

// appendTo writes one entry by hand: this runs once for each revoked
// certificate. Every length in it is below 128, so one byte holds it.
func (e Entry) appendTo(b []byte, days *calendar) ([]byte, error) {
	serial := e.Serial
	for len(serial) > 0 && serial[0] == 0 {
		serial = serial[1:]
	}
	if len(serial) == 0 || len(serial) > MaxSerial {
		return nil, fmt.Errorf("%w: serial of %d bytes", ErrEntry, len(serial))
	}
	if e.Reason < 0 || e.Reason > AACompromise || e.Reason == 7 || e.Reason == RemoveFromCRL {
		return nil, fmt.Errorf("%w: %s", ErrEntry, e.Reason)
	}
	start := len(b)
	b = append(b, 0x30, 0, 0x02)
	if serial[0] >= 0x80 {
		b = append(b, byte(len(serial)+1), 0)
	} else {
		b = append(b, byte(len(serial)))
	}
	b = append(b, serial...)
	b, err := days.appendTime(b, e.RevokedAt)
	if err != nil {
		return nil, err
	}
	if e.Reason != Unspecified || !e.InvalidityDate.IsZero() {
		at := len(b)
		b = append(b, 0x30, 0)
		if e.Reason != Unspecified {
			b = append(append(b, derReason...), byte(e.Reason))
		}
		if !e.InvalidityDate.IsZero() {
			b = append(b, derInvalidity...)
			if b, err = appendGeneralizedTime(b, e.InvalidityDate); err != nil {
				return nil, err
			}
		}
		b[at+1] = byte(len(b) - at - 2)
	}
	b[start+1] = byte(len(b) - start - 2)
	return b, nil
}

// calendar remembers how days read: a long list has many entries of each, and
// to work out a date takes longer than all else that an entry costs. The place
// of a day is that of its number since 1970; 0 is an empty one.
type calendar [1024]struct {
	number int64 // and one
	digits [6]byte
}

// secondsOfDay is how long a day is, and utcTimeEnd where UTCTime ends: 2050.
const secondsOfDay, utcTimeEnd = 24 * 60 * 60, 2524608000

// appendTime is appendTime, faster.
func (c *calendar) appendTime(b []byte, t time.Time) ([]byte, error) {
	at := t.Unix()
	if at < 0 || at >= utcTimeEnd {
		return appendTime(b, t)
	}
	day, second := at/secondsOfDay, at%secondsOfDay
	known := &c[day%int64(len(c))]
	if known.number != day+1 {
		known.number = day + 1
		copy(known.digits[:], time.Unix(at, 0).UTC().AppendFormat(nil, "060102"))
	}
	d, hour, minute, second := known.digits, second/3600, second/60%60, second%60
	return append(b, 0x17, 13, d[0], d[1], d[2], d[3], d[4], d[5],
		byte('0'+hour/10), byte('0'+hour%10), byte('0'+minute/10), byte('0'+minute%10), byte('0'+second/10), byte('0'+second%10), 'Z'), nil
}

// appendTime writes UTCTime to 2049 and GeneralizedTime from 2050 (RFC 5280
// §5.1.2.4).
func appendTime(b []byte, t time.Time) ([]byte, error) {
	t = t.UTC()
	year := t.Year()
	if year < 1950 || year >= 2050 {
		return appendGeneralizedTime(b, t)
	}
	return appendClock(appendTwo(append(b, 0x17, 13), year%100), t), nil
}

func appendGeneralizedTime(b []byte, t time.Time) ([]byte, error) {
	t = t.UTC()
	year := t.Year()
	if year < 1950 || year > 9999 {
		return nil, fmt.Errorf("%w: year %d", ErrEntry, year)
	}
	b = appendTwo(appendTwo(append(b, 0x18, 15), year/100), year%100)
	return appendClock(b, t), nil
}

func appendClock(b []byte, t time.Time) []byte {
	_, month, day := t.Date()
	hour, minute, second := t.Clock()
	for _, v := range [...]int{int(month), day, hour, minute, second} {
		b = appendTwo(b, v)
	}
	return append(b, 'Z')
}

func appendTwo(b []byte, v int) []byte { return append(b, byte('0'+v/10), byte('0'+v%10)) }

func appendLength(b []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, byte(n))
	case n < 0x100:
		return append(b, 0x81, byte(n))
	case n < 0x10000:
		return append(b, 0x82, byte(n>>8), byte(n))
	case n < 0x1000000:
		return append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// before is what stands in TBSCertList ahead of the entries.
func (h Header) before(alg []byte) ([]byte, error) {
	issuer := cryptobyte.String(h.RawIssuer)
	if len(h.RawIssuer) > maxFrame/4 || !issuer.SkipASN1(cbasn1.SEQUENCE) || !issuer.Empty() {
		return nil, fmt.Errorf("%w: issuer's name is not a DER Name", ErrHeader)
	}
	if !h.NextUpdate.After(h.ThisUpdate) {
		return nil, fmt.Errorf("%w: nextUpdate is not after thisUpdate", ErrHeader)
	}
	b := append([]byte{0x02, 0x01, 0x01}, alg...) // v2
	b = append(b, h.RawIssuer...)
	b, err := appendTime(b, h.ThisUpdate)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHeader, err)
	}
	if b, err = appendTime(b, h.NextUpdate); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHeader, err)
	}
	return b, nil
}

// after is crlExtensions.
func (h Header) after() ([]byte, error) {
	if h.Number == nil || h.Number.Sign() < 0 || h.Number.BitLen() > 159 {
		return nil, fmt.Errorf("%w: cRLNumber", ErrHeader)
	}
	if len(h.KeyID) == 0 || len(h.KeyID) > 64 {
		return nil, fmt.Errorf("%w: key identifier", ErrHeader)
	}
	for _, c := range []byte(h.DistributionPoint) {
		if c <= ' ' || c >= 0x7f {
			return nil, fmt.Errorf("%w: distribution point is not a plain URI", ErrHeader)
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(explicit0, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addExtension(b, oidKeyID, false, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(context(0), func(b *cryptobyte.Builder) { b.AddBytes(h.KeyID) })
				})
			})
			addExtension(b, oidNumber, false, func(b *cryptobyte.Builder) { b.AddASN1BigInt(h.Number) })
			if h.DistributionPoint != "" {
				addExtension(b, oidDistribution, true, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(explicit0, func(b *cryptobyte.Builder) {
							b.AddASN1(explicit0, func(b *cryptobyte.Builder) {
								b.AddASN1(context(6), func(b *cryptobyte.Builder) { b.AddBytes([]byte(h.DistributionPoint)) })
							})
						})
					})
				})
			}
		})
	})
	return b.Bytes()
}
