package kit

import (
	"context"
	"sync"
	"time"
)

// Turns bounds how many large bodies of one customer are in memory at the same
// time; another waits before it is read. The limit of rate does not do that: it
// lets a burst of requests in that would take gigabytes. What customers have to
// do with one another is none of its business: nobody waits for somebody else.
// The doors that take such bodies share one.
type Turns struct {
	atOnce int
	wait   time.Duration

	mu sync.Mutex
	of map[string]*queue // of those who are at it just now
}

type queue struct {
	slots chan struct{}
	users int
}

// NewTurns makes turns: so many at once, and so long to wait for one more.
func NewTurns(atOnce int, wait time.Duration) *Turns {
	return &Turns{atOnce: atOnce, wait: wait, of: make(map[string]*queue)}
}

// Take waits for the customer's turn. done must be called when it is over. The
// error is ErrTooMany or that of ctx.
func (t *Turns) Take(ctx context.Context, who string) (done func(), err error) {
	q := t.join(who)
	timer := time.NewTimer(t.wait)
	defer timer.Stop()
	select {
	case q.slots <- struct{}{}:
		return func() { <-q.slots; t.leave(who, q) }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = ErrTooMany.With(nil).After(t.wait)
	}
	t.leave(who, q)
	return nil, err
}

func (t *Turns) join(who string) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.of[who]
	if q == nil {
		q = &queue{slots: make(chan struct{}, t.atOnce)}
		t.of[who] = q
	}
	q.users++
	return q
}

func (t *Turns) leave(who string, q *queue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(t.of, who)
	}
}
