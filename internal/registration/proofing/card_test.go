package proofing

import (
	"testing"
	"time"
	"unicode/utf8"
)

var today = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func TestTidy(t *testing.T) {
	t.Parallel()
	licence := Card{Document: DriversLicence, Number: "8503141000011", Name: "홍길동", IssueDate: "20190311", Licence: "99-19-000001-00"}
	for _, test := range []struct {
		name   string
		change func(*Card)
		want   string
	}{
		{"as it is", func(*Card) {}, ""},
		{"no name", func(c *Card) { c.Name = "  " }, "name"},
		{"not text", func(c *Card) { c.Name = "\xff\xfe" }, "name"},
		{"endless name", func(c *Card) { c.Name = string(make([]byte, 5000)) }, "name"},
		{"letters in the number", func(c *Card) { c.Number = "850314100001A" }, "number"},
		{"full-width digits", func(c *Card) { c.Number = "８５０３１４１０００011" }, "number"},
		{"30 February", func(c *Card) { c.IssueDate = "20200230" }, "issueDate"},
		{"today", func(c *Card) { c.IssueDate = "2026-11-23" }, ""},
		{"tomorrow", func(c *Card) { c.IssueDate = "2026-11-24" }, "issueDate"},
		{"long ago", func(c *Card) { c.IssueDate = "19010101" }, "issueDate"},
		{"short licence", func(c *Card) { c.Licence = "99-19" }, "licence"},
		{"licence on a resident card", func(c *Card) { c.Document = ResidentCard }, "licence"},
		{"old passport number", func(c *Card) { c.Document, c.Licence, c.Number = Passport, "", "m00000003" }, ""},
		{"new passport number", func(c *Card) { c.Document, c.Licence, c.Number = Passport, "", "M123A4567" }, ""},
		{"no passport number", func(c *Card) { c.Document, c.Licence, c.Number = Passport, "", "M1234A567" }, "number"},
	} {
		c := licence
		test.change(&c)
		if _, field := c.tidy(today); field != test.want {
			t.Errorf("%s: %q", test.name, field)
		}
	}
}

func TestSameName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"홍길동", "홍길동", true}, {"홍길동", "홍길동", true}, {"홍 길동 ", "홍길동", true},
		{"alexander james sample", "ALEXANDER JAMES SAMPLE", true},
		{"홍길순", "홍길동", false}, {"", "", false}, {"홍길", "홍길동", false},
	} {
		if sameName(test.a, test.b) != test.same {
			t.Errorf("%q and %q", test.a, test.b)
		}
	}
}

// FuzzTidy: what is found in form is in the form that the services take, and
// tidying it again changes nothing.
func FuzzTidy(f *testing.F) {
	f.Add("resident-card", "850314-1000011", "홍길동", "2019.07.22", "")
	f.Add("drivers-licence", "8503141000011", "홍길동", "20190311", "99-19-000001-00")
	f.Add("passport", "m00000003", "LEE YEOGWON", "20240105", "")
	f.Fuzz(func(t *testing.T, document, number, name, issued, licence string) {
		c, field := Card{Document: Document(document), Number: number, Name: name, IssueDate: issued, Licence: licence}.tidy(today)
		if field != "" {
			return
		}
		if len(c.IssueDate) != 8 || !utf8.ValidString(c.Name) || len(c.Number) != 13 && len(c.Number) != 9 || len(c.Licence) != 0 && len(c.Licence) != 12 {
			t.Errorf("in form: %+v", c)
		}
		again, field := c.tidy(today)
		if field != "" || again.Number != c.Number || again.Name != c.Name || again.IssueDate != c.IssueDate || again.Licence != c.Licence {
			t.Errorf("%+v became %+v (%s)", c, again, field)
		}
	})
}
