package portal

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// notices is GET /settings/notices: how the visitor is told, and what they were
// told.
func (p *Portal) notices(w http.ResponseWriter, r *http.Request) {
	caller := p.Sessions.Caller(r.Context())
	f, _, err := p.frame(w, r)
	var now notice.Preferences
	if err == nil {
		now, err = p.Notices.Preferences(r.Context(), caller, caller.ID)
	}
	var told []notice.Told
	if err == nil {
		told, err = p.Notices.Notices(r.Context(), caller, caller.ID)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.Notices{Frame: f, Mail: now.Mail, Message: now.Message, CanMail: now.CanMail, CanMessage: now.CanMessage, To: now.Lang}
	for _, n := range told {
		view.Notices = append(view.Notices, pages.Told{Event: string(n.Event), Kind: string(n.Kind), Channel: string(n.Channel),
			At: n.At, State: string(n.State), SentAt: n.SentAt, Delivered: n.DeliveredAt})
	}
	p.show(w, r, view)
}

// chooseNotices is POST /settings/notices.
func (p *Portal) chooseNotices(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	caller := p.Sessions.Caller(r.Context())
	choice := notice.Choice{Mail: form.Get("mail") == "yes", Message: form.Get("message") == "yes", Lang: form.Get("lang")}
	if err := p.Notices.SetPreferences(r.Context(), caller, caller.ID, choice); err != nil {
		p.refuse(w, r, "/settings/notices", err, kit.Form{})
		return
	}
	p.notice(w, r, "/settings/notices", "notices-saved")
}
