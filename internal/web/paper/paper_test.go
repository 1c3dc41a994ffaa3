package paper_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/web/paper"
)

var made = time.Date(2027, 3, 14, 6, 0, 0, 0, time.UTC)

// sample has a part of each kind.
func sample(size paper.Size) paper.Sheet {
	return paper.Sheet{Lang: "ko", Size: size, Bank: "인감은행", Title: "참조번호·인가코드 안내", Number: "접수 ABCD-EFGH", Foot: "고객센터 1588-0000", Made: made,
		Parts: []paper.Part{
			{Kind: paper.Heading, Title: "신청 내용", Text: []string{"한 줄 더"}},
			{Kind: paper.Facts, Title: "고객", Facts: []paper.Fact{{"이름", "홍길동"}, {"영업점", "광화문 (014)"}}},
			{Kind: paper.Code, Title: "인가코드", Text: []string{"ABCDE", "FGHJK", "MNPQR", "STVWX"}},
			{Kind: paper.Symbol, Title: "QR", Text: []string{"https://bank.example/redeem"}, QR: "https://bank.example/redeem"},
			{Kind: paper.Prose, Title: "받는 방법", Text: []string{"1. 웹에서 받기: 주소를 열고 참조번호와 인가코드를 넣어 주세요. 열쇠는 지금 쓰는 기기에서 만들어지고 은행은 알 수 없어요.", "", "끝."}},
			{Kind: paper.List, Title: "잃어버리면", Text: []string{"고객센터에 바로 알려 주세요."}},
			{Kind: paper.Note, Title: "누구에게도 보여 주지 마세요", Text: []string{"은행 직원도 묻지 않아요."}},
			{Kind: paper.Command, Title: "명령줄", Text: []string{"ingam", "issue"}},
			{Kind: paper.Fine, Text: []string{"SHA-256 9F86 D081"}},
			{Kind: paper.Sign, Facts: []paper.Fact{{"신청인", "홍길동"}, {"대리인", ""}}},
			{Kind: paper.Stamps, Title: "결재", Facts: []paper.Fact{{"담당", "김창구"}, {"책임자", ""}}},
			{Kind: paper.Break}, {Kind: paper.Prose, Text: []string{"다음 쪽"}},
		}}
}

func file(t *testing.T, s paper.Sheet) []byte {
	t.Helper()
	pdf, err := paper.PDF(s)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// tool runs a program of Debian's on a file; test/install.sh installs it.
func tool(t *testing.T, in []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(path, in, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "IN", path)
	}
	cmd := exec.Command(name, args...) //nolint:gosec // names of this test
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, complaints.String())
	}
	return string(out)
}

// text is what a PDF says, with single blanks.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-layout", "-enc", "UTF-8", "IN", "-")), " ")
}

func wantText(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("it does not say %q: %s", w, got)
		}
	}
}

// pages gives number and size of the pages.
func pages(t *testing.T, pdf []byte) (n, size string) {
	t.Helper()
	info := tool(t, pdf, "pdfinfo", "IN")
	get := func(name string) string {
		m := regexp.MustCompile(`(?m)^` + name + `:\s+(.*)$`).FindStringSubmatch(info)
		if m == nil {
			t.Fatalf("pdfinfo says no %s: %s", name, info)
		}
		return m[1]
	}
	return get("Pages"), get("Page size")
}

func TestSaysAll(t *testing.T) {
	t.Parallel()
	for _, size := range []paper.Size{paper.A4, paper.Receipt} {
		t.Run(string(size), func(t *testing.T) {
			t.Parallel()
			pdf := file(t, sample(size))
			wantText(t, text(t, pdf), "인감은행", "참조번호·인가코드 안내", "접수 ABCD-EFGH", "홍길동", "광화문 (014)", "ABCDE FGHJK",
				"https://bank.example/redeem", "- 고객센터에 바로 알려 주세요.", "은행 직원도 묻지 않아요.", "ingam issue", "SHA-256 9F86 D081", "김창구", "다음 쪽")
			n, page := pages(t, pdf)
			if size == paper.A4 {
				if n != "3" || !strings.HasPrefix(page, "595.28 x 841.89 pts (A4)") {
					t.Errorf("it has %s pages of %s", n, page)
				}
				wantText(t, text(t, pdf), "고객센터 1588-0000", "1 / 3", "3 / 3")
			} else if n != "1" || !strings.HasPrefix(page, "226.77 x ") {
				t.Errorf("the roll has %s pages of %s", n, page)
			}
		})
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	for _, size := range []paper.Size{paper.A4, paper.Receipt} {
		first := file(t, sample(size))
		for range 5 {
			if !bytes.Equal(first, file(t, sample(size))) {
				t.Fatalf("the same %s gave other bytes", size)
			}
		}
		later := sample(size)
		later.Made = made.Add(time.Second)
		if bytes.Equal(first, file(t, later)) {
			t.Error("the date is not in the file")
		}
		if len(first) > 120<<10 {
			t.Errorf("a sheet has %d bytes: it holds more of the fonts than it uses", len(first))
		}
	}
}

// TestRollEnds sees that a roll is cut where its text ends.
func TestRollEnds(t *testing.T) {
	t.Parallel()
	tall := func(lines int) float64 {
		s := sample(paper.Receipt)
		s.Parts = s.Parts[:2]
		for i := range lines {
			s.Parts = append(s.Parts, paper.Part{Kind: paper.Prose, Text: []string{fmt.Sprint("줄 ", i)}})
		}
		_, size := pages(t, file(t, s))
		var w, h float64
		if _, err := fmt.Sscanf(size, "%f x %f", &w, &h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	short, long := tall(10), tall(110)
	if short < 227 || short > 420 || long < short+1500 || long > short+2600 {
		t.Errorf("rolls are %v and %v points long", short, long)
	}
}

// TestLongText sees that nothing runs over an edge: pdftotext drops what does not
// lie within the page, and the boxes of words say where they are.
func TestLongText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("가나다라마바사아자차", 6)
	latin := strings.Repeat("W", 200)
	for _, size := range []paper.Size{paper.A4, paper.Receipt} {
		s := sample(size)
		s.Title, s.Parts = long, nil
		for _, kind := range []paper.Kind{paper.Heading, paper.Facts, paper.Prose, paper.List, paper.Fine, paper.Note, paper.Symbol, paper.Sign, paper.Stamps} {
			s.Parts = append(s.Parts, paper.Part{Kind: kind, QR: "x", Title: long, Text: []string{latin, long}, Facts: []paper.Fact{{"이름", long}, {"이름", long}}})
		}
		pdf := file(t, s)
		boxes := tool(t, pdf, "pdftotext", "-bbox", "IN", "-")
		wide := map[paper.Size]float64{paper.A4: 595.28 - 50, paper.Receipt: 226.77 - 8}[size]
		found := regexp.MustCompile(`xMax="([\d.]+)"`).FindAllStringSubmatch(boxes, -1)
		if len(found) < 20 {
			t.Fatalf("found %d words", len(found))
		}
		for _, m := range found {
			var x float64
			if _, err := fmt.Sscan(m[1], &x); err != nil || x > wide {
				t.Errorf("%s: a word ends at %s of %v", size, m[1], wide)
			}
		}
		all := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "IN", "-")), "")
		if n := strings.Count(all, "W"); n != 1200 {
			t.Errorf("%s: %d of 1200 letters are there", size, n)
		}
	}
}

// TestNames sees that what a name holds is a letter on the paper or a box, and
// never a part of the file.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"홍길동":                                  "홍길동",
		"힣뷁쀍":                                  "힣뷁쀍",
		"\u1112\u1169\u11bc\u1100\u1175\u11af": "홍길", // in parts, as some systems write it
		"㈜한글과컴퓨터 서울":                           "㈜한글과컴퓨터 서울",
		"NGUYỄN Thị Hường":                     "NGUYEN Thi Huong",
		"金秀賢":                                  "金秀賢",
		"(Tj) ET Q \\) /JS (x) >> stream":      "(Tj) ET Q \\) /JS (x) >> stream",
		"<script>alert(1)</script>":            "<script>alert(1)</script>",
		"홍\u202e길\u200b동\x00\n둘":               "홍길동 둘",
		"A\xff\xfeB":                           "A□B",
		"😀 웃음 \U0010ffff":                      "□ 웃음 □",
	} {
		s := sample(paper.A4)
		s.Parts = []paper.Part{{Kind: paper.Facts, Facts: []paper.Fact{{"이름", name}}}, {Kind: paper.Sign, Facts: []paper.Fact{{"신청인", name}}}}
		pdf := file(t, s)
		if got := text(t, pdf); strings.Count(got, want) != 2 {
			t.Errorf("%q is not on the paper twice as %q: %s", name, want, got)
		}
		if bytes.Contains(pdf, []byte("/JS")) || bytes.Contains(pdf, []byte("/JavaScript")) {
			t.Errorf("%q became a part of the file", name)
		}
		if strings.Contains(tool(t, pdf, "pdfinfo", "IN"), "길동") {
			t.Error("the file's information names somebody")
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	with := func(change func(*paper.Sheet)) paper.Sheet {
		s := sample(paper.A4)
		change(&s)
		return s
	}
	many := make([]paper.Part, 100)
	for i := range many {
		many[i].Kind = paper.Break
	}
	for name, test := range map[string]struct {
		sheet paper.Sheet
		want  error
	}{
		"size":  {with(func(s *paper.Sheet) { s.Size = "a3" }), paper.ErrKind},
		"kind":  {with(func(s *paper.Sheet) { s.Parts[0].Kind = "picture" }), paper.ErrKind},
		"text":  {with(func(s *paper.Sheet) { s.Parts[0].Text = []string{strings.Repeat("가", 100_000)} }), paper.ErrLarge},
		"pages": {with(func(s *paper.Sheet) { s.Parts = many }), paper.ErrLarge},
		"qr":    {with(func(s *paper.Sheet) { s.Parts[3].QR = strings.Repeat("x", 201) }), paper.ErrQR},
	} {
		if _, err := paper.PDF(test.sheet); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}
