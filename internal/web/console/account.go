package console

import (
	"encoding/json"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const accountPath = root + "/account"

// accountRoutes are those of one's own account.
func (c *Console) accountRoutes() []Route {
	return []Route{
		{Pattern: "GET /console/account", Act: authz.ViewOwnAccount, Early: true, Handle: c.account},
		{Pattern: "POST /console/account/passkeys/options", Act: authz.ManageOwnPasskey, Early: true, Handle: c.newKeyOptions},
		{Pattern: "POST /console/account/passkeys", Act: authz.ManageOwnPasskey, Early: true, Handle: c.addKey},
		{Pattern: "POST /console/account/passkeys/{id}/remove", Act: authz.ManageOwnPasskey, Handle: c.removeKey},
		{Pattern: "POST /console/account/sessions", Act: authz.EndStaffSessions, Early: true, Handle: c.leaveEverywhere},
	}
}

// account is GET /console/account.
func (c *Console) account(w http.ResponseWriter, r *http.Request) {
	f, _, err := c.frame(w, r)
	var keys []staff.Passkey
	if err == nil {
		keys, err = c.Accounts.Passkeys(r.Context(), caller(r))
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if r.URL.Query().Has("added") && f.Notice == "" && f.Problem == nil {
		f.Notice = "passkey-added"
	}
	who := me(r)
	view := pages.Account{Frame: f, Early: visitOf(r).early, LastLogin: who.LastLogin,
		Removable: len(keys) > 1 || c.Accounts.HasProvider()}
	for _, k := range keys {
		view.Passkeys = append(view.Passkeys, pages.Passkey{ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt, UsedAt: k.UsedAt})
	}
	c.show(w, r, view)
}

// newKeyOptions is POST /console/account/passkeys/options.
func (c *Console) newKeyOptions(w http.ResponseWriter, r *http.Request) {
	var options, state []byte
	err := kit.Decode(r, kit.DefaultBody, &struct{}{})
	if err == nil {
		options, state, err = c.Accounts.BeginAddPasskey(r.Context(), caller(r))
	}
	if err == nil {
		err = c.Sessions.Put(r.Context(), keyChallenge, state)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.WriteJSON(w, r, http.StatusOK, json.RawMessage(options))
}

// addKey is POST /console/account/passkeys. From then on the session leads
// everywhere.
func (c *Console) addKey(w http.ResponseWriter, r *http.Request) {
	var answer credential
	var state []byte
	err := kit.Decode(r, maxCredential, &answer)
	if err == nil {
		state, err = c.Sessions.Take(r.Context(), keyChallenge)
	}
	if err == nil {
		_, err = c.Accounts.AddPasskey(r.Context(), caller(r), state, answer.answer(), answer.Name)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.Sessions.Limit(r.Context(), false)
	w.WriteHeader(http.StatusNoContent)
}

// removeKey is POST /console/account/passkeys/{id}/remove.
func (c *Console) removeKey(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if err := c.Accounts.RemovePasskey(r.Context(), caller(r), r.PathValue("id")); err != nil {
		c.refuse(w, r, accountPath, err, form)
		return
	}
	c.notice(w, r, accountPath, "passkey-removed")
}

// leaveEverywhere is POST /console/account/sessions: it ends the sessions of all
// browsers, this one's too.
func (c *Console) leaveEverywhere(w http.ResponseWriter, r *http.Request) {
	err := c.Accounts.EndSessions(r.Context(), caller(r), me(r).ID)
	if err == nil {
		err = c.Sessions.End(r.Context())
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.notice(w, left(r), loginPath, "logged-out-everywhere")
}
