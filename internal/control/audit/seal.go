package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// The bounds of an entry, in bytes. Longer texts are cut and end in "…".
const (
	maxName   = 100 // caller, request
	maxObject = 200
	maxFact   = 300 // value of a detail
	maxFacts  = 16
)

// Errors of an entry that can't be made. All but ErrHead are defects of the
// caller, and since no entry is no act, they show at once.
var (
	ErrDetail  = errors.New("audit: details are not up to 16 pairs of distinct names and values")
	ErrKey     = errors.New("audit: key is shorter than 32 bytes")
	ErrOutcome = errors.New("audit: outcome does not fit")
	ErrHead    = errors.New("audit: lane ends at a number that no entry can follow")
)

const keySize = 32

// encode gives the bytes that the seal covers: every field in a fixed order,
// numbers as 8 bytes big-endian, texts and byte strings after their length in
// 4 bytes, details sorted by name after their number. So two entries that
// differ never have the same bytes.
func (e Entry) encode() []byte {
	b := make([]byte, 0, 512)
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	number := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	text("ingam audit entry 1")
	number(int64(e.Lane))
	number(e.Seq)
	number(e.At.UnixMicro())
	text(string(e.Caller.Role))
	text(e.Caller.ID)
	text(e.Caller.Request)
	text(string(e.Act))
	text(e.Object)
	text(string(e.Outcome))
	number(int64(e.Code))
	number(int64(len(e.Detail)))
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		text(name)
		text(e.Detail[name])
	}
	text(string(e.Prev))
	return b
}

func (e Entry) seal(key []byte) []byte { return mac(key, e.encode()) }

func (e Entry) sealed(key []byte) bool { return hmac.Equal(e.Seal, e.seal(key)) }

func mac(key, content []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(content)
	return m.Sum(nil)
}

// follow completes an entry so that it follows a head.
func (e Entry) follow(h Head, key []byte) (Entry, error) {
	if len(key) < keySize {
		return Entry{}, ErrKey
	}
	if h.Seq < 0 || h.Seq == math.MaxInt64 {
		return Entry{}, ErrHead
	}
	e.Lane, e.Seq, e.Prev = h.Lane, h.Seq+1, bytes.Clone(h.Seal)
	if e.Prev == nil {
		e.Prev = []byte{}
	}
	e.Seal = e.seal(key)
	return e, nil
}

// compose makes the part of an entry that does not depend on its lane.
func compose(at time.Time, caller authz.Caller, act authz.Act, object string, outcome Outcome, code int, detail []string) (Entry, error) {
	facts, err := factsOf(detail)
	if err != nil {
		return Entry{}, fmt.Errorf("%w (%s)", err, act)
	}
	return Entry{
		At: at.UTC().Truncate(time.Microsecond),
		Caller: authz.Caller{
			Role: authz.Role(clip(string(caller.Role), maxName)), ID: clip(caller.ID, maxName),
			Request: clip(caller.Request, maxName),
		},
		Act: act, Object: clip(object, maxObject), Outcome: outcome, Code: code, Detail: facts,
	}, nil
}

func factsOf(pairs []string) (map[string]string, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	if len(pairs)%2 != 0 || len(pairs) > 2*maxFacts {
		return nil, ErrDetail
	}
	facts := make(map[string]string, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name := clip(pairs[i], maxName)
		if _, twice := facts[name]; twice || name == "" {
			return nil, ErrDetail
		}
		facts[name] = clip(pairs[i+1], maxFact)
	}
	return facts, nil
}

// clip makes a text that any database keeps as it is and any terminal shows as
// one line: valid UTF-8 without control characters, of limited length.
func clip(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, s) // what is not UTF-8 becomes U+FFFD too
	if len(s) <= limit {
		return s
	}
	cut := limit - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
