package server

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// instances gives two that share a database.
func instances(t *testing.T, engine storetest.Engine) (a, b *Server) {
	t.Helper()
	url, ring := engine.URL(t), keys.NewRing()
	made := make([]*Server, 2)
	for i, name := range []string{"a", "b"} {
		records := &Records{Store: storetest.Open(t, url, ring)}
		made[i] = &Server{desk: &Desk{Records: records}, instance: name, log: slog.New(slog.DiscardHandler)}
	}
	return made[0], made[1]
}

// TestAlone has one of two instances do a job, until it hands it back.
func TestAlone(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			a, b := instances(t, engine)
			var done string
			oops := errors.New("oops")
			sweep := func(s *Server, err error) *job {
				return s.alone(&job{name: "sweep", every: time.Minute, do: func(context.Context) error {
					done += s.instance
					return err
				}})
			}
			do := func(j *job, want error) {
				t.Helper()
				if err := j.do(t.Context()); !errors.Is(err, want) {
					t.Errorf("the job gives %v, want %v", err, want)
				}
			}
			do(sweep(a, nil), nil)
			do(sweep(b, nil), nil)
			do(sweep(a, oops), oops) // one that fails keeps it, to try again
			do(sweep(b, nil), nil)
			if err := a.handBack(t.Context()); err != nil {
				t.Fatal(err)
			}
			do(sweep(b, nil), nil)
			do(sweep(a, nil), nil)
			if done != "aab" {
				t.Errorf("done by %q, want aab", done)
			}
		})
	}
}

// TestLeaseLost tells the one whose lease another has that it goes on in vain.
func TestLeaseLost(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			a, b := instances(t, engine)
			j := a.alone(&job{name: "sweep", every: time.Minute, do: func(ctx context.Context) error {
				if err := a.handBack(ctx); err != nil { // as if it had been stopped for long
					return err
				}
				if held, err := b.desk.Store.Lease(ctx, "sweep", b.instance, time.Hour); err != nil || !held {
					t.Errorf("the other takes it over: %v, %v", held, err)
				}
				working, lose := context.WithCancelCause(ctx)
				defer lose(nil)
				a.keep(working, "sweep", 30*time.Millisecond, lose)
				return context.Cause(working)
			}})
			if err := j.do(t.Context()); !errors.Is(err, errLeaseLost) {
				t.Errorf("%v, want errLeaseLost", err)
			}
		})
	}
}

// TestLeaseKept prolongs a lease for as long as its work takes.
func TestLeaseKept(t *testing.T) {
	t.Parallel()
	a, b := instances(t, storetest.Engine{Name: "sqlite"})
	const ttl = 3 * time.Second
	if held, err := a.desk.Store.Lease(t.Context(), "long", a.instance, ttl); err != nil || !held {
		t.Fatal(held, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), ttl*4/3)
	defer cancel()
	go a.keep(ctx, "long", ttl, func(error) { t.Error("it was lost") })
	for ctx.Err() == nil {
		if held, err := b.desk.Store.Lease(t.Context(), "long", b.instance, time.Hour); err != nil || held {
			t.Fatalf("another takes it: %v, %v", held, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
