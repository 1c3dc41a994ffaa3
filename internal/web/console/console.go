// Package console is the branch's desk: pages for tellers and supervisors, and
// for those who look after staff and records. It decides nothing: a handler
// reads a form within bounds, names the caller by the session, asks the service,
// and answers every POST with a redirection to a page.
//
//	c, err := console.New(console.Config{…}, files)
//	face := kit.NewFace(now, kit.FaceConfig{Page: c.Refuse, MaxBody: console.MaxBody})
//	handler := face.Wrap(c.Pages()) // all that console.Serves names
//
// Every route names the act that it is for; one whose act the table of authz
// doesn't know makes New fail, and a test walks all of them with every role.
package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// MaxBody is the size of the largest body that a page of the console takes, in
// bytes: a scan of a paper.
const MaxBody = 9 << 20

// sealer keeps what a cookie carries from being read or made by others;
// keys.Ring does.
type sealer interface {
	Seal(table, column, row string, plain []byte) ([]byte, error)
	Open(table, column, row string, sealed []byte) ([]byte, error)
}

// Demo says that outside services are simulated.
type Demo struct {
	Desk  string                 // URL of the simulators' own page; it takes ?lang; empty: not shown
	Staff func() []staff.Account // who works at the made-up bank, for its login to show; may be nil
}

// branches knows the bank's branches; branch.Register does.
type branches interface {
	All() []branch.Branch
	Name(number string) fault.Text
}

// Config is what the console works with.
type Config struct {
	Accounts *staff.Service
	Sessions *kit.StaffSessions
	Log      recorder
	Trails   trails
	Sealer   sealer
	// Counts are the queues' lengths for the navigation, by the queue's name, and
	// a word that changes when they do. May be nil: not shown.
	Counts     func(ctx context.Context, caller authz.Caller) (counts map[string]int, revision string, err error)
	Desk       Desk
	Branches   branches     // may be nil: pages show numbers
	LoginLimit *kit.Limiter // of tries to log in, per address
	Printing   Printing
	Bank       string // as pages name it
	HTTPS      bool
	Demo       *Demo // nil for a bank
	Now        func() time.Time
	Ahead      func() time.Duration // how far Now is ahead of the real time; nil: it is the real time
}

// Console serves the pages. Make it with New.
type Console struct {
	Config
	pages *pages.Pages
}

// New reads templates and texts, and holds the routes against the table of
// authz: a route whose act does not stand there is an error.
func New(c Config, files *assets.Files) (*Console, error) {
	made, err := pages.New(files)
	if err != nil {
		return nil, err
	}
	console := &Console{Config: c, pages: made}
	return console, sound(console.Routes())
}

// sound holds routes against the table of authz. Only pages that everybody who
// works here sees, and what everybody has, go without an act.
func sound(routes []Route) error {
	for _, route := range routes {
		switch {
		case route.Open && route.Act != "":
			return fmt.Errorf("console: %s is open, and for the act %q", route.Pattern, route.Act)
		case route.Open:
		case route.Act == "" && !strings.HasPrefix(route.Pattern, "GET "):
			return fmt.Errorf("console: %s does something, but names no act", route.Pattern)
		case route.Act != "" && !authz.Known(route.Act):
			return fmt.Errorf("console: %s is for the act %q, which does not stand in the table", route.Pattern, route.Act)
		}
	}
	return nil
}

// Route is one door of the console: a pattern of http.ServeMux, and the act
// that who comes in must be allowed to do at all. What they may do it on, the
// service decides. An empty act is for who works here, whatever their role; Open
// is for everybody.
type Route struct {
	Pattern string
	Act     authz.Act
	Open    bool
	Early   bool // also for who has no way yet to log in again, and gets nowhere else
	Quiet   bool // a page asks it by itself, over and over: no sign that somebody is there
	Handle  http.HandlerFunc
}

// Routes are all doors.
func (c *Console) Routes() []Route {
	return slices.Concat(c.frontRoutes(), c.loginRoutes(), c.accountRoutes(), c.staffRoutes(), c.policyRoutes(), c.auditRoutes(), c.branchRoutes(), c.printRoutes())
}

// Serves says whether a path is one of the console's.
func Serves(path string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// root is where the console begins.
const root = "/console"

// Pages is the handler of all routes. It expects to be wrapped by a kit.Face
// whose Page is Refuse.
func (c *Console) Pages() http.Handler {
	mux, quiet := http.NewServeMux(), map[string]bool{}
	for _, route := range c.Routes() {
		mux.Handle(route.Pattern, c.door(route))
		quiet[route.Pattern] = route.Quiet
	}
	inside := c.identify(kit.Routes(mux))
	lively, still := c.Sessions.Wrap(inside), c.Sessions.WrapQuiet(inside)
	same := kit.SameOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); quiet[pattern] {
			still.ServeHTTP(w, r)
			return
		}
		lively.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		same.ServeHTTP(w, r)
	})
}
