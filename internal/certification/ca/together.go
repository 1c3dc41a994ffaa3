package ca

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// maxTogether bounds how many acts share a transaction.
const maxTogether = 32

// patience is how long a transaction may take. It serves everyone, so a database
// that does not answer must not hold them all until the network gives up.
const patience = 45 * time.Second

// together lets acts that come at the same time share one transaction: what a
// transaction costs beside its acts (ways to the server, the audit lane, a
// write to the disk) is then paid once for all of them. An act that comes alone
// waits for nobody; those that come while a transaction runs go into the next.
// Each act still waits until its own writes are on disk.
//
// An act that a rule of the ledger refuses leaves the others alone. When the
// transaction itself fails, each act is tried again in one of its own.
type together struct {
	inTx func(ctx context.Context, fn func(ctx context.Context) error) error

	mu      sync.Mutex
	waiting []*act
	serving bool
}

// act is one member of a transaction.
type act struct {
	do   func(ctx context.Context) error
	err  error
	done chan struct{}
}

// answers are the errors with which an act ends and its transaction goes on.
var answers = []error{
	ErrApplicationUsed, ErrSerialUsed, ErrSubjectUsed, ErrKeyUsed, ErrHolds, ErrPredecessor, ErrIncomplete, authz.ErrForbidden,
}

// run runs do in a transaction and gives its error. do must have written
// nothing when it gives one of the answers, and must bear to be run again. The
// transaction does not end with ctx: it holds others' acts as well.
func (g *together) run(ctx context.Context, do func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	mine := &act{do: do, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, mine)
	if !g.serving {
		g.serving = true
		// Not with ctx: a transaction that it may carry is not everyone's.
		go g.serve(context.Background()) //nolint:contextcheck,gosec // see above
	}
	g.mu.Unlock()
	<-mine.done
	return mine.err
}

// serve runs transactions until nobody waits.
func (g *together) serve(ctx context.Context) {
	for {
		g.mu.Lock()
		batch := g.waiting[:min(len(g.waiting), maxTogether)]
		g.waiting = g.waiting[len(batch):]
		g.serving = len(batch) > 0
		g.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		g.commit(ctx, batch)
		for _, a := range batch {
			close(a.done)
		}
	}
}

// commit runs a batch in one transaction, or, when that fails, each of it in
// its own. A database that did not answer in time is not asked for each.
func (g *together) commit(ctx context.Context, batch []*act) {
	err := g.attempt(ctx, batch)
	if err == nil {
		return
	}
	if len(batch) == 1 || errors.Is(err, context.DeadlineExceeded) {
		for _, a := range batch {
			a.err = err
		}
		return
	}
	for i := range batch {
		g.commit(ctx, batch[i:i+1])
	}
}

// attempt makes an error of a panic: the goroutine is nobody's, and what one
// act broke should not end the others.
func (g *together) attempt(ctx context.Context, batch []*act) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("ca: panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return g.inTx(ctx, func(ctx context.Context) error {
		for _, a := range batch {
			if a.err = a.do(ctx); a.err != nil && !isAnswer(a.err) {
				return a.err
			}
		}
		return nil
	})
}

func isAnswer(err error) bool {
	for _, answer := range answers {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}
