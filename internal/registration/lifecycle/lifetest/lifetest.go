// Package lifetest puts together what a certificate's life needs, for tests,
// fault tests and benchmarks: the real authority with its witness, the real
// store, audit log, notices and lifecycle. Only who checks one-time passwords
// is not: RightOTP is right, whatever else is wrong. Nothing of it belongs into
// the service.
package lifetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
)

// RightOTP is the one-time password of everybody, at any time.
const RightOTP = "246810"

// House is one instance of what a life needs.
type House struct {
	Store     *store.Store
	Log       *audit.Log
	Authority *ca.Authority
	Notices   *notice.Service
	Life      *lifecycle.Service
}

// Change lets a test put its own things into a House.
type Change func(*ca.Config, *lifecycle.Config)

// New makes a House on a store that is open and migrated.
func New(made *ca.Ceremony, db *store.Store, ring *keys.Ring, now func() time.Time, changes ...Change) (*House, error) {
	h := &House{Store: db, Log: audit.New(db, ring.AuditKey(), now)}
	h.Notices = notice.New(notice.Config{Tx: db, Outbox: db, Subscribers: db, Log: h.Log, Now: now, Mail: true})
	historian := lifecycle.NewHistorian(db, h.Notices, ring.Index)
	authority := catest.Config(made, now)
	authority.Witness = historian
	life := lifecycle.Config{Tx: db, People: db, Clockwork: db, Proposals: db, Chronicle: db, Historian: historian,
		Prover: prover{}, Subscribers: people{db}, Counter: db, Log: h.Log, Index: ring.Index, Now: now}
	for _, change := range changes {
		change(&authority, &life)
	}
	var err error
	if h.Authority, err = ca.New(authority, db, db, h.Log); err != nil {
		return nil, fmt.Errorf("making an authority: %w", err)
	}
	life.Authority = h.Authority
	h.Life = lifecycle.New(life)
	return h, nil
}

// Person stores a person who can be reached by phone and, when mail is true, by
// mail. Their subscriber id is given.
func (h *House) Person(ctx context.Context, name string, mail bool) (string, error) {
	hash := sha256.Sum256([]byte(name))
	digits := strings.Map(func(r rune) rune { return '0' + r%10 }, hex.EncodeToString(hash[:]))
	s := subscriber.Subscriber{ID: name, CustomerNumber: digits[:12], Sort: subscriber.Individual, Name: "홍길동",
		IdentityNumber: digits[12:25], Birth: "19850314", Phone: "010" + digits[25:33]}
	if mail {
		s.Mail = "nobody@example.com"
	}
	return h.Store.SaveSubscriber(ctx, s)
}

// Customer is a person as a caller.
func Customer(id, request string) authz.Caller {
	return authz.Caller{Role: authz.Customer, ID: id, Request: request}
}

// Those who are not customers.
var (
	Teller     = authz.Caller{Role: authz.Teller, ID: "teller", Request: "desk"}
	Supervisor = authz.Caller{Role: authz.Supervisor, ID: "supervisor", Request: "desk"}
	Operator   = authz.Caller{Role: authz.Operator, ID: "operator", Request: "bank"}
	Clock      = authz.Caller{Role: authz.System, ID: "clock", Request: "sweep"}
	Nobody     = authz.Caller{Role: authz.Anonymous, Request: "door"}
)

// people looks subscribers up without asking who wants to know.
type people struct{ db *store.Store }

func (p people) Subscriber(ctx context.Context, _ authz.Caller, id string) (subscriber.Subscriber, error) {
	return p.db.Subscriber(ctx, id)
}

// prover knows one password.
type prover struct{}

func (prover) CheckOTP(_ context.Context, _ proofing.Person, code string) (proofing.Proof, error) {
	if code != RightOTP {
		return proofing.Proof{}, proofing.ErrOTPWrong.With(nil, "left", "4")
	}
	return proofing.Proof{Factor: proofing.OTP}, nil
}

func (prover) Settle(context.Context, string, string, proofing.Factor) error { return nil }
