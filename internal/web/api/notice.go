package api

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// ListNotices answers GET /api/v1/notices.
func (h *handlers) ListNotices(w http.ResponseWriter, r *http.Request) {
	caller := h.Sessions.Caller(r.Context())
	told, err := h.Notices.Notices(r.Context(), caller, caller.ID)
	shown := Notices{Notices: make([]Notice, 0, len(told))}
	for _, n := range told {
		shown.Notices = append(shown.Notices, Notice{Event: string(n.Event), Channel: Channel(n.Channel), Serial: n.Serial,
			Kind: Kind(n.Kind), At: n.At, State: NoticeState(n.State), SentAt: n.SentAt, DeliveredAt: n.DeliveredAt})
	}
	answer(w, r, http.StatusOK, shown, err)
}

// GetNoticePreferences answers GET /api/v1/notices/preferences.
func (h *handlers) GetNoticePreferences(w http.ResponseWriter, r *http.Request) {
	caller := h.Sessions.Caller(r.Context())
	p, err := h.Notices.Preferences(r.Context(), caller, caller.ID)
	answer(w, r, http.StatusOK, preferencesOf(p), err)
}

// SetNoticePreferences answers PUT /api/v1/notices/preferences.
func (h *handlers) SetNoticePreferences(w http.ResponseWriter, r *http.Request) {
	var body NoticeChoice
	if err := take(r, 0, &body); err != nil {
		kit.Fail(w, r, err)
		return
	}
	caller := h.Sessions.Caller(r.Context())
	err := h.Notices.SetPreferences(r.Context(), caller, caller.ID, notice.Choice{
		Mail:    body.Channels != ChannelChoiceMessage,
		Message: body.Channels != ChannelChoiceMail,
		Lang:    string(body.Language),
	})
	var p notice.Preferences
	if err == nil {
		p, err = h.Notices.Preferences(r.Context(), caller, caller.ID)
	}
	answer(w, r, http.StatusOK, preferencesOf(p), err)
}

func preferencesOf(p notice.Preferences) NoticePreferences {
	shown := NoticePreferences{Channels: ChannelChoiceBoth, Language: Language(p.Lang), Possible: []Channel{}}
	switch {
	case !p.Message:
		shown.Channels = ChannelChoiceMail
	case !p.Mail:
		shown.Channels = ChannelChoiceMessage
	}
	if p.CanMail {
		shown.Possible = append(shown.Possible, ChannelMail)
	}
	if p.CanMessage {
		shown.Possible = append(shown.Possible, ChannelMessage)
	}
	return shown
}
