package counter

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// View gives a case as it stands now, also when it is over.
func (s *Service) View(ctx context.Context, caller authz.Caller, id string) (Case, error) {
	c, err := s.view(ctx, caller, id)
	if err != nil {
		return Case{}, s.refused(ctx, caller, authz.ViewCase, object(id), err)
	}
	return c, nil
}

func (s *Service) view(ctx context.Context, caller authz.Caller, id string) (Case, error) {
	c, err := s.allowed(ctx, caller, authz.ViewCase, id)
	if err != nil {
		return Case{}, err
	}
	if c, err = s.follow(ctx, caller, c); err != nil {
		return Case{}, err
	}
	return c, s.record(ctx, caller, authz.ViewCase, id, "subscriber", c.SubscriberID)
}

// Sheet is a case with all that its page shows.
type Sheet struct {
	Case       Case
	Subscriber subscriber.Subscriber // as known when the case was opened
	Needs      []Need
	Names      map[string]string // staff id → name, of all who stand in the case
	Codes      redeem.Status     // of an approved case that makes a key
}

// Sheet is View with all that a page shows. It is one audit entry.
func (s *Service) Sheet(ctx context.Context, caller authz.Caller, id string) (Sheet, error) {
	sheet, err := s.sheet(ctx, caller, id)
	if err != nil {
		return Sheet{}, s.refused(ctx, caller, authz.ViewCase, object(id), err)
	}
	return sheet, nil
}

func (s *Service) sheet(ctx context.Context, caller authz.Caller, id string) (Sheet, error) {
	c, err := s.view(ctx, caller, id)
	if err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{Case: c}
	if sheet.Subscriber, err = s.Known.Subscriber(ctx, c.SubscriberID); err != nil {
		return Sheet{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	sheet.Needs = s.Needs(c, sheet.Subscriber.Sort)
	if sheet.Names, err = s.named(ctx, c.staff()); err != nil {
		return Sheet{}, err
	}
	if c.Application != "" && s.Codes != nil {
		if sheet.Codes, err = s.Codes.Status(ctx, c.Application); err != nil {
			return Sheet{}, fmt.Errorf("reading the standing of codes: %w", err)
		}
	}
	return sheet, nil
}

// staff gives the ids of all who stand in a case.
func (c Case) staff() []string {
	ids := []string{c.Maker, c.Handler, c.Submitter, c.Decider}
	for _, a := range c.Attached {
		ids = append(ids, a.By)
	}
	for _, p := range c.Seen {
		ids = append(ids, p.By)
	}
	return ids
}

// named gives the names of staff; ids stand for themselves where nobody knows.
func (s *Service) named(ctx context.Context, ids []string) (map[string]string, error) {
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
	found := make(map[string]string, len(ids))
	if s.Names != nil && len(ids) > 0 {
		known, err := s.Names.Names(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("finding names: %w", err)
		}
		for id, name := range known {
			found[id] = name
		}
	}
	for _, id := range ids {
		if found[id] == "" {
			found[id] = id
		}
	}
	return found, nil
}

// What is what a case needs.
type What string

// What can be needed.
const (
	NeedProof   What = "proof"   // of the visitor's identity
	NeedPaper   What = "paper"   // a paper, in the original
	NeedScan    What = "scan"    // a picture of a paper
	NeedConsent What = "consent" // the signed terms; given with Submit
)

// Need is one thing that is missing in a case.
type Need struct {
	What  What
	Paper Paper // of NeedPaper and NeedScan
}

// Needs gives what is still missing before a case can be submitted, in the order
// in which it is done; sort is the customer's.
func (s *Service) Needs(c Case, sort subscriber.Sort) []Need {
	if !c.State.Going() || c.State == Approved {
		return nil
	}
	var needs []Need
	if c.Proof == nil {
		needs = append(needs, Need{What: NeedProof})
	}
	for _, n := range NeededFor(sort, c.Visitor, c.Act) {
		attached := slices.ContainsFunc(c.Attached, func(a Attached) bool { return a.Paper == n.Paper })
		seen := slices.ContainsFunc(c.Seen, func(p Seen) bool { return p.Paper == n.Paper })
		switch {
		case attached:
		case n.Scan:
			needs = append(needs, Need{NeedScan, n.Paper})
		case !seen:
			needs = append(needs, Need{NeedPaper, n.Paper})
		}
	}
	if c.Act.MakesKey() && len(c.Consents) == 0 {
		needs = append(needs, Need{What: NeedConsent})
	}
	return needs
}

// needWords is how people read what is needed.
var needWords = map[Need]fault.Text{
	{What: NeedProof}:   {KO: "신분증 진위확인", EN: "the check of the visitor's card"},
	{What: NeedConsent}: {KO: "서명한 약관", EN: "the signed terms"},
}

// paperWords is how people read a paper.
var paperWords = map[Paper]fault.Text{
	IdentityCard: {KO: "신분증", EN: "identity card"}, Application: {KO: "신청서", EN: "application form"},
	BusinessLicence: {KO: "사업자등록증", EN: "business registration"}, SealCertificate: {KO: "법인인감증명서", EN: "certificate of the corporate seal"},
	PowerOfAttorney: {KO: "위임장", EN: "power of attorney"}, Registry: {KO: "법인등기사항증명서", EN: "corporate registry certificate"},
	Further: {KO: "그 밖의 서류", EN: "further paper"},
}

// Word is how people read a paper.
func (p Paper) Word() fault.Text { return paperWords[p] }

// Word is how people read a need.
func (n Need) Word() fault.Text {
	switch n.What {
	case NeedScan:
		return fault.Text{KO: n.Paper.Word().KO + " 스캔", EN: "a scan of the " + n.Paper.Word().EN}
	case NeedPaper:
		return fault.Text{KO: n.Paper.Word().KO + " 원본 확인", EN: "a look at the " + n.Paper.Word().EN}
	case NeedProof, NeedConsent:
	}
	return needWords[n]
}

// missing is the refusal of a case that is not complete.
func missing(needs []Need) error {
	ko, en, names := make([]string, len(needs)), make([]string, len(needs)), make([]string, len(needs))
	for i, n := range needs {
		ko[i], en[i] = n.Word().KO, n.Word().EN
		names[i] = strings.TrimSuffix(string(n.What)+":"+string(n.Paper), ":")
	}
	return ErrNeeds.With(nil, "needs", strings.Join(names, ",")).
		Word("needs", fault.Text{KO: strings.Join(ko, ", "), EN: strings.Join(en, ", ")})
}
