package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// question asks a bank about one of its customers, and says whether the right
// one came.
type question struct {
	name string
	ask  func(ctx context.Context, b *bank, n int) error
}

var errWrong = errors.New("the answer is not the customer's")

var questions = []question{
	{"name and birth", func(ctx context.Context, b *bank, n int) error {
		return b.search(ctx, subscriber.Query{Name: nameOf(n), Birth: birthOf(n)}, n)
	}},
	{"phone", func(ctx context.Context, b *bank, n int) error {
		return b.search(ctx, subscriber.Query{Phone: phoneOf(n)}, n)
	}},
	{"certificate", func(ctx context.Context, b *bank, n int) error {
		r, err := b.db.Certificate(ctx, serialOf(n))
		if err != nil {
			return err
		}
		who, err := b.db.Subscriber(ctx, r.SubscriberID)
		if err == nil && who.CustomerNumber != numberOf(n) {
			err = errWrong
		}
		return err
	}},
	{"customer's page", func(ctx context.Context, b *bank, n int) error { return b.page(ctx, n) }},
}

// search looks as the search page does: for one more than it shows.
func (b *bank) search(ctx context.Context, q subscriber.Query, n int) error {
	found, err := b.db.FindSubscribers(ctx, q, subscriber.MaxFound)
	if err == nil && !slices.ContainsFunc(found, func(s subscriber.Subscriber) bool { return s.CustomerNumber == numberOf(n) }) {
		err = errWrong
	}
	return err
}

// page reads what a customer's page shows.
func (b *bank) page(ctx context.Context, n int) error {
	who, err := b.db.ByCustomerNumber(ctx, numberOf(n))
	if err != nil {
		return err
	}
	certificates, err := b.db.CertificatesOf(ctx, who.ID)
	if err != nil {
		return err
	}
	applications, err := b.db.ApplicationsOf(ctx, who.ID)
	if err != nil {
		return err
	}
	events, err := b.db.EventsOf(ctx, who.ID)
	if err != nil {
		return err
	}
	cases, err := b.db.CasesOf(ctx, who.ID, 200)
	if err != nil {
		return err
	}
	if len(certificates) != 1 || certificates[0].Serial != serialOf(n) || len(applications) != 1 || len(events) != 1 || len(cases) != 1 {
		return errWrong
	}
	return nil
}

// measure asks few and many in turns and prints the table.
func (s settings) measure(ctx context.Context, banks []*bank) error {
	fmt.Printf("\n%d workers, %s each, middle of %d rounds\n%-16s %10s %10s %10s %10s %12s\n", s.workers, s.span, s.rounds, "", "rows",
		"per s", "p50 ms", "p99 ms", "p99 ratio")
	for _, q := range questions {
		if _, err := s.inTurns(ctx, banks, q); err != nil { // to warm up
			return fmt.Errorf("%s: %w", q.name, err)
		}
		rates, halves, slows, ratios := make([][]float64, len(banks)), make([][]float64, len(banks)), make([][]float64, len(banks)), make([][]float64, len(banks))
		for range s.rounds {
			all, err := s.inTurns(ctx, banks, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			for i, times := range all {
				slow := ms(part(times, 99))
				rates[i], halves[i] = append(rates[i], float64(len(times))/s.span.Seconds()), append(halves[i], ms(part(times, 50)))
				slows[i], ratios[i] = append(slows[i], slow), append(ratios[i], slow/ms(part(all[0], 99)))
			}
		}
		for i, b := range banks {
			fmt.Printf("%-16s %10d %10.0f %10.2f %10.2f %12.2f\n", q.name, b.rows, middle(rates[i]), middle(halves[i]), middle(slows[i]), middle(ratios[i]))
		}
	}
	return nil
}

// slicesOfSpan is into how many a measurement is cut.
const slicesOfSpan = 25

// inTurns gives how long the questions took in each bank, sorted.
func (s settings) inTurns(ctx context.Context, banks []*bank, q question) ([][]time.Duration, error) {
	all := make([][]time.Duration, len(banks))
	for range slicesOfSpan {
		for i, b := range banks {
			times, err := s.ask(ctx, b, q)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], times...)
		}
	}
	for _, times := range all {
		slices.Sort(times)
	}
	return all, nil
}

// ask lets workers ask about customers at random, for one turn.
func (s settings) ask(ctx context.Context, b *bank, q question) ([]time.Duration, error) {
	end := time.Now().Add(s.span / slicesOfSpan)
	times, problems := make([][]time.Duration, s.workers), make([]error, s.workers)
	var wg sync.WaitGroup
	for i := range s.workers {
		wg.Go(func() {
			for first := true; (first || time.Now().Before(end)) && problems[i] == nil && ctx.Err() == nil; first = false {
				n := rand.IntN(b.rows) //nolint:gosec // which one is no secret
				begin := time.Now()
				problems[i] = q.ask(ctx, b, n)
				times[i] = append(times[i], time.Since(begin))
			}
		})
	}
	wg.Wait()
	return slices.Concat(times...), errors.Join(append(problems, ctx.Err())...)
}
