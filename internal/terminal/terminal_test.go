package terminal

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWidth(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"":                   0,
		"abc":                3,
		"홍길동":                6,
		"한글abc":              7,
		"\u1112\u1161\u11ab": 2, // single jamo, as macOS hands names back
		"e\u0301":            1,
		"…–●":                3,
		"\x1b\u200b":         0,
	} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"홍길동":                "홍길동",
		"a\x1b[31mb":         "a[31mb",
		"two\nlines\tand":    "two lines and",
		"fdp.exe\u202egpj":   "fdp.exegpj",
		"\xff\xfebad":        "bad",
		"\u1112\u1161\u11ab": "한",
		"line\u2028break":    "line break",
	} {
		if got := Clean(s); got != want {
			t.Errorf("Clean(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s       string
		columns int
		want    string
	}{
		{"홍길동", 6, "홍길동"}, {"홍길동", 5, "홍길…"}, {"홍길동", 4, "홍…"}, {"abc", 0, ""}, {"abc", 1, "…"}, {"", 0, ""},
	} {
		if got := Cut(c.s, c.columns); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.s, c.columns, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	got := Wrap("가나 다라마바 abcdefghijklmno\n\n끝", 10)
	want := []string{"가나", "다라마바", "abcdefghij", "klmno", "", "끝"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzWrap sees that no line is wider than asked and no letter is lost, cut in
// half or shown that a terminal would obey.
func FuzzWrap(f *testing.F) {
	f.Add("유효한 서명이에요. 홍길동 님이 서명했어요.", 20)
	f.Add("\x1b[31m한\u1161\u200b", 2)
	f.Fuzz(func(t *testing.T, s string, columns int) {
		if len(s) > 4096 || columns < 2 || columns > 200 {
			return
		}
		clean := Clean(s)
		if strings.ContainsAny(clean, "\x1b\n\r\u202e") || !utf8.ValidString(clean) {
			t.Fatalf("Clean(%q) = %q", s, clean)
		}
		var letters strings.Builder
		for _, line := range Wrap(clean, columns) {
			if w := Width(line); w > columns {
				t.Errorf("line of %d columns, want at most %d: %q", w, columns, line)
			}
			letters.WriteString(strings.Join(strings.Fields(line), ""))
		}
		if want := strings.Join(strings.Fields(clean), ""); letters.String() != want {
			t.Errorf("Wrap lost letters: %q, want %q", letters.String(), want)
		}
		if cut := Cut(clean, columns); Width(cut) > columns || !utf8.ValidString(cut) {
			t.Errorf("Cut(%q, %d) = %q", clean, columns, cut)
		}
	})
}

func TestTable(t *testing.T) {
	t.Parallel()
	table := Table{
		Columns: []Column{{Title: "번호", Right: true}, {Title: "이름", Min: 8}, {Title: "State"}},
		Rows: [][]Cell{
			{{Text: "1"}, {Text: strings.Repeat("김하늘바다", 12)}, {Text: "× bad", Paint: Bad}},
			{{Text: "12"}, {Text: "lee"}, {Text: "● good", Paint: Good}},
		},
	}
	var plain, coloured bytes.Buffer
	if err := table.Write(&plain, Style{}); err != nil {
		t.Fatal(err)
	}
	if err := table.Write(&coloured, Style{Colour: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(plain.String(), "\n") {
		if Width(line) > MaxColumns {
			t.Errorf("%d columns: %s", Width(line), line)
		}
	}
	if !strings.Contains(plain.String(), "…") || !strings.Contains(plain.String(), "  12  lee") {
		t.Errorf("table is\n%s", plain.String())
	}
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(coloured.String(), "\x1b[31m× bad\x1b[0m") {
		t.Errorf("colour stands where it should not, or not where it should:\n%q", coloured.String())
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 3, 14, 14, 59, 59, 0, time.UTC)
	if got := Moment(end, "ko"); got != "2027년 3월 14일 (일) 23:59" {
		t.Error(got)
	}
	if got := Moment(end, "en"); got != "Sun, 14 March 2027, 23:59 (KST)" {
		t.Error(got)
	}
	if got := Day(end.Add(time.Second)); got != "2027-03-15" {
		t.Error(got)
	}
}

func TestDaysBetween(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 3, 14, 14, 59, 59, 0, time.UTC) // 23:59:59 in Seoul
	for _, c := range []struct {
		from time.Time
		want int
	}{
		{end, 0},
		{end.Add(-23 * time.Hour), 0},
		{end.Add(-24 * time.Hour), 1},
		{end.Add(time.Second), -1},
		{end.AddDate(-1, 0, 0), 365},
	} {
		if got := DaysBetween(c.from, end); got != c.want {
			t.Errorf("from %v: %d, want %d", c.from, got, c.want)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		b    []byte
		want string
	}{{nil, ""}, {[]byte{0xa0}, "A0"}, {[]byte{0xa0, 2, 0xff}, "A002 FF"}} {
		if got := Groups(c.b); got != c.want {
			t.Errorf("Groups(%x) = %q, want %q", c.b, got, c.want)
		}
	}
}

func TestReadSecret(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"secret": "secret", "secret\n": "secret", "secret\r\n": "secret", "two\nlines\n": "two\nlines", " blank \n": " blank ",
	} {
		if got, err := ReadSecret(strings.NewReader(in)); err != nil || string(got) != want {
			t.Errorf("%q gives %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]error{
		"": ErrSecretEmpty, "\n": ErrSecretEmpty, strings.Repeat("x", MaxAnswer+1): ErrSecretLong, strings.Repeat("x", MaxAnswer*3): ErrSecretLong,
	} {
		if _, err := ReadSecret(strings.NewReader(in)); !errors.Is(err, want) {
			t.Errorf("%d bytes give %v, want %v", len(in), err, want)
		}
	}
	if got, err := ReadSecret(strings.NewReader(strings.Repeat("x", MaxAnswer) + "\r\n")); err != nil || len(got) != MaxAnswer {
		t.Errorf("the longest secret gives %d bytes, %v", len(got), err)
	}
}

func TestReadLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain\r":          "plain",
		"plain\nnext\n":    "plain",
		"slip\x7f\x7fp\r":  "slp",
		"가나\x7f다\r":        "가다",
		"\x7f\x08x\r":      "x",
		"wrong\x15right\r": "right",
		"half\x04 of it\r": "half of it",
	} {
		if got, err := readLine(strings.NewReader(in)); err != nil || string(got) != want {
			t.Errorf("%q gives %q, %v; want %q", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"": ErrNoTerminal, "cut off": ErrNoTerminal, "abc\x03": context.Canceled, "\x04": context.Canceled,
		strings.Repeat("x", MaxAnswer+1) + "\r": ErrSecretLong,
	} {
		if _, err := readLine(strings.NewReader(in)); !errors.Is(err, want) {
			t.Errorf("%.20q gives %v, want %v", in, err, want)
		}
	}
}

func TestPrompterNeedsATerminal(t *testing.T) {
	t.Parallel()
	if _, err := NewPrompter(nil, &bytes.Buffer{}); !errors.Is(err, ErrNoTerminal) {
		t.Error(err)
	}
}

func TestSpinner(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	s := Spin(&shown, "quick")
	s.Stop()
	s.Stop()
	if shown.Len() > 0 {
		t.Errorf("what is over at once shows %q", shown.String())
	}
	Spin(nil, "nowhere").Stop()

	seen := &firstWrite{came: make(chan struct{})}
	s = Spin(seen, "이 기기에서 키를 만들고 있어요")
	<-seen.came
	s.Stop()
	if got := seen.text.String(); !strings.Contains(got, "키를 만들고") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("a slow one shows %q", got)
	}
}

// firstWrite says when something was written. The spinner's own goroutine
// writes; it is read after Stop.
type firstWrite struct {
	text bytes.Buffer
	came chan struct{}
}

func (f *firstWrite) Write(b []byte) (int, error) {
	if f.text.Len() == 0 {
		defer close(f.came)
	}
	return f.text.Write(b)
}
