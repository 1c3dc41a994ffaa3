package lifecycle_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// An exception that is approved at once has two names, and is used once.
func TestApproveException(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	asked := lifecycle.Proposal{SubscriberID: "hong", Kind: npki.PersonalBank, Why: " 두 번째 기기에서도 씁니다 ", Maker: "teller",
		Act: lifecycle.ExOfficio, State: lifecycle.Rejected, Serial: "0a"} // what does not count
	p, err := h.Life.ApproveException(h.ctx, lifetest.Supervisor, asked)
	check(t, err)
	kept, err := h.Store.Proposal(h.ctx, p.ID)
	check(t, err)
	if kept.Act != lifecycle.Exception || kept.State != lifecycle.Approved || kept.Maker != "teller" || kept.Decider != lifetest.Supervisor.ID ||
		kept.Serial != "" || kept.Why != strings.TrimSpace(asked.Why) {
		t.Errorf("%+v", kept)
	}
	if id, err := h.Life.ApprovedException(h.ctx, "hong", npki.PersonalBank); err != nil || id != p.ID {
		t.Errorf("an application would use %q, %v", id, err)
	}
	check(t, h.Life.CheckException(h.ctx, p.ID, "hong", npki.PersonalBank))
	check(t, h.Life.UseException(h.ctx, p.ID))
	if id, err := h.Life.ApprovedException(h.ctx, "hong", npki.PersonalBank); err != nil || id != "" {
		t.Errorf("used twice: %q, %v", id, err)
	}
	for name, test := range map[string]struct {
		caller authz.Caller
		change func(*lifecycle.Proposal)
		want   error
	}{
		"by its maker":   {lifetest.Supervisor, func(p *lifecycle.Proposal) { p.Maker = lifetest.Supervisor.ID }, authz.ErrMaker},
		"of nobody":      {lifetest.Supervisor, func(p *lifecycle.Proposal) { p.Maker = "" }, authz.ErrMaker},
		"by a teller":    {lifetest.Teller, func(*lifecycle.Proposal) {}, authz.ErrForbidden},
		"no reason":      {lifetest.Supervisor, func(p *lifecycle.Proposal) { p.Why = "  no  " }, lifecycle.ErrProposalForm},
		"no kind":        {lifetest.Supervisor, func(p *lifecycle.Proposal) { p.Kind = "x" }, lifecycle.ErrProposalForm},
		"for nobody":     {lifetest.Supervisor, func(p *lifecycle.Proposal) { p.SubscriberID = "" }, lifecycle.ErrProposalForm},
		"for themselves": {authz.Caller{Role: authz.Supervisor, ID: "s", Self: "hong"}, func(*lifecycle.Proposal) {}, authz.ErrOwnMatter},
	} {
		wrong := asked
		test.change(&wrong)
		if _, err := h.Life.ApproveException(h.ctx, test.caller, wrong); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
