package idcheck_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/outside/idcheck"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

const answer = `{"requestId":"r","transactionId":"SIM-1","result":"match","checkedAt":"2026-11-23T01:00:00Z"}`

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	f, err := idcheck.ParseAnswer(strings.NewReader(answer))
	if err != nil || f != (proofing.Finding{Verdict: proofing.Match, Transaction: "SIM-1"}) {
		t.Fatal(f, err)
	}
	for _, change := range [][2]string{{"match", "MATCH"}, {"match", ""}, {"match", "locked"}, {"SIM-1", ""}, {"SIM-1", "a b"},
		{"2026-11-23T01:00:00Z", "yesterday"}, {`}`, `} `}, {`"result"`, `"score":1,"result"`}, {`}`, `}}`}} {
		_, err := idcheck.ParseAnswer(strings.NewReader(strings.Replace(answer, change[0], change[1], 1)))
		fine := change[1] == `} ` || strings.Contains(change[1], "score") // a blank, and a member that came later
		if fine != (err == nil) || !fine && !errors.Is(err, idcheck.ErrUnavailable) {
			t.Errorf("%q: %v", change[1], err)
		}
	}
}

// The question says what the channel says, and nothing that online it must not.
func TestRequest(t *testing.T) {
	t.Parallel()
	online := proofing.Card{Document: proofing.ResidentCard, Number: "8503141000011", Name: "홍길동", IssueDate: "20190722", Image: []byte("picture")}
	counter := proofing.Card{Document: proofing.DriversLicence, Number: "8503141000011", Name: "홍길동", IssueDate: "20190311", Expires: "20290311",
		Licence: "991900000100", LicenceSerial: "DEMO01", Channel: proofing.CounterChannel}
	for want, card := range map[string]proofing.Card{
		"birth document image issueDate name number":                                                  online,
		"birth channel document expires issueDate licence licenceSerial name number (counter DEMO01)": counter,
	} {
		var got string
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			var body map[string]any
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
				t.Error(err)
			}
			got = strings.Join(slices.Sorted(maps.Keys(body)), " ")
			if body["channel"] != nil {
				got += fmt.Sprintf(" (%v %v)", body["channel"], body["licenceSerial"])
			}
		}))
		_, err := idcheck.Client{Client: rest.Client{Base: server.URL}}.CheckCard(t.Context(), card, "19850314")
		server.Close()
		if !errors.Is(err, idcheck.ErrUnavailable) { // it answered nothing
			t.Error(err)
		}
		if got != want {
			t.Errorf("asked with %s\nwant       %s", got, want)
		}
	}
}

func FuzzParseAnswer(f *testing.F) {
	f.Add(answer)
	f.Add(strings.Replace(answer, "match", "lost", 1))
	f.Add(`{"requestId":"`)
	f.Fuzz(func(t *testing.T, body string) {
		finding, err := idcheck.ParseAnswer(strings.NewReader(body))
		if err != nil {
			if !errors.Is(err, idcheck.ErrUnavailable) {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		if rest.CheckTransaction(finding.Transaction) != nil || finding.Verdict == "" {
			t.Errorf("taken over: %+v", finding)
		}
	})
}
