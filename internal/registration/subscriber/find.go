package subscriber

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// Query is what somebody is looked for by: a name with its birth date, or one of
// the others. A business has no birth date: its name alone finds it, and finds no
// person.
type Query struct {
	Name    string
	Birth   string // yyyymmdd; hyphens, dots and blanks are passed over
	Phone   string // 9 to 11 digits; likewise
	Account string // 10 to 16 digits; likewise
}

// MaxFound is how many customers a query gives at most: one more than a page
// shows, so that it can say that there are others.
const MaxFound = 21

// tidy brings a query into the form in which it is asked; false when it isn't
// one of the ways to ask.
func (q Query) tidy() (Query, bool) {
	clean := func(s string) string {
		if len(s) > 64 {
			return "x" // in no form
		}
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("-. \t", r) {
				return -1
			}
			return r
		}, s)
	}
	q.Birth, q.Phone, q.Account = clean(q.Birth), clean(q.Phone), clean(q.Account)
	q.Name = strings.TrimSpace(q.Name)
	if q.Birth != "" {
		if _, err := time.Parse("20060102", q.Birth); err != nil || q.Name == "" {
			return q, false
		}
	}
	switch {
	case q.Name != "":
		n := utf8.RuneCountInString(q.Name)
		return q, n <= 100 && proofing.NameKey(q.Name) != "" && q.Phone == "" && q.Account == ""
	case q.Phone != "":
		return q, digits(q.Phone, 9, 11) && q.Account == ""
	}
	return q, digits(q.Account, 10, 16)
}

func digits(s string, shortest, longest int) bool {
	return len(s) >= shortest && len(s) <= longest && strings.Trim(s, "0123456789") == ""
}

// Find gives the customers whom a query fits, up to MaxFound in order of their
// numbers: those of our own register and those of the core bank. Of whom both
// know, the core bank's word counts. Those who never had anything here have no
// ID. When the core bank does not answer they are ours alone, and incomplete;
// accounts only the core bank knows. ErrQueryForm when nothing can be asked so.
//
// It waits for the core bank: don't call it within a transaction. Whoever may
// call it has been asked before: it is no act of its own.
func (s *Service) Find(ctx context.Context, q Query) (people []Subscriber, incomplete bool, err error) {
	q, ok := q.tidy()
	if !ok {
		return nil, false, ErrQueryForm
	}
	if q.Account == "" {
		if people, err = s.Register.FindSubscribers(ctx, q, MaxFound); err != nil {
			return nil, false, fmt.Errorf("searching subscribers: %w", err)
		}
	}
	theirs, err := s.Customers.Find(ctx, q)
	if err != nil {
		if f := fault.Of(err); ctx.Err() != nil || f.Kind != fault.Unavailable {
			return nil, false, err
		}
		return people, true, nil
	}
	for _, c := range theirs {
		known, err := s.Register.ByCustomerNumber(ctx, c.CustomerNumber)
		if err != nil && !errors.Is(err, ErrUnknown) {
			return nil, false, fmt.Errorf("reading a subscriber: %w", err)
		}
		c.ID, c.UpdatedAt = known.ID, known.UpdatedAt
		i := slices.IndexFunc(people, func(p Subscriber) bool { return p.CustomerNumber == c.CustomerNumber })
		if i >= 0 {
			people[i] = c
		} else {
			people = append(people, c)
		}
	}
	slices.SortFunc(people, func(a, b Subscriber) int { return strings.Compare(a.CustomerNumber, b.CustomerNumber) })
	return people[:min(len(people), MaxFound)], false, nil
}

// Meet makes a customer of the core bank a subscriber, or takes over what the
// core bank says today of one who is. Only who is new is an entry in the audit
// log. ErrNoCustomer when the core bank has no such customer.
//
// It waits for the core bank: don't call it within a transaction.
func (s *Service) Meet(ctx context.Context, caller authz.Caller, customerNumber string) (Subscriber, error) {
	who, err := s.meet(ctx, caller, customerNumber)
	if err != nil {
		return Subscriber{}, s.refused(ctx, caller, authz.EnrolSubscriber, "customer", err)
	}
	return who, nil
}

func (s *Service) meet(ctx context.Context, caller authz.Caller, customerNumber string) (Subscriber, error) {
	known, err := s.Register.ByCustomerNumber(ctx, customerNumber)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Subscriber{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	if err := authz.Allow(caller, authz.EnrolSubscriber, known.ID); err != nil {
		return Subscriber{}, err
	}
	who, err := s.fetch(ctx, customerNumber)
	if err != nil {
		return Subscriber{}, err
	}
	fresh := who.ID
	err = s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		who.ID = fresh // the transaction may be run again
		if who.ID, err = s.Register.SaveSubscriber(ctx, who); err != nil {
			return fmt.Errorf("saving a subscriber: %w", err)
		}
		if who.ID != fresh {
			return nil
		}
		if err := s.Log.Record(ctx, caller, authz.EnrolSubscriber, "subscriber:"+who.ID); err != nil {
			return fmt.Errorf("recording a subscriber: %w", err)
		}
		return nil
	})
	return who, err
}
