package server

import (
	"errors"
	"slices"

	"github.com/ingam-pki/ingam/internal/outside/signin"
)

// Staff says how those who work here log in.
type Staff struct {
	Provider Provider `yaml:"provider"`
}

// Provider is the bank's own OpenID provider; none when Issuer is empty.
type Provider struct {
	Issuer      string `yaml:"issuer"`
	ClientID    string `yaml:"clientID"`
	Secret      string `yaml:"clientSecretFile"` // file with the secret of the client
	NumberClaim string `yaml:"numberClaim"`      // which claim is the employee number
}

// checkStaff says what is wrong with how staff are to log in.
func (c Config) checkStaff() (wrong []error) {
	p := c.Staff.Provider
	given := p.Issuer != "" || p.ClientID != "" || p.Secret != ""
	switch {
	case !given:
	case p.Issuer == "" || p.ClientID == "" || p.Secret == "":
		wrong = append(wrong, errors.New("staff.provider: issuer, clientID and clientSecretFile are needed together"))
	case !signin.Fitting(p.Issuer):
		wrong = append(wrong, errors.New("staff.provider.issuer: not https://… (http:// only on this computer)"))
	}
	if given && slices.Contains(c.Services.Simulators, SimSignIn) {
		wrong = append(wrong, errors.New("staff.provider: is set and simulated; it can be one of both"))
	}
	return wrong
}
