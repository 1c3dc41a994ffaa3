package enrolment

import (
	"context"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// Consent records what the customer agreed to: the exact texts, by version and
// hash. All required texts must be there in today's version. Agreeing to the
// same texts again changes nothing.
func (s *Service) Consent(ctx context.Context, caller authz.Caller, id string, given []ConsentGiven) (Application, error) {
	return s.step(ctx, caller, authz.GiveConsent, id, func(_ context.Context, a *Application) ([]string, error) {
		if a.State != Issued {
			if err := mayGoOn(*a); err != nil {
				return nil, err
			}
		}
		consents, err := agree(s.Terms(a.Kind), given, s.now())
		if err != nil {
			return nil, err
		}
		if a.State != Started {
			if !sameConsents(a.Consents, consents) {
				return nil, ErrConsentGiven
			}
			return nil, nil
		}
		a.Consents, a.State = consents, Consented
		facts := make([]string, 0, len(consents))
		for _, c := range consents {
			facts = append(facts, c.Terms+" "+c.Version)
		}
		return []string{"terms", strings.Join(facts, ", ")}, nil
	})
}
