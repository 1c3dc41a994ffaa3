package server

import (
	"fmt"
	"slices"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/api"
	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/lint/cps"
	"github.com/ingam-pki/ingam/pki/lint/kisa"
	"github.com/ingam-pki/ingam/pki/lint/rfc5280"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// policy is what certificates look like, and what they are held against.
type policy struct {
	profiles profile.Profiles
	rules    []lint.Rule
}

func policyOf(c Config) (policy, error) {
	arc, err := parseArc(c.Authority.PolicyArc)
	if err != nil {
		return policy{}, ErrConfig.With(err, "why", "authority.policyArc: "+err.Error())
	}
	profiles := profile.Set(arc)
	if c.Authority.CPS != "" {
		for i := range profiles {
			if profiles[i].CPSURI != "" {
				profiles[i].CPSURI = c.Authority.CPS
			}
		}
	}
	for _, p := range profiles {
		if err := p.Validate(); err != nil {
			return policy{}, ErrConfig.With(err, "why", fmt.Sprintf("profile %s: %v", p.Name, err))
		}
	}
	rules := slices.Concat(kisa.Rules(), rfc5280.Rules(), cps.Rules(cps.Policy{Arc: arc, CPSURI: c.Authority.CPS}))
	return policy{profiles, rules}, nil
}

// renewalDays says how long before its end a certificate of a kind can be
// renewed.
func (p policy) renewalDays(kind npki.Kind) int {
	found, _ := p.profiles.OfKind(kind)
	return found.RenewalDays
}

// offers says what customers are offered, as the profiles have it.
func (p policy) offers(c Config) []api.Offer {
	kinds := p.profiles.Kinds()
	offers := make([]api.Offer, 0, len(kinds))
	for _, k := range kinds {
		offers = append(offers, api.Offer{
			Kind: k.Kind, Title: fault.Text{KO: k.Title.KO, EN: k.Title.EN}, Fee: k.Fee,
			ValidityDays: 365*k.Validity.Years + 30*k.Validity.Months + k.Validity.Days,
			Online:       slices.Contains(c.Enrolment.Online, k.Kind),
		})
	}
	return offers
}
