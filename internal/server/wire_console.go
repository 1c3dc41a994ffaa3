package server

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// desksAtOnce is how many who work here may share an address: those of a branch
// do. Their door lets in so many times more than that of customers.
const desksAtOnce = 5

// console makes the pages of who works here, and what every request to them
// passes.
func (s *Server) console(files *assets.Files) (http.Handler, error) {
	logins, requests := s.config.Limits.Logins.times(desksAtOnce), s.config.Limits.Requests.times(desksAtOnce)
	c := console.Config{
		Accounts: s.staff, Sessions: s.staffSessions, Log: s.desk.Audit, Trails: s.desk.Reader, Sealer: s.desk.Ring, Branches: s.branches,
		LoginLimit: kit.NewLimiter(logins.kit(), s.options.Now),
		Desk:       console.Desk{Counter: s.counter, Terms: s.enrolment.Terms, RenewalDays: s.desk.policy.renewalDays},
		Printing:   s.printing(),
		Bank:       s.config.Bank.Title, HTTPS: s.config.https(), Now: s.options.Now,
	}
	c.Desk = console.Desk{Counter: s.counter, Terms: s.enrolment.Terms, RenewalDays: s.desk.policy.renewalDays}
	c.Counts = s.counts
	if s.options.Clock != nil {
		c.Ahead = s.options.Clock.Ahead
	}
	if s.world.simulator != nil {
		c.Demo = &console.Demo{}
		if s.demo { // else persons may be real, and none of this is for them
			c.Demo.Desk, c.Demo.Staff = s.simulatorURL()+"/", demoStaff
		}
	}
	made, err := console.New(c, files)
	if err != nil {
		return nil, fmt.Errorf("building the console: %w", err)
	}
	face := kit.NewFace(s.options.Now, kit.FaceConfig{
		Log: s.log, HTTPS: s.config.https(), TrustedProxies: s.config.TrustedProxies,
		Rate: requests.kit(), MaxBody: console.MaxBody, Page: made.Refuse,
	})
	return face.Wrap(made.Pages()), nil
}

// counts are the queues' lengths, as the console's navigation shows them.
func (s *Server) counts(ctx context.Context, caller authz.Caller) (map[string]int, string, error) {
	found, revision, err := s.counter.Counts(ctx, caller)
	counts := make(map[string]int, len(found))
	for queue, n := range found {
		counts[string(queue)] = n
	}
	return counts, revision, err
}

// times is a rate for so many at once.
func (r Rate) times(n int) Rate { return Rate{PerMinute: n * r.PerMinute, Burst: n * r.Burst} }

// demoStaff are those who work at a demo's bank, as its login shows them.
func demoStaff() []staff.Account {
	shown := make([]staff.Account, 0, len(simulator.Staff))
	for _, p := range simulator.Staff {
		shown = append(shown, staff.Account{Number: p.Number, Name: p.Name, Role: authz.Role(p.Role), Branch: p.Branch})
	}
	return shown
}

// ConsoleURL is where those who work here open the console.
func (s *Server) ConsoleURL() string { return s.PortalURL() + "/console" }
