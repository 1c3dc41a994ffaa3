package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/web/api"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal"
)

// shared is what the doors of customers have in common: who is logged in, and
// what bounds them whichever door they take.
type shared struct {
	sessions *kit.Sessions
	logins   *kit.Limiter
	verified *kit.Limiter
	cards    *kit.Turns
}

func (s *Server) shared() shared {
	with := shared{
		sessions: kit.NewSessions(s.sessions, s.config.https(), s.options.Now),
		logins:   kit.NewLimiter(s.config.Limits.Logins.kit(), s.options.Now),
		verified: kit.NewLimiter(kit.Rate{Every: 2 * time.Second, Burst: 20}, s.options.Now),
		cards:    kit.NewTurns(2, 20*time.Second),
	}
	with.sessions.Redeems(s.redemptions.Current)
	return with
}

// buildVerification makes what judges signatures, for pages, API and logins.
func (s *Server) buildVerification() (err error) {
	s.verification, err = verification.New(verification.Config{
		Root: s.desk.files.root, Issuing: s.desk.files.issuing, Lists: [][]byte{s.desk.files.rootList},
		Profiles: s.desk.policy.profiles, Now: s.options.Now,
	}, s.desk.Store)
	if err != nil {
		return fmt.Errorf("building verification: %w", err)
	}
	return nil
}

// portal makes the web app.
func (s *Server) portal(with shared) (*portal.Portal, error) {
	offers := s.desk.policy.offers(s.config)
	c := portal.Config{
		Enrolment: s.enrolment, Subscribers: s.subscribers, Lifecycle: s.lifecycle, Notices: s.desk.Notices, Redemptions: s.redemptions, Branches: s.branches, RenewalDays: s.desk.policy.renewalDays, Authority: s.desk.Authority, Verification: s.verification,
		Sessions: with.sessions, Log: s.desk.Audit, Sealer: s.desk.Ring, Offers: make([]portal.Offer, len(offers)),
		CAName: s.config.Authority.Name, Bank: s.config.Bank.Title, LoginLimit: with.logins, VerifyLimit: with.verified, CardTurns: with.cards,
		HTTPS: s.config.https(), Now: s.options.Now,
	}
	if s.options.Clock != nil {
		c.Ahead = s.options.Clock.Ahead
	}
	for i, o := range offers {
		c.Offers[i] = portal.Offer(o)
	}
	if s.world.simulator != nil {
		c.Demo = &portal.Demo{}
		if s.demo { // else persons may be real, and none of this is for customers
			c.Demo.Desk, c.Demo.Samples = s.simulatorURL()+"/", demoSamples(s.world.simulator.Samples())
		}
	}
	p, err := portal.New(c)
	if err != nil {
		return nil, fmt.Errorf("building the portal: %w", err)
	}
	return p, nil
}

// filesAPage is how many files a page may bring: their door lets in so many
// times more than the others.
const filesAPage = 20

// doors puts API, pages and files behind what every request passes.
func (s *Server) doors(programs http.Handler, web *portal.Portal) http.Handler {
	faces := kit.FaceConfig{
		Log: s.log, HTTPS: s.config.https(), TrustedProxies: s.config.TrustedProxies,
		Rate: s.config.Limits.Requests.kit(), MaxBody: max(api.MaxBody, portal.MaxBody), Page: web.Refuse, Word: s.word,
	}
	pages, programs := web.Pages(), kit.Bound(api.MaxBody, programs)
	acts := kit.NewFace(s.options.Now, faces).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			programs.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}))
	faces.Rate = Rate{PerMinute: filesAPage * s.config.Limits.Requests.PerMinute, Burst: filesAPage * s.config.Limits.Requests.Burst}.kit()
	faces.MaxBody, faces.Cacheable = 1, true
	files := kit.NewFace(s.options.Now, faces).Wrap(web.Files())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if portal.IsFile(r.URL.Path) {
			files.ServeHTTP(w, r)
			return
		}
		acts.ServeHTTP(w, r)
	})
}

// PortalURL is where customers open the web app. Passkeys belong to a name, not
// to an address, so an address of this computer is called localhost.
func (s *Server) PortalURL() string {
	u, err := url.Parse(s.config.URL)
	if err != nil {
		return s.config.URL
	}
	if address, err := netip.ParseAddr(u.Hostname()); err != nil || !address.IsLoopback() {
		return s.config.URL
	}
	port := u.Port()
	u.Host = "localhost"
	if port != "" {
		u.Host = net.JoinHostPort("localhost", port)
	}
	return u.String()
}

func (s *Server) simulatorURL() string { return "http://" + s.world.listener.Addr().String() }

// demoSamples are the customers of a demo as its login shows them.
func demoSamples(samples []simulator.Sample) []portal.DemoSample {
	shown := make([]portal.DemoSample, 0, len(samples))
	for _, c := range samples {
		shown = append(shown, portal.DemoSample{LoginID: c.LoginID, Password: c.Password,
			Note: fault.Text{KO: c.NoteIn("ko"), EN: c.NoteIn("en")}})
	}
	return shown
}
