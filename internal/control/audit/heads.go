package audit

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// ErrHeads says that heads are not what ExportHeads made with this key.
var ErrHeads = errors.New("audit: exported heads were changed or belong to another log")

// maxLanes bounds what VerifyAgainst takes.
const maxLanes = 1024

// Heads are the ends of all lanes at one moment, to be kept where who writes to
// the database can't: print them, mail them, write them once. As JSON they are
// the file of `ingamd audit heads`.
type Heads struct {
	At    time.Time `json:"at"`
	Heads []Head    `json:"heads"`
	Seal  []byte    `json:"seal"` // HMAC-SHA256 over the rest
}

// ExportHeads gives the ends of all lanes as they are now.
func (l *Log) ExportHeads(ctx context.Context) (Heads, error) {
	heads, err := l.chain.Heads(ctx)
	if err != nil {
		return Heads{}, fmt.Errorf("exporting audit heads: %w", err)
	}
	if len(l.key) < keySize {
		return Heads{}, ErrKey
	}
	h := Heads{At: l.now().UTC().Truncate(time.Microsecond), Heads: heads}
	h.Seal = mac(l.key, h.encode())
	return h, nil
}

// Latest gives the time of the newest entry, as the database says; zero when
// there is none.
func (l *Log) Latest(ctx context.Context) (time.Time, error) {
	heads, err := l.chain.Heads(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("finding the newest audit entry: %w", err)
	}
	var latest time.Time
	for _, head := range heads {
		entries, err := l.chain.Entries(ctx, head.Lane, head.Seq-1, 1)
		if err != nil {
			return time.Time{}, fmt.Errorf("reading the newest audit entry: %w", err)
		}
		for _, e := range entries {
			if e.At.After(latest) {
				latest = e.At
			}
		}
	}
	return latest, nil
}

func (h Heads) encode() []byte {
	text := func(b []byte, s []byte) []byte {
		return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	b := text(nil, []byte("ingam audit heads 1"))
	b = binary.BigEndian.AppendUint64(b, uint64(h.At.UnixMicro()))
	for _, head := range h.Heads {
		b = binary.BigEndian.AppendUint64(b, uint64(head.Lane))
		b = binary.BigEndian.AppendUint64(b, uint64(head.Seq))
		b = text(b, head.Seal)
	}
	return b
}

func (h Heads) check(key []byte) error {
	if len(h.Heads) > maxLanes || !hmac.Equal(h.Seal, mac(key, h.encode())) {
		return ErrHeads
	}
	return nil
}
