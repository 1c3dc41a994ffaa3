package idcheck_test

import (
	"errors"
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
