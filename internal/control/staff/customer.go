package staff

import (
	"context"
	"fmt"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// maxCustomer bounds what names a customer, in bytes.
const maxCustomer = 64

// customer gives the id of the subscriber whom a change names.
func (s *Service) customer(ctx context.Context, caller authz.Caller, id, named string) (string, error) {
	if err := authz.Allow(caller, authz.ManageStaff, id); err != nil || named == "" {
		return "", err
	}
	if len(named) > maxCustomer {
		return "", ErrForm.With(nil, "field", "customer").Word("field", fields["customer"])
	}
	if s.Customers == nil {
		return "", ErrNoCustomer.With(nil, "field", "customer")
	}
	return s.Customers.Customer(ctx, caller.Request, named)
}

// alone refuses a second account for one customer: whoever had two would be another
// than themselves where a second person is asked for. Accounts are managed one after
// the other (see act), so nobody slips in between.
func (s *Service) alone(ctx context.Context, a Account) error {
	if a.SubscriberID == "" || a.State == Disabled {
		return nil
	}
	others, err := s.Roster.AccountsOf(ctx, a.SubscriberID)
	if err != nil {
		return fmt.Errorf("reading accounts of a customer: %w", err)
	}
	for _, other := range others {
		if other.ID != a.ID && other.State != Disabled {
			return ErrTwice.With(nil, "field", "customer", "number", other.Number)
		}
	}
	return nil
}
