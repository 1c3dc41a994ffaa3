package server

import (
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// Branches are the bank's own, from the file that bank.branches names. Without a
// file there are none, and any three digits are taken for a branch; only where
// parts of the bank are simulated are the invented ones shown. The error is
// ErrConfig.
func (c Config) Branches() (*branch.Register, error) {
	if c.Bank.Branches == "" {
		if len(c.Services.Simulators) > 0 {
			return branch.Sample()
		}
		return branch.Read([]byte("{}"))
	}
	raw, err := readBounded(c.Bank.Branches)
	var r *branch.Register
	if err == nil {
		r, err = branch.Read(raw)
	}
	if err != nil {
		err = fmt.Errorf("bank.branches: %s: %w", c.Bank.Branches, err)
		return nil, ErrConfig.With(err, "why", err.Error())
	}
	return r, nil
}

// word names a branch in a refusal: what its own package knows is the number.
func (s *Server) word(name, value string) (fault.Text, bool) {
	number, of := strings.CutPrefix(value, lifecycle.Branch(""))
	if name != "desk" || !of {
		return fault.Text{}, false
	}
	b, err := s.branches.ByNumber(number)
	return b.Name, err == nil
}
