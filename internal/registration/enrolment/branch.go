package enrolment

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// How long the customer of a branch has to fetch the certificate: from the
// approval, or from the last handing-out of codes; and in any case.
const (
	BranchLifetime = 72 * time.Hour
	BranchTotal    = 7 * 24 * time.Hour
)

// AtBranch is what a supervisor has approved at the counter: who may have which
// certificate, by which proofs, agreed to on paper.
type AtBranch struct {
	Branch       string // three digits
	SubscriberID string
	Way          Way       // Issue, Renew or Reissue; a resumption at a branch needs no application
	Kind         npki.Kind // of an Issue; else that of the certificate, and may be empty
	Serial       string    // of what is renewed or reissued; empty for Issue
	// Exception is the id under which one certificate more of the kind was
	// approved: an approved lifecycle.Proposal's, or the counter's case; empty for
	// none.
	Exception string
	Consents  []Consent        // see Agree
	Proofs    []proofing.Proof // of the identity of who came
}

// Branch is the number of the branch at which an application was made; empty
// for one that was made online.
func (a Application) Branch() string { return lifecycle.BranchOf(a.Desk) }

// Agree says what is to be kept of texts that somebody agreed to on paper: all
// that are required for the kind, in today's version. Refusals: ErrConsentMissing,
// ErrConsentOld, ErrConsentUnknown.
func (s *Service) Agree(kind npki.Kind, given []ConsentGiven) ([]Consent, error) {
	return agree(s.Terms(kind), given, s.now())
}

// ApplyAtBranch makes the application of a case that a supervisor approves at
// the counter. It is proofed: what is missing is the key, which the customer
// makes with the codes that package redeem hands out. An open application of the
// same person and kind that was begun online is abandoned; ErrOpenOther when one
// at a branch is open, or the authority has begun.
//
// Call it in the transaction of the approval: it asks nobody outside. The customer has
// been fetched from the core bank when the case was opened, and is once more
// when the certificate is made.
func (s *Service) ApplyAtBranch(ctx context.Context, caller authz.Caller, at AtBranch) (a Application, err error) {
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		a, err = s.applyAtBranch(ctx, caller, at)
		return err
	})
	if err != nil {
		return Application{}, s.refused(ctx, caller, authz.ApplyAtBranch, "subscriber:"+at.SubscriberID, err)
	}
	return a, nil
}

func (s *Service) applyAtBranch(ctx context.Context, caller authz.Caller, at AtBranch) (Application, error) {
	if len(at.SubscriberID) > maxID || len(at.Exception) > maxID || !branchNumber(at.Branch) {
		return Application{}, ErrAtBranch
	}
	if err := authz.AllowOn(caller, authz.ApplyAtBranch, authz.Object{Owner: at.SubscriberID, Branch: at.Branch}); err != nil {
		return Application{}, err
	}
	who, err := s.Subscribers.Subscriber(ctx, caller, at.SubscriberID)
	if err != nil {
		return Application{}, err
	}
	now := s.now()
	a := Application{ID: rand.Text(), SubscriberID: who.ID, Way: at.Way, Kind: at.Kind, Desk: lifecycle.Branch(at.Branch),
		Replaces: at.Serial, Exception: at.Exception, State: Proofed, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(BranchLifetime)}
	if err := s.branchWay(ctx, &a, now); err != nil {
		return Application{}, err
	}
	if err := eligible(who, a.Kind, now); err != nil {
		if errors.Is(err, ErrChild) {
			return Application{}, ErrChildAtBranch
		}
		return Application{}, err
	}
	if a.Consents, err = signed(s.Terms(a.Kind), at.Consents, now); err != nil {
		return Application{}, err
	}
	if a.Proofs, err = s.provenAtBranch(who, at.Proofs); err != nil {
		return Application{}, err
	}
	if err := s.makeRoom(ctx, caller, a); err != nil {
		return Application{}, err
	}
	err = s.record(ctx, caller, authz.ApplyAtBranch, a.ID, "way", string(a.Way), "kind", string(a.Kind), "desk", a.Desk,
		"subscriber", a.SubscriberID, "replaces", a.Replaces, "exception", a.Exception)
	if err != nil {
		return Application{}, err
	}
	if err := s.Register.CreateApplication(ctx, a); err != nil {
		if errors.Is(err, ErrOpenApplication) { // another request was faster
			err = ErrChanged.With(err)
		}
		return Application{}, err
	}
	return a, nil
}

// branchNumber says whether a branch is named by three digits.
func branchNumber(branch string) bool {
	return len(branch) == 3 && !slices.ContainsFunc([]byte(branch), func(c byte) bool { return c < '0' || c > '9' })
}

// branchWay asks the rules of a way: whether there may be another certificate, or
// whether the one that is named may be renewed or reissued at this desk. Nobody
// can fetch what takes the place of a certificate after that one's end.
func (s *Service) branchWay(ctx context.Context, a *Application, now time.Time) error {
	switch a.Way {
	case Issue:
		if a.Replaces != "" {
			return ErrWay
		}
		if !slices.Contains(kinds, a.Kind) {
			return ErrKind
		}
		var err error
		switch {
		case a.Exception == "":
			a.Exception, err = s.holdsNone(ctx, a.SubscriberID, a.Kind, now)
		case s.Exceptions == nil:
			err = ErrAtBranch
		default:
			err = s.Exceptions.CheckException(ctx, a.Exception, a.SubscriberID, a.Kind)
		}
		return err
	case Renew, Reissue:
	case Resume:
		return ErrWay
	default:
		return ErrWay
	}
	if len(a.Replaces) > maxID {
		return ca.ErrNotFound
	}
	old, err := s.Certificates.Certificate(ctx, a.Replaces)
	switch {
	case errors.Is(err, ca.ErrNoCertificate):
		return ca.ErrNotFound.With(err)
	case err != nil:
		return fmt.Errorf("reading a certificate: %w", err)
	case old.SubscriberID != a.SubscriberID:
		return ca.ErrNotFound
	case a.Kind != "" && a.Kind != old.Kind, a.Exception != "":
		return ErrAtBranch
	}
	a.Kind = old.Kind
	if old.NotAfter.Before(a.ExpiresAt) {
		a.ExpiresAt = old.NotAfter
	}
	return s.mayChange(*a, old)
}

// signed says whether what was agreed to on paper is what has to be agreed to
// today. When it was stays as it was signed.
func signed(terms []Terms, given []Consent, now time.Time) ([]Consent, error) {
	named := make([]ConsentGiven, 0, len(given))
	at := make(map[string]time.Time, len(given))
	for _, c := range given {
		if c.At.IsZero() || c.At.After(now) {
			return nil, ErrConsentUnknown
		}
		named = append(named, ConsentGiven{Terms: c.Terms, Version: c.Version, SHA256: c.SHA256})
		at[c.Terms] = c.At
	}
	kept, err := agree(terms, named, now)
	for i := range kept {
		kept[i].At = at[kept[i].Terms]
	}
	return kept, err
}

// provenAtBranch says whether one of the proofs is of who the customer is, and
// gives what is to be kept. For a business somebody comes whose name the papers
// tell: of the proof of who that is the tag is kept as the visitor's, and the
// business has its own, by which it is known again when the key is made.
func (s *Service) provenAtBranch(who subscriber.Subscriber, proofs []proofing.Proof) ([]proofing.Proof, error) {
	tag := s.Phones.Tag(personOf(who))
	kept := slices.Clone(proofs)
	proven := false
	for i, p := range proofs {
		of, known := p.Evidence["person"]
		if !known {
			continue
		}
		same := subtle.ConstantTimeCompare([]byte(of), []byte(tag)) == 1
		if !same && who.Sort == subscriber.Corporate {
			evidence := maps.Clone(p.Evidence)
			evidence["visitor"], evidence["person"] = of, tag
			kept[i].Evidence, same = evidence, true
		}
		if !same {
			return nil, ErrPersonChanged
		}
		proven = true
	}
	if !proven {
		return nil, ErrProofAtBranch
	}
	return kept, nil
}

// Prolong lets an application that was made at a branch wait for its key until
// codes that are handed out now end: BranchLifetime from now, but neither longer
// than BranchTotal after the approval nor than what it replaces. ExpiresAt is
// that moment. Call it in the transaction that stores the codes.
func (s *Service) Prolong(ctx context.Context, caller authz.Caller, id string) (Application, error) {
	a, err := s.allowed(ctx, caller, authz.HandOutCodes, id)
	if err != nil {
		return Application{}, err
	}
	now := s.now()
	switch {
	case a.Branch() == "":
		return Application{}, ErrWay
	case a.due(now):
		return Application{}, a.lapsed()
	}
	if err := mayGoOn(a); err != nil {
		return Application{}, err
	}
	made, err := s.Certificates.ByApplication(ctx, id)
	switch {
	case err == nil && made.State != ca.Pending:
		return Application{}, ErrIssued
	case err != nil && !errors.Is(err, ca.ErrNoCertificate):
		return Application{}, fmt.Errorf("looking for the certificate: %w", err)
	}
	old, err := s.predecessor(ctx, a)
	if err != nil {
		return Application{}, err
	}
	until := now.Add(BranchLifetime)
	if last := a.CreatedAt.Add(BranchTotal); last.Before(until) {
		until = last
	}
	if a.Replaces != "" && old.NotAfter.Before(until) {
		until = old.NotAfter
	}
	a.ExpiresAt = until
	return a, s.save(ctx, &a)
}

// makeRoom abandons the open application that stands in a's way, if it was made
// online and the authority has not begun.
func (s *Service) makeRoom(ctx context.Context, caller authz.Caller, a Application) error {
	all, err := s.Register.ApplicationsOf(ctx, a.SubscriberID)
	if err != nil {
		return fmt.Errorf("listing applications: %w", err)
	}
	for _, found := range all {
		if found.Kind != a.Kind || !found.State.Open() {
			continue
		}
		if err := s.giveWay(ctx, caller, found.ID); err != nil {
			return err
		}
	}
	return nil
}

// giveWay ends one application for the sake of one at a branch.
func (s *Service) giveWay(ctx context.Context, caller authz.Caller, id string) error {
	open, err := s.Register.Application(ctx, id) // locked
	if err != nil {
		return fmt.Errorf("reading an application: %w", err)
	}
	if !open.State.Open() {
		return nil
	}
	if open.due(s.now()) {
		clock := authz.Caller{Role: authz.System, ID: "enrolment", Request: caller.Request}
		if open, err = s.lapse(ctx, clock, id); err != nil || !open.State.Open() {
			return err
		}
	}
	other := ErrOpenOther.With(nil, "way", string(open.Way)).Word("way", wayWords[open.Way])
	if open.Branch() != "" {
		return other
	}
	switch _, err := s.Certificates.ByApplication(ctx, id); {
	case err == nil:
		return other
	case !errors.Is(err, ca.ErrNoCertificate):
		return fmt.Errorf("looking for the certificate: %w", err)
	}
	open.State = Abandoned
	if err := s.record(ctx, caller, authz.AbandonApplication, id, "state", string(Abandoned), "by", "branch"); err != nil {
		return err
	}
	return s.save(ctx, &open)
}
