package subscriber

import (
	"context"
	"errors"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// Query is what somebody is looked for by: name and birth together, or one of
// the others.
type Query struct {
	Name    string
	Birth   string // yyyymmdd
	Phone   string // digits; blanks and hyphens are passed over
	Account string // likewise
}

// Find gives the customers whom a query fits.
func (s *Service) Find(ctx context.Context, q Query) (people []Subscriber, incomplete bool, err error) {
	return nil, false, errors.New("subscriber: finding is not here yet")
}

// Meet makes a customer of the core bank a subscriber, unless they are one.
func (s *Service) Meet(ctx context.Context, caller authz.Caller, customerNumber string) (Subscriber, error) {
	return Subscriber{}, errors.New("subscriber: meeting is not here yet")
}
