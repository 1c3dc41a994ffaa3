package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

const (
	toldInstances = 3
	toldWorkers   = 8
	toldEach      = 25 // revocations of a worker
)

// instance is one of several processes of a bank, as far as this is about.
type instance struct {
	ca      *ca.Authority
	answers *status.Responder
}

// told revokes at one instance and asks all of them until all say so.
func (s settings) told(ctx context.Context, b *bank) (err error) {
	made, err := b.authority()
	if err != nil {
		return err
	}
	url, err := b.database(ctx)
	if err != nil {
		return err
	}
	ring := keys.NewRing()
	all := make([]instance, toldInstances)
	for i := range all {
		var db *store.Store
		if db, err = store.Open(ctx, url, ring); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		if err = db.Migrate(ctx); err != nil {
			return err
		}
		if all[i].ca, err = ca.New(catest.Config(made, time.Now), db, db, audit.New(db, ring.AuditKey(), time.Now)); err != nil {
			return err
		}
		all[i].answers, err = status.NewResponder(status.ResponderConfig{Issuer: made.Issuing, Signer: made.OCSP, Key: made.OCSPKey, Now: time.Now}, db)
		if err != nil {
			return err
		}
	}
	fmt.Printf("from revocation to OCSP on %d instances, %d workers, middle of %d rounds of %d\n%-32s %10s %10s %10s %10s\n",
		toldInstances, toldWorkers, s.rounds, toldWorkers*toldEach, "", "acts/s", "p50 ms", "p99 ms", "most ms")
	for _, way := range []struct {
		name  string
		fresh bool
	}{{"asked with a nonce", true}, {"asked without, good a moment ago", false}} {
		var rates, halves, slows, most []float64
		for range s.rounds {
			begin, times, err := tell(ctx, made, all, way.fresh)
			if err != nil {
				return err
			}
			rates = append(rates, float64(len(times))/time.Since(begin).Seconds())
			halves, slows, most = append(halves, ms(part(times, 50))), append(slows, ms(part(times, 99))), append(most, ms(times[len(times)-1]))
		}
		fmt.Printf("%-32s %10.1f %10.1f %10.1f %10.1f\n", way.name, middle(rates), middle(halves), middle(slows), middle(most))
	}
	fmt.Println("(times from the return of Revoke, when it is committed, to the last instance that says so)")
	fmt.Println()
	return nil
}

// tell revokes certificates and gives when it began and how long each took to be
// told by all instances, sorted.
func tell(ctx context.Context, made *ca.Ceremony, all []instance, fresh bool) (time.Time, []time.Duration, error) {
	var serials [toldWorkers][]string
	times, problems := make([][]time.Duration, toldWorkers), make([]error, toldWorkers)
	workers := func(do func(i int) error) error {
		var wg sync.WaitGroup
		for i := range toldWorkers {
			wg.Go(func() { problems[i] = do(i) })
		}
		wg.Wait()
		return errors.Join(problems...)
	}
	err := workers(func(i int) error {
		for range toldEach {
			want, err := catest.Request(rand.Reader, rand.Text())
			if err != nil {
				return err
			}
			r, err := all[0].ca.Issue(ctx, authz.Caller{Role: authz.Customer, ID: want.SubscriberID}, want)
			if err != nil {
				return err
			}
			serials[i] = append(serials[i], r.Serial)
		}
		return nil
	})
	if err != nil {
		return time.Time{}, nil, err
	}
	begin := time.Now()
	err = workers(func(i int) error {
		for _, serial := range serials[i] {
			took, err := toldOnce(ctx, made, all, serial, fresh)
			if err != nil {
				return err
			}
			times[i] = append(times[i], took)
		}
		return nil
	})
	sorted := slices.Concat(times...)
	slices.Sort(sorted)
	return begin, sorted, err
}

func toldOnce(ctx context.Context, made *ca.Ceremony, all []instance, serial string, fresh bool) (time.Duration, error) {
	number, _ := new(big.Int).SetString(serial, 16)
	id, err := ocsp.NewCertID(crypto.SHA1, made.Issuing, number)
	if err != nil {
		return 0, err
	}
	plain, err := ocsp.CreateRequest([]ocsp.CertID{id}, nil)
	if err != nil {
		return 0, err
	}
	says := func(in instance) (ocsp.CertStatus, error) {
		question := plain
		if fresh {
			if question, err = questionFor(made.Issuing, serial); err != nil {
				return 0, err
			}
		}
		answer, err := in.answers.Respond(ctx, question)
		if err != nil {
			return 0, err
		}
		response, err := ocsp.ParseResponse(answer.DER)
		if err != nil {
			return 0, err
		}
		return response.Singles[0].Status, nil
	}
	if !fresh {
		for _, in := range all {
			if said, err := says(in); err != nil || said != ocsp.Good {
				return 0, errors.Join(err, errors.New("it was not good before"))
			}
		}
	}
	if err := all[0].ca.Revoke(ctx, authz.Caller{Role: authz.Operator, ID: "bench", Request: "bench"}, serial, ca.Superseded, time.Time{}); err != nil {
		return 0, err
	}
	begin := time.Now()
	for _, in := range all {
		for {
			said, err := says(in)
			if err != nil {
				return 0, err
			}
			if said == ocsp.Revoked {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	return time.Since(begin), nil
}
