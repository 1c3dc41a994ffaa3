package console

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const (
	loginPath    = root + "/login"
	activatePath = root + "/activate"
)

// loginRoutes are the ways in and out.
func (c *Console) loginRoutes() []Route {
	return []Route{
		{Pattern: "GET /console/login", Open: true, Handle: c.login},
		{Pattern: "POST /console/login/passkey/options", Open: true, Handle: c.passkeyOptions},
		{Pattern: "POST /console/login/passkey", Open: true, Handle: c.logInByPasskey},
		{Pattern: "GET /console/login/provider", Open: true, Handle: c.toProvider},
		{Pattern: "GET " + staff.ReturnPath, Open: true, Handle: c.fromProvider},
		{Pattern: "GET /console/activate", Open: true, Handle: c.activation},
		{Pattern: "POST /console/activate", Open: true, Handle: c.activate},
		{Pattern: "POST /console/logout", Open: true, Handle: c.logOut},
		{Pattern: "GET /console/session", Early: true, Handle: c.alive},
		{Pattern: "DELETE /console/session", Open: true, Handle: c.sessionEnds},
	}
}

// login is GET /console/login.
func (c *Console) login(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	next := localPath(query.Get("next"))
	if me(r).ID != "" {
		redirect(w, r, orHome(next))
		return
	}
	f, _, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	f.Path = loginFor(next)
	view := pages.Login{Frame: f, Next: orHome(next), Ended: known(query.Get("ended"), "idle", "over"), Provider: c.Accounts.HasProvider()}
	if visitOf(r).over {
		view.Ended = "over"
	}
	if view.Provider {
		view.ProviderPath = providerPath(next)
	}
	if c.Demo != nil && c.Demo.Staff != nil {
		for _, s := range c.Demo.Staff() {
			view.Samples = append(view.Samples, pages.Sample{Number: s.Number, Name: s.Name, Role: string(s.Role), Branch: c.branchName(s.Branch, f.Lang)})
		}
	}
	c.show(w, r, view)
}

// known gives a word if it is one of those, else nothing.
func known(word string, words ...string) string {
	for _, w := range words {
		if word == w {
			return word
		}
	}
	return ""
}

// limited counts a try to log in: besides what the service counts, each address
// has a limit.
func (c *Console) limited(r *http.Request) error {
	if wait := c.LoginLimit.Take(kit.Address(r.Context())); wait > 0 {
		return kit.ErrTooMany.With(nil).After(wait)
	}
	return nil
}

func anonymous(r *http.Request) authz.Caller {
	return authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(r.Context())}
}

// What waits in a browser's session for the answer of its device.
const (
	loginChallenge = "staff-login"
	keyChallenge   = "staff-key"
)

// passkeyOptions is POST /console/login/passkey/options.
func (c *Console) passkeyOptions(w http.ResponseWriter, r *http.Request) {
	var options, state []byte
	err := kit.Decode(r, kit.DefaultBody, &struct{}{})
	if err == nil {
		err = c.limited(r)
	}
	if err == nil {
		options, state, err = c.Accounts.BeginPasskey(r.Context())
	}
	if err == nil {
		err = c.Sessions.Put(r.Context(), loginChallenge, state)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.WriteJSON(w, r, http.StatusOK, json.RawMessage(options))
}

// credential is what a browser sends of a device's answer.
type credential struct {
	Name     string                     `json:"name"`
	Response map[string]json.RawMessage `json:"response"` // its form is the browser's
}

func (c credential) answer() []byte {
	all, _ := json.Marshal(c.Response) // it was read from JSON
	return all
}

// maxCredential bounds what a browser sends of a passkey, in bytes.
const maxCredential = 32 << 10

// logInByPasskey is POST /console/login/passkey.
func (c *Console) logInByPasskey(w http.ResponseWriter, r *http.Request) {
	var answer credential
	var state []byte
	var account staff.Account
	err := kit.Decode(r, maxCredential, &answer)
	if err == nil {
		err = c.limited(r)
	}
	if err == nil {
		state, err = c.Sessions.Take(r.Context(), loginChallenge)
	}
	if err == nil {
		account, err = c.Accounts.LogInByPasskey(r.Context(), anonymous(r), state, answer.answer())
	}
	if err == nil {
		err = c.Sessions.Begin(r.Context(), r, account.ID, account.Epoch)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// way is what is kept of a login that has gone to the bank's provider.
type way struct {
	State []byte `json:"s"`
	Next  string `json:"n,omitempty"`
}

func providerPath(next string) string {
	if next == "" {
		return loginPath + "/provider"
	}
	return loginPath + "/provider?" + nextQuery(next)
}

// toProvider is GET /console/login/provider. It is no form: a browser holds the
// redirection after one against form-action, too.
func (c *Console) toProvider(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.URL.Query().Get("next"))
	var to string
	var state []byte
	err := c.limited(r)
	if err == nil {
		to, state, err = c.Accounts.BeginProvider(r.Context())
	}
	if err == nil {
		var kept []byte
		if kept, err = json.Marshal(way{State: state, Next: next}); err == nil {
			err = c.Sessions.PutLogin(r.Context(), w, kept)
		}
	}
	if err != nil {
		c.refuse(w, r, loginFor(next), err, kit.Form{})
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // the provider of the configuration
}

// fromProvider is where the bank's provider sends a browser back to. The page
// leads on by itself: a redirection would still count as the provider's, and
// come without the session's cookie.
func (c *Console) fromProvider(w http.ResponseWriter, r *http.Request) {
	var v way
	kept, err := c.Sessions.TakeLogin(w, r)
	if err == nil && kept != nil {
		err = json.Unmarshal(kept, &v)
	}
	if err == nil {
		err = c.limited(r)
	}
	var account staff.Account
	if err == nil {
		account, err = c.Accounts.LogInByProvider(r.Context(), anonymous(r), v.State, r.URL.Query())
	}
	if err == nil {
		err = c.Sessions.Begin(r.Context(), r, account.ID, account.Epoch)
	}
	if err != nil {
		c.refuse(w, r, loginFor(localPath(v.Next)), err, kit.Form{})
		return
	}
	f := c.bare(r)
	f.Onward = orHome(localPath(v.Next))
	f.Path = root
	c.show(w, r, pages.Arrived{Frame: f})
}

// activation is GET /console/activate.
func (c *Console) activation(w http.ResponseWriter, r *http.Request) {
	if me(r).ID != "" {
		redirect(w, r, accountPath)
		return
	}
	f, said, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, pages.Activate{Frame: f, Number: said.Typed["number"]})
}

// activate is POST /console/activate: a session that leads nowhere but to the
// adding of a passkey.
func (c *Console) activate(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	var account staff.Account
	if err = filled(form, "number", "code"); err == nil {
		err = c.limited(r)
	}
	if err == nil {
		account, err = c.Accounts.Activate(r.Context(), anonymous(r), kit.Network(r.Context()), form.Get("number"), form.Get("code"))
	}
	if err == nil {
		err = c.Sessions.Begin(r.Context(), r, account.ID, account.Epoch)
	}
	if err != nil {
		c.refuse(w, r, activatePath, err, form, "number")
		return
	}
	c.Sessions.Limit(r.Context(), true)
	redirect(w, r, accountPath)
}

// logOut is POST /console/logout. One who is not logged in any more is told the
// same.
func (c *Console) logOut(w http.ResponseWriter, r *http.Request) {
	if err := c.leave(r); err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.notice(w, left(r), loginPath, "logged-out")
}

// sessionEnds is DELETE /console/session: what the script of a page does whose
// session nobody has used for too long.
func (c *Console) sessionEnds(w http.ResponseWriter, r *http.Request) {
	if err := c.leave(r); err != nil {
		kit.Fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (c *Console) leave(r *http.Request) error {
	if me(r).ID == "" {
		return nil
	}
	err := c.Accounts.LogOut(r.Context(), caller(r))
	if err == nil {
		err = c.Sessions.End(r.Context())
	}
	if err != nil {
		return fmt.Errorf("logging out: %w", err)
	}
	return nil
}

// alive is GET /console/session: somebody is still at work.
func (c *Console) alive(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
