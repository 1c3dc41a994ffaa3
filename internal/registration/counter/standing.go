package counter

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
)

// Standing is where a case stands, without anything about a person.
type Standing struct {
	State    State
	Revision int64
	Codes    redeem.Status // of an approved case that makes a key
}

// Standing says where a case stands. It names nobody, so it is no audit entry:
// a page that shows the case asks again and again.
func (s *Service) Standing(ctx context.Context, caller authz.Caller, id string) (Standing, error) {
	c, err := s.allowed(ctx, caller, authz.ViewCase, id)
	if err == nil {
		c, err = s.follow(ctx, caller, c)
	}
	if err != nil {
		return Standing{}, s.refused(ctx, caller, authz.ViewCase, object(id), err)
	}
	now := Standing{State: c.State, Revision: c.Revision}
	if c.Application != "" {
		if now.Codes, err = s.Codes.Status(ctx, c.Application); err != nil {
			return Standing{}, fmt.Errorf("reading the standing of codes: %w", err)
		}
	}
	return now, nil
}

// Export is Customer for one who takes a list of the customer's certificates
// away with them; that is an audit entry of its own.
func (s *Service) Export(ctx context.Context, caller authz.Caller, customerNumber, why string) (Customer, error) {
	if err := authz.AllowOn(caller, authz.ExportCustomer, authz.Object{Branch: caller.Branch, Explained: true}); err != nil {
		return Customer{}, s.refused(ctx, caller, authz.ExportCustomer, "customer", err)
	}
	found, err := s.Customer(ctx, caller, customerNumber, why)
	if err != nil {
		return Customer{}, err
	}
	who := found.Subscriber
	err = authz.AllowOn(caller, authz.ExportCustomer, authz.Object{Owner: who.ID, Branch: who.Branch,
		Explained: who.Branch == "" || strings.TrimSpace(why) != ""})
	if err != nil {
		return Customer{}, s.refused(ctx, caller, authz.ExportCustomer, "subscriber:"+who.ID, err)
	}
	err = s.Log.Record(ctx, caller, authz.ExportCustomer, "subscriber:"+who.ID, "certificates", strconv.Itoa(len(found.Certificates)))
	if err != nil {
		return Customer{}, fmt.Errorf("recording an export: %w", err)
	}
	return found, nil
}
