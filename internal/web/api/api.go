// Package api is the HTTP API by which customers' software applies for
// certificates and looks after them: api/openapi.yaml is its description, and api.gen.go is
// generated from that (go generate ./api).
//
// It decides nothing. A handler takes the body in, within bounds, names the
// caller by the session, asks the service, and shows the answer or the refusal.
package api

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
)

//go:generate go generate ../../../api

// MaxBody is the size of the largest body that any route takes, in bytes: an
// identity card with its picture, or a signature with its content.
const MaxBody = maxCard

// authority is what is shown of the certificate authority.
type authority interface {
	Certificate(ctx context.Context, caller authz.Caller, serial string) (ca.Record, error)
	CertificatesOf(ctx context.Context, caller authz.Caller, subscriberID string) ([]ca.Record, error)
	Chain() []*x509.Certificate
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
}

// Offer is one kind of certificate as the bank offers it.
type Offer struct {
	Kind         npki.Kind
	Title        fault.Text
	ValidityDays int
	Fee          int // in won
	Online       bool
}

// Config is what the API works with.
type Config struct {
	Enrolment   *enrolment.Service
	Subscribers *subscriber.Service
	Login       *login.Service
	Verifier    *verification.Service
	Authority   authority
	Sessions    *kit.Sessions
	Log         recorder
	Lifecycle   *lifecycle.Service
	Notices     *notice.Service
	Branches    *branch.Register
	Redemptions *redeem.Service
	Offers      []Offer
	RenewalDays func(npki.Kind) int // how long before its end a certificate can be renewed
	CAName      string              // the authority's folder under NPKI
	LoginLimit  *kit.Limiter        // of logins, per address; nil: one in two seconds, 20 at once
	VerifyLimit *kit.Limiter        // of verifications, per address; nil: the same
	CardTurns   *kit.Turns          // of pictures, per customer, and of signatures, per address; nil: two at once
	// Ready says whether the store can be worked with.
	Ready func(ctx context.Context) error
	Now   func() time.Time
}

type handlers struct {
	Config
	challenges *kit.Limiter // begun logins, per address: each makes an entry in the store
}

// New gives the handler of all of /api/v1/. It expects to be wrapped by a
// kit.Face.
func New(c Config) http.Handler {
	if c.LoginLimit == nil {
		c.LoginLimit = kit.NewLimiter(kit.Rate{Every: 2 * time.Second, Burst: 20}, c.Now)
	}
	if c.CardTurns == nil {
		c.CardTurns = kit.NewTurns(2, 20*time.Second)
	}
	if c.VerifyLimit == nil {
		c.VerifyLimit = kit.NewLimiter(kit.Rate{Every: 2 * time.Second, Burst: 20}, c.Now)
	}
	h := &handlers{Config: c, challenges: kit.NewLimiter(kit.Rate{Every: time.Second, Burst: 40}, c.Now)}
	mux := http.NewServeMux()
	HandlerWithOptions(h, StdHTTPServerOptions{
		BaseRouter:       mux,
		Middlewares:      []MiddlewareFunc{h.demandSession},
		ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, err error) { kit.Fail(w, r, unreadable(err)) },
	})
	// A path that the description names is nobody's {id} (OpenAPI 3.1 §4.8.8.2);
	// the mux takes it for one, by another method.
	mux.HandleFunc("DELETE /api/v1/passkeys/options", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", http.MethodPost)
		kit.Fail(w, r, kit.ErrMethod.With(nil, "method", r.Method, "allow", http.MethodPost))
	})
	return kit.SameOrigin(c.Sessions.Wrap(kit.Routes(mux)))
}

// unreadable is the answer to a path or a query that can't be read.
func unreadable(err error) error {
	var many *TooManyValuesForParamError
	var format *InvalidParamFormatError
	switch {
	case errors.As(err, &many):
		return kit.ErrField.With(err, "field", many.ParamName)
	case errors.As(err, &format) && format.ParamName == "serial":
		return ca.ErrNotFound.With(err)
	case errors.As(err, &format) && format.ParamName != "id":
		return kit.ErrField.With(err, "field", format.ParamName)
	}
	return enrolment.ErrUnknown.With(err) // a path that holds no id
}

// demandSession lets by who is logged in and, where that is enough, who showed
// codes. Which routes want that the description says: the generated code marks
// the context.
func (h *handlers) demandSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		wanted := ctx.Value(SessionScopes) != nil
		allowed := h.Sessions.Subscriber(ctx) != ""
		if ctx.Value(RedemptionScopes) != nil {
			application, _ := h.Sessions.Redemption(ctx)
			wanted, allowed = true, allowed || application != ""
		}
		if !wanted || allowed {
			next.ServeHTTP(w, r)
			return
		}
		why := h.Sessions.Over(ctx)
		if why == nil {
			why = kit.ErrNoSession.With(nil)
		}
		kit.Fail(w, r, why)
	})
}

// answer shows a value, or the refusal.
func answer[T any](w http.ResponseWriter, r *http.Request, status int, value T, err error) {
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.WriteJSON(w, r, status, value)
}
