package console

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

var today = time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)

func TestBirthAsTyped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ typed, name, birth string }{
		{"홍길동 850314", "홍길동", "19850314"}, {"홍길동 85.03.14", "홍길동", "19850314"}, {"HONG GILDONG 1985-03-14", "HONG GILDONG", "19850314"},
		{"홍길동 050314", "홍길동", "20050314"}, {"홍길동 261129", "홍길동", "20261129"}, {"홍길동 261130", "홍길동", "19261130"},
		{"홍길동", "홍길동", ""}, {"홍길동 8503", "홍길동 8503", ""}, {"홍길동850314", "홍길동850314", ""}, {"850314", "850314", ""}, {" ", " ", ""},
		{"홍길동 85031a", "홍길동 85031a", ""}, {"주식회사 인감 2", "주식회사 인감 2", ""},
	} {
		name, birth := splitBirth(test.typed)
		if birth = fullBirth(birth, today); name != test.name || birth != test.birth {
			t.Errorf("%q: %q and %q", test.typed, name, birth)
		}
	}
	for typed, want := range map[string]string{"19850314": "19850314", "1985-03-14": "1985-03-14", "85-03-14": "19850314", "8503145": "8503145", "abc850314": "abc850314", "": ""} {
		if got := fullBirth(typed, today); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}

// FuzzBirthAsTyped: what is taken off a name is a date's digits, and nothing is
// lost of the name.
func FuzzBirthAsTyped(f *testing.F) {
	f.Add("홍길동 850314")
	f.Add("  1985.03.14")
	f.Fuzz(func(t *testing.T, typed string) {
		name, birth := splitBirth(typed)
		if birth == "" && name != typed || birth != "" && !strings.HasPrefix(strings.TrimSpace(typed), name) {
			t.Errorf("%q: %q and %q", typed, name, birth)
		}
		full := fullBirth(birth, today)
		if birth != "" && len(full) != 8 || utf8.ValidString(typed) && !utf8.ValidString(full) {
			t.Errorf("%q became %q", birth, full)
		}
	})
}

func TestFormulas(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+82": "'+82", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", " =1": "' =1", "\t=1": "'\t=1", "\r=1": "'\r=1", "\u3000=1": "'\u3000=1", "＝1": "'＝1",
		"": "", "홍길동": "홍길동", "a=1": "a=1", "5c3a": "5c3a", "\tx": "'\tx",
	} {
		if got := inert(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

func TestExportedTable(t *testing.T) {
	t.Parallel()
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	made, err := pages.New(files)
	if err != nil {
		t.Fatal(err)
	}
	c := &Console{Config: Config{Now: func() time.Time { return today }}, pages: made}
	name := "=HYPERLINK(\"http://x\",\"y\"), \"둘\"\n줄"
	found := counter.Customer{Subscriber: subscriber.Subscriber{CustomerNumber: "1", Name: name}, Certificates: []ca.Record{
		{Serial: "0a", Kind: npki.PersonalBank, State: ca.Revoked, Reason: 1, DER: []byte{1}, NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(1, 0, 0), IssuedAt: today},
		{Serial: "0b", Kind: npki.PersonalBank, State: ca.Pending},
	}}
	for _, lang := range []string{"ko", "en"} {
		body := string(c.csvOf(lang, found))
		if !strings.HasPrefix(body, "\uFEFF") || strings.Count(strings.ReplaceAll(body, "\r\n", ""), "\n") != 0 {
			t.Errorf("%s: lines end otherwise: %q", lang, body)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][1] != "'"+name || rows[1][2] != "0a" || rows[1][5] != "2025-11-29" {
			t.Errorf("%s: %q, %v", lang, rows, err)
		}
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for mail, want := range map[string]string{"gildong@example.org": "gi***@example.org", "a@b": "a***@b", "": "", "@x": "", "no": "", "홍길동@example.org": "홍길***@example.org"} {
		if got := maskMail(mail); got != want {
			t.Errorf("%q became %q", mail, got)
		}
	}
}

// TestKeysAreNoGuess: an act that could be about several certificates has no key.
func TestKeysAreNoGuess(t *testing.T) {
	t.Parallel()
	act := func(name string) pages.Act { return pages.Act{Name: name, Serial: "0a"} }
	view := pages.Customer{Acts: []pages.Act{{Name: "issue"}}, Held: []pages.Held{{Acts: []pages.Act{act("suspend"), act("renew")}}, {Acts: []pages.Act{act("suspend")}}}}
	keysFor(&view)
	if view.Acts[0].Key != "i" || view.Held[0].Acts[0].Key != "" || view.Held[0].Acts[1].Key != "r" || view.Held[1].Acts[0].Key != "" {
		t.Errorf("%+v", view)
	}
	seen := map[string]bool{}
	for _, key := range actKeys {
		if seen[key] || key >= "0" && key <= "9" || key == "c" || key == "v" { // those of the navigation and the page
			t.Errorf("key %q presses two things", key)
		}
		seen[key] = true
	}
}
