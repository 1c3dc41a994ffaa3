package lifecycle

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// ApproveException records an exception that somebody has asked for and the
// caller approves at once, as a case at a branch does: of p, person, kind, reason
// and maker count. The caller is another than the maker. Call it in the transaction
// that makes the application which uses it; should that lapse, the customer's next
// one can use it as any other that was approved, as long as it lasts. Should a
// supervisor withdraw it, see WithdrawException.
func (s *Service) ApproveException(ctx context.Context, caller authz.Caller, p Proposal) (Proposal, error) {
	at := s.now()
	p = Proposal{ID: rand.Text(), Act: Exception, State: Approved, SubscriberID: p.SubscriberID, Kind: p.Kind, Why: strings.TrimSpace(p.Why),
		Maker: p.Maker, MadeAt: at, Decider: caller.ID, DecidedAt: at, ExpiresAt: at.Add(ProposalLasts)}
	err := authz.AllowOn(caller, authz.DecideProposal, authz.Object{Owner: p.SubscriberID, Maker: p.Maker})
	n := utf8.RuneCountInString(p.Why)
	switch {
	case err != nil:
	case n < 5 || n > 500 || !utf8.ValidString(p.Why):
		err = ErrProposalForm.With(nil, "field", "why")
	case !slices.Contains(kinds, p.Kind) || p.SubscriberID == "" || len(p.SubscriberID) > maxSubscriber:
		err = ErrProposalForm.With(nil, "field", "kind")
	default:
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			err := s.Log.Record(ctx, caller, authz.DecideProposal, "proposal:"+p.ID, "state", string(p.State), "maker", p.Maker,
				"act", string(p.Act), "subscriber", p.SubscriberID, "kind", string(p.Kind))
			if err != nil {
				return fmt.Errorf("recording an exception: %w", err)
			}
			return s.Proposals.CreateProposal(ctx, p)
		})
	}
	if err != nil {
		return Proposal{}, s.refused(ctx, caller, authz.DecideProposal, "subscriber:"+p.SubscriberID, err)
	}
	return p, nil
}

// WithdrawException takes an approved exception back that no certificate has used:
// the application that it was for was stopped by a supervisor, whose right to that
// has been asked. Call it in the transaction that stops it. One that is not approved
// (any more) stays as it is.
func (s *Service) WithdrawException(ctx context.Context, caller authz.Caller, id string) error {
	p, err := s.Proposals.Proposal(ctx, id)
	if err != nil {
		return fmt.Errorf("reading an exception: %w", err)
	}
	if p.Act != Exception || p.State != Approved {
		return nil
	}
	p.State = Rejected
	err = s.Log.Record(ctx, caller, authz.AbandonApplication, "proposal:"+p.ID, "state", string(p.State), "subscriber", p.SubscriberID)
	if err != nil {
		return fmt.Errorf("recording that an exception was withdrawn: %w", err)
	}
	return s.Proposals.SaveProposal(ctx, p)
}
