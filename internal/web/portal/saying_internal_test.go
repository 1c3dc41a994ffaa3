package portal

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// carried says something to a page and gives the request that comes there.
func carried(t *testing.T, p *Portal, do func(w http.ResponseWriter, r *http.Request)) *http.Request {
	t.Helper()
	there := httptest.NewRequest(http.MethodGet, "/apply/A/id-card", nil)
	p.Sessions.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		do(w, r)
		there = there.WithContext(r.Context())
		for _, c := range (&http.Response{Header: w.Header()}).Cookies() {
			if len(c.Name)+len(c.Value) > 4<<10 {
				t.Errorf("a cookie of %d bytes", len(c.Value))
			}
			there.AddCookie(c)
		}
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/apply/A/id-card", nil))
	return there
}

func newSayer(now *time.Time) *Portal {
	clock := func() time.Time { return *now }
	return &Portal{Config: Config{Sessions: kit.NewSessions(memstore.NewWithCleanupInterval(0), false, clock), Sealer: keys.NewRing(), Now: clock}}
}

// What was refused is said, however much was typed.
func TestSayingFitsIntoACookie(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newSayer(&now)
	for what, typed := range map[string]map[string]string{
		"a name":            {"name": "홍길동"},
		"letters that grow": {"name": strings.Repeat("<", kit.MaxTyped), "issueDate": strings.Repeat("&", kit.MaxTyped), "licence": strings.Repeat("\u2028", 80), "document": strings.Repeat(">", kit.MaxTyped)},
		"a long field name": {strings.Repeat("x", 9000): "1"},
	} {
		there := carried(t, p, func(w http.ResponseWriter, r *http.Request) {
			p.refuseWith(w, r, "/apply/A/id-card", proofing.ErrCardMismatch.With(nil, "left", "4"), maps.Clone(typed))
		})
		if s := p.heard(httptest.NewRecorder(), there); s.Problem == nil || s.Problem.Code != proofing.ErrCardMismatch.Number {
			t.Errorf("%s: nothing is said: %+v", what, s)
		} else if kept := s.Typed["name"]; what == "a name" && kept != "홍길동" {
			t.Errorf("%s: %q is kept", what, kept)
		}
	}
}

// A cookie that was kept somewhere says nothing later, and nothing elsewhere.
func TestSayingEnds(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newSayer(&now)
	there := carried(t, p, func(w http.ResponseWriter, r *http.Request) { p.notice(w, r, "/apply/A/id-card", "code-sent") })
	if s := p.heard(httptest.NewRecorder(), there); s.Notice != "code-sent" {
		t.Errorf("at once: %+v", s)
	}
	elsewhere := there.Clone(there.Context())
	elsewhere.URL.Path = "/apply/B/id-card"
	if s := p.heard(httptest.NewRecorder(), elsewhere); s.Notice != "" {
		t.Errorf("at another page: %+v", s)
	}
	now = now.Add(kit.SayingLasts)
	if s := p.heard(httptest.NewRecorder(), there); s.Notice != "" {
		t.Errorf("later: %+v", s)
	}
}
