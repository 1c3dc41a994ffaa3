package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit"
)

const (
	cardsAtOnce = 2                // pictures of one customer in memory
	turnWait    = 20 * time.Second // for one more
)

// turns bounds how many large bodies of one customer are in memory at the same
// time; another waits before it is read. The limit of rate does not do that: it
// lets a burst of requests in that would take gigabytes. What customers have to
// do with one another is none of its business: nobody waits for somebody else.
type turns struct {
	mu sync.Mutex
	of map[string]*queue // of those who are at it just now
}

type queue struct {
	slots chan struct{}
	users int
}

// take waits for the customer's turn. done must be called when it is over.
func (t *turns) take(ctx context.Context, who string) (done func(), err error) {
	q := t.join(who)
	timer := time.NewTimer(turnWait)
	defer timer.Stop()
	select {
	case q.slots <- struct{}{}:
		return func() { <-q.slots; t.leave(who, q) }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = kit.ErrTooMany.With(nil).After(turnWait)
	}
	t.leave(who, q)
	return nil, err
}

// cardTurn waits until the customer who asks may send a picture.
func (h *handlers) cardTurn(r *http.Request) (done func(), err error) {
	return h.cards.take(r.Context(), h.Sessions.Subscriber(r.Context()))
}

func (t *turns) join(who string) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = make(map[string]*queue)
	}
	q := t.of[who]
	if q == nil {
		q = &queue{slots: make(chan struct{}, cardsAtOnce)}
		t.of[who] = q
	}
	q.users++
	return q
}

func (t *turns) leave(who string, q *queue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(t.of, who)
	}
}
