package kit

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestTurns: a third picture of one customer waits, another customer's doesn't,
// and nothing stays behind.
func TestTurns(t *testing.T) {
	t.Parallel()
	all := NewTurns(2, time.Minute)
	take := func(ctx context.Context, who string) func() {
		t.Helper()
		done, err := all.Take(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	ctx := t.Context()
	one, two, other := take(ctx, "A"), take(ctx, "A"), take(ctx, "B")
	hasty, leave := context.WithCancel(ctx)
	leave()
	if _, err := all.Take(hasty, "A"); !errors.Is(err, context.Canceled) {
		t.Errorf("a third one at once: %v", err)
	}
	third := make(chan func())
	go func() { third <- take(ctx, "A") }()
	one()
	(<-third)()
	two()
	other()
	if _, err := NewTurns(0, time.Millisecond).Take(ctx, "A"); !errors.Is(err, ErrTooMany) {
		t.Errorf("when the wait is over: %v", err)
	}
	if len(all.of) != 0 {
		t.Errorf("%d customers are remembered", len(all.of))
	}
}
