package faults_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/store"
)

// deed is something that happens to a certificate after its first day.
type deed struct {
	Act         string // renew, reissue, lost, sweep
	Application string // of a renewal or a reissue
	Subscriber  string
	Replaces    string
}

// Steps beyond those of the authority's cycle. All but the last are within a
// transaction.
const (
	beforeTelling  = 11 // a change is made, its history and notices are not
	afterTelling   = 12 // they are written too
	beforeReminded = 13 // reminders are in the outbox, the next ones are not set
	afterReminded  = 14
	afterDeed      = 15 // it is done, and nobody was told so
)

// liveChild is the service as far as a certificate's life goes.
func liveChild(ctx context.Context, o order, out io.Writer) error {
	step, tell := o.steps(out)
	h, closed, err := o.house(ctx, func(c *ca.Config, l *lifecycle.Config) {
		c.Step = step
		c.Signer = tellingSigner{c.Signer, tell}
		c.Witness = steppingWitness{c.Witness, step}
		l.Clockwork = steppingClockwork{l.Clockwork, step}
	})
	if err != nil {
		return err
	}
	recovered, err := h.Authority.Recover(ctx)
	if err != nil {
		return err
	}
	tell("recovered %d", recovered)
	for _, d := range o.Deeds {
		err = errors.Join(err, d.do(ctx, h, o.now(), step, tell))
	}
	return errors.Join(err, closed())
}

// now is the time of an order: its processes all have the same.
func (o order) now() time.Time { return time.UnixMicro(o.At).UTC() }

// house opens what an order is about.
func (o order) house(ctx context.Context, change lifetest.Change) (*lifetest.House, func() error, error) {
	ring, err := keys.ReadRing(filepath.Join(o.Dir, "ring.json"), passphrase)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, o.URL, ring)
	if err != nil {
		return nil, nil, err
	}
	made, err := readCeremony(filepath.Join(o.Dir, "ca.json"))
	if err != nil {
		return nil, nil, err
	}
	h, err := lifetest.New(made, db, ring, o.now, change)
	return h, db.Close, err
}

func (d deed) do(ctx context.Context, h *lifetest.House, now time.Time, step func(int), tell func(string, ...any)) error {
	switch d.Act {
	case "sweep":
		_, err := h.Life.Sweep(ctx, lifetest.Clock)
		step(afterDeed)
		tell("swept %d", 0)
		return err
	case "lost":
		_, err := h.Life.Lost(ctx, lifetest.Customer(d.Subscriber, "report of "+d.Subscriber), d.Subscriber)
		step(afterDeed)
		tell("lost %s", d.Subscriber)
		return err
	}
	record, err := d.replace(ctx, h, now)
	step(afterDeed)
	switch f := fault.Of(err); {
	case err == nil:
		tell("ack %s %s %s", d.Application, record.Serial, sum(record.DER))
	case f.Fault == fault.Unexpected:
		return fmt.Errorf("%s %s: %w", d.Act, d.Application, err)
	default:
		tell("refuse %s %s", d.Application, f.Name)
	}
	return nil
}

// replace does what enrolment does at the end of a renewal or a reissue.
func (d deed) replace(ctx context.Context, h *lifetest.House, now time.Time) (ca.Record, error) {
	seed := sha256.Sum256([]byte(d.Application)) // the same application has the same key in every process
	r, err := catest.Request(rand.NewChaCha8(seed), d.Application)
	if err != nil {
		return ca.Record{}, err
	}
	old, err := h.Store.Certificate(ctx, d.Replaces)
	if err != nil {
		return ca.Record{}, err
	}
	r.ApplicationID, r.SubscriberID, r.Kind, r.Replaces = d.Application, d.Subscriber, old.Kind, old.Serial
	r.From, r.NotAfter = []ca.State{ca.Valid, ca.Suspended}, old.NotAfter
	if d.Act == "renew" {
		r.From, r.NotAfter = []ca.State{ca.Valid}, lifecycle.RenewedUntil(old.NotAfter, 1)
	}
	_, err = h.Store.ByApplication(ctx, d.Application)
	if begun := err == nil; !begun { // what is begun is finished as it was begun
		if d.Act == "renew" {
			err = lifecycle.MayRenew(old, 30, now)
		} else {
			err = lifecycle.MayReissue(old, now)
		}
		if err != nil {
			return ca.Record{}, err
		}
	}
	return h.Authority.Issue(ctx, lifetest.Customer(d.Subscriber, "application "+d.Application), r)
}

// steppingWitness makes steps of what is told.
type steppingWitness struct {
	next ca.Witness
	step func(int)
}

func (w steppingWitness) Witness(ctx context.Context, c ca.Change) error {
	w.step(beforeTelling)
	err := w.next.Witness(ctx, c)
	w.step(afterTelling)
	return err
}

// steppingClockwork makes steps of reminders.
type steppingClockwork struct {
	lifecycle.Clockwork
	step func(int)
}

func (c steppingClockwork) SetReminders(ctx context.Context, serials []string, at time.Time) error {
	c.step(beforeReminded)
	err := c.Clockwork.SetReminders(ctx, serials, at)
	c.step(afterReminded)
	return err
}
