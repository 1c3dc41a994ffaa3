package audit

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
)

const (
	checkSlice  = 50_000 // entries that a slice of a check looks at
	maxProblems = 50     // that a report names
	maxPlaceLen = 256 << 10
)

// Report is how far a check is, and what it has found until now.
type Report struct {
	Summary  Summary
	Problems []Problem // the first 50: Summary.Problems counts all
	All      int64     // entries that there were when the check began
	Done     bool
	Place    string // to go on with; empty when it is done
}

// place is where a check stands between two slices. It is sealed: who hands it
// back can't make the check pass over anything.
type place struct {
	Heads    []Head       `json:"heads"` // as they were at the beginning
	Lasts    map[int]Head `json:"lasts"` // the last entries met
	At       int          `json:"at"`    // which of the heads is being walked
	After    int64        `json:"after"`
	Summary  Summary      `json:"summary"`
	Problems []Problem    `json:"problems,omitempty"`

	walked map[int]*lane // the same as Heads and Lasts, for walking
}

// Check verifies up to budget entries more, from where the report before said;
// an empty place is the beginning. It is Verify, cut into slices. The error is
// ErrPlace, or about reading.
func (l *Log) Check(ctx context.Context, from string, budget int) (Report, error) {
	p, err := l.openPlace(ctx, from)
	if err != nil {
		return Report{}, err
	}
	report := Report{Problems: p.Problems}
	v := &verification{log: l, summary: p.Summary, report: func(problem Problem) {
		if len(report.Problems) < maxProblems {
			report.Problems = append(report.Problems, problem)
		}
	}}
	for p.At < len(p.Heads) && budget > 0 {
		n := p.walked[p.Heads[p.At].Lane]
		used, ended, err := v.slice(ctx, n, &p.After, budget)
		if err != nil {
			return Report{}, fmt.Errorf("checking audit lane %d: %w", n.head.Lane, err)
		}
		budget -= used
		if ended {
			v.end(n)
			p.At, p.After = p.At+1, math.MinInt64
		}
	}
	for _, h := range p.Heads {
		report.All += h.Seq
	}
	if report.Done = p.At == len(p.Heads); report.Done {
		after, err := l.chain.Heads(ctx)
		if err != nil {
			return Report{}, fmt.Errorf("checking the audit log: %w", err)
		}
		v.compareHeads(after, p.walked)
		v.summary.Lanes = len(p.Heads)
		report.Summary = v.summary
		return report, nil
	}
	report.Summary, p.Summary, p.Problems = v.summary, v.summary, report.Problems
	report.Place, err = l.sealPlace(p)
	return report, err
}

// slice checks up to budget entries of a lane, and says whether it is at its end.
func (v *verification) slice(ctx context.Context, n *lane, after *int64, budget int) (used int, ended bool, err error) {
	for used < budget {
		entries, err := v.log.chain.Entries(ctx, n.head.Lane, *after, min(batch, budget-used))
		if err != nil {
			return used, false, err
		}
		for _, e := range entries {
			v.entry(n, e)
			*after = e.Seq
		}
		used += len(entries)
		if len(entries) == 0 || n.head.Seq > 0 && n.last.Seq > n.head.Seq {
			return max(used, 1), true, nil
		}
	}
	return used, false, nil
}

func (l *Log) openPlace(ctx context.Context, from string) (place, error) {
	if len(l.key) < keySize {
		return place{}, ErrKey
	}
	p := place{After: math.MinInt64}
	if from == "" {
		heads, err := l.chain.Heads(ctx)
		if err != nil {
			return place{}, fmt.Errorf("checking the audit log: %w", err)
		}
		p.Heads = heads
	} else {
		raw, err := base64.RawURLEncoding.DecodeString(from)
		if err != nil || len(from) > maxPlaceLen || len(raw) < 32 || !hmac.Equal(raw[:32], l.placeMAC(raw[32:])) {
			return place{}, ErrPlace.With(nil)
		}
		if err := json.Unmarshal(raw[32:], &p); err != nil || p.At > len(p.Heads) {
			return place{}, ErrPlace.With(err)
		}
	}
	p.walked = make(map[int]*lane, len(p.Heads))
	for _, h := range p.Heads {
		p.walked[h.Lane] = &lane{head: h, last: p.Lasts[h.Lane]}
	}
	return p, nil
}

func (l *Log) sealPlace(p place) (string, error) {
	p.Lasts = make(map[int]Head, len(p.walked))
	for number, n := range p.walked {
		p.Lasts[number] = n.last
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(l.placeMAC(raw), raw...)), nil
}

func (l *Log) placeMAC(raw []byte) []byte {
	return mac(l.key, append([]byte("ingam audit check 1\n"), raw...))
}
