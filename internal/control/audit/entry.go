// Package audit records what was done, by whom and to what, in the
// transaction of the act itself: an act whose entry can't be written does not
// happen.
//
// Entries hang in chains. An entry's seal is a keyed hash over its content and
// the seal of the entry before it, so a change, a gap or a swap shows when the
// chain is verified. There is a handful of chains ("lanes") side by side, so
// that acts that have nothing to do with each other don't wait for one
// another; an entry belongs to the lane that was free when it was written.
package audit

import (
	"context"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// Outcome says how an act ended.
type Outcome string

// The outcomes: the act was done; the caller may not do it; a rule or a check
// of the bank refused it.
const (
	Done    Outcome = "done"
	Denied  Outcome = "denied"
	Refused Outcome = "refused"
)

// Entry is one line of the log. Nothing in it is personal data: persons are
// named by subscriber id.
type Entry struct {
	Lane    int
	Seq     int64 // 1, 2, 3 … in its lane, without gaps
	At      time.Time
	Caller  authz.Caller
	Act     authz.Act
	Object  string // "application:…", "certificate:…"
	Outcome Outcome
	Code    int               // number of the fault, when not done
	Detail  map[string]string // short facts about the act
	Prev    []byte            // seal of the entry before it in the lane; empty for the first
	Seal    []byte            // HMAC-SHA256 over all of the above
}

// Head is where a lane ends.
type Head struct {
	Lane int    `json:"lane"`
	Seq  int64  `json:"seq"`
	Seal []byte `json:"seal"`
}

// Chain keeps entries. The store implements it.
type Chain interface {
	// AppendEntry takes a free lane until the transaction ends, lets seal make
	// the entry that follows the lane's head, and stores both. Outside of a
	// transaction it makes one of its own.
	AppendEntry(ctx context.Context, seal func(Head) (Entry, error)) error
	// Entries gives up to limit entries of a lane that follow seq, in order.
	Entries(ctx context.Context, lane int, after int64, limit int) ([]Entry, error)
	// Heads gives the head of every lane that has an entry.
	Heads(ctx context.Context) ([]Head, error)
}
