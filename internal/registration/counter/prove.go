package counter

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// MaxFailed is how often a card may come out wrong until a supervisor has to
// look at the case.
const MaxFailed = 5

// firstWait is how long the clock leaves a check to the request that asks; it
// is longer than the service is waited for.
const firstWait = time.Minute

// backOff is how long the issuer is left alone after it was asked so often.
func backOff(asked int) time.Duration {
	wait := 30 * time.Second
	for range min(max(asked-1, 0), 10) {
		wait *= 2
	}
	return min(wait, 10*time.Minute)
}

// Prove has the visitor's card confirmed by its issuer. What was entered is
// stored first, so that nothing is lost: the case is Waiting until there is an
// answer, and the clock asks again (see Work). When the issuer does not answer
// now, the case stays so and the error is nil; Case.Notice says it. What came out
// wrong is a refusal of proofing and stands in Case.Finding; the case is open
// again then, but for a card that was reported lost, which ends it (ErrCardEnds).
func (s *Service) Prove(ctx context.Context, caller authz.Caller, id string, card proofing.CounterCard) (Case, error) {
	c, err := s.step(ctx, caller, authz.WorkOnCase, id, func(ctx context.Context, c *Case) ([]string, error) {
		if err := worked(caller, *c, Open, Waiting); err != nil {
			return nil, err
		}
		if c.Failed >= MaxFailed {
			return nil, ErrFailedOften
		}
		entries, err := pack(card)
		if err != nil {
			return nil, err
		}
		c.State, c.Check, c.Checks, c.NextCheckAt = Waiting, rand.Text()+":"+caller.ID, 1, s.now().Add(firstWait)
		return []string{"step", "card", "state", string(Waiting)}, s.Cards.SaveCard(ctx, c.ID, entries)
	})
	if err != nil {
		return Case{}, err
	}
	return s.ask(ctx, caller, c, card)
}

// pack is how a card's entries wait. They are bounded here; whether they are
// right proofing says.
func pack(card proofing.CounterCard) ([]byte, error) {
	const longest = 400 // bytes of one entry
	for _, entry := range []string{card.Document, card.Number, card.Name, card.Birth, card.IssueDate, card.Expires,
		card.Licence, card.LicenceSerial, card.MRZ, card.Nationality} {
		if len(entry) > longest {
			return nil, wrong("card")
		}
	}
	if len(card.Image) > proofing.MaxPictureBytes {
		return nil, ErrScanLarge
	}
	entries, err := json.Marshal(card)
	if err != nil {
		return nil, fmt.Errorf("packing a card: %w", err)
	}
	return entries, nil
}

// ask asks the issuer, outside of any transaction, and writes what it says.
func (s *Service) ask(ctx context.Context, caller authz.Caller, c Case, card proofing.CounterCard) (Case, error) {
	who, err := s.Known.Subscriber(ctx, c.SubscriberID)
	if err != nil {
		return Case{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	proof, err := s.Prover.CheckAtCounter(ctx, personOf(c, who), c.ID, card)
	// The answer counts also for one who hung up.
	return s.answered(context.WithoutCancel(ctx), caller, c.ID, c.Check, proof, err)
}

// personOf is whose card it has to be: the customer's, or that of who comes for
// a business, of whom the bank knows nothing but the name that was given.
func personOf(c Case, who subscriber.Subscriber) proofing.Person {
	if c.Visitor != Oneself {
		return proofing.Person{ID: who.ID, Name: c.VisitorName}
	}
	return proofing.Person{ID: who.ID, CustomerNumber: who.CustomerNumber, Foreigner: who.Sort == subscriber.Foreigner,
		Name: who.Name, IdentityNumber: who.IdentityNumber, Birth: who.Birth, Phone: who.Phone}
}

// answered writes what the issuer said to a check. An answer to what is not
// asked any more changes nothing: the same may have been asked twice.
func (s *Service) answered(ctx context.Context, caller authz.Caller, id, check string, proof proofing.Proof, problem error) (c Case, err error) {
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		if c, err = s.read(ctx, id); err != nil {
			return err
		}
		if c.State != Waiting || c.Check != check {
			problem = nil
			return nil
		}
		result, err := s.outcome(ctx, &c, proof, problem)
		if err != nil {
			return err
		}
		facts := []string{"step", "card", "result", result, "state", string(c.State)}
		if c.Finding != 0 {
			facts = append(facts, "finding", strconv.Itoa(c.Finding))
		}
		if err := s.record(ctx, caller, authz.WorkOnCase, id, facts...); err != nil {
			return err
		}
		return s.save(ctx, &c)
	})
	switch f := fault.Of(problem); {
	case err != nil:
		return Case{}, fmt.Errorf("writing an answer: %w", err)
	case f == nil, f.Kind == fault.Unavailable && c.State == Waiting, f.Kind == fault.Unavailable && c.Proof != nil:
		return c, nil
	case c.State == Refused:
		return c, ErrCardEnds.With(problem)
	}
	return c, problem
}

// outcome changes a waiting case by the issuer's answer.
func (s *Service) outcome(ctx context.Context, c *Case, proof proofing.Proof, problem error) (result string, err error) {
	f := fault.Of(problem)
	switch {
	case f == nil:
		if _, by, ok := strings.Cut(c.Check, ":"); ok {
			proof.Evidence["by"] = by // who entered it
		}
		c.State, c.Proof, c.Finding, c.Failed = Open, &proof, 0, 0
		return "proven", s.Prover.Settle(ctx, c.ID, "", proofing.AtCounter)
	case f.Kind == fault.Unavailable && c.Act.Protects():
		// The bank's record fits what the card says, and what is done can be undone:
		// who asks for protection does not wait for the issuer.
		c.State, c.Finding = Open, 0
		c.Proof = &proofing.Proof{Factor: proofing.AtCounter, At: s.now(), Evidence: map[string]string{"issuer": "no-answer"}}
		return "proven by the bank's record", s.Prover.Settle(ctx, c.ID, "", proofing.AtCounter)
	case f.Kind == fault.Unavailable, f.Fault == fault.Unexpected:
		c.NextCheckAt = s.now().Add(backOff(c.Checks))
		return "no-answer", nil
	case final(f):
		c.State, c.Finding, c.Proof = Refused, f.Number, nil
		return "lost", nil
	case failed(f):
		c.Failed++
	}
	c.State, c.Finding = Open, f.Number
	return "refused", nil
}

// Notice is what a case's page says about its check: that it waits for an
// answer; nil when there is nothing to say. What the last check ended in says
// its number, Finding.
func (c Case) Notice() *fault.Error {
	switch {
	case c.State == Waiting:
		return ErrServiceDown.With(nil)
	case c.State == Open && c.Failed >= MaxFailed:
		return ErrFailedOften.With(nil)
	case c.State == Refused && c.Finding != 0 && c.Decider == "":
		return ErrCardEnds.With(nil)
	}
	return nil
}
