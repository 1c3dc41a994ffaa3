package pages_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
	"github.com/ingam-pki/ingam/internal/web/paper"
	"github.com/ingam-pki/ingam/pki/npki"
)

var made = time.Date(2027, 3, 14, 5, 20, 0, 0, time.UTC)

func newPages(t *testing.T) *pages.Pages {
	t.Helper()
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	p, err := pages.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func filed(lang, customer string) pages.Filed {
	f := pages.Filed{Lang: lang, Size: paper.A4, CallCentre: "1588-0000", Made: made, Case: "abcdefghijklmnopqrstuvwxyz",
		Customer: customer, Act: "issue", Kind: "personal-bank",
		Branch: pages.Branch{Number: "014", Name: "광화문지점", Address: "서울특별시 종로구 세종대로 175", Phone: "02-730-0014"}}
	for day := time.Monday; day <= time.Friday; day++ {
		f.Branch.Week[day] = pages.Hours{From: 9 * 60, To: 16 * 60}
	}
	f.Branch.Week[time.Saturday] = pages.Hours{From: 10 * 60, To: 13*60 + 30}
	return f
}

func form(lang, customer string) pages.FormPaper {
	return pages.FormPaper{Filed: filed(lang, customer), Number: pages.Masked("9001011234567"), Visitor: "self", Document: "resident-card",
		Shown: []string{"identity-card", "application-form"}, Received: made.Add(-time.Hour), Teller: "김창구"}
}

func slip(lang string) pages.SlipPaper {
	return pages.SlipPaper{Filed: filed(lang, "홍길동"), Reference: "123-456-7890", Code: "ABCDE-FGHJK-MNPQR-STVWX",
		Until: made.Add(72 * time.Hour), Address: "https://bank.example/redeem", Server: "https://bank.example"}
}

func consent(lang string) pages.ConsentPaper {
	long := strings.Repeat("1. 무엇을 왜 수집하나요\n- 이름, 영문 이름, 생년월일, 고객번호: 가입자를 확인하고 인증서에 이름을 담기 위해서예요.\n\n", 40)
	return pages.ConsentPaper{Filed: filed(lang, "홍길동"), Visitor: "self", Terms: []pages.Agreement{
		{Title: "공동인증서비스 이용약관", Text: long, TitleEnglish: "Terms of the service", TextEnglish: "1. What we do\n- All of it.\n", Version: "2026.2",
			SHA256: strings.Repeat("9f86d081", 8), Required: true},
		{Title: "혜택·상품 안내 수신 동의", Text: "광고를 받을 수 있어요.\n", TitleEnglish: "Offers", TextEnglish: "You may get offers.\n", Version: "2026.1",
			SHA256: strings.Repeat("ab12cd34", 8)}}}
}

// said is what pdftotext (poppler-utils, installed by test/install.sh) reads.
func said(t *testing.T, s paper.Sheet) string {
	t.Helper()
	pdf, err := paper.PDF(s)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", "-enc", "UTF-8", path, "-").CombinedOutput() //nolint:gosec // a file of this test
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, out)
	}
	return squeeze(string(out))
}

// feet stand between the lines of two pages.
var feet = regexp.MustCompile(`인감은행고객센터1588-0000접수번호STUV-WXYZ·\d/\d`)

// squeeze leaves the letters: lines are broken in other places on a page.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func wants(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, squeeze(w)) {
			t.Errorf("it does not say %q: %.3000s", w, got)
		}
	}
}

// all gives each paper in each language, by name.
func all(t *testing.T, p *pages.Pages) map[string]paper.Sheet {
	t.Helper()
	sheets := map[string]paper.Sheet{}
	for _, lang := range []string{"ko", "en"} {
		sheets["form-"+lang], sheets["consent-"+lang] = p.Form(form(lang, "홍길동")), p.Consent(consent(lang))
		v := slip(lang)
		sheets["slip-"+lang] = p.Slip(v)
		v.Size = paper.Receipt
		sheets["receipt-"+lang] = p.Slip(v)
		v.Code, v.Phone = "", "010-****-5678"
		sheets["sent-"+lang] = p.Slip(v)
	}
	return sheets
}

func TestFormSaysWhatWasAsked(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	v := form("en", "NGUYEN THI HUONG")
	v.Act, v.Serial, v.Reason, v.Why = "revoke", "7806f805634a331f", "key-compromise", "노트북을 잃어버렸어요"
	v.Invalidity, v.Supervisor = made.Add(-24*time.Hour), "박책임"
	got := said(t, p.Form(v))
	wants(t, got, "공동인증서 업무 신청서", "접수번호 STUV-WXYZ", "abcdefghijklmnopqrstuvwxyz", "광화문지점 (014)", "2027년 3월 14일 (일) 14:20", "폐지",
		"900101-1●●●●●●", "7806 F805 634A 331F", "열쇠가 샜거나", "노트북을 잃어버렸어요", "2027년 3월 13일 (토) 14:20", "주민등록증", "- 신청서",
		"신청인 (본인)", "(서명 또는 인)", "김창구", "박책임", "은행 확인란",
		"Application for a joint certificate service", "Revocation", "Korean text is the one that counts", "1 / 2", "2 / 2")
	if strings.Count(got, squeeze("(서명 또는 인)")) != 1 || strings.Contains(got, "234567") {
		t.Error("it is to be signed twice, or shows an identity number")
	}
}

// TestFormNamesAll sees all words that a case can be about, each in both languages.
func TestFormNamesAll(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	for _, lang := range []string{"ko", "en"} {
		v := form(lang, "홍길동")
		v.Shown = nil
		for _, s := range counter.Papers {
			v.Shown = append(v.Shown, string(s))
		}
		for i, act := range counter.Acts {
			kinds := []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank, npki.CorporateGeneral}
			documents := []proofing.Document{proofing.ResidentCard, proofing.DriversLicence, proofing.Passport, proofing.AlienCard}
			visitors := []counter.Visitor{counter.Oneself, counter.Representative, counter.Proxy}
			v.Act, v.Kind, v.Document, v.Visitor = string(act), string(kinds[i%4]), string(documents[i%4]), string(visitors[i%3])
			for _, part := range p.Form(v).Parts {
				for _, f := range part.Facts {
					if slices.Contains([]string{v.Act, v.Kind, v.Document, v.Visitor}, f.Value) {
						t.Errorf("%s: %s is called %q", lang, f.Label, f.Value)
					}
				}
				for _, text := range part.Text {
					if slices.Contains(v.Shown, text) {
						t.Errorf("%s: a paper is called %q", lang, text)
					}
				}
			}
		}
	}
}

func TestConsentIsWordForWord(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	v := consent("en")
	got := feet.ReplaceAllString(said(t, p.Consent(v)), "")
	for _, terms := range v.Terms {
		wants(t, got, terms.Text, terms.TextEnglish, terms.Title, "버전 "+terms.Version, "SHA-256 "+strings.ToUpper(terms.SHA256))
	}
	wants(t, got, "□ 동의해요", "□ 동의하지 않아요", "필수", "선택", "서명 또는 인")
	if strings.Contains(got, "■") {
		t.Error("something is agreed to before anybody has signed")
	}
	v.Signed, v.Terms[0].Agreed = true, true
	wants(t, said(t, p.Consent(v)), "■ 동의해요 □ 동의하지 않아요", "□ 동의해요 ■ 동의하지 않아요")
}

func TestSlipSaysHow(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	for name, sheet := range all(t, p) {
		switch {
		case strings.HasPrefix(name, "slip"), strings.HasPrefix(name, "receipt"):
			wants(t, said(t, sheet), "123 456 7890", "ABCDE FGHJK MNPQR STVWX", "https://bank.example/redeem", "1588-0000",
				"ingam issue --server https://bank.example --ref 123-456-7890", "광화문지점", "02-730-0014", "09:00–16:00", "10:00–13:30")
		case strings.HasPrefix(name, "sent"):
			wants(t, said(t, sheet), "123 456 7890", "010-****-5678")
		}
	}
	got := said(t, p.Slip(slip("ko")))
	wants(t, got, "월–금 09:00–16:00, 토 10:00–13:30", "2027년 3월 17일 (수) 14:20", "누구에게도 보여 주거나 알려 주지 마세요", "1 / 1")
	wants(t, said(t, p.Slip(slip("en"))), "Mon–Fri 09:00–16:00, Sat 10:00–13:30", "17 March 2027 (Wed) 14:20", "1 / 1")
	unknown := slip("ko")
	unknown.Branch = pages.Branch{Number: "014"}
	if got := said(t, p.Slip(unknown)); strings.Contains(got, "여는시간") || !strings.Contains(got, "014번영업점") {
		t.Errorf("a branch that isn't known is said to be %s", got)
	}
}

// TestPageSaysTheSame holds the HTML of each paper against its PDF.
func TestPageSaysTheSame(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	tags := regexp.MustCompile(`<[^>]*>`)
	for name, sheet := range all(t, p) {
		var html bytes.Buffer
		frame := pages.Frame{Lang: "ko", Now: made}
		var view pages.View = pages.Print{Frame: frame, Paper: "form", Case: "abc", In: "ko", Sheet: sheet}
		if !strings.HasPrefix(name, "form") && !strings.HasPrefix(name, "consent") {
			view = pages.PrintSlip{Frame: frame, Case: "abc", In: "ko", Sealed: "x", Sheet: sheet}
		}
		if err := p.Render(&html, view); err != nil {
			t.Fatal(err)
		}
		page := squeeze(tags.ReplaceAllString(html.String(), " "))
		pdf := said(t, sheet)
		for _, part := range sheet.Parts {
			words := append([]string{part.Title}, part.Text...)
			for _, f := range part.Facts {
				words = append(words, f.Label, f.Value)
			}
			for _, w := range words {
				if escaped := strings.NewReplacer("'", "&#39;", "+", "&#43;").Replace(w); !strings.Contains(page, squeeze(escaped)) || len(w) < 400 && !strings.Contains(pdf, squeeze(w)) {
					t.Errorf("%s: %q is not on both", name, w)
				}
			}
		}
		if strings.Contains(html.String(), "style=") || strings.Contains(html.String(), "onclick") {
			t.Errorf("%s has inline style or script", name)
		}
	}
}

// TestNamesStayText puts what is no name where names stand.
func TestNamesStayText(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	for _, name := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `(Tj) ET /JavaScript (x)`, "홍길동\n\r){{.}}", "=cmd|'/c calc'!A1",
		strings.Repeat("김하늘바다별빛나라초롱초롱고운우리강산이", 1), strings.Repeat("김하늘바다별빛나라초롱초롱고운우리강산이", 3), "㈜아주긴이름의주식회사 서울특별시본점영업부제일센터",
	} {
		sheet := p.Form(form("en", name))
		wants(t, said(t, sheet), name)
		var html bytes.Buffer
		if err := p.Render(&html, pages.Print{Frame: pages.Frame{Lang: "en", Now: made}, Paper: "form", Case: "abc", In: "en", Sheet: sheet}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(html.String(), "<script>alert") || strings.Contains(html.String(), "<img") {
			t.Errorf("%q became markup", name)
		}
	}
}

func TestSameInputSameFile(t *testing.T) {
	t.Parallel()
	p := newPages(t)
	first := map[string][]byte{}
	for range 2 {
		for name, sheet := range all(t, p) {
			if name != "form-en" && name != "receipt-ko" { // the others have no part that these haven't
				continue
			}
			pdf, err := paper.PDF(sheet)
			if err != nil {
				t.Fatal(err)
			}
			if before := first[name]; before != nil && !bytes.Equal(before, pdf) {
				t.Errorf("%s has other bytes the second time", name)
			}
			first[name] = pdf
		}
	}
}

// TestPrintTexts holds the texts of papers against what uses them.
func TestPrintTexts(t *testing.T) {
	t.Parallel()
	texts, err := pages.Texts()
	if err != nil {
		t.Fatal(err)
	}
	var used strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.html", "templates/parts/*.html"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := fs.ReadFile(os.DirFS("."), name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				used.Write(raw)
			}
		}
	}
	composed := regexp.MustCompile(`^print\.(act|kind|visitor|document|paper|reason|day|signer|form|consent|slip|in|size)\.`)
	n := 0
	for _, key := range texts.Keys("ko") {
		if !strings.HasPrefix(key, "print.") {
			continue
		}
		n++
		if !texts.Has("en", key) {
			t.Errorf("%s is missing in English", key)
			continue
		}
		ko, errKO := catalog.Names(texts.Raw("ko", key))
		en, errEN := catalog.Names(texts.Raw("en", key))
		slices.Sort(ko)
		slices.Sort(en)
		if errKO != nil || errEN != nil || !slices.Equal(slices.Compact(ko), slices.Compact(en)) {
			t.Errorf("%s takes %v in Korean and %v in English", key, ko, en)
		}
		if !strings.Contains(used.String(), `"`+key+`"`) && !composed.MatchString(key) {
			t.Errorf("%s is not used", key)
		}
	}
	if n < 80 {
		t.Errorf("found %d texts", n)
	}
}
