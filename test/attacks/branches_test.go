package attacks_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/client"
)

// "Anybody may look for a branch, and what they type goes into a search, a page
// and a log. I type what should not be typed."
func TestBranchFinder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	p := w.visitor("en")
	all := p.send("GET", "/api/v1/branches", nil, w.from())
	var list client.Branches
	if err := json.Unmarshal(all.body, &list); err != nil || len(list.Branches) < 24 || len(list.Branches[0].Week) != 7 {
		t.Fatalf("status %d, %d branches: %v", all.status, len(list.Branches), err)
	}
	unknown := refusal{404, 2601, "place-unknown"}
	for _, place := range []string{"' OR 1=1 --", `"><script>alert(1)</script>`, "../../etc/passwd", "%00", "\x00", "${jndi:ldap://x}", "{{.}}", "ᄀ", "\u202e역남강", "=cmd()", "-"} {
		w.turnedAway(p.send("GET", "/api/v1/branches?place="+url.QueryEscape(place), nil, w.from()).err(), unknown)
	}
	w.turnedAway(p.send("GET", "/api/v1/branches?place="+strings.Repeat("a", 61), nil, w.from()).err(), refusal{400, 2602, "place-too-long"})
	w.turnedAway(p.send("GET", "/api/v1/branches?place="+strings.Repeat("%EA%B0%80", 1000), nil, w.from()).err(), refusal{400, 2602, "place-too-long"})
	for _, query := range []string{"service=sauna", "service=certificates&service="} {
		w.turnedAway(p.send("GET", "/api/v1/branches?"+query, nil, w.from()).err(), refusal{400, 2604, "branch-service-unknown"})
	}
	for _, query := range []string{"open=perhaps", strings.TrimSuffix(strings.Repeat("service=parking&", 9), "&"), "place=a&place=b"} {
		if a := p.send("GET", "/api/v1/branches?"+query, nil, w.from()); a.status != 400 {
			t.Errorf("%.40s: status %d", query, a.status)
		}
	}
	for _, number := range []string{"999", "0", "..", "012x", "%2F", strings.Repeat("0", 500)} {
		if a := p.send("GET", "/api/v1/branches/"+number, nil, w.from()); a.status != 404 {
			t.Errorf("branch %.9s: status %d", number, a.status)
		}
	}
	// Several places of one name: each can be asked for as it stands.
	a := p.send("GET", "/api/v1/branches?place=Jung-gu", nil, w.from())
	var several client.Branches
	if err := json.Unmarshal(a.body, &several); err != nil || len(several.Choices) != 6 || len(several.Branches) != 0 {
		t.Fatalf("Jung-gu: %v %s", err, a.body)
	}
	for _, choice := range several.Choices {
		a := p.send("GET", "/api/v1/branches?service=certificates&place="+url.QueryEscape(choice), nil, w.from())
		var near client.Branches
		if err := json.Unmarshal(a.body, &near); err != nil || near.Place != choice || len(near.Branches) == 0 || near.Branches[0].Metres > 40_000 {
			t.Errorf("%s: %v %.200s", choice, err, a.body)
		}
	}
}
