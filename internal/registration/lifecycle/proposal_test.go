package lifecycle_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

var second = lifecycle.Proposal{Act: lifecycle.Exception, SubscriberID: "hong", Kind: npki.PersonalBank, Why: "  두 번째 기기에서도 씁니다 "}

func TestProposalsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	for name, test := range map[string]struct {
		caller authz.Caller
		change func(*lifecycle.Proposal)
		want   *fault.Fault
	}{
		"by a customer":     {hong, func(*lifecycle.Proposal) {}, authz.ErrForbidden},
		"by the clock":      {lifetest.Clock, func(*lifecycle.Proposal) {}, authz.ErrForbidden},
		"no reason":         {lifetest.Teller, func(p *lifecycle.Proposal) { p.Why = " a b " }, lifecycle.ErrProposalForm},
		"too long a reason": {lifetest.Teller, func(p *lifecycle.Proposal) { p.Why = strings.Repeat("가", 501) }, lifecycle.ErrProposalForm},
		"no text":           {lifetest.Teller, func(p *lifecycle.Proposal) { p.Why = "bad \xff bytes" }, lifecycle.ErrProposalForm},
		"no act":            {lifetest.Teller, func(p *lifecycle.Proposal) { p.Act = "marry" }, lifecycle.ErrProposalForm},
		"no kind":           {lifetest.Teller, func(p *lifecycle.Proposal) { p.Kind = "" }, lifecycle.ErrProposalForm},
		"no such kind":      {lifetest.Teller, func(p *lifecycle.Proposal) { p.Kind = "personal-moon" }, lifecycle.ErrProposalForm},
		"nobody":            {lifetest.Teller, func(p *lifecycle.Proposal) { p.SubscriberID = "" }, lifecycle.ErrProposalForm},
		"with a serial":     {lifetest.Teller, func(p *lifecycle.Proposal) { p.Serial = c.Serial }, lifecycle.ErrProposalForm},
		"no such certificate": {lifetest.Teller, func(p *lifecycle.Proposal) {
			*p = lifecycle.Proposal{Act: lifecycle.ExOfficio, Serial: "00", Why: p.Why}
		}, ca.ErrNotFound},
		"no such reason": {lifetest.Teller, func(p *lifecycle.Proposal) {
			*p = lifecycle.Proposal{Act: lifecycle.ExOfficio, Serial: c.Serial, Why: p.Why, Reason: ca.OnHold}
		}, ca.ErrReason},
	} {
		p := second
		test.change(&p)
		_, err := h.Life.Propose(h.ctx, test.caller, p)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want.Name)
			continue
		}
		whole(t, err)
	}
	if open, err := h.Life.Waiting(h.ctx, lifetest.Operator); err != nil || len(open) != 0 {
		t.Errorf("%d proposals wait, %v", len(open), err)
	}
	_, err := h.Life.Waiting(h.ctx, hong)
	refused(t, err, authz.ErrForbidden)
}

func TestExceptionIsApprovedByAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	propose := func() lifecycle.Proposal {
		p, err := h.Life.Propose(h.ctx, lifetest.Supervisor, second)
		check(t, err)
		return p
	}
	p := propose()
	if p.State != lifecycle.Open || p.Maker != lifetest.Supervisor.ID || p.Why != strings.TrimSpace(second.Why) || !p.ExpiresAt.Equal(start.Add(7*24*time.Hour)) {
		t.Errorf("%+v", p)
	}
	for _, test := range []struct {
		caller authz.Caller
		id     string
		want   *fault.Fault
	}{
		{lifetest.Supervisor, p.ID, authz.ErrMaker}, {lifetest.Teller, p.ID, authz.ErrForbidden},
		{hong, p.ID, authz.ErrForbidden}, {lifetest.Operator, "none", lifecycle.ErrProposalUnknown},
	} {
		_, err := h.Life.Decide(h.ctx, test.caller, test.id, true)
		refused(t, err, test.want)
	}
	usable := func(want string) {
		t.Helper()
		if id, err := h.Life.ApprovedException(h.ctx, "hong", npki.PersonalBank); err != nil || id != want {
			t.Errorf("usable is %q, %v; want %q", id, err, want)
		}
	}
	usable("")
	h.set(start.Add(time.Hour))
	done, err := h.Life.Decide(h.ctx, lifetest.Operator, p.ID, true)
	check(t, err)
	if done.State != lifecycle.Approved || done.Decider != lifetest.Operator.ID || !done.DecidedAt.Equal(h.now()) {
		t.Errorf("%+v", done)
	}
	usable(p.ID)
	if id, err := h.Life.ApprovedException(h.ctx, "hong", npki.PersonalGeneral); err != nil || id != "" {
		t.Errorf("of another kind: %q, %v", id, err)
	}
	if id, err := h.Life.ApprovedException(h.ctx, "kim", npki.PersonalBank); err != nil || id != "" {
		t.Errorf("of another person: %q, %v", id, err)
	}
	_, err = h.Life.Decide(h.ctx, lifetest.Operator, p.ID, false)
	refused(t, err, lifecycle.ErrProposalOver)
	next := propose()
	usable(p.ID)  // the older one
	for range 2 { // twice is no error
		check(t, h.Store.InTx(h.ctx, func(ctx context.Context) error { return h.Life.UseException(ctx, p.ID) }))
	}
	usable("")
	rejected, err := h.Life.Decide(h.ctx, lifetest.Operator, next.ID, false)
	if err != nil || rejected.State != lifecycle.Rejected {
		t.Errorf("%s, %v", rejected.State, err)
	}
	usable("")
	if h.audited(authz.ProposeAct, "proposal:"+p.ID, audit.Done) != 1 || h.audited(authz.DecideProposal, "proposal:"+p.ID, audit.Done) != 1 ||
		h.audited(authz.DecideProposal, "proposal:"+p.ID, audit.Refused) != 1 || h.audited(authz.DecideProposal, "proposal:"+p.ID, audit.Denied) != 3 {
		t.Error("the audit log does not tell")
	}
}

// A proposal waits a week for its decision, and an approved exception a week for
// its use: to the microsecond.
func TestProposalsLapse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, err := h.Life.Propose(h.ctx, lifetest.Teller, second)
	check(t, err)
	b, err := h.Life.Propose(h.ctx, lifetest.Teller, second)
	check(t, err)
	h.set(a.ExpiresAt.Add(-time.Microsecond))
	if open, err := h.Life.Waiting(h.ctx, lifetest.Teller); err != nil || len(open) != 2 {
		t.Errorf("%d wait, %v", len(open), err)
	}
	a, err = h.Life.Decide(h.ctx, lifetest.Operator, a.ID, true)
	check(t, err)
	h.set(b.ExpiresAt)
	_, err = h.Life.Decide(h.ctx, lifetest.Operator, b.ID, true)
	refused(t, err, lifecycle.ErrProposalOver)
	if open, err := h.Life.Waiting(h.ctx, lifetest.Teller); err != nil || len(open) != 0 || b.StateAt(h.now()) != lifecycle.Lapsed {
		t.Errorf("%d wait, %v", len(open), err)
	}
	h.set(a.ExpiresAt.Add(-time.Microsecond))
	if id, err := h.Life.ApprovedException(h.ctx, "hong", npki.PersonalBank); id != a.ID || err != nil {
		t.Errorf("%q, %v", id, err)
	}
	h.set(a.ExpiresAt)
	if id, err := h.Life.ApprovedException(h.ctx, "hong", npki.PersonalBank); id != "" || err != nil || a.StateAt(h.now()) != lifecycle.Lapsed {
		t.Errorf("%q, %v", id, err)
	}
}

func TestRevokedExOfficio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	want := lifecycle.Proposal{Act: lifecycle.ExOfficio, Serial: c.Serial, Reason: ca.PrivilegeWithdrawn, Why: "사기 신고가 확인됨"}
	first, err := h.Life.Propose(h.ctx, lifetest.Teller, want)
	check(t, err)
	again, err := h.Life.Propose(h.ctx, lifetest.Teller, want)
	check(t, err)
	if first.SubscriberID != "hong" || h.state(c.Serial).State != ca.Valid {
		t.Errorf("%+v", first)
	}
	done, err := h.Life.Decide(h.ctx, lifetest.Supervisor, first.ID, true)
	check(t, err)
	if done.State != lifecycle.Used || h.state(c.Serial).State != ca.Revoked || h.told("hong", "revoked") != 2 {
		t.Errorf("%s, the certificate is %s", done.State, h.state(c.Serial).State)
	}
	// It is gone: the second decision is refused and changes nothing.
	_, err = h.Life.Decide(h.ctx, lifetest.Supervisor, again.ID, true)
	refused(t, err, ca.ErrState)
	if open, err := h.Life.Waiting(h.ctx, lifetest.Teller); err != nil || len(open) != 1 {
		t.Errorf("%d wait, %v", len(open), err)
	}
	_, err = h.Life.Decide(h.ctx, lifetest.Supervisor, again.ID, false)
	check(t, err)
	_, err = h.Life.Propose(h.ctx, lifetest.Teller, want)
	refused(t, err, lifecycle.ErrRevoked)
}
