package status

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// freshFor is how long an answer may be given again: half of the second in
	// which a revocation has to show. The other half is for signing the new one.
	freshFor   = 500 * time.Millisecond
	recentSize = 4096 // answers kept: about 10 MB
)

// recent keeps the answers of the last half second, so that what everybody asks
// about is signed once and a revocation shows within a second.
type recent struct {
	mu      sync.Mutex
	answers map[[sha256.Size]byte]keptAnswer
}

type keptAnswer struct {
	answer Answer
	at     time.Time
}

func (k keptAnswer) fresh(now time.Time) bool {
	age := now.Sub(k.at)
	return age >= 0 && age < freshFor
}

func (r *recent) find(name [sha256.Size]byte, now time.Time) (Answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept, ok := r.answers[name]
	return kept.answer, ok && kept.fresh(now)
}

func (r *recent) keep(name [sha256.Size]byte, answer Answer, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.answers) >= recentSize {
		for name, kept := range r.answers {
			if !kept.fresh(now) {
				delete(r.answers, name)
			}
		}
	}
	if len(r.answers) >= recentSize {
		return // all are fresh: this one is signed again when asked again
	}
	if r.answers == nil {
		r.answers = make(map[[sha256.Size]byte]keptAnswer)
	}
	r.answers[name] = keptAnswer{answer, now}
}

func (r *recent) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.answers)
}
