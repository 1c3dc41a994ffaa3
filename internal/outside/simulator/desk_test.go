package simulator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

// page gets a page of the tester's desk.
func page(t *testing.T, url, accept string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", accept)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// TestDesk looks at what a person with a browser sees of the simulators.
func TestDesk(t *testing.T) {
	t.Parallel()
	s, _, url := open(t)
	res, list := page(t, url, "ko-KR,ko")
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Ingam-Simulator") != "1" || !strings.HasPrefix(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the list: status %d, header %v", res.StatusCode, res.Header)
	}
	for _, c := range simulator.Samples {
		for _, want := range []string{c.Name, c.LoginID, c.Password, "?customer=" + c.Number, c.NoteIn("ko")} {
			if !strings.Contains(list, want) {
				t.Errorf("the list has no %q", want)
			}
		}
		if c.NoteIn("ko") == c.Note || c.NoteIn("en") != c.Note {
			t.Errorf("%s: no note of its own in Korean", c.LoginID)
		}
	}
	if !strings.Contains(list, "시뮬레이션") {
		t.Error("nothing says that it is a simulation")
	}

	hong := simulator.Samples[0]
	code, _ := s.OTP(hong.Number)
	if status, _ := call(t, http.MethodPost, url+"/message/v1/messages", `{"to":"`+hong.Phone+`","text":"<b>123456</b>"}`); status != http.StatusAccepted {
		t.Fatalf("sending: status %d", status)
	}
	_, one := page(t, url+"/?customer="+hong.Number, "en-GB")
	for _, want := range []string{code, "&lt;b&gt;123456&lt;/b&gt;", hong.Cards[0].Number, hong.Cards[1].Licence, hong.AccountPassword, "Simulation", "Resident card"} {
		if !strings.Contains(one, want) {
			t.Errorf("the customer's page has no %q", want)
		}
	}
	for number, words := range map[string][]string{
		hong.Number:                  {"Serial", hong.Cards[1].LicenceSerial, "012"},
		simulator.Samples[2].Number:  {"Lines at the foot", "PMKORLEE&lt;&lt;YEOGWON", "20340105"},
		simulator.Samples[11].Number: {"representative", "proxy", "Business number", simulator.Samples[11].IdentityNumber, "19700415"},
	} {
		_, one := page(t, url+"/?customer="+number, "en")
		for _, want := range words {
			if !strings.Contains(one, want) {
				t.Errorf("the page of %s has no %q", number, want)
			}
		}
	}
	if _, other := page(t, url+"/?lang=ko&customer="+simulator.Samples[1].Number, "en"); strings.Contains(other, "123456") || !strings.Contains(other, "시뮬레이션") {
		t.Error("another customer's page shows the message, or is in another language than was asked for")
	}
	if res, _ := page(t, url+"/?customer=nobody", ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("nobody's page: status %d", res.StatusCode)
	}
	if res, _ := page(t, url+"/simulator/desk.css", ""); res.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("the style is %q", res.Header.Get("Content-Type"))
	}
}
