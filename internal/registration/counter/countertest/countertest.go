// Package countertest puts together what a branch's counter needs, for tests and
// fault tests: a lifetest.House and, on it, the real registration with the bank's
// other systems behind HTTP. Nothing of it belongs into the service.
package countertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/idcheck"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Desk is one instance of what a counter needs.
type Desk struct {
	*lifetest.House
	Subscribers *subscriber.Service
	Proofs      *proofing.Service
	Enrolment   *enrolment.Service
	Codes       *redeem.Service
	Counter     *counter.Service
}

// New makes a Desk. base is the address of a simulator, in whose made-up bank
// identity numbers are.
func New(h *lifetest.House, ring *keys.Ring, base string, now func() time.Time, changes ...func(*counter.Config)) (*Desk, error) {
	db := h.Store
	client := rest.Client{Base: base, Timeout: 20 * time.Second}
	core := corebank.Client{Client: client}
	d := &Desk{House: h}
	var err error
	d.Subscribers, err = subscriber.New(subscriber.Config{Tx: db, Register: db, Logins: db, Counter: db, Customers: core,
		Log: h.Log, Index: ring.Index, Now: now})
	if err != nil {
		return nil, fmt.Errorf("making subscribers: %w", err)
	}
	d.Proofs = proofing.New(proofing.Config{Tx: db, Counter: db, Locks: db, Cards: idcheck.Client{Client: client}, Accounts: core, OTPs: core,
		Messages: message.Client{Client: client}, Index: ring.Index, Now: now, Bank: "인감은행", Invented: true})
	d.Enrolment, err = enrolment.New(enrolment.Config{Register: db, Overdue: db, Subscribers: d.Subscribers, Prover: d.Proofs, Phones: d.Proofs,
		Authority: h.Authority, Certificates: db, Exceptions: h.Life, Log: h.Log, Now: now, CAName: "ingam"})
	if err != nil {
		return nil, fmt.Errorf("making enrolment: %w", err)
	}
	d.Codes = redeem.New(redeem.Config{Tx: db, Pairs: db, Register: db, Enrolment: d.Enrolment, Counter: db,
		Messages: message.Client{Client: client}, Log: h.Log, Index: ring.Index, Now: now, Bank: "인감은행"})
	c := counter.Config{Register: db, Queues: db, Cards: db, Scans: db, Known: db, Holdings: db, Counter: db, People: d.Subscribers,
		Prover: d.Proofs, Enrolment: d.Enrolment, Life: h.Life, Codes: d.Codes, Log: h.Log, Now: now}
	for _, change := range changes {
		change(&c)
	}
	d.Counter = counter.New(c)
	return d, nil
}

// Teller is who works at a branch. Of each name there is one at most.
func Teller(name, branch string) authz.Caller {
	return authz.Caller{Role: authz.Teller, ID: name, Request: "request of " + name, Branch: branch}
}

// Supervisor is who decides at a branch.
func Supervisor(name, branch string) authz.Caller {
	return authz.Caller{Role: authz.Supervisor, ID: name, Request: "request of " + name, Branch: branch}
}

// System is the clock.
var System = authz.Caller{Role: authz.System, ID: "counter", Request: "clock"}

// Card is what a teller reads from a sample's card.
func Card(c simulator.Card) proofing.CounterCard {
	return proofing.CounterCard{Document: string(c.Document), Number: c.Number, Name: c.Name, IssueDate: c.IssueDate, Expires: c.Expires,
		Licence: c.Licence, LicenceSerial: c.LicenceSerial, MRZ: c.MRZ}
}

// Signed are all terms of a kind, agreed to.
func (d *Desk) Signed(kind npki.Kind) []enrolment.ConsentGiven {
	var given []enrolment.ConsentGiven
	for _, t := range d.Enrolment.Terms(kind) {
		given = append(given, enrolment.ConsentGiven{Terms: t.Name, Version: t.Version, SHA256: t.SHA256})
	}
	return given
}

// Holds gives a customer a certificate that ends with the end of a day, as if it had been
// issued before.
func (d *Desk) Holds(ctx context.Context, subscriberID string, kind npki.Kind, until time.Time) (ca.Record, error) {
	r, err := catest.Request(rand.Reader, rand.Text())
	if err != nil {
		return ca.Record{}, err
	}
	r.SubscriberID, r.Kind, r.NotAfter = subscriberID, kind, seoul.LastSecond(until)
	return d.Authority.Issue(ctx, lifetest.Customer(subscriberID, "before"), r)
}

// Fetch plays the customer of an approved case, who makes a key with the codes:
// the authority issues, and the application ends.
func (d *Desk) Fetch(ctx context.Context, applicationID string, until time.Time) (ca.Record, error) {
	a, err := d.Store.Application(ctx, applicationID)
	if err != nil {
		return ca.Record{}, err
	}
	r, err := catest.Request(rand.Reader, a.ID)
	if err != nil {
		return ca.Record{}, err
	}
	r.ApplicationID, r.SubscriberID, r.Kind, r.Exception, r.NotAfter = a.ID, a.SubscriberID, a.Kind, a.Exception, seoul.LastSecond(until)
	if a.Replaces != "" {
		r.Replaces, r.From = a.Replaces, []ca.State{ca.Valid, ca.Suspended, ca.Held}
	}
	made, err := d.Authority.Issue(ctx, lifetest.Customer(a.SubscriberID, "application "+a.ID), r)
	if err != nil {
		return ca.Record{}, err
	}
	a.State, a.Serial = enrolment.Issued, made.Serial
	return made, d.Store.SaveApplication(ctx, a)
}
