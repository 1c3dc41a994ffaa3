package audit

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Flaw says what is wrong with the log at one place.
type Flaw string

// The flaws.
const (
	Gap        Flaw = "gap"         // entries are missing
	Changed    Flaw = "changed"     // an entry is not what was sealed, or was moved here
	Broken     Flaw = "broken"      // an entry does not hang on the one before it
	Stray      Flaw = "stray"       // an entry stands where none can be
	WrongHead  Flaw = "wrong-head"  // the lane's head is not its last entry
	RolledBack Flaw = "rolled-back" // an exported head is not in the lane any more
)

// Problem is one finding of Verify.
type Problem struct {
	Flaw Flaw   `json:"flaw"`
	Lane int    `json:"lane"`
	Seq  int64  `json:"seq"`  // the entry, or the first one missing
	Text string `json:"text"` // a sentence for the operator
}

// Summary is what Verify has looked at.
type Summary struct {
	Lanes    int       `json:"lanes"`
	Entries  int64     `json:"entries"`
	Problems int64     `json:"problems"`
	From     time.Time `json:"from"` // of the oldest and the newest entry
	To       time.Time `json:"to"`
}

// batch is how many entries are in memory at once.
const batch = 1000

// Verify reads the whole log and calls report for every problem, lane by lane.
// It may run while entries are written: those that come meanwhile are not all
// looked at. The error is about reading, not about what was read.
//
// What it can't see: when the newest entries of a lane and its head were put
// back together to how they once were. For that keep exported heads elsewhere
// and use VerifyAgainst.
func (l *Log) Verify(ctx context.Context, report func(Problem)) (Summary, error) {
	return l.verify(ctx, nil, report)
}

// VerifyAgainst is Verify, and also looks for each head that was exported
// before: if it is not in its lane any more, the lane was rolled back. ErrHeads
// when the heads are not what ExportHeads made.
func (l *Log) VerifyAgainst(ctx context.Context, heads Heads, report func(Problem)) (Summary, error) {
	if err := heads.check(l.key); err != nil {
		return Summary{}, err
	}
	return l.verify(ctx, heads.Heads, report)
}

func (l *Log) verify(ctx context.Context, exported []Head, report func(Problem)) (Summary, error) {
	v := &verification{log: l, report: report}
	before, err := l.chain.Heads(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("verifying audit log: %w", err)
	}
	lanes := make(map[int]*lane, len(before))
	for _, h := range before {
		lanes[h.Lane] = &lane{head: h}
	}
	for _, h := range exported {
		if lanes[h.Lane] == nil {
			v.problem(RolledBack, h.Lane, h.Seq, "lane %d is empty, but its entry %d was exported once", h.Lane, h.Seq)
			continue
		}
		lanes[h.Lane].exported = append(lanes[h.Lane].exported, h)
	}
	for _, h := range before {
		if err := v.walk(ctx, lanes[h.Lane]); err != nil {
			return v.summary, fmt.Errorf("verifying audit lane %d: %w", h.Lane, err)
		}
	}
	after, err := l.chain.Heads(ctx)
	if err != nil {
		return v.summary, fmt.Errorf("verifying audit log: %w", err)
	}
	v.compareHeads(after, lanes)
	v.summary.Lanes = len(lanes)
	return v.summary, nil
}

// lane is what is known of a lane while its entries pass by.
type lane struct {
	head     Head   // as it was when we began
	exported []Head // to be met on the way: what was exported
	last     Head   // the last entry met
}

type verification struct {
	log     *Log
	report  func(Problem)
	summary Summary
}

func (v *verification) problem(flaw Flaw, lane int, seq int64, format string, args ...any) {
	v.summary.Problems++
	v.report(Problem{Flaw: flaw, Lane: lane, Seq: seq, Text: fmt.Sprintf(format, args...)})
}

// walk checks the entries of a lane one after the other. It ends at the end of
// the lane, or soon after the head that the lane had when we began.
func (v *verification) walk(ctx context.Context, n *lane) error {
	after := int64(math.MinInt64)
	for {
		_, ended, err := v.slice(ctx, n, &after, batch)
		if err != nil {
			return err
		}
		if ended {
			break
		}
	}
	v.end(n)
	return nil
}

// end looks at what is only seen at the end of a lane: that it comes too soon.
func (v *verification) end(n *lane) {
	for _, h := range n.exported {
		if h.Seq > n.last.Seq {
			v.problem(RolledBack, h.Lane, h.Seq, "lane %d ends at %d, but its entry %d was exported once", h.Lane, n.last.Seq, h.Seq)
		}
	}
	if n.last.Seq < n.head.Seq {
		v.problem(WrongHead, n.head.Lane, n.last.Seq+1, "lane %d ends at %d, but its head says %d: the last entries are missing",
			n.head.Lane, n.last.Seq, n.head.Seq)
	}
}

func (v *verification) entry(n *lane, e Entry) {
	v.summary.Entries++
	v.span(e.At)
	if e.Seq < 1 {
		v.problem(Stray, e.Lane, e.Seq, "lane %d has an entry %d, but entries are counted from 1", e.Lane, e.Seq)
		return
	}
	follows := e.Seq == n.last.Seq+1
	if !follows {
		v.problem(Gap, e.Lane, n.last.Seq+1, "lane %d lacks the entries %d to %d", e.Lane, n.last.Seq+1, e.Seq-1)
	}
	if !e.sealed(v.log.key) {
		v.problem(Changed, e.Lane, e.Seq, "entry %d of lane %d is not what was sealed", e.Seq, e.Lane)
	}
	if follows && !bytes.Equal(e.Prev, n.last.Seal) {
		v.problem(Broken, e.Lane, e.Seq, "entry %d of lane %d does not hang on the one before it", e.Seq, e.Lane)
	}
	n.last = Head{Lane: e.Lane, Seq: e.Seq, Seal: e.Seal}
	if n.head.Seq == e.Seq && !bytes.Equal(n.head.Seal, e.Seal) {
		v.problem(WrongHead, e.Lane, e.Seq, "the head of lane %d has another seal than entry %d", e.Lane, e.Seq)
	}
	for _, h := range n.exported {
		if h.Seq == e.Seq && !bytes.Equal(h.Seal, e.Seal) {
			v.problem(RolledBack, e.Lane, e.Seq, "entry %d of lane %d is another one than was exported", e.Seq, e.Lane)
		}
	}
}

func (v *verification) span(at time.Time) {
	if v.summary.From.IsZero() || at.Before(v.summary.From) {
		v.summary.From = at
	}
	if at.After(v.summary.To) {
		v.summary.To = at
	}
}

// compareHeads finds entries behind the head. An entry and its head are stored
// together, so a head that was read later can't lie before an entry.
func (v *verification) compareHeads(after []Head, lanes map[int]*lane) {
	now := make(map[int]Head, len(after))
	for _, h := range after {
		now[h.Lane] = h
	}
	for _, number := range slices.Sorted(maps.Keys(lanes)) {
		n := lanes[number]
		if h := now[number]; h.Seq < n.last.Seq {
			v.problem(WrongHead, n.head.Lane, h.Seq+1, "lane %d has entries up to %d, but its head says %d", n.head.Lane, n.last.Seq, h.Seq)
		}
	}
}
