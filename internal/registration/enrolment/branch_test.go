package enrolment_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

const thisBranch, otherBranch = "014", "201"

var approver = authz.Caller{Role: authz.Supervisor, ID: "approver", Request: "test", Branch: thisBranch}

func redeemer(a enrolment.Application) authz.Caller {
	return authz.Caller{Role: authz.Redeemer, ID: a.ID, Request: "test"}
}

// at is a case of a sample as the counter would hand it over: agreed to on
// paper an hour ago, the identity card confirmed.
func (d *desk) at(s simulator.Sample, way enrolment.Way) enrolment.AtBranch {
	d.t.Helper()
	d.customer(s)
	who, err := d.store.ByCustomerNumber(d.ctx, s.Number)
	check(d.t, err)
	consents, err := d.Agree(npki.PersonalBank, d.all())
	check(d.t, err)
	for i := range consents {
		consents[i].At = d.clock.now().Add(-time.Hour)
	}
	at := enrolment.AtBranch{Branch: thisBranch, SubscriberID: who.ID, Way: way, Consents: consents}
	if way == enrolment.Issue {
		at.Kind = npki.PersonalBank
	}
	if len(s.Cards) > 0 && s.Sort != subscriber.Corporate { // a company's are its visitors'
		at.Proofs = []proofing.Proof{d.seen(who, s)}
	}
	return at
}

// seen is the proof of who stands at the counter.
func (d *desk) seen(who subscriber.Subscriber, s simulator.Sample) proofing.Proof {
	d.t.Helper()
	proof, err := d.proof.CheckCard(d.ctx, proofing.Person{ID: who.ID, CustomerNumber: who.CustomerNumber, Name: who.Name,
		IdentityNumber: who.IdentityNumber, Birth: who.Birth, Foreigner: who.Sort == subscriber.Foreigner}, cardOf(s))
	check(d.t, err)
	return proof
}

// approve applies in a transaction, as the counter does: nobody outside may be
// asked within it, and the wire sees to that.
func (d *desk) approve(by authz.Caller, at enrolment.AtBranch) (a enrolment.Application, err error) {
	err = d.store.InTx(d.ctx, func(ctx context.Context) error {
		a, err = d.ApplyAtBranch(ctx, by, at)
		return err
	})
	return a, err
}

// redeemed has whoever has the codes make the key.
func (d *desk) redeemed(a enrolment.Application) (ca.Record, error) {
	d.t.Helper()
	k, err := d.KeyRequest(d.ctx, redeemer(a), a.ID)
	if err != nil {
		return ca.Record{}, err
	}
	return d.Certify(d.ctx, redeemer(a), a.ID, d.csr(keyB(), k.Challenge, newR(d.t)))
}

func TestApplyAtBranch(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := d.at(sample[0], enrolment.Issue)
	before := len(d.wire.calls)
	a, err := d.approve(approver, at)
	check(t, err)
	if len(d.wire.calls) != before {
		t.Error("somebody outside was asked")
	}
	stored, err := d.store.Application(d.ctx, a.ID)
	check(t, err)
	switch {
	case stored.State != enrolment.Proofed, stored.Desk != lifecycle.Branch(thisBranch), stored.Branch() != thisBranch,
		!slices.Equal(stored.Needs(), []string{"key"}), !stored.ExpiresAt.Equal(opening.Add(enrolment.BranchLifetime)):
		t.Errorf("application: %+v", stored)
	case len(stored.Consents) == 0 || !stored.Consents[0].At.Equal(opening.Add(-time.Hour)):
		t.Errorf("consents are not as they were signed: %+v", stored.Consents)
	case d.audited(authz.ApplyAtBranch, audit.Done, 0) != 1:
		t.Error("the application is not on record")
	}

	// The customer sees it, and gives it up at most: a bank login makes no key.
	customer := authz.Caller{Role: authz.Customer, ID: at.SubscriberID, Request: "test"}
	if _, err := d.View(d.ctx, customer, a.ID); err != nil {
		t.Errorf("the customer's view: %v", err)
	}
	_, err = d.KeyRequest(d.ctx, customer, a.ID)
	refuses(t, err, enrolment.ErrCodesNeeded)
	_, err = d.Certify(d.ctx, customer, a.ID, d.csr(keyA(), "challenge", newR(t)))
	refuses(t, err, enrolment.ErrCodesNeeded)
	_, err = d.ProveOTP(d.ctx, customer, a.ID, d.otp(sample[0]))
	refuses(t, err, enrolment.ErrWay)

	k, err := d.KeyRequest(d.ctx, redeemer(a), a.ID)
	check(t, err)
	csr := d.csr(keyA(), k.Challenge, newR(t))
	made, err := d.Certify(d.ctx, redeemer(a), a.ID, csr)
	check(t, err)
	if again, err := d.Certify(d.ctx, redeemer(a), a.ID, csr); err != nil || again.Serial != made.Serial {
		t.Errorf("asked again: %s %v", again.Serial, err)
	}
	_, err = d.Certify(d.ctx, redeemer(a), a.ID, d.csr(keyB(), k.Challenge, newR(t)))
	refuses(t, err, ca.ErrOtherKey)
	if seen, err := d.ca.Certificate(d.ctx, redeemer(a), made.Serial); err != nil || seen.Serial != made.Serial {
		t.Errorf("whoever has the codes can't see the certificate: %v", err)
	}
	if _, err := d.ca.CertificatesOf(d.ctx, redeemer(a), at.SubscriberID); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("the others of the person: %v", err)
	}
}

// A redeemer has the one application: not another of the same person, and
// nothing that is done with one online.
func TestRedeemerHasOneApplication(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	customer, online := d.proofed(sample[2])
	a, err := d.approve(approver, d.at(sample[0], enrolment.Issue))
	check(t, err)
	made, err := d.redeemed(a)
	check(t, err)
	caller := redeemer(a)
	stranger := redeemer(online)
	for name, act := range map[string]func() error{
		"view":        func() error { _, err := d.View(d.ctx, caller, online.ID); return err },
		"key":         func() error { _, err := d.KeyRequest(d.ctx, caller, online.ID); return err },
		"certify":     func() error { _, err := d.Certify(d.ctx, caller, online.ID, nil); return err },
		"abandon":     func() error { return d.Abandon(d.ctx, caller, a.ID) },
		"consent":     func() error { _, err := d.Consent(d.ctx, caller, a.ID, d.all()); return err },
		"prove":       func() error { _, err := d.ProveOTP(d.ctx, caller, a.ID, "123456"); return err },
		"certificate": func() error { _, err := d.ca.Certificate(d.ctx, stranger, made.Serial); return err },
		"list":        func() error { _, err := d.List(d.ctx, caller); return err },
		"start":       func() error { _, err := d.Start(d.ctx, caller, npki.PersonalBank); return err },
		"person":      func() error { _, err := d.subs.Subscriber(d.ctx, caller, customer.ID); return err },
	} {
		if err := act(); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoAppliesAtABranch(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := d.at(sample[0], enrolment.Issue)
	elsewhere, own := approver, approver
	elsewhere.Branch = otherBranch
	own.Self = at.SubscriberID
	for name, by := range map[string]authz.Caller{
		"customer": {Role: authz.Customer, ID: at.SubscriberID}, "teller": {Role: authz.Teller, ID: "t", Branch: thisBranch},
		"operator": {Role: authz.Operator, ID: "o"}, "auditor": {Role: authz.Auditor, ID: "a"}, "nobody": {Role: authz.Anonymous},
		"system": {Role: authz.System, ID: "s"}, "redeemer": {Role: authz.Redeemer, ID: at.SubscriberID},
		"another branch": elsewhere, "their own matter": own,
	} {
		if _, err := d.ApplyAtBranch(d.ctx, by, at); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := d.store.ApplicationsOf(d.ctx, at.SubscriberID); err != nil || len(all) > 0 {
		t.Errorf("applications after refusals: %v %v", all, err)
	}
	if n := d.audited(authz.ApplyAtBranch, audit.Denied, authz.ErrForbidden.Number) + d.audited(authz.ApplyAtBranch, audit.Denied, authz.ErrElsewhere.Number) +
		d.audited(authz.ApplyAtBranch, audit.Denied, authz.ErrOwnMatter.Number); n != 9 {
		t.Errorf("%d of 9 denials are on record", n)
	}
}

func TestRulesAtABranch(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *enrolment.Config) { c.Exceptions = noExceptions{} })
	good := d.at(sample[0], enrolment.Issue)
	stranger := d.at(sample[2], enrolment.Issue)
	for name, c := range map[string]struct {
		change func(*enrolment.AtBranch)
		want   *fault.Fault
	}{
		"no branch":           {func(a *enrolment.AtBranch) { a.Branch = "" }, enrolment.ErrAtBranch},
		"a branch of words":   {func(a *enrolment.AtBranch) { a.Branch = "0a4" }, enrolment.ErrAtBranch},
		"long id":             {func(a *enrolment.AtBranch) { a.SubscriberID = strings.Repeat("x", 65) }, enrolment.ErrAtBranch},
		"long exception":      {func(a *enrolment.AtBranch) { a.Exception = strings.Repeat("x", 65) }, enrolment.ErrAtBranch},
		"unknown exception":   {func(a *enrolment.AtBranch) { a.Exception = "other" }, lifecycle.ErrProposalOver},
		"nobody":              {func(a *enrolment.AtBranch) { a.SubscriberID = "nobody" }, subscriber.ErrNoCustomer},
		"no way":              {func(a *enrolment.AtBranch) { a.Way = "" }, enrolment.ErrWay},
		"resumption":          {func(a *enrolment.AtBranch) { a.Way = enrolment.Resume }, enrolment.ErrWay},
		"issue of a serial":   {func(a *enrolment.AtBranch) { a.Serial = "0a" }, enrolment.ErrWay},
		"unknown kind":        {func(a *enrolment.AtBranch) { a.Kind = "library-card" }, enrolment.ErrKind},
		"corporate kind":      {func(a *enrolment.AtBranch) { a.Kind = npki.CorporateBank }, enrolment.ErrPerson},
		"unknown certificate": {func(a *enrolment.AtBranch) { a.Way, a.Serial = enrolment.Renew, "0a" }, ca.ErrNotFound},
		"endless serial":      {func(a *enrolment.AtBranch) { a.Way, a.Serial = enrolment.Renew, strings.Repeat("0a", 99) }, ca.ErrNotFound},
		"nothing agreed to":   {func(a *enrolment.AtBranch) { a.Consents = nil }, enrolment.ErrConsentMissing},
		"old terms": {func(a *enrolment.AtBranch) {
			a.Consents = slices.Clone(a.Consents)
			a.Consents[0].Version = "2020.1"
		}, enrolment.ErrConsentOld},
		"signed tomorrow": {func(a *enrolment.AtBranch) {
			a.Consents = slices.Clone(a.Consents)
			a.Consents[0].At = d.clock.now().Add(time.Hour)
		}, enrolment.ErrConsentUnknown},
		"no proof":             {func(a *enrolment.AtBranch) { a.Proofs = nil }, enrolment.ErrProofAtBranch},
		"proof without person": {func(a *enrolment.AtBranch) { a.Proofs = []proofing.Proof{{Factor: proofing.OTP}} }, enrolment.ErrProofAtBranch},
		"another's proof":      {func(a *enrolment.AtBranch) { a.Proofs = stranger.Proofs }, enrolment.ErrPersonChanged},
	} {
		at := good
		c.change(&at)
		_, err := d.ApplyAtBranch(d.ctx, approver, at)
		t.Run(name, func(t *testing.T) { refuses(t, err, c.want) })
	}
	for n, want := range map[int]*fault.Fault{9: enrolment.ErrChildAtBranch, 12: enrolment.ErrDeceased} {
		at := good
		d.customer(sample[n])
		who, err := d.store.ByCustomerNumber(d.ctx, sample[n].Number)
		check(t, err)
		at.SubscriberID = who.ID
		_, err = d.ApplyAtBranch(d.ctx, approver, at)
		refuses(t, err, want)
	}
	if all, err := d.store.ApplicationsOf(d.ctx, good.SubscriberID); err != nil || len(all) > 0 {
		t.Errorf("applications after refusals: %v %v", all, err)
	}
	_, err := d.ApplyAtBranch(d.ctx, approver, good)
	check(t, err) // so it was what was changed
}

// noExceptions knows no approval.
type noExceptions struct{}

func (noExceptions) ApprovedException(context.Context, string, npki.Kind) (string, error) {
	return "", nil
}
func (noExceptions) UseException(context.Context, string) error { return nil }
func (noExceptions) WithdrawException(context.Context, authz.Caller, string) error {
	return nil
}
func (noExceptions) CheckException(context.Context, string, string, npki.Kind) error {
	return lifecycle.ErrProposalOver.With(nil, "state", "rejected")
}

// Kinds that are not offered online are given at a branch; a business is known
// again by itself, whoever came for it.
func TestCorporateAtABranch(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := d.at(sample[11], enrolment.Issue)
	at.Kind = npki.CorporateGeneral
	d.customer(sample[0])
	visitor, err := d.store.ByCustomerNumber(d.ctx, sample[0].Number)
	check(t, err)
	proof := d.seen(visitor, sample[0])
	at.Proofs = []proofing.Proof{proof}
	a, err := d.approve(approver, at)
	check(t, err)
	if kept := a.Proofs[0].Evidence; kept["visitor"] != proof.Evidence["person"] || kept["person"] == kept["visitor"] {
		t.Errorf("evidence: %v", kept)
	}
	if at.Proofs[0].Evidence["visitor"] != "" {
		t.Error("the case's own proof was changed")
	}
	made, err := d.redeemed(a)
	check(t, err)
	if made.Kind != npki.CorporateGeneral || made.State != ca.Valid {
		t.Errorf("certificate: %s %s", made.Kind, made.State)
	}
}

// Whoever changed between the counter and the key gets none.
func TestAnotherPersonByThen(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	a, err := d.approve(approver, d.at(sample[0], enrolment.Issue))
	check(t, err)
	d.world.Update(sample[0].Number, func(s *simulator.Sample) { s.Name = "홍길순" })
	_, err = d.redeemed(a)
	refuses(t, err, enrolment.ErrPersonChanged)
	a, err = d.View(d.ctx, redeemer(a), a.ID)
	if err != nil || a.State != enrolment.Rejected {
		t.Errorf("application: %s %v", a.State, err)
	}
}
