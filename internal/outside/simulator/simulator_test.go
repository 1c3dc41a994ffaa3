package simulator_test

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func open(t *testing.T) (*simulator.Simulator, *clock, string) {
	t.Helper()
	at := &clock{t: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	s := simulator.New(at.now)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return s, at, server.URL
}

// call gives status and answer.
func call(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Request-Id", "the-request")
	r.Close = true // on a kept connection net/http itself repeats a GET that was reset
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	if answer.Header.Get("X-Ingam-Simulator") != "1" {
		t.Errorf("%s does not say that it is a simulator", url)
	}
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	_ = json.Unmarshal(data, &object)
	return answer.StatusCode, object
}

// The samples are of every sort, and nobody real can be among them.
func TestSamples(t *testing.T) {
	t.Parallel()
	if len(simulator.Samples) != 20 {
		t.Errorf("%d samples", len(simulator.Samples))
	}
	seen := map[string]bool{}
	sorts := map[subscriber.Sort]int{}
	longest := 0
	for _, s := range simulator.Samples {
		for _, unique := range []string{s.Number, s.LoginID, s.IdentityNumber, s.Account, "phone" + s.Phone, "otp" + s.OTPSecret} {
			if seen[unique] && unique != "phone" && unique != "otp" {
				t.Errorf("%s: %s is another's", s.LoginID, unique)
			}
			seen[unique] = true
		}
		sorts[s.Sort]++
		longest = max(longest, utf8.RuneCountInString(s.Name))
		if possible(s.IdentityNumber) {
			t.Errorf("%s has a number that somebody could have", s.LoginID)
		}
		if s.Phone != "" && !strings.HasPrefix(s.Phone, "0100000") || !strings.HasPrefix(s.Account, "9990000") {
			t.Errorf("%s has a phone or an account that somebody could have", s.LoginID)
		}
		checkCards(t, s, seen)
	}
	if sorts[subscriber.Individual] < 10 || sorts[subscriber.Foreigner] < 2 || sorts[subscriber.Corporate] < 1 {
		t.Errorf("sorts %v", sorts)
	}
	if longest < 20 || simulator.Samples[0].Name != "홍길동" || simulator.Samples[0].LoginID != "hong" {
		t.Error("no name of 20 letters, or the first is not the ordinary customer")
	}
}

// checkCards looks at a sample's cards: complete for a teller, and nobody's.
func checkCards(t *testing.T, s simulator.Sample, seen map[string]bool) {
	t.Helper()
	for _, c := range s.Cards {
		if c.Licence != "" && !strings.HasPrefix(c.Licence, "99-") {
			t.Errorf("%s has a licence that somebody could have", s.LoginID)
		}
		if (c.Licence == "") != (c.LicenceSerial == "") || (c.Document == proofing.Passport) != (c.MRZ != "") {
			t.Errorf("%s has a card without serial or MRZ", s.LoginID)
		}
		if c.MRZ != "" {
			m, err := proofing.ParseMRZ(c.MRZ, time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC))
			if err != nil || m.Number != c.Number || m.Birth != s.Birth || m.Expires != c.Expires || m.Surname+" "+m.Given != s.RomanName {
				t.Errorf("%s: the MRZ says %+v, %v", s.LoginID, m, err)
			}
		}
		if c.Holder != "" && (seen[c.Number] || possible(c.Number) || c.Birth == "") {
			t.Errorf("%s: who comes for them is somebody else, or has no birth date", s.LoginID)
		}
		seen[c.Number] = true
	}
}

// possible says whether the check digit of an identity number is right.
func possible(n string) bool {
	sum := func(weights string) (s int) {
		for i, w := range weights {
			s += int(n[i]-'0') * int(w-'0')
		}
		return s
	}
	last := int(n[len(n)-1] - '0')
	if len(n) == 10 {
		return (10-(sum("137137135")+int(n[8]-'0')*5/10)%10)%10 == last
	}
	s := sum("234567892345")
	return (11-s%11)%10 == last || (13-s%11)%10 == last
}

func TestPossible(t *testing.T) { // numbers from the literature, with right check digits
	for n, want := range map[string]bool{"1234567890": false, "1208147521": true, "8501011234565": false} {
		if possible(n) != want {
			t.Errorf("%s", n)
		}
	}
}

// The issuers' service as a teller's question meets it.
func TestCounterChannel(t *testing.T) {
	t.Parallel()
	_, _, url := open(t)
	hong := simulator.Samples[0]
	card := hong.Cards[1]
	ask := func(change map[string]any) (int, any) {
		q := map[string]any{"document": card.Document, "number": card.Number, "name": card.Name, "birth": hong.Birth, "issueDate": card.IssueDate,
			"licence": strings.ReplaceAll(card.Licence, "-", ""), "licenceSerial": card.LicenceSerial, "channel": "counter"}
		for name, value := range change {
			q[name] = value
		}
		body, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		status, a := call(t, "POST", url+"/idcheck/v1/verify", string(body))
		return status, a["result"]
	}
	for name, test := range map[string]struct {
		change map[string]any
		want   string
	}{
		"as it is":                 {nil, "match"},
		"no serial":                {map[string]any{"licenceSerial": ""}, "mismatch"},
		"another serial":           {map[string]any{"licenceSerial": "DEMO02"}, "mismatch"},
		"an expiry it has not":     {map[string]any{"expires": "20300101"}, "mismatch"},
		"with a picture":           {map[string]any{"image": simulator.Picture(hong.Number)}, "match"},
		"with no picture":          {map[string]any{"image": []byte("not a picture")}, "unreadable"},
		"online, without one":      {map[string]any{"channel": ""}, "unreadable"},
		"online, another serial":   {map[string]any{"channel": "", "licenceSerial": "DEMO02", "image": simulator.Picture(hong.Number)}, "mismatch"},
		"online, without a serial": {map[string]any{"channel": "", "licenceSerial": "", "image": simulator.Picture(hong.Number)}, "match"},
	} {
		if status, got := ask(test.change); status != http.StatusOK || got != test.want {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	if status, _ := ask(map[string]any{"channel": "telephone"}); status != http.StatusBadRequest {
		t.Errorf("another channel: %d", status)
	}
	for _, body := range []string{`{}`, `{"name":"홍길동","phone":"01000000001","limit":21}`, `{"birth":"19850314","limit":21}`, `{"phone":"01000000001"}`,
		`{"phone":"01000000001","limit":22}`, `{"phone":"01000000001","limit":21,"all":true}`} {
		if status, _ := call(t, "POST", url+"/corebank/v1/customers/search", body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, status)
		}
	}
}

func TestOTP(t *testing.T) {
	t.Parallel()
	s, at, url := open(t)
	hong := simulator.Samples[0]
	verify := func(code string) any {
		_, a := call(t, "POST", url+"/corebank/v1/otp/verify", `{"customerNumber":"`+hong.Number+`","code":"`+code+`"}`)
		return a["result"]
	}
	shown := func() string {
		_, a := call(t, "GET", url+"/simulator/v1/otp?customer="+hong.Number, "")
		code, _ := a["code"].(string)
		return code
	}
	first := shown()
	if r := verify(first); r != "ok" {
		t.Fatalf("the token's code: %v", r)
	}
	if r := verify(first); r != "replayed" {
		t.Errorf("the same once more: %v", r)
	}
	second := shown() // the next step, one ahead
	if second == first || verify(second) != "ok" {
		t.Error("the code of the next step")
	}
	if status, _ := call(t, "GET", url+"/simulator/v1/otp?customer="+hong.Number, ""); status != http.StatusConflict {
		t.Errorf("all codes of the moment are used, yet %d", status)
	}
	at.pass(time.Minute)
	late, _ := s.OTP(hong.Number)
	at.pass(30 * time.Second)
	if r := verify(late); r != "ok" {
		t.Errorf("a code of the step before: %v", r)
	}
	at.pass(time.Minute)
	old, _ := s.OTP(hong.Number)
	at.pass(time.Minute)
	if r := verify(old); r != "wrong" {
		t.Errorf("a code two steps old: %v", r)
	}
	if _, ok := s.OTP(simulator.Samples[15].Number); ok {
		t.Error("a customer without a token has a code")
	}
}

func TestRFC6238(t *testing.T) {
	t.Parallel()
	// Appendix B of RFC 6238 (SHA-1), the last 6 of its 8 digits.
	for unix, code := range map[int64]string{1111111109: "081804", 1234567890: "005924", 2000000000: "279037"} {
		fresh := simulator.New(func() time.Time { return time.Unix(unix, 0) })
		fresh.Update(simulator.Samples[0].Number, func(c *simulator.Sample) { c.OTPSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" })
		if got, _ := fresh.OTP(simulator.Samples[0].Number); got != code {
			t.Errorf("at %d the token shows %s", unix, got)
		}
	}
}

func TestInbox(t *testing.T) {
	t.Parallel()
	_, _, url := open(t)
	status, a := call(t, "POST", url+"/message/v1/messages", `{"to":"01000000001","text":"hello"}`)
	if status != http.StatusAccepted || a["requestId"] != "the-request" || a["messageId"] == "" {
		t.Fatal(status, a)
	}
	_, a = call(t, "GET", url+"/simulator/v1/inbox?to=01000000001", "")
	if list, _ := a["messages"].([]any); len(list) != 1 {
		t.Errorf("inbox %v", a)
	}
	_, a = call(t, "GET", url+"/simulator/v1/inbox?to=01000000002", "")
	if list, ok := a["messages"].([]any); !ok || len(list) != 0 {
		t.Errorf("another's inbox %v", a)
	}
	for _, body := range []string{`{}`, `{"to":"x","text":"y"}`, `{"to":"01000000001"}`, `nonsense`, `{"to":"01000000001","text":"a","cc":"b"}`} {
		if status, _ := call(t, "POST", url+"/message/v1/messages", body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, status)
		}
	}
}

func TestScriptedFaults(t *testing.T) {
	t.Parallel()
	_, _, url := open(t)
	customer := url + "/corebank/v1/customers/" + simulator.Samples[0].Number
	put := func(body string) int {
		status, _ := call(t, "PUT", url+"/simulator/v1/faults", body)
		return status
	}
	for _, body := range []string{`{}x`, `{"faults":[{"service":"moon","mode":"hang"}]}`, `{"faults":[{"service":"idcheck","mode":"explode"}]}`,
		`{"faults":[{"service":"idcheck","mode":"status","status":200}]}`, `{"faults":[{"service":"idcheck","mode":"slow","delay":"1h"}]}`,
		`{"faults":[{"service":"idcheck","mode":"slow","count":-1}]}`} {
		if put(body) != http.StatusBadRequest {
			t.Errorf("%s was taken", body)
		}
	}
	if put(`{"faults":[{"service":"corebank","mode":"status","status":502,"count":2},{"service":"corebank/customers","mode":"reset","count":1},`+
		`{"service":"corebank","mode":"malformed","count":1},{"service":"message","mode":"status"}]}`) != http.StatusOK {
		t.Fatal("the script was not taken")
	}
	for i, want := range []int{502, 502, 0, 200, 200} {
		status, a := call(t, "GET", customer, "")
		if status != want || i == 3 && a != nil || i == 4 && a["name"] != "홍길동" {
			t.Errorf("call %d: %d %v", i, status, a)
		}
	}
	_, a := call(t, "GET", url+"/simulator/v1/faults", "")
	if left, _ := a["faults"].([]any); len(left) != 1 {
		t.Errorf("left in the script: %v", a)
	}
	if put(`{"faults":[]}`) != http.StatusOK {
		t.Error("the script was not cleared")
	}
	if status, _ := call(t, "POST", url+"/message/v1/messages", `{"to":"01000000001","text":"a"}`); status != http.StatusAccepted {
		t.Errorf("cleared, yet %d", status)
	}
	put(`{"faults":[{"service":"corebank","mode":"hang"}]}`)
	client := &http.Client{Timeout: 50 * time.Millisecond}
	r, _ := http.NewRequestWithContext(t.Context(), "GET", customer, nil)
	r.Header.Set("X-Request-Id", "x")
	if answer, err := client.Do(r); err == nil {
		answer.Body.Close()
		t.Error("a service that hangs answered")
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	for _, s := range simulator.Samples {
		c, kind, err := image.DecodeConfig(bytes.NewReader(simulator.Picture(s.Number)))
		if err != nil || kind != "png" || c.Height < 480 {
			t.Errorf("%s: %v %s %v", s.LoginID, c, kind, err)
		}
	}
	_, _, url := open(t)
	if status, _ := call(t, "GET", url+"/simulator/v1/samples/1000000001/picture", ""); status != http.StatusOK {
		t.Error(status)
	}
	if status, _ := call(t, "GET", url+"/simulator/v1/samples/9/picture", ""); status != http.StatusNotFound {
		t.Error(status)
	}
}
