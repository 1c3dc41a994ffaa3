package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
)

func TestPapersOfACase(t *testing.T) {
	t.Parallel()
	shared{"papers": papersOfACase}.run(t)
}

var codeIn = regexp.MustCompile(`<span>([0-9A-Z]{5})</span> <span>([0-9A-Z]{5})</span> <span>([0-9A-Z]{5})</span> <span>([0-9A-Z]{5})</span>`)

// papersOfACase prints what a case has on the way from the counter to its codes.
func papersOfACase(t *testing.T, d *server.Demo) {
	b, boss, who := as(t, d, authz.Teller), as(t, d, authz.Supervisor), sampleOf(t, d, "kim")
	at := b.submitted(who)
	id := strings.TrimPrefix(at, "/console/cases/")
	b.get(at+"/print/form?in=ko").want(t, "form", http.StatusOK, at+"/print/form?in=ko", who.Name, id, "운전면허증", "은행·신용카드·보험용", "●●●●●●")
	b.get(at+"/print/consent").want(t, "terms", http.StatusOK, at+"/print/consent", "■ 동의해요", "SHA-256", "제1조")
	b.get(at+"/print/slip").want(t, "no slip yet", http.StatusOK, at+"/print/slip", "shown already")
	for _, name := range []string{"/print/form.pdf", "/print/consent.pdf"} {
		if p := b.get(at + name); p.status != http.StatusOK || p.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(p.body, "%PDF-") {
			t.Errorf("%s: status %d, %s", name, p.status, p.header.Get("Content-Type"))
		}
	}
	p := boss.get(at)
	boss.post(at+"/decide", "verdict", "approve", "revision", p.revision(t))
	slip := b.post(at+"/codes", "by", "print", "in", "en", "size", "receipt")
	code := codeIn.FindStringSubmatch(slip.body)
	if slip.path != at+"/print/slip" || code == nil || !strings.Contains(slip.body, d.PortalURL()+"/redeem") {
		t.Fatalf("the slip: status %d at %s\n%s", slip.status, slip.path, slip.main())
	}
	for _, path := range []string{at + "/print/slip", at, at + "/print/form", "/console/queue"} {
		if p := b.get(path); strings.Contains(p.body, code[1]) || strings.Contains(p.body, code[4]) {
			t.Errorf("%s shows the code again", path)
		}
	}
	printed := map[string]int{}
	for _, e := range entries(t, d, authz.PrintPaper, "case:"+id) {
		if e.Outcome == audit.Done {
			printed[e.Detail["paper"]]++
		}
	}
	if printed["form"] != 3 || printed["consent"] != 2 || printed["slip"] != 1 {
		t.Errorf("on record are %v", printed)
	}
}
