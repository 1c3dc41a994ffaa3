package ca

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// TestPatience: when the database does not answer, those who wait for it are
// told so, and once it is back all goes on.
func TestPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down := true
		g := together{inTx: func(ctx context.Context, fn func(context.Context) error) error {
			if down {
				<-ctx.Done()
				return ctx.Err()
			}
			return fn(ctx)
		}}
		var all sync.WaitGroup
		problems := make([]error, 10)
		for i := range problems {
			all.Go(func() {
				problems[i] = g.run(t.Context(), func(context.Context) error { return nil })
			})
		}
		all.Wait()
		for i, err := range problems {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("act %d: %v", i, err)
			}
		}
		down = false
		if err := g.run(t.Context(), func(context.Context) error { return nil }); err != nil {
			t.Errorf("once it is back: %v", err)
		}
	})
}
