package console

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

func TestPaperPages(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for path, want := range map[string][]string{
		"hong/print/form":          {"홍길동", "900101-1●●●●●●", "광화문지점 (014)", "신분증", "김창구", `href="/console/cases/hong/print/form.pdf?in=ko"`},
		"hong/print/form?in=en":    {"홍길동", "Application for a joint certificate service", `lang="en"`, "in=ko"},
		"alien/print/form":         {"NGUYEN &lt;b&gt;THI", "courtesy"},
		"firm/print/form":          {"㈜한글", "123-45-67890", "대리인 · 이대리", "7806 F805 634A 331F", "폐지", "그 밖의 사유"},
		"hong/print/consent":       {"공동인증서비스 이용약관", "2026.2", "□ 동의해요"},
		"hong/print/consent?in=en": {"Terms of the joint certificate service"},
	} {
		a := d.get("/console/cases/" + path)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s gave %d, %s", path, a.status, a.header)
		}
		for _, w := range want {
			if !strings.Contains(a.body, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
		if strings.Contains(a.body, "234567") || strings.Contains(a.body, "<b>THI") {
			t.Errorf("%s shows an identity number, or a name became markup", path)
		}
	}
	if n := strings.Count(d.get("/console/cases/hong/print/form").body, "<li>신분증</li>"); n != 1 {
		t.Errorf("a paper with two pictures is listed %d times", n)
	}
	for _, name := range []string{"form", "consent"} {
		a := d.get("/console/cases/hong/print/" + name + ".pdf")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.body, "%PDF-") ||
			a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Disposition") != `inline; filename="`+name+`-HONG.pdf"` {
			t.Errorf("%s.pdf gave %d, %v", name, a.status, a.header)
		}
		if again := d.get("/console/cases/hong/print/" + name + ".pdf"); again.body != a.body {
			t.Errorf("%s.pdf has other bytes the second time", name)
		}
	}
}

func TestPapersAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for path, status := range map[string]int{
		"nobody/print/form": http.StatusNotFound, "firm/print/consent": http.StatusConflict, "hong/print/poster": http.StatusNotFound,
		"firm/print/consent.pdf": http.StatusConflict,
	} {
		if a := d.get("/console/cases/" + path); a.status != status {
			t.Errorf("%s gave %d, want %d", path, a.status, status)
		}
	}
	sealed := sealedOf(t, d.handedOut())
	for _, who := range []staff.Account{
		{ID: "t2", Role: authz.Teller, Branch: "015", State: staff.Active}, {ID: "o1", Role: authz.Operator, State: staff.Active},
		{ID: "a1", Role: authz.Auditor, State: staff.Active}, {ID: "x1", Role: authz.Security, State: staff.Active},
		{ID: "t3", Role: authz.Teller, Branch: "014", State: staff.Active, SubscriberID: d.cases["hong"].SubscriberID},
	} {
		d.who = who
		for _, path := range []string{"form", "form.pdf", "consent", "consent.pdf"} {
			if a := d.get("/console/cases/hong/print/" + path); a.status != http.StatusForbidden || strings.Contains(a.body, "길동") {
				t.Errorf("%s at %q: %s gave %d", who.Role, who.Branch, path, a.status)
			}
		}
		if a := d.post("/console/cases/hong/codes", "by", "print"); shown(d.get("/console/cases/hong/print/slip")) || a.status != http.StatusForbidden && a.header.Get("Location") != "/console/cases/hong" {
			t.Errorf("%s at %q got codes: %d", who.Role, who.Branch, a.status)
		}
		if a := d.post("/console/cases/hong/print/slip/pdf", "slip", sealed); strings.HasPrefix(a.body, "%PDF") {
			t.Errorf("%s at %q got somebody else's slip", who.Role, who.Branch)
		}
	}
	d.who = staff.Account{}
	if a := d.get("/console/cases/hong/print/form"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/console/login") {
		t.Errorf("nobody got %d", a.status)
	}
}

func TestSlipIsShownOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	first := d.handedOut("in", "en", "size", "receipt")
	if !shown(first) || first.header.Get("Content-Encoding") != "" || first.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the slip isn't shown: %d %v", first.status, first.header)
	}
	for _, want := range []string{"sheet-receipt", "Authorization code", "https://bank.example/redeem", "Gwanghwamun (014)", "<svg", "다시 볼 수 없어요"} {
		if !strings.Contains(first.body, want) {
			t.Errorf("the slip does not say %q", want)
		}
	}
	sealed := sealedOf(t, first)
	for range 2 {
		if again := d.get("/console/cases/hong/print/slip"); again.status != http.StatusOK || strings.Contains(again.body, "FGHJK") ||
			strings.Contains(again.body, "456-7890") || sealedIn.MatchString(again.body) {
			t.Error("the slip is shown twice")
		}
	}
	pdf := d.post("/console/cases/hong/print/slip/pdf", "slip", sealed)
	if pdf.status != http.StatusOK || !strings.HasPrefix(pdf.body, "%PDF-") || pdf.header.Get("Cache-Control") != "no-store" {
		t.Errorf("its PDF gave %d", pdf.status)
	}
	if a := d.post("/console/cases/hong/print/slip/size", "slip", sealed, "size", "a4", "in", "ko"); a.status != http.StatusSeeOther {
		t.Errorf("another size gave %d", a.status)
	}
	other := d.get("/console/cases/hong/print/slip")
	if !shown(other) || !strings.Contains(other.body, "sheet-a4") || !strings.Contains(other.body, "인가코드") {
		t.Error("the slip isn't shown on the other size")
	}
	if d.get("/console/cases/alien/print/slip"); shown(d.get("/console/cases/alien/print/slip")) {
		t.Error("the slip of one case is shown at another")
	}
	for _, path := range []string{"hong/print/form", "hong/print/consent"} {
		if a := d.get("/console/cases/" + path); strings.Contains(a.body, "FGHJK") || strings.Contains(a.body, "456-7890") {
			t.Errorf("%s shows the codes", path)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, secret := range []string{"FGHJK", "4567890", "456-7890", sealed[:40], "길동"} {
		if strings.Contains(d.lines.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
	if d.lines.Len() == 0 {
		t.Error("nothing is logged: the test looks in the wrong place")
	}
}

func TestSlipByMessage(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.post("/console/cases/alien/codes", "by", "message")
	a := d.get("/console/cases/alien/print/slip")
	if !strings.Contains(a.body, "010-****-5678") || !strings.Contains(a.body, "<span>7890</span>") || shown(a) || !strings.Contains(a.body, "Valid until") {
		t.Errorf("got %d: %.300s", a.status, a.body)
	}
	if a := d.post("/console/cases/hong/codes", "by", "pigeon"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/console/cases/hong" {
		t.Errorf("a way that there is not gave %d to %q", a.status, a.header.Get("Location"))
	}
	if a := d.post("/console/cases/nobody/codes", "by", "print"); a.status != http.StatusNotFound {
		t.Errorf("a case that there is not gave %d", a.status)
	}
}

// TestSlipIsSealed sees that what a page gives back is good for one person, one
// case and ten minutes, and that nothing else is taken.
func TestSlipIsSealed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	sealed := sealedOf(t, d.handedOut())
	at := func(path, value string) int { return d.post("/console/cases/"+path, "slip", value).status }
	flipped := []byte(sealed)
	flipped[len(flipped)/2] ^= 1
	for name, got := range map[string]int{
		"another case": at("alien/print/slip/pdf", sealed), "nothing": at("hong/print/slip/pdf", ""), "no base64": at("hong/print/slip/pdf", "%%%"),
		"changed": at("hong/print/slip/pdf", string(flipped)), "far too long": at("hong/print/slip/size", strings.Repeat("A", 5000)),
	} {
		if got != http.StatusGone {
			t.Errorf("%s gave %d", name, got)
		}
	}
	d.who.ID = "t9" // a colleague at the same branch
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusGone {
		t.Errorf("a colleague got %d", got)
	}
	d.who.ID = "t1"
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusOK {
		t.Errorf("the right one got %d", got)
	}
	d.at = d.at.Add(slipLasts)
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusGone {
		t.Errorf("after ten minutes it gave %d", got)
	}
	d.at = d.at.Add(-slipLasts)
	done := d.cases["hong"]
	done.State = counter.Done
	d.cases["hong"] = done
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusConflict {
		t.Errorf("after the certificate was fetched it gave %d", got)
	}
}

// TestCookieIsForOnePage sees where the codes travel.
func TestCookieIsForOnePage(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.post("/console/cases/hong/codes", "by", "print")
	cookie := d.jar[slipCookie]
	if cookie == nil || cookie.Path != "/console/cases/hong/print/slip" || !cookie.HttpOnly || cookie.MaxAge > int(kit.SayingLasts.Seconds()) {
		t.Fatalf("the cookie is %+v", cookie)
	}
	if strings.Contains(cookie.Value, "ABCDE") || len(cookie.Value) > 4000 {
		t.Error("the cookie can be read, or is too long to be kept")
	}
	d.who.ID = "t9"
	if shown(d.get("/console/cases/hong/print/slip")) {
		t.Error("a colleague at the same browser sees the codes")
	}
	d.who.ID = "t1"
	d.at = d.at.Add(kit.SayingLasts + time.Second)
	d.jar[slipCookie] = cookie
	if shown(d.get("/console/cases/hong/print/slip")) {
		t.Error("the codes are shown later")
	}
}

func TestPrintRoutes(t *testing.T) {
	t.Parallel()
	for _, route := range (&Console{}).printRoutes() {
		if !authz.Known(route.Act) || route.Open || route.Early || route.Handle == nil {
			t.Errorf("%s is for %q", route.Pattern, route.Act)
		}
		want := authz.PrintPaper
		if strings.Contains(route.Pattern, "slip") || strings.Contains(route.Pattern, "codes") {
			want = authz.HandOutCodes
		}
		if route.Act != want {
			t.Errorf("%s is for %q, want %q", route.Pattern, route.Act, want)
		}
	}
	if got := fmt.Sprint(businessNumber("1234567890"), businessNumber("12")); got != "123-45-6789012" {
		t.Errorf("got %s", got)
	}
}
