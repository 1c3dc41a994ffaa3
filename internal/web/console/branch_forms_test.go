package console_test

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/server"
)

func exporting(t *testing.T, d *server.Demo) {
	b, hong := as(t, d, authz.Teller), sampleOf(t, d, "hong")
	p := b.post("/console/customers/" + hong.Number + "/export.csv")
	if p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Disposition"), "attachment;") {
		t.Fatalf("export: status %d, %v\n%s", p.status, p.header, p.main())
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) < 1 || len(rows[0]) != 9 {
		t.Errorf("export: %v %v", rows, err)
	}
	if n := len(entries(t, d, authz.ExportCustomer, "")); n == 0 {
		t.Error("an export is no entry")
	}
}

func formsOfCases(t *testing.T, d *server.Demo) {
	b, ohn := as(t, d, authz.Teller), sampleOf(t, d, "choi")
	there := "/console/customers/" + ohn.Number
	b.post(there, "why", "이 영업점에서 업무를 봐요").want(t, "explained", http.StatusOK, there)
	b.post(there+"/open", "act", "exception", "kind", "personal-bank", "visitor", "self", "why", "짧").want(t, "no reason", http.StatusOK, there+"/open?act=exception", "(2411)")
	b.post(there+"/open", "act", "issue", "kind", "personal-bank", "visitor", "proxy").want(t, "nobody's proxy", http.StatusOK, there+"/open?act=issue", "(1065)")
	at := b.open(ohn.Number, "act", "issue", "kind", "personal-bank", "visitor", "self")
	for name, file := range map[string][]byte{"svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "text": []byte("hello"),
		"gif": []byte("GIF89a\x01\x00\x01\x00"), "zip": []byte("PK\x03\x04"), "half a PNG": []byte("\x89PNG\r\n\x1a\n")} {
		p := b.upload(at+"/papers", "scan", file, "paper", "further").want(t, name, http.StatusOK, at, `id="problem"`, `href="#scan"`)
		if strings.Contains(p.body, at+"/scans/") {
			t.Errorf("%s was attached", name)
		}
	}
	b.upload(at+"/papers", "scan", nil, "paper", "further").want(t, "no file", http.StatusOK, at, "(1065)")
	b.upload(at+"/papers", "scan", make([]byte, counter.MaxScanFile+1), "paper", "further").want(t, "too large", http.StatusOK, at, "(2442)")
	b.upload(at+"/papers", "scan", simulator.Picture(ohn.Number), "paper", "love-letter").want(t, "no such paper", http.StatusOK, at, "(2449)")
	p := b.upload(at+"/papers", "scan", simulator.Picture(ohn.Number), "paper", "further").want(t, "attached", http.StatusOK, at, "Attached.")
	scan := regexp.MustCompile(`name="scan" value="([A-Z2-7]{26})"`).FindStringSubmatch(p.body)
	if scan == nil {
		t.Fatal("nothing to remove")
	}
	b.post(at+"/detach", "scan", scan[1]).want(t, "removed", http.StatusOK, at, "Removed.", "No scans attached")
	b.post(at+"/detach", "scan", scan[1]).want(t, "removed twice", http.StatusOK, at, "(2447)")
	if p := b.get(at + "/scans/" + scan[1]); p.status != http.StatusNotFound {
		t.Errorf("a scan that was removed: status %d", p.status)
	}
	for _, wrong := range []string{"AAAAAAAAAAAAAAAAAAAAAAAAAA", "..%2f..%2fetc%2fpasswd", "1"} {
		if p := b.get("/console/cases/" + wrong); p.status != http.StatusNotFound {
			t.Errorf("case %q: status %d", wrong, p.status)
		}
	}
	if p := b.post(at+"/codes", "by", "print"); !strings.Contains(p.body, "(2453)") {
		t.Errorf("codes before the approval: status %d at %s", p.status, p.path)
	}
	b.upload(at+"/prove", "image", nil, "document", string(proofing.Passport), "mrz", strings.Repeat("<", 300), "name", ohn.Name, "issueDate", "20120402").
		want(t, "no passport", http.StatusOK, at, "aria-invalid")
}

func anotherBranch(t *testing.T, d *server.Demo) {
	b, far, ohn := as(t, d, authz.Teller), asNumber(t, d, tellerElsewhere), sampleOf(t, d, "jung")
	at := b.open(ohn.Number, "act", "issue", "kind", "personal-bank", "visitor", "self")
	for _, p := range []page{far.get(at), far.post(at + "/take"), far.post(at + "/submit"), far.post(at+"/withdraw", "note", "아무 이유나"),
		far.get(at + "/state.json"), far.show(at, ohn, true)} {
		if p.status != http.StatusForbidden {
			t.Errorf("another branch: status %d at %s\n%s", p.status, p.path, p.main())
		}
	}
	if p := far.get("/console/queue?list=branch"); strings.Contains(p.main(), at) || strings.Contains(html.UnescapeString(p.main()), ohn.Name) {
		t.Error("another branch's queue shows the case")
	}
	status, answer := b.ask(http.MethodGet, "/console/queue.json", nil)
	var news struct {
		Counts   map[string]int
		Revision string
	}
	if err := json.Unmarshal(answer, &news); err != nil || status != http.StatusOK || news.Counts["mine"] < 1 || news.Revision == "" {
		t.Errorf("queue.json: %d %s", status, answer)
	}
	status, answer = b.ask(http.MethodGet, "/console/queue.json?list=mine", nil)
	if status != http.StatusOK || !strings.Contains(string(answer), strings.TrimPrefix(at, "/console/cases/")) {
		t.Errorf("queue.json of a list: %d %s", status, answer)
	}
	if status, _ = b.ask(http.MethodGet, "/console/queue.json?list=everything", nil); status != http.StatusNotFound {
		t.Errorf("a list that is none: status %d", status)
	}
	before := news.Revision
	b.show(at, ohn, true)
	_, answer = b.ask(http.MethodGet, "/console/queue.json", nil)
	if err := json.Unmarshal(answer, &news); err != nil || news.Revision == before {
		t.Errorf("the queue has changed, its word has not: %s", answer)
	}
}
