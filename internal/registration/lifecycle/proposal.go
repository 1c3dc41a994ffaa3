package lifecycle

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
)

// ProposalAct is what needs a second person.
type ProposalAct string

// The acts: one more certificate of a kind than a person may have; a revocation
// that the customer did not ask for (직권 폐지: death, fraud).
const (
	Exception ProposalAct = "exception"
	ExOfficio ProposalAct = "revoke-ex-officio"
)

// ProposalState is where a proposal stands: open → approved → used (an
// exception, once its certificate is issued), or rejected.
type ProposalState string

// The states. Lapsed is not stored: it is an open or approved one whose time is
// up.
const (
	Open     ProposalState = "open"
	Approved ProposalState = "approved"
	Rejected ProposalState = "rejected"
	Used     ProposalState = "used"
	Lapsed   ProposalState = "lapsed"
)

// ProposalLasts is how long a proposal waits for a decision, and an approved
// exception for its use.
const ProposalLasts = 7 * 24 * time.Hour

// Proposal is an act that one member of staff has proposed and another decides.
type Proposal struct {
	ID           string // random
	Act          ProposalAct
	State        ProposalState
	SubscriberID string
	Kind         npki.Kind // of an exception
	Serial       string    // of what is to be revoked
	Reason       ca.Reason
	Invalidity   time.Time // zero when not known
	Why          string    // in the maker's words; the store seals it
	Maker        string    // staff id
	MadeAt       time.Time
	Decider      string // empty while open
	DecidedAt    time.Time
	ExpiresAt    time.Time
}

// StateAt is the state at a moment.
func (p Proposal) StateAt(at time.Time) ProposalState {
	if (p.State == Open || p.State == Approved && p.Act == Exception) && !at.Before(p.ExpiresAt) {
		return Lapsed
	}
	return p.State
}

// proposalWords is how people read a proposal's state.
var proposalWords = map[ProposalState]fault.Text{
	Open: {KO: "승인 대기", EN: "waiting"}, Approved: {KO: "승인됨", EN: "approved"}, Rejected: {KO: "반려됨", EN: "rejected"},
	Used: {KO: "처리됨", EN: "done"}, Lapsed: {KO: "기한 지남", EN: "too late"},
}

// Proposals keeps them. The store implements it.
type Proposals interface {
	CreateProposal(ctx context.Context, p Proposal) error
	// Proposal gives ErrNoProposal when there is none, and locks it until a
	// transaction ends that it is called in.
	Proposal(ctx context.Context, id string) (Proposal, error)
	// SaveProposal stores state, decider and times.
	SaveProposal(ctx context.Context, p Proposal) error
	// OpenProposals gives up to limit proposals that wait for a decision at a
	// moment, the oldest first.
	OpenProposals(ctx context.Context, at time.Time, limit int) ([]Proposal, error)
	// ApprovedException gives the id of an approved exception of a person and
	// kind that can be used at a moment; empty when there is none.
	ApprovedException(ctx context.Context, subscriberID string, kind npki.Kind, at time.Time) (string, error)
}

// kinds are those of which there can be one more.
var kinds = []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank, npki.CorporateGeneral}

// maxSubscriber bounds a subscriber's id, in bytes.
const maxSubscriber = 64

// Propose puts an act before a second person. Of p, act, person and what it is
// about count.
func (s *Service) Propose(ctx context.Context, caller authz.Caller, p Proposal) (Proposal, error) {
	p, err := s.propose(ctx, caller, p)
	if err != nil {
		return Proposal{}, s.refused(ctx, caller, authz.ProposeAct, "subscriber:"+p.SubscriberID, err)
	}
	return p, nil
}

func (s *Service) propose(ctx context.Context, caller authz.Caller, p Proposal) (Proposal, error) {
	if err := authz.Allow(caller, authz.ProposeAct, p.SubscriberID); err != nil {
		return p, err
	}
	at := s.now()
	p = Proposal{ID: rand.Text(), Act: p.Act, State: Open, SubscriberID: p.SubscriberID, Kind: p.Kind, Serial: p.Serial,
		Reason: p.Reason, Invalidity: p.Invalidity, Why: strings.TrimSpace(p.Why), Maker: caller.ID, MadeAt: at, ExpiresAt: at.Add(ProposalLasts)}
	if n := utf8.RuneCountInString(p.Why); n < 5 || n > 500 || !utf8.ValidString(p.Why) {
		return p, ErrProposalForm.With(nil, "field", "why")
	}
	switch p.Act {
	case Exception:
		if p.Serial != "" || !slices.Contains(kinds, p.Kind) || p.SubscriberID == "" || len(p.SubscriberID) > maxSubscriber {
			return p, ErrProposalForm.With(nil, "field", "kind")
		}
	case ExOfficio:
		record, err := s.revocable(ctx, caller, authz.ProposeAct, p.Serial, p.Reason, p.Invalidity)
		if err != nil {
			return p, err
		}
		p.SubscriberID, p.Kind = record.SubscriberID, record.Kind
	default:
		return p, ErrProposalForm.With(nil, "field", "act")
	}
	return p, s.Tx.InTx(ctx, func(ctx context.Context) error {
		err := s.Log.Record(ctx, caller, authz.ProposeAct, "proposal:"+p.ID,
			"act", string(p.Act), "subscriber", p.SubscriberID, "kind", string(p.Kind), "serial", p.Serial, "reason", p.Reason.String())
		if err != nil {
			return fmt.Errorf("recording a proposal: %w", err)
		}
		return s.Proposals.CreateProposal(ctx, p)
	})
}

// Decide approves or rejects a proposal. Who made it can't; what is approved of
// a revocation is done in the same transaction.
func (s *Service) Decide(ctx context.Context, caller authz.Caller, id string, approve bool) (p Proposal, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := authz.AllowOn(caller, authz.DecideProposal, authz.Object{Maker: "unknown"}); err != nil {
			return err
		}
		p, err = s.Proposals.Proposal(ctx, id)
		if errors.Is(err, ErrNoProposal) {
			return ErrProposalUnknown.With(err)
		}
		if err != nil {
			return fmt.Errorf("reading a proposal: %w", err)
		}
		at := s.now()
		if state := p.StateAt(at); state != Open {
			return ErrProposalOver.With(nil, "state", string(state)).Word("state", proposalWords[state])
		}
		if err := authz.AllowOn(caller, authz.DecideProposal, authz.Object{Owner: p.SubscriberID, Maker: p.Maker}); err != nil {
			return err
		}
		return s.decided(ctx, caller, &p, approve, at)
	})
	if err != nil {
		return Proposal{}, s.refused(ctx, caller, authz.DecideProposal, "proposal:"+id, err)
	}
	return p, nil
}

func (s *Service) decided(ctx context.Context, caller authz.Caller, p *Proposal, approve bool, at time.Time) error {
	p.State, p.Decider, p.DecidedAt = Rejected, caller.ID, at
	if approve {
		p.State, p.ExpiresAt = Approved, at.Add(ProposalLasts)
	}
	err := s.Log.Record(ctx, caller, authz.DecideProposal, "proposal:"+p.ID, "state", string(p.State), "maker", p.Maker)
	if err != nil {
		return fmt.Errorf("recording a decision: %w", err)
	}
	if p.State == Approved && p.Act == ExOfficio {
		p.State = Used
		if err := s.Authority.Revoke(ctx, caller, p.Serial, p.Reason, p.Invalidity); err != nil {
			return err
		}
	}
	return s.Proposals.SaveProposal(ctx, *p)
}

// maxOpenProposals bounds what one look takes.
const maxOpenProposals = 500

// Waiting gives the proposals that wait for a decision, the oldest first.
func (s *Service) Waiting(ctx context.Context, caller authz.Caller) ([]Proposal, error) {
	if err := authz.Allow(caller, authz.ViewProposals, ""); err != nil {
		return nil, s.refused(ctx, caller, authz.ViewProposals, "proposals", err)
	}
	open, err := s.Proposals.OpenProposals(ctx, s.now(), maxOpenProposals)
	if err != nil {
		return nil, fmt.Errorf("listing proposals: %w", err)
	}
	return open, nil
}

// UseException marks an approved exception as used, in the transaction in which
// its certificate's application ends. Using it twice is no error.
func (s *Service) UseException(ctx context.Context, id string) error {
	p, err := s.Proposals.Proposal(ctx, id)
	if err != nil {
		return fmt.Errorf("reading an exception: %w", err)
	}
	p.State = Used
	return s.Proposals.SaveProposal(ctx, p)
}

// CheckException says whether an exception was approved for a person and kind,
// and is neither used nor too late: ErrProposalOver otherwise, ErrProposalUnknown when there is
// none.
func (s *Service) CheckException(ctx context.Context, id, subscriberID string, kind npki.Kind) error {
	p, err := s.Proposals.Proposal(ctx, id)
	if errors.Is(err, ErrNoProposal) {
		return ErrProposalUnknown.With(err)
	}
	if err != nil {
		return fmt.Errorf("reading an exception: %w", err)
	}
	state := p.StateAt(s.now())
	if p.Act != Exception || state != Approved || p.SubscriberID != subscriberID || p.Kind != kind {
		return ErrProposalOver.With(nil, "state", string(state)).Word("state", proposalWords[state])
	}
	return nil
}

// ApprovedException gives an approved exception that a person can use; empty
// when there is none.
func (s *Service) ApprovedException(ctx context.Context, subscriberID string, kind npki.Kind) (string, error) {
	return s.Proposals.ApprovedException(ctx, subscriberID, kind, s.now())
}
