package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/responder"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// register is a database with so many certificates, and what answers from it.
type register struct {
	rows  int
	db    *store.Store
	asked map[string]func(ctx context.Context, serial string) error
	stop  func() error
}

var ways = []string{"look-up", "answer", "over HTTP"}

// ocsp asks few and many in turns.
func (s settings) ocsp(ctx context.Context, b *bank) (err error) {
	sizes, err := s.sizes()
	if err != nil {
		return err
	}
	made, err := b.authority()
	if err != nil {
		return err
	}
	registers := make([]*register, len(sizes))
	for i, rows := range sizes {
		begin := time.Now()
		if registers[i], err = s.register(ctx, b, made, rows); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, registers[i].stop()) }()
		fmt.Printf("%d certificates are in after %s\n", rows, time.Since(begin).Round(time.Second))
	}
	fmt.Printf("\nOCSP, %d workers, %s each, middle of %d rounds\n%-10s %10s %10s %10s %10s %12s\n", s.workers, s.span, s.rounds, "", "rows", "per s", "p50 ms", "p99 ms", "p99 ratio")
	for _, way := range ways {
		rates, halves, slows, ratios := map[int][]float64{}, map[int][]float64{}, map[int][]float64{}, map[int][]float64{}
		for range s.rounds {
			all, err := s.inTurns(ctx, registers, way)
			if err != nil {
				return fmt.Errorf("%s: %w", way, err)
			}
			for i, times := range all {
				rates[i] = append(rates[i], float64(len(times))/s.span.Seconds())
				halves[i], slows[i] = append(halves[i], ms(part(times, 50))), append(slows[i], ms(part(times, 99)))
				ratios[i] = append(ratios[i], slows[i][len(slows[i])-1]/slows[0][len(slows[0])-1])
			}
		}
		for i, r := range registers {
			fmt.Printf("%-10s %10d %10.0f %10.2f %10.2f %12.2f\n", way, r.rows, middle(rates[i]), middle(halves[i]), middle(slows[i]), middle(ratios[i]))
		}
	}
	fmt.Println()
	return nil
}

// slicesOfSpan is into how many a measurement is cut: what else the machine does then
// falls on few and on many rows alike.
const slicesOfSpan = 25

// inTurns asks all registers, each for the whole time, in short turns. It gives
// how long the questions took, sorted.
func (s settings) inTurns(ctx context.Context, registers []*register, way string) ([][]time.Duration, error) {
	all := make([][]time.Duration, len(registers))
	for range slicesOfSpan {
		for i, r := range registers {
			times, err := s.ask(ctx, r, r.asked[way])
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

// ask lets workers ask about certificates at random, for one turn.
func (s settings) ask(ctx context.Context, r *register, question func(ctx context.Context, serial string) error) ([]time.Duration, error) {
	end := time.Now().Add(s.span / slicesOfSpan)
	times, problems := make([][]time.Duration, s.workers), make([]error, s.workers)
	var wg sync.WaitGroup
	for i := range s.workers {
		wg.Go(func() {
			for time.Now().Before(end) && problems[i] == nil && ctx.Err() == nil {
				serial := serialOf(1 + mathrand.IntN(r.rows)) //nolint:gosec // which one is no secret
				begin := time.Now()
				problems[i] = question(ctx, serial)
				times[i] = append(times[i], time.Since(begin))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(times...)
	if len(all) == 0 {
		problems = append(problems, errors.New("nothing was asked"))
	}
	return all, errors.Join(append(problems, ctx.Err())...)
}

// register fills a database and opens what answers from it. One certificate of
// a hundred is revoked.
func (s settings) register(ctx context.Context, b *bank, made *ca.Ceremony, rows int) (*register, error) {
	issuer := hex.EncodeToString(made.Issuing.SubjectKeyId)
	db, err := b.open(ctx, issuer, rows, 100)
	if err != nil {
		return nil, err
	}
	r := &register{rows: rows, db: db, stop: db.Close}
	answers, err := status.NewResponder(status.ResponderConfig{Issuer: made.Issuing, Signer: made.OCSP, Key: made.OCSPKey, Now: time.Now}, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	url, stop, err := serve(ctx, answers)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	r.stop = func() error { return errors.Join(stop(), db.Close()) }
	r.asked = map[string]func(context.Context, string) error{
		"look-up": func(ctx context.Context, serial string) error {
			found, err := db.Standings(ctx, issuer, []string{serial})
			if err == nil && !found[0].Known {
				err = fmt.Errorf("serial %s is not known", serial)
			}
			return err
		},
		"answer": func(ctx context.Context, serial string) error {
			question, err := questionFor(made.Issuing, serial)
			if err != nil {
				return err
			}
			_, err = answers.Respond(ctx, question)
			return err
		},
		"over HTTP": func(ctx context.Context, serial string) error {
			question, err := questionFor(made.Issuing, serial)
			if err != nil {
				return err
			}
			return post(ctx, url, question)
		},
	}
	return r, nil
}

// serve puts a responder behind the doors that it has in the service.
func serve(ctx context.Context, answers *status.Responder) (url string, stop func() error, err error) {
	face := kit.NewFace(time.Now, kit.FaceConfig{
		MaxBody: responder.MaxRequest, Cacheable: true, Rate: kit.Rate{Every: time.Microsecond, Burst: 1 << 20},
	})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: face.Wrap(responder.New(responder.Config{OCSP: answers, Now: time.Now})), ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	return "http://" + listener.Addr().String() + "/ocsp", func() error {
		err := server.Close()
		if e := <-done; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		return err
	}, nil
}

// questionFor asks about one serial, with a nonce, so that no answer is given
// twice.
func questionFor(issuer *x509.Certificate, serial string) ([]byte, error) {
	number, ok := new(big.Int).SetString(serial, 16)
	if !ok {
		return nil, fmt.Errorf("serial %q", serial)
	}
	id, err := ocsp.NewCertID(crypto.SHA1, issuer, number)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, 32)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return ocsp.CreateRequest([]ocsp.CertID{id}, nonce)
}

func post(ctx context.Context, url string, question []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(question))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/ocsp-request")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(res.Status)
	}
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return err
	}
	_, err = ocsp.ParseResponse(answer) // one that is no answer is an error
	return err
}
