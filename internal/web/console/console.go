// Package console is the branch's desk: pages for tellers and supervisors, and
// for those who look after staff and records. It decides nothing: a handler
// reads a form within bounds, names the caller by the session, asks the service,
// and answers every POST with a redirection to a page.
//
// Every route names the act that it is for; one without doesn't build, and
// a test walks all of them with every role.
package console

import (
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
)

// sealer keeps what a cookie carries from being read or made by others;
// keys.Ring does.
type sealer interface {
	Seal(table, column, row string, plain []byte) ([]byte, error)
	Open(table, column, row string, sealed []byte) ([]byte, error)
}

// Demo says that outside services are simulated.
type Demo struct {
	Desk string // URL of the simulators' own page; it takes ?lang; empty: not shown
}

// Config is what the console works with.
type Config struct {
	Sealer sealer
	Bank   string // as pages name it
	HTTPS  bool
	Demo   *Demo // nil for a bank
	Now    func() time.Time
	Ahead  func() time.Duration // how far Now is ahead of the real time; nil: it is the real time
}

// Console serves the pages. Make it with New.
type Console struct {
	Config
	pages *pages.Pages
}

// New reads templates and texts.
func New(c Config, files *assets.Files) (*Console, error) {
	made, err := pages.New(files)
	if err != nil {
		return nil, err
	}
	return &Console{Config: c, pages: made}, nil
}

// Route is one door of the console: a pattern of http.ServeMux, and the act
// that who comes in must be allowed to do at all. What they may do it on, the
// service decides. An empty act is for who works here, whatever their role; Open
// is for everybody.
type Route struct {
	Pattern string
	Act     authz.Act
	Open    bool
	Handle  http.HandlerFunc
}
