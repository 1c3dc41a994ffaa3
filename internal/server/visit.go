package server

import (
	"context"
	"fmt"
	"slices"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Visit is a sample customer's visit to a branch of a demo.
type Visit struct {
	LoginID string
	Branch  string // three digits
	Way     enrolment.Way
	Kind    npki.Kind // of an issue
	Serial  string    // of what is renewed or reissued
	By      redeem.Way
}

// Visited is what the customer walks out with.
type Visited struct {
	Application string
	Slip        redeem.Slip
}

// Visit plays a visit to a branch for tests: the sample's first identity card is
// checked, all that is required agreed to, the case approved, and the codes
// handed out, by staff of that branch who exist for this alone.
func (d *Demo) Visit(ctx context.Context, v Visit) (Visited, error) {
	samples := d.Samples()
	i := slices.IndexFunc(samples, func(s simulator.Sample) bool { return s.LoginID == v.LoginID })
	if i < 0 || len(samples[i].Cards) == 0 {
		return Visited{}, fmt.Errorf("server: no sample %q with an identity card", v.LoginID)
	}
	sample, card := samples[i], samples[i].Cards[0]
	known, err := d.desk.Store.ByCustomerNumber(ctx, sample.Number)
	if err != nil {
		return Visited{}, err
	}
	who, err := d.subscribers.Refresh(ctx, known.ID)
	if err != nil {
		return Visited{}, err
	}
	proof, err := d.proofs.CheckCard(ctx, proofing.Person{ID: who.ID, CustomerNumber: who.CustomerNumber, Name: who.Name,
		IdentityNumber: who.IdentityNumber, Birth: who.Birth}, proofing.Card{Document: card.Document, Number: card.Number,
		Name: card.Name, IssueDate: card.IssueDate, Licence: card.Licence, Image: simulator.Picture(sample.Number)})
	if err != nil {
		return Visited{}, err
	}
	kind := v.Kind
	if kind == "" {
		kind = npki.PersonalBank
	}
	var given []enrolment.ConsentGiven
	for _, t := range d.enrolment.Terms(kind) {
		if t.Required {
			given = append(given, enrolment.ConsentGiven{Terms: t.Name, Version: t.Version, SHA256: t.SHA256})
		}
	}
	consents, err := d.enrolment.Agree(kind, given)
	if err != nil {
		return Visited{}, err
	}
	a, err := d.enrolment.ApplyAtBranch(ctx, authz.Caller{Role: authz.Supervisor, ID: "visited", Branch: v.Branch}, enrolment.AtBranch{
		Branch: v.Branch, SubscriberID: who.ID, Way: v.Way, Kind: v.Kind, Serial: v.Serial, Consents: consents, Proofs: []proofing.Proof{proof}})
	if err != nil {
		return Visited{}, err
	}
	slip, err := d.HandOut(ctx, a.ID, v.By)
	return Visited{a.ID, slip}, err
}

// HandOut gives who has an application of a visit another pair of codes.
func (d *Demo) HandOut(ctx context.Context, applicationID string, by redeem.Way) (redeem.Slip, error) {
	a, err := d.desk.Store.Application(ctx, applicationID)
	if err != nil {
		return redeem.Slip{}, err
	}
	teller := authz.Caller{Role: authz.Teller, ID: "visiting", Branch: a.Branch()}
	return d.redemptions.HandOut(ctx, teller, a.ID, a.SubscriberID, a.Branch(), by)
}
