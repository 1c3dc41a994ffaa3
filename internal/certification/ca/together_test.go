package ca_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
)

// gated is a ledger whose first transaction waits until it is told to go on,
// so that what comes meanwhile shares the second.
type gated struct {
	ca.Ledger
	transactions atomic.Int32
	entered      chan struct{} // closed when the first has begun
	open         chan struct{}
	end          func(n int32, err error) error // changes how transaction n ends; may be nil
	reserve      func(r ca.Record) error        // looks at what is reserved; may be nil
}

func (l *gated) InTx(ctx context.Context, fn func(context.Context) error) error {
	n := l.transactions.Add(1)
	if n == 1 {
		close(l.entered)
		<-l.open
	}
	err := l.Ledger.InTx(ctx, fn)
	if l.end != nil {
		err = l.end(n, err)
	}
	return err
}

func (l *gated) Reserve(ctx context.Context, r ca.Record) error {
	if l.reserve != nil {
		if err := l.reserve(r); err != nil {
			return err
		}
	}
	return l.Ledger.Reserve(ctx, r)
}

// issueTogether lets n requests come while the first one's transaction runs.
// The error of request i stands at i.
func issueTogether(t *testing.T, h *house, ledger *gated, log *audit.Log, requests []ca.Request) []error {
	t.Helper()
	ledger.Ledger, ledger.entered, ledger.open = h.store, make(chan struct{}), make(chan struct{})
	a, err := ca.New(h.cfg, ledger, h.store, log)
	if err != nil {
		t.Fatal(err)
	}
	problems := make([]error, len(requests))
	var wg sync.WaitGroup
	for i, r := range requests {
		wg.Go(func() { _, problems[i] = a.Issue(context.Background(), owner(r), r) })
		<-ledger.entered
	}
	ca.AwaitWaiting(a, len(requests)-1)
	close(ledger.open)
	wg.Wait()
	return problems
}

func someRequests(t *testing.T, n int) []ca.Request {
	t.Helper()
	requests := make([]ca.Request, n)
	for i := range requests {
		requests[i] = request(t, fmt.Sprint(i))
	}
	return requests
}

func TestTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ledger gated
	requests := someRequests(t, 8)
	if err := errors.Join(issueTogether(t, h, &ledger, h.log, requests)...); err != nil {
		t.Fatal(err)
	}
	// One for the first reservation, one for the seven others; the completions
	// come as the signatures are made.
	if n := ledger.transactions.Load(); n > 2+8 {
		t.Errorf("%d transactions for 16 acts", n)
	}
	if n := len(h.entries(t)); n != 16 {
		t.Errorf("%d audit entries, want 16", n)
	}
}

// TestTogetherRefuses: one whom a rule refuses leaves no trace but the refusal,
// and the others have their certificates from the same transaction.
func TestTogetherRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	requests := someRequests(t, 8)
	requests[5].SubscriberID = requests[3].SubscriberID // both may come first
	var ledger gated
	refused := 0
	for i, err := range issueTogether(t, h, &ledger, h.log, requests) {
		switch {
		case (i == 3 || i == 5) && errors.Is(err, ca.ErrPersonHolds):
			refused++
		case err != nil:
			t.Errorf("request %d: %v", i, err)
		}
	}
	if refused != 1 {
		t.Errorf("%d of two requests of one person were refused", refused)
	}
	intents := 0
	for _, line := range h.told(t) {
		if strings.Contains(line, " prepared ") {
			intents++
		}
	}
	if intents != 7 {
		t.Errorf("%d intents are in the audit log for 7 certificates", intents)
	}
}

// TestTogetherFails: one that breaks takes nobody with it.
func TestTogetherFails(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func() error{
		"error": func() error { return errors.New("broken") },
		"panic": func() error { panic("broken") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			requests := someRequests(t, 8)
			ledger := gated{reserve: func(r ca.Record) error {
				if r.ApplicationID == requests[4].ApplicationID {
					return breaks()
				}
				return nil
			}}
			for i, err := range issueTogether(t, h, &ledger, h.log, requests) {
				if (err != nil) != (i == 4) {
					t.Errorf("request %d: %v", i, err)
				}
			}
			if _, err := h.store.ByApplication(t.Context(), requests[4].ApplicationID); !errors.Is(err, ca.ErrNoCertificate) {
				t.Errorf("the broken one left something: %v", err)
			}
			if n := len(h.entries(t)); n != 14 {
				t.Errorf("%d audit entries, want 14", n)
			}
		})
	}
}

// TestTogetherUnsure: the transaction was committed but its answer was lost.
func TestTogetherUnsure(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	requests := someRequests(t, 8)
	ledger := gated{end: func(n int32, err error) error {
		if n <= 2 && err == nil {
			return errors.New("connection lost")
		}
		return err
	}}
	for i, err := range issueTogether(t, h, &ledger, h.log, requests) {
		// The first was alone: there is nobody to shield, so it hears of it.
		record, missing := h.store.ByApplication(t.Context(), requests[i].ApplicationID)
		if missing != nil {
			t.Errorf("request %d: %v", i, missing)
		}
		if err == nil && record.State != ca.Valid || err != nil && record.State != ca.Pending {
			t.Errorf("request %d: %v, and its record is %s", i, err, record.State)
		}
	}
	if n, err := h.Recover(t.Context()); n != 1 || err != nil {
		t.Errorf("recovered %d, %v; want the one that was alone", n, err)
	}
	summary, err := h.log.Verify(t.Context(), func(p audit.Problem) { t.Error(p) })
	if err != nil || summary.Entries != 16 {
		t.Errorf("%d audit entries, %v; want 16", summary.Entries, err)
	}
}
