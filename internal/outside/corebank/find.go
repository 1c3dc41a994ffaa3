package corebank

import (
	"context"
	"fmt"
	"io"

	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// SearchRequest is the body of a question for customers: name and birth date (of
// a business the name alone), or a phone number, or an account. It is a body and
// not a query, so that nothing personal stands in an address.
type SearchRequest struct {
	Name    string `json:"name,omitempty"`
	Birth   string `json:"birth,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Account string `json:"account,omitempty"`
	Limit   int    `json:"limit"`
}

// Found is the body of the answer: as many as were asked for at most.
type Found struct {
	rest.Answer
	Customers *[]Record `json:"customers"` // has to be there, if empty
}

// Find gives the customers whom a query fits, up to subscriber.MaxFound.
func (c Client) Find(ctx context.Context, q subscriber.Query) ([]subscriber.Subscriber, error) {
	var a Found
	err := rest.Post(ctx, c.Client, "/corebank/v1/customers/search",
		SearchRequest{Name: q.Name, Birth: q.Birth, Phone: q.Phone, Account: q.Account, Limit: subscriber.MaxFound}, &a)
	if err != nil {
		return nil, unavailable("searching customers", err)
	}
	return a.subscribers(q)
}

// ParseFound reads the body of the answer to a query.
func ParseFound(r io.Reader, q subscriber.Query) ([]subscriber.Subscriber, error) {
	var a Found
	if err := rest.Decode(r, &a); err != nil {
		return nil, unavailable("searching customers", err)
	}
	return a.subscribers(q)
}

// subscribers takes an answer over as a whole or not at all. Whom the query does
// not fit must not be in it: a teller would see somebody they did not ask for.
func (a Found) subscribers(q subscriber.Query) ([]subscriber.Subscriber, error) {
	if a.Customers == nil || len(*a.Customers) > subscriber.MaxFound {
		return nil, unavailable("searching customers", fmt.Errorf("%w: customers", rest.ErrAnswer))
	}
	found := make([]subscriber.Subscriber, 0, len(*a.Customers))
	seen := make(map[string]bool, len(*a.Customers))
	for _, record := range *a.Customers {
		s, err := record.subscriber()
		if err != nil {
			return nil, err
		}
		if seen[s.CustomerNumber] || !fits(s, q) {
			return nil, unavailable("searching customers", fmt.Errorf("%w: not who was asked for", rest.ErrAnswer))
		}
		seen[s.CustomerNumber] = true
		found = append(found, s)
	}
	return found, nil
}

// fits says whether a query can have found somebody. Whose an account is only
// the core bank knows.
func fits(s subscriber.Subscriber, q subscriber.Query) bool {
	switch {
	case q.Name != "":
		name := proofing.NameKey(q.Name)
		return s.Birth == q.Birth && (name == proofing.NameKey(s.Name) || name == proofing.NameKey(s.RomanName))
	case q.Phone != "":
		return s.Phone == q.Phone
	}
	return q.Account != ""
}
