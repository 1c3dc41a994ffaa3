package enrolment_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/npki"
)

// of is a case about the holder's certificate.
func (h *holder) of(way enrolment.Way) enrolment.AtBranch {
	h.t.Helper()
	at := h.at(h.sample, way)
	at.Serial = h.cert.Serial
	return at
}

func TestRenewalAtABranch(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	_, err := h.approve(approver, h.of(enrolment.Renew))
	refuses(t, err, lifecycle.ErrRenewEarly)
	h.toRenewal()
	a, err := h.approve(approver, h.of(enrolment.Renew))
	check(t, err)
	if a.SignedByOld() {
		t.Error("a renewal at a branch wants the old key")
	}
	made, err := h.redeemed(a) // the request as it is: the old key signs nothing
	check(t, err)
	if want := lifecycle.RenewedUntil(h.cert.NotAfter, 1); !made.NotAfter.Equal(want) {
		t.Errorf("it ends %v, want %v", made.NotAfter, want)
	}
	if old := h.now(h.cert.Serial); old.State != ca.Revoked {
		t.Errorf("the old one is %s", old.State)
	}
}

// What was approved is asked once more when the key is there.
func TestRulesAtTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		way  enrolment.Way
		then func(h *holder)
		want *fault.Fault
	}{
		"renewal, revoked since": {enrolment.Renew, func(h *holder) {
			check(h.t, h.ca.Revoke(h.ctx, h.caller, h.cert.Serial, ca.KeyCompromise, time.Time{}))
		}, lifecycle.ErrRevoked},
		"renewal, suspended since": {enrolment.Renew, func(h *holder) {
			check(h.t, h.ca.Hold(h.ctx, h.caller, h.cert.Serial, lifecycle.DeskOnline))
		}, lifecycle.ErrSuspended},
		"reissue, suspended by the bank since": {enrolment.Reissue, func(h *holder) {
			check(h.t, h.ca.Hold(h.ctx, supervisor, h.cert.Serial, lifecycle.DeskBank))
		}, lifecycle.ErrElsewhere},
		"reissue, suspended at another branch since": {enrolment.Reissue, func(h *holder) {
			check(h.t, h.ca.Hold(h.ctx, supervisor, h.cert.Serial, lifecycle.Branch(otherBranch)))
		}, lifecycle.ErrElsewhere},
		"reissue, suspended at this branch since": {enrolment.Reissue, func(h *holder) {
			check(h.t, h.ca.Hold(h.ctx, supervisor, h.cert.Serial, lifecycle.Branch(thisBranch)))
		}, nil},
		"reissue, suspended by the owner since": {enrolment.Reissue, func(h *holder) {
			check(h.t, h.ca.Hold(h.ctx, h.caller, h.cert.Serial, lifecycle.DeskOnline))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHolder(t)
			h.toRenewal()
			a, err := h.approve(approver, h.of(c.way))
			check(t, err)
			c.then(h)
			_, err = h.redeemed(a)
			if c.want == nil {
				check(t, err)
				return
			}
			refuses(t, err, c.want)
		})
	}
}

// A branch reissues what it has suspended itself, or the owner has; nobody
// else's.
func TestReissueOfSuspended(t *testing.T) {
	t.Parallel()
	for desk, want := range map[string]*fault.Fault{
		lifecycle.DeskOnline: nil, lifecycle.DeskLost: nil, lifecycle.Branch(thisBranch): nil,
		lifecycle.Branch(otherBranch): lifecycle.ErrElsewhere, lifecycle.DeskBank: lifecycle.ErrElsewhere,
	} {
		t.Run(desk, func(t *testing.T) {
			t.Parallel()
			h := openHolder(t)
			check(t, h.ca.Hold(h.ctx, supervisor, h.cert.Serial, desk))
			a, err := h.approve(approver, h.of(enrolment.Reissue))
			if want != nil {
				refuses(t, err, want)
				return
			}
			check(t, err)
			made, err := h.redeemed(a)
			check(t, err)
			if made.State != ca.Valid || !made.NotAfter.Equal(h.cert.NotAfter) {
				t.Errorf("reissued: %s until %v", made.State, made.NotAfter)
			}
			// Online nothing has changed: what a branch suspended is not reissued there.
			_, err = h.StartFor(h.ctx, h.caller, enrolment.Reissue, h.cert.Serial)
			refuses(t, err, lifecycle.ErrRevoked)
		})
	}
}

func TestStrangersCertificateAtABranch(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	at := h.of(enrolment.Reissue)
	other := h.at(sample[2], enrolment.Reissue)
	at.SubscriberID, at.Proofs = other.SubscriberID, other.Proofs
	_, err := h.approve(approver, at)
	refuses(t, err, ca.ErrNotFound)
	at = h.of(enrolment.Reissue)
	at.Kind = npki.PersonalGeneral
	_, err = h.approve(approver, at)
	refuses(t, err, enrolment.ErrAtBranch)
	at = h.of(enrolment.Reissue)
	at.Exception = "case"
	_, err = h.approve(approver, at)
	refuses(t, err, enrolment.ErrAtBranch)
}

// One of a kind, also at a branch; an exception that the counter's case holds is
// one more, and an approved proposal is used.
func TestExceptionAtABranch(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	at := h.at(h.sample, enrolment.Issue)
	_, err := h.approve(approver, at)
	refuses(t, err, ca.ErrPersonHolds)

	at.Exception = "nobody-approved-it"
	_, err = h.approve(approver, at)
	refuses(t, err, lifecycle.ErrProposalUnknown)
	approved, err := h.life.ApproveException(h.ctx, approver, lifecycle.Proposal{SubscriberID: at.SubscriberID,
		Kind: at.Kind, Why: "두 번째 사업장", Maker: "teller"})
	check(t, err)
	at.Exception = approved.ID
	a, err := h.approve(approver, at)
	check(t, err)
	made, err := h.redeemed(a)
	check(t, err)
	if made.Exception != at.Exception || h.now(h.cert.Serial).State != ca.Valid {
		t.Errorf("exception %q, the first one is %s", made.Exception, h.now(h.cert.Serial).State)
	}

	_, err = h.approve(approver, at)
	refuses(t, err, lifecycle.ErrProposalOver) // it was used

	// Somebody else's approval is none.
	p, err := h.life.Propose(h.ctx, authz.Caller{Role: authz.Teller, ID: "maker", Branch: thisBranch},
		lifecycle.Proposal{Act: lifecycle.Exception, SubscriberID: "somebody", Kind: npki.PersonalBank, Why: "두 번째 사업장"})
	check(t, err)
	at.Exception = p.ID
	_, err = h.approve(approver, at)
	refuses(t, err, lifecycle.ErrProposalOver)
}

// What was begun online gives way to a branch, unless the authority has begun.
func TestOnlineGivesWay(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, online, k := d.ready(sample[0])
	at := d.at(sample[0], enrolment.Issue)
	a, err := d.approve(approver, at)
	check(t, err)
	if online, err = d.store.Application(d.ctx, online.ID); err != nil || online.State != enrolment.Abandoned {
		t.Errorf("the online one is %s, %v", online.State, err)
	}
	if d.audited(authz.AbandonApplication, audit.Done, 0) != 1 {
		t.Error("that it was abandoned is not on record")
	}
	_, err = d.Certify(d.ctx, c, online.ID, d.csr(keyA(), k.Challenge, newR(t)))
	refuses(t, err, enrolment.ErrAbandoned)

	// One at a branch is not pushed aside, here or elsewhere.
	_, err = d.approve(approver, at)
	refuses(t, err, enrolment.ErrOpenOther)
	elsewhere := approver
	elsewhere.Branch, at.Branch = otherBranch, otherBranch
	_, err = d.approve(elsewhere, at)
	refuses(t, err, enrolment.ErrOpenOther)
	// Online one goes on with it: by codes.
	open, err := d.Start(d.ctx, c, npki.PersonalBank)
	if err != nil || open.ID != a.ID {
		t.Errorf("starting online gives %s, %v", open.ID, err)
	}
	// Given up, it is in nobody's way.
	check(t, d.Abandon(d.ctx, c, a.ID))
	_, err = d.redeemed(a)
	refuses(t, err, enrolment.ErrAbandoned)
	_, err = d.approve(elsewhere, at)
	check(t, err)
}

func TestBegunOnlineStays(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, online, _ := d.ready(sample[0])
	at := d.at(sample[0], enrolment.Issue)
	check(t, d.store.Reserve(d.ctx, ca.Record{Serial: "0a1b", Issuer: d.ca.IssuerID(), ApplicationID: online.ID, SubscriberID: at.SubscriberID,
		Kind: npki.PersonalBank, State: ca.Pending, Subject: "cn=x", KeyHash: []byte("k"), TBS: []byte("t"),
		NotBefore: opening, NotAfter: opening.AddDate(1, 0, 0), CreatedAt: opening, ChangedAt: opening}))
	at.Exception = "case" // else that the person holds one is the answer
	d.config.Exceptions = noProposals{}
	service, err := enrolment.New(d.config)
	check(t, err)
	_, err = service.ApplyAtBranch(d.ctx, approver, at)
	refuses(t, err, enrolment.ErrOpenOther)
	if online, err = d.store.Application(d.ctx, online.ID); err != nil || online.State != enrolment.Ready {
		t.Errorf("the online one is %s, %v", online.State, err)
	}
}

// noProposals lets every case speak for itself.
type noProposals struct{ noExceptions }

func (noProposals) CheckException(context.Context, string, string, npki.Kind) error { return nil }

// An application of a branch waits as long as its codes do, and no longer than a
// week, nor than what it replaces.
func TestProlong(t *testing.T) {
	t.Parallel()
	teller := authz.Caller{Role: authz.Teller, ID: "t", Branch: thisBranch}
	d := openDesk(t)
	a, err := d.approve(approver, d.at(sample[0], enrolment.Issue))
	check(t, err)
	prolong := func(by authz.Caller, id string) (a enrolment.Application, err error) {
		err = d.store.InTx(d.ctx, func(ctx context.Context) error {
			a, err = d.Prolong(ctx, by, id)
			return err
		})
		return a, err
	}
	for _, c := range []struct {
		after time.Duration
		until time.Time
	}{
		{0, opening.Add(enrolment.BranchLifetime)},
		{70 * time.Hour, opening.Add(70*time.Hour + enrolment.BranchLifetime)},
		{60 * time.Hour, opening.Add(enrolment.BranchTotal)},
	} {
		d.clock.pass(c.after)
		a, err = prolong(teller, a.ID)
		check(t, err)
		if !a.ExpiresAt.Equal(c.until) {
			t.Errorf("at %v it waits until %v, want %v", d.clock.now(), a.ExpiresAt, c.until)
		}
	}
	for name, by := range map[string]authz.Caller{
		"customer": {Role: authz.Customer, ID: a.SubscriberID}, "another branch": {Role: authz.Teller, ID: "t", Branch: otherBranch},
		"redeemer": redeemer(a), "auditor": {Role: authz.Auditor, ID: "a"},
	} {
		if _, err := prolong(by, a.ID); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.clock.pass(enrolment.BranchTotal)
	_, err = prolong(teller, a.ID)
	refuses(t, err, enrolment.ErrLapsedAtBranch)
	_, err = d.redeemed(a)
	refuses(t, err, enrolment.ErrLapsedAtBranch)
	if a, err = d.View(d.ctx, redeemer(a), a.ID); err != nil || a.State != enrolment.Lapsed {
		t.Errorf("application: %s %v", a.State, err)
	}
	_, online := d.started(sample[2])
	if _, err := prolong(teller, online.ID); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("an application of nobody's branch: %v", err)
	}

	h := openHolder(t)
	h.to(h.cert.NotAfter.Add(-time.Hour))
	renewal, err := h.approve(approver, h.of(enrolment.Renew))
	check(t, err)
	if !renewal.ExpiresAt.Equal(h.cert.NotAfter) {
		t.Errorf("a renewal waits until %v, the old one ends %v", renewal.ExpiresAt, h.cert.NotAfter)
	}
	renewal, err = h.Prolong(h.ctx, teller, renewal.ID)
	if err != nil || !renewal.ExpiresAt.Equal(h.cert.NotAfter) {
		t.Errorf("prolonged, until %v: %v", renewal.ExpiresAt, err)
	}
	h.clock.pass(time.Minute)
	_, err = h.redeemed(renewal)
	check(t, err)
	_, err = h.Prolong(h.ctx, teller, renewal.ID)
	refuses(t, err, enrolment.ErrIssued)
}
