package simulator_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	bank "github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

// bankClock is a bank whose only work is to know the time.
type bankClock struct{ *bank.Clock }

func (b bankClock) Forward(_ context.Context, to time.Time) error { return b.Clock.Forward(to) }

// openBank is a world beside a bank whose clock can be set.
func openBank(t *testing.T) (*simulator.Simulator, *bank.Clock, string) {
	t.Helper()
	s, at, url := open(t)
	c := bank.New(at.now)
	s.UseClock(bankClock{c})
	return s, c, url
}

func TestClock(t *testing.T) {
	t.Parallel()
	_, c, url := openBank(t)
	at := url + "/simulator/v1/clock"
	if status, said := call(t, http.MethodGet, at, ""); status != http.StatusOK || said["at"] != "2026-11-23T01:00:00Z" {
		t.Errorf("before: %d %v", status, said)
	}
	for _, tt := range []struct {
		body   string
		status int
		now    string
	}{
		{`{"at":"2027-10-25"}`, http.StatusOK, "2027-10-25T00:00:00Z"},
		{`{"at":"2027-10-25T14:30:00+09:00"}`, http.StatusOK, "2027-10-25T05:30:00Z"},
		{`{"at":"2027-10-25"}`, http.StatusConflict, "2027-10-25T05:30:00Z"},
		{`{"at":"2027-10-25T14:29:59+09:00"}`, http.StatusConflict, "2027-10-25T05:30:00Z"},
		{`{"at":"tomorrow"}`, http.StatusBadRequest, "2027-10-25T05:30:00Z"},
		{`{"at":"2199-01-01"}`, http.StatusBadRequest, "2027-10-25T05:30:00Z"},
		{`{}`, http.StatusBadRequest, "2027-10-25T05:30:00Z"},
		{`{"at":"2028-01-01","by":"1h"}`, http.StatusBadRequest, "2027-10-25T05:30:00Z"},
		{`{"at":"2028-01-01"`, http.StatusBadRequest, "2027-10-25T05:30:00Z"},
		{`{"at":"` + strings.Repeat("2", 2000) + `"}`, http.StatusBadRequest, "2027-10-25T05:30:00Z"},
	} {
		status, said := call(t, http.MethodPost, at, tt.body)
		if status != tt.status || status == http.StatusOK && said["at"] != tt.now || status != http.StatusOK && said["error"] == "" {
			t.Errorf("%.40s: %d %v, want %d", tt.body, status, said, tt.status)
		}
		if got := c.Now().UTC().Format(time.RFC3339); got != tt.now {
			t.Errorf("%.40s: the clock shows %s", tt.body, got)
		}
	}
}

// TestNoClock is beside a bank that keeps the real time.
func TestNoClock(t *testing.T) {
	t.Parallel()
	_, _, at := open(t)
	for _, try := range [][3]string{{http.MethodGet, "/simulator/v1/clock", ""}, {http.MethodPost, "/simulator/v1/clock", `{"at":"2027-10-25"}`}, {http.MethodPost, "/clock", "days=1"}} {
		if status, _ := call(t, try[0], at+try[1], try[2]); status != http.StatusNotFound {
			t.Errorf("%s %s: status %d", try[0], try[1], status)
		}
	}
	if _, desk := page(t, at, "en"); strings.Contains(desk, "data-clock") {
		t.Error("the desk shows a clock that can't be set")
	}
}

// form sends the desk's form as a browser does, and follows.
func form(t *testing.T, at string, values url.Values, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestClockOnTheDesk moves the clock by the page's buttons.
func TestClockOnTheDesk(t *testing.T) {
	t.Parallel()
	s, c, at := openBank(t)
	if _, desk := page(t, at, "ko"); !strings.Contains(desk, "은행의 시각") || !strings.Contains(desk, "2026-11-23 10:00") || !strings.Contains(desk, `min="2026-11-24"`) {
		t.Errorf("the desk shows no clock:\n%s", desk)
	}
	hong := s.Samples()[0]
	status, desk := form(t, at+"/clock", url.Values{"days": {"7"}, "lang": {"en"}, "customer": {hong.Number}}, "Sec-Fetch-Site", "same-origin")
	if status != http.StatusOK || !strings.Contains(desk, "2026-11-30 10:00") || !strings.Contains(desk, "The bank&#39;s time") && !strings.Contains(desk, "The bank's time") || !strings.Contains(desk, hong.Name) {
		t.Errorf("7 days on: %d\n%s", status, desk)
	}
	if status, desk := form(t, at+"/clock", url.Values{"to": {"2027-10-25"}, "days": {""}, "lang": {"ko"}}); status != http.StatusOK || !strings.Contains(desk, "2027-10-25 09:00") {
		t.Errorf("to a day: %d\n%s", status, desk)
	}
	for name, tt := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"back":    {url.Values{"to": {"2027-10-24"}, "lang": {"ko"}}, http.StatusConflict, "되돌릴 수 없어요"},
		"no day":  {url.Values{"to": {""}, "lang": {"en"}}, http.StatusBadRequest, "is no moment"},
		"no step": {url.Values{"days": {"365000"}, "lang": {"en"}}, http.StatusBadRequest, "is no moment"},
	} {
		status, desk := form(t, at+"/clock", tt.form)
		if status != tt.status || !strings.Contains(desk, tt.says) || !strings.Contains(desk, "2027-10-25 09:00") {
			t.Errorf("%s: %d\n%s", name, status, desk)
		}
	}
	before := c.Now()
	for _, origin := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}} {
		if status, _ := form(t, at+"/clock", url.Values{"days": {"1"}}, origin...); status != http.StatusForbidden || c.Now() != before {
			t.Errorf("%v: status %d, moved %s", origin, status, c.Now().Sub(before))
		}
	}
}
