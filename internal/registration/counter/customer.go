package counter

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Query is what a customer is looked for by: name and birth date together (a
// business has no birth date: its name alone), or
// one of the others.
type Query struct {
	Name        string
	Birth       string // yyyymmdd
	Phone       string
	Account     string
	Certificate string // a serial number in hex, all of it; blanks, colons and "0x" are passed over
}

// Hit is a customer who was found.
type Hit struct {
	CustomerNumber string
	SubscriberID   string // empty: they never had anything here
	Name           string
	Birth          string
	Phone          string // its middle is hidden
	Branch         string
	Sort           subscriber.Sort
	Deceased       bool
}

// Found is what a search found.
type Found struct {
	People     []Hit
	Incomplete bool // the core bank did not answer: these are those known here
}

// MaxHits is how many customers a search gives.
const MaxHits = 20

// Search finds customers. Each search is an audit entry with the fields that
// were filled in, never with what stood there. Refusals: ErrQuery, ErrManyHits,
// ErrManySearches.
func (s *Service) Search(ctx context.Context, caller authz.Caller, q Query) (Found, error) {
	found, err := s.search(ctx, caller, q)
	if err != nil {
		return Found{}, s.refused(ctx, caller, authz.SearchCustomers, "customers", err)
	}
	return found, nil
}

func (s *Service) search(ctx context.Context, caller authz.Caller, q Query) (Found, error) {
	if err := authz.Allow(caller, authz.SearchCustomers, ""); err != nil {
		return Found{}, err
	}
	by, err := q.fields()
	if err != nil {
		return Found{}, err
	}
	if err := s.chargeSearch(ctx, caller, by); err != nil {
		return Found{}, err
	}
	if q.Certificate != "" {
		return s.byCertificate(ctx, q.Certificate)
	}
	all, incomplete, err := s.People.Find(ctx, subscriber.Query{Name: q.Name, Birth: q.Birth, Phone: q.Phone, Account: q.Account})
	if err != nil {
		return Found{}, err
	}
	if len(all) > MaxHits {
		return Found{}, ErrManyHits
	}
	found := Found{Incomplete: incomplete}
	for _, who := range all {
		found.People = append(found.People, hit(who))
	}
	return found, nil
}

func hit(who subscriber.Subscriber) Hit {
	return Hit{CustomerNumber: who.CustomerNumber, SubscriberID: who.ID, Name: who.Name, Birth: who.Birth,
		Phone: proofing.MaskPhone(who.Phone), Branch: who.Branch, Sort: who.Sort, Deceased: who.Deceased}
}

// fields names what is filled in; ErrQuery when that is not what one searches
// by. How the fields have to look the search itself says.
func (q Query) fields() (string, error) {
	const longest = 400 // bytes
	var filled []string
	for _, f := range []struct{ name, value string }{
		{"name", q.Name}, {"birth", q.Birth}, {"phone", q.Phone}, {"account", q.Account}, {"certificate", q.Certificate},
	} {
		if len(f.value) > longest {
			return "", ErrQuery
		}
		if strings.TrimSpace(f.value) != "" {
			filled = append(filled, f.name)
		}
	}
	by := strings.Join(filled, "+")
	switch by {
	case "name+birth", "name", "phone", "account", "certificate":
		return by, nil
	}
	return "", ErrQuery
}

func (s *Service) byCertificate(ctx context.Context, typed string) (Found, error) {
	serial, ok := readSerial(typed)
	if !ok {
		return Found{}, ErrQuery
	}
	r, err := s.Holdings.Certificate(ctx, serial)
	if errors.Is(err, ca.ErrNoCertificate) {
		return Found{}, nil
	}
	if err != nil {
		return Found{}, fmt.Errorf("finding a certificate: %w", err)
	}
	who, err := s.Known.Subscriber(ctx, r.SubscriberID)
	if err != nil {
		return Found{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	return Found{People: []Hit{hit(who)}}, nil
}

// readSerial reads a serial number as programs show it; see ca.SerialOf.
func readSerial(typed string) (string, bool) {
	const longest = 40 // digits: 20 bytes
	hex := strings.Map(func(r rune) rune {
		if r == ' ' || r == ':' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(typed)))
	hex = strings.TrimPrefix(hex, "0x")
	if hex == "" || len(hex) > longest+2 || strings.Trim(hex, "0123456789abcdef") != "" {
		return "", false
	}
	hex = strings.TrimLeft(hex, "0")
	if len(hex)%2 == 1 {
		hex = "0" + hex
	}
	return hex, hex != "" && len(hex) <= longest
}

// Customer is a customer with everything they hold and what happened.
type Customer struct {
	Subscriber   subscriber.Subscriber
	Certificates []ca.Record
	Events       []lifecycle.Event
	Cases        []Case // the newest first, up to 200
	Applications []enrolment.Application
	Stale        bool // the core bank did not answer: the customer as known before
}

// Customer shows a customer by the core bank's number, who becomes a subscriber
// if they aren't. why is asked for another branch's customer: 5 to 200
// characters, which stand in the audit log as they are. Refusals:
// authz.ErrUnexplained, ErrWhy, ErrManyLooks.
func (s *Service) Customer(ctx context.Context, caller authz.Caller, customerNumber, why string) (Customer, error) {
	found, err := s.customer(ctx, caller, customerNumber, strings.TrimSpace(why))
	if err != nil {
		object := "customer"
		if found.Subscriber.ID != "" {
			object = "subscriber:" + found.Subscriber.ID
		}
		return Customer{}, s.refused(ctx, caller, authz.ViewCustomer, object, err)
	}
	return found, nil
}

func (s *Service) customer(ctx context.Context, caller authz.Caller, number, why string) (Customer, error) {
	var found Customer
	// Who may look at no customer at all does not make one a subscriber, either.
	err := authz.AllowOn(caller, authz.ViewCustomer, authz.Object{Branch: caller.Branch, Explained: true})
	if err != nil {
		return found, err
	}
	if err := s.chargeLook(ctx, caller); err != nil {
		return found, err
	}
	who, stale, err := s.meet(ctx, caller, number)
	if err != nil {
		return found, err
	}
	found.Subscriber, found.Stale = who, stale != nil
	if err := s.mayLook(caller, who, why); err != nil {
		return found, err
	}
	detail := []string{"branch", who.Branch}
	if why != "" {
		detail = append(detail, "why", why)
	}
	if err := s.Log.Record(ctx, caller, authz.ViewCustomer, "subscriber:"+who.ID, detail...); err != nil {
		return found, fmt.Errorf("recording a view: %w", err)
	}
	if found.Certificates, err = s.Holdings.CertificatesOf(ctx, who.ID); err != nil {
		return found, fmt.Errorf("finding certificates: %w", err)
	}
	if found.Events, err = s.Holdings.EventsOf(ctx, who.ID); err != nil {
		return found, fmt.Errorf("finding what happened: %w", err)
	}
	if found.Applications, err = s.Holdings.ApplicationsOf(ctx, who.ID); err != nil {
		return found, fmt.Errorf("finding applications: %w", err)
	}
	if found.Cases, err = s.Register.CasesOf(ctx, who.ID, maxCases); err != nil {
		return found, fmt.Errorf("finding cases: %w", err)
	}
	for i, c := range found.Cases {
		if found.Cases[i], err = s.follow(ctx, caller, c); err != nil {
			return found, err
		}
	}
	return found, nil
}
