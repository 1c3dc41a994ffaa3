// Package portal is the customer's web app: pages made on the server, forms
// that work without script, and the shells in which the browser wallet runs.
//
//	p, err := portal.New(portal.Config{…})
//	face := kit.NewFace(now, kit.FaceConfig{Page: p.Refuse, MaxBody: portal.MaxBody})
//	handler := face.Wrap(p.Pages())     // everything but
//	static := faceOfFiles.Wrap(p.Files()) // what portal.IsFile names
//
// It decides nothing. A handler reads a form within bounds, names the caller by
// the session, asks the service, and answers every POST with a redirection to a
// page: what was refused is shown there, beside the field it is about, with
// what was typed (never a secret or an identity number). So the back button
// and a reload repeat no act.
package portal

import (
	"context"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

// authority is what is shown of the certificate authority.
type authority interface {
	Certificate(ctx context.Context, caller authz.Caller, serial string) (ca.Record, error)
	CertificatesOf(ctx context.Context, caller authz.Caller, subscriberID string) ([]ca.Record, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
}

// sealer keeps what a cookie carries from being read or made by others;
// keys.Ring does.
type sealer interface {
	Seal(table, column, row string, plain []byte) ([]byte, error)
	Open(table, column, row string, sealed []byte) ([]byte, error)
}

// Offer is one kind of certificate as the bank offers it.
type Offer struct {
	Kind         npki.Kind
	Title        fault.Text
	ValidityDays int
	Fee          int // in won
	Online       bool
}

// Demo says that outside services are simulated.
type Demo struct {
	Desk    string       // URL of the simulators' own page; it takes ?lang; empty: not shown
	Samples []DemoSample // likewise
}

// DemoSample is a customer of the demo bank, whom its login shows.
type DemoSample struct {
	LoginID, Password string
	Note              fault.Text
}

// Config is what the portal works with.
type Config struct {
	Enrolment    *enrolment.Service
	Subscribers  *subscriber.Service
	Lifecycle    *lifecycle.Service
	Notices      *notice.Service
	Branches     *branch.Register
	Redemptions  *redeem.Service
	Authority    authority
	Verification verifier
	Sessions     *kit.Sessions
	Log          recorder
	Sealer       sealer
	Offers       []Offer
	RenewalDays  func(npki.Kind) int // how long before its last day a kind can be renewed
	CAName       string              // the authority's folder under NPKI
	Bank         string              // as pages name it
	LoginLimit   *kit.Limiter        // of logins, per address
	VerifyLimit  *kit.Limiter        // of verifications, likewise
	CardTurns    *kit.Turns
	HTTPS        bool
	Demo         *Demo // nil for a bank
	Now          func() time.Time
	Ahead        func() time.Duration // how far Now is ahead of the real time; nil: it is the real time
}

// Portal serves the web app. Make it with New.
type Portal struct {
	Config
	pages *pages.Pages
	files files
}

// New reads templates, texts and assets.
func New(c Config) (*Portal, error) {
	p := &Portal{Config: c}
	if err := p.loadFiles(); err != nil {
		return nil, err
	}
	return p, nil
}

// Pages is the handler of all that is no file. It expects to be wrapped by a
// kit.Face whose Page is Refuse.
func (p *Portal) Pages() http.Handler {
	shells, same := p.shells(), http.NewServeMux() // the same for everybody: no session is looked at
	for route, shell := range shells {
		same.HandleFunc("GET "+route, shell)
	}
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}": p.home, "GET /center": p.center,
		"GET /login": p.login, "POST /login": p.logIn, "POST /logout": p.logOut,
		"GET /verify": p.verify, "POST /verify": p.verified, "POST /settings": p.settings,
		"GET /branches": p.branches, "GET /branches/{number}": p.branch,
		"GET /lost": p.lost, "POST /lost": p.reportLoss, "GET /lost/done": p.lostDone,
		"GET " + redeemPath: p.redeem, "POST " + redeemPath: p.redeemed,
	} {
		mux.HandleFunc(pattern, h)
	}
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /apply/{id}": p.resume, "GET /apply/{id}/key": p.key, "GET /apply/{id}/done": p.done,
	} {
		mux.Handle(pattern, p.holder(h))
	}
	for pattern, h := range p.memberRoutes() {
		mux.Handle(pattern, p.member(h))
	}
	anybody, somebody := kit.Routes(same), p.Sessions.Wrap(kit.Routes(mux))
	return p.headers(kit.SameOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if shells[r.URL.Path] != nil {
			anybody.ServeHTTP(w, r)
			return
		}
		somebody.ServeHTTP(w, r)
	})))
}

// memberRoutes are those that want a session.
func (p *Portal) memberRoutes() map[string]http.HandlerFunc {
	routes := map[string]http.HandlerFunc{
		"GET /apply": p.apply, "POST /apply": p.start,
		"POST /apply/{id}/abandon": p.abandon,
		"GET /apply/{id}/terms":    p.terms, "POST /apply/{id}/terms": p.agree,
		"GET /apply/{id}/identity": p.identity,
		"GET /apply/{id}/id-card":  p.card, "POST /apply/{id}/id-card": p.proveCard,
		"GET /apply/{id}/account": p.account, "POST /apply/{id}/account": p.proveAccount,
		"GET /apply/{id}/otp": p.otp, "POST /apply/{id}/otp": p.proveOTP,
		"GET /apply/{id}/phone": p.phone, "POST /apply/{id}/phone": p.provePhone,
		"POST /apply/{id}/phone/code": p.sendCode,
		"GET /apply/{id}/confirm":     p.confirm, "POST /apply/{id}/confirm": p.confirmed,
		"GET /certificates": p.certificates, "GET /certificates/{serial}": p.certificate,
		"GET /certificates/{serial}/suspend": p.suspend, "POST /certificates/{serial}/suspend": p.suspended,
		"GET /certificates/{serial}/revoke": p.revoke, "POST /certificates/{serial}/revoke": p.revoked,
		"GET /certificates/{serial}/code": p.emergencyCode,
		"GET /advice":                     p.advice,
		"GET /settings/notices":           p.notices, "POST /settings/notices": p.chooseNotices,
		"GET /passkeys": p.passkeys,
	}
	for _, way := range []enrolment.Way{enrolment.Renew, enrolment.Reissue, enrolment.Resume} {
		routes["GET /certificates/{serial}/"+string(way)] = p.begin(way)
		routes["POST /certificates/{serial}/"+string(way)] = p.begun(way)
	}
	return routes
}

// permissions are what pages may ask the browser for: the camera for an
// identity card, and passkeys.
const permissions = "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), " +
	"accelerometer=(), browsing-topics=(), display-capture=(), encrypted-media=(), " +
	"fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), " +
	"microphone=(), midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), storage-access=(), " +
	"usb=(), window-management=(), xr-spatial-tracking=()"

func setHeaders(h http.Header) { kit.PageHeaders(h, pages.Policy, permissions) }

func (p *Portal) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}
