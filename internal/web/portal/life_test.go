package portal_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// issued takes a customer to a certificate and gives its path.
func (c *customer) issued() (path string, cert *x509.Certificate) {
	c.t.Helper()
	application := c.start()
	c.agree(application)
	c.prove(application)
	c.post(application + "/confirm")
	cert = c.certify(application)
	return "/certificates/" + serialOf(cert), cert
}

func serialOf(cert *x509.Certificate) string {
	serial := cert.SerialNumber.Text(16)
	if len(serial)%2 == 1 {
		serial = "0" + serial
	}
	return serial
}

// proveAgain gives the proofs of an application that is no issue, and is at the
// page of confirmation then.
func (c *customer) proveAgain(path string, card bool) page {
	c.t.Helper()
	if card {
		c.showCard(path).want(c.t, "card", 200, path+"/account")
	}
	c.post(path+"/account", "account", c.Account, "password", c.AccountPassword).want(c.t, "account", 200, path+"/otp")
	c.post(path+"/otp", "code", c.freshOTP()).want(c.t, "OTP", 200, path+"/phone")
	c.post(path+"/phone/code").want(c.t, "sending", 200, path+"/phone")
	return c.post(path+"/phone", "code", c.code()).want(c.t, "phone", 200, path+"/confirm")
}

// freshOTP is a one-time password that was not used yet: time goes on.
func (c *customer) freshOTP() string {
	c.t.Helper()
	forward(c.t, c.d, c.d.Clock().Now().Add(time.Minute))
	otp, ok := c.d.Simulator().OTP(c.Number)
	if !ok {
		c.t.Fatal("the token shows nothing")
	}
	return otp
}

func forward(t *testing.T, d *server.Demo, to time.Time) {
	t.Helper()
	d.Clock().Set(to)
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

var emergency = regexp.MustCompile(`<span>([0-9A-Z]{4})</span> <span>([0-9A-Z]{4})</span> <span>([0-9A-Z]{4})</span> <span>([0-9A-Z]{4})</span>`)

// TestSuspendAndResume stops a certificate, and proves who they are to have it
// back.
func TestSuspendAndResume(t *testing.T) {
	t.Parallel()
	d, log := demo(t)
	c := logIn(t, d, "hong", "ko")
	path, _ := c.issued()
	c.get(path).want(t, "valid", 200, path, path+"/suspend", path+"/revoke", path+"/code", "발급")
	c.get(path+"/renew").want(t, "too early", 200, path, "2311")
	c.get(path+"/resume").want(t, "nothing to resume", 200, path, "2306")
	until := seoul.AddMonths(d.Clock().Now(), 6).In(seoul.Zone).Format("2006년 1월 2일")
	c.get(path+"/suspend").want(t, "asks first", 200, path+"/suspend", until)
	c.post(path+"/suspend").want(t, "suspended", 200, path, "효력을 정지했어요", "badge-suspended", path+"/resume", path+"/reissue")
	c.post(path+"/suspend").want(t, "again", 200, path, "2303")
	c.get(path+"/code").want(t, "its code", 200, path+"/code")
	c.get("/advice").want(t, "advice", 200, "/advice", "have=yes", "have=no")
	serial := strings.TrimPrefix(path, "/certificates/")
	c.get("/advice?certificate="+serial+"&have=yes").want(t, "to resume", 200, "/advice?certificate="+serial+"&have=yes", path+"/resume")
	c.get("/advice?certificate="+serial+"&have=no").want(t, "to reissue", 200, "/advice?certificate="+serial+"&have=no", path+"/reissue")

	p := c.post(path + "/resume")
	application := strings.TrimSuffix(p.path, "/identity")
	p.want(t, "begun", 200, application+"/identity", "3단계 중 1단계")
	c.get(application+"/terms").want(t, "no terms", 200, application+"/terms") // read, not asked for
	c.get("/").want(t, "in progress", 200, "/", application, "효력회복")
	c.proveAgain(application, true).want(t, "to confirm", 200, application+"/confirm", "효력 회복하기")
	c.post(application+"/confirm").want(t, "resumed", 200, application+"/done", "효력을 회복했어요")
	c.post(application+"/confirm").want(t, "once more", 200, application+"/done")
	c.get(path).want(t, "valid again", 200, path, "badge-valid", "효력회복", "효력정지")
	leavesNoPerson(t, c, log)
}

// TestRevoke ends a certificate for good, with a one-time password.
func TestRevoke(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "en")
	path, _ := c.issued()
	form := path + "/revoke"
	c.get(form).want(t, "asks first", 200, form, "can't be undone")
	c.post(form, "code", "000000").want(t, "no reason", 200, form, "1047")
	c.post(form, "reason", "superseded", "sure", "yes", "code", "000000").want(t, "not for customers", 200, form, "1047")
	p := c.post(form, "reason", "key-compromise", "since", "2026-01-01", "code", "000000").want(t, "not sure", 200, form, "1048", `value="2026-01-01"`)
	if !regexp.MustCompile(`value="key-compromise" required checked`).MatchString(p.body) {
		t.Error("the reason is gone")
	}
	c.post(form, "reason", "cessation", "sure", "yes", "since", "yesterday", "code", "000000").want(t, "no day", 200, form, "2313")
	c.post(form, "reason", "cessation", "sure", "yes", "since", "2001-01-01", "code", "000000").want(t, "before its issue", 200, form, "2313")
	today := seoul.Day(d.Clock().Now()) // the day of issue: not since before the issue
	c.post(form, "reason", "key-compromise", "sure", "yes", "since", today, "code", "000000").want(t, "since today", 200, form, "3401", `value="`+today+`"`)
	c.post(form, "reason", "cessation", "sure", "yes").want(t, "no password", 200, form, "1041")
	c.post(form, "reason", "cessation", "sure", "yes", "code", "000000").want(t, "a wrong password", 200, form, "OTP")
	c.post(form, "reason", "cessation", "sure", "yes", "code", c.freshOTP()).want(t, "revoked", 200, path, "The certificate is revoked.", "badge-revoked")
	c.get(form).want(t, "once more", 200, path, "2304")
	c.get(path+"/code").want(t, "its code is gone", 200, path, "2324")
	c.get("/advice").want(t, "a new one", 200, "/advice", `href="/apply"`)
}

// TestLost stops everything: by who is logged in, and by whoever has the code.
func TestLost(t *testing.T) {
	t.Parallel()
	d, log := demo(t)
	c := logIn(t, d, "hong", "ko")
	c.get("/lost").want(t, "nothing yet", 200, "/lost", "정지할 인증서가 없어요")
	c.post("/lost", "all", "yes").want(t, "nothing at all", 200, "/lost/done", "정지할 인증서가 없어요", "내 인증서 보기")
	path, _ := c.issued()
	shown := c.get(path + "/code")
	groups := emergency.FindStringSubmatch(shown.body)
	if groups == nil || !strings.Contains(shown.header.Get("Cache-Control"), "no-store") {
		t.Fatalf("no emergency code is shown, or the browser may keep it: %q", shown.header.Get("Cache-Control"))
	}
	code := strings.Join(groups[1:], "-")

	stranger := newBrowser(t, d, "ko")
	stranger.get("/lost").want(t, "a fresh browser", 200, "/lost", "비상 코드", "/login?next=/lost")
	stranger.get("/lost/done").want(t, "nothing was done", 200, "/lost")
	stranger.post("/lost", "code", "").want(t, "empty", 200, "/lost", "1041")
	stranger.post("/lost", "code", strings.Repeat("A", 300)).want(t, "long", 200, "/lost", "2321")
	stranger.post("/lost", "code", code[:len(code)-1]+"~").want(t, "mistyped", 200, "/lost", "2321")
	stranger.post("/lost", "all", "yes").want(t, "without a session", 200, "/login?next=%2Flost")
	typed := strings.ToLower(strings.NewReplacer("-", " ", "0", "o", "1", "l").Replace(code))
	done := stranger.post("/lost", "code", typed).want(t, "by code", 200, "/lost/done", "인증서를 모두 정지했어요", "은행·신용카드·보험용")
	if strings.Contains(done.body, c.Name) || strings.Contains(done.body, strings.TrimPrefix(path, "/certificates/")) {
		t.Error("whoever has the code learns whose it is")
	}
	if !strings.Contains(done.body, "휴대폰과 메일로도") {
		t.Error("nobody says that the owner was told")
	}
	stranger.get("/lost/done").want(t, "said once", 200, "/lost")
	stranger.post("/lost", "code", code).want(t, "again", 200, "/lost/done", "이미 모두 정지되어 있어요")
	c.get(path).want(t, "suspended", 200, path, "badge-suspended", "분실 신고로 효력정지", "비상 코드", path+"/reissue")
	c.get("/").want(t, "what to do", 200, "/", path+"/reissue")
	c.post("/lost", "all", "yes").want(t, "logged in", 200, "/lost/done", path+"/reissue")
	for _, b := range []*browser{c.browser, stranger} {
		for _, where := range append(b.seen, b.heard...) {
			if strings.Contains(where, code) || strings.Contains(where, groups[1]) {
				t.Errorf("an address holds the code: %s", where)
			}
		}
	}
	if strings.Contains(log.String(), code) || strings.Contains(log.String(), strings.Join(groups[1:], "")) {
		t.Error("the log holds the code")
	}
}

// TestLostGuessing guesses: what can't be a code costs nothing, each wrong code
// gets the same answer, and after some of them there is none, not even for the
// right one.
func TestLostGuessing(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "en")
	path, _ := c.issued()
	real := strings.Join(emergency.FindStringSubmatch(c.get(path + "/code").body)[1:], "")
	b := newBrowser(t, d, "en")
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for n := range 7 {
		guess := strings.Repeat(letters[n+3:n+4], 15)
		i := strings.IndexFunc(letters, func(r rune) bool { _, err := lifecycle.ParseCode(guess + string(r)); return err == nil })
		b.post("/lost", "code", guess+letters[(i+1)%32:][:1]).want(t, "no code", 200, "/lost", "2321")
		want := "2322"
		if n >= 5 {
			want = "2323"
		}
		b.post("/lost", "code", guess+letters[i:i+1]).want(t, "a guess", 200, "/lost", want)
	}
	b.post("/lost", "code", real).want(t, "the right one", 200, "/lost", "2323")
	c.get(path).want(t, "untouched", 200, path, "badge-valid")
}

// TestLostFromOneLine counts tries by customer line and not by address: whoever
// has an IPv6 network has more addresses than anybody could lock. Besides, a line
// knocks only so often, whatever it tries.
func TestLostFromOneLine(t *testing.T) {
	t.Parallel()
	behind := func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	guess := func(b *browser, network string, n int) page {
		code := strings.Repeat(string(rune('A'+n)), 15)
		for _, last := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
			if _, err := lifecycle.ParseCode(code + string(last)); err == nil {
				return b.do("POST", "/lost", urlencoded, []byte(form("code", code+string(last))), "X-Forwarded-For", fmt.Sprintf("%s::%d", network, n+1))
			}
		}
		b.t.Fatal("no last letter fits")
		return page{}
	}
	d, _ := demo(t, behind)
	b := newBrowser(t, d, "en")
	for n := range 7 {
		want := "2322"
		if n >= 5 {
			want = "2323"
		}
		guess(b, "2001:db8:0:1", n).want(t, "a guess", 200, "/lost", want)
	}
	guess(b, "2001:db8:0:2", 0).want(t, "another line", 200, "/lost", "2322")

	d, _ = demo(t, behind, func(c *server.Config) { c.Limits.Logins = server.Rate{PerMinute: 1, Burst: 3} })
	b = newBrowser(t, d, "en")
	for n := range 4 {
		want := "2322"
		if n == 3 {
			want = "1006"
		}
		guess(b, "2001:db8:0:1", n).want(t, "knocking", 200, "/lost", want)
	}
}

// TestRenewAndReissue goes both ways with forms, the API and two keys.
func TestRenewAndReissue(t *testing.T) {
	t.Parallel()
	d, log := demo(t)
	c := logIn(t, d, "hong", "ko")
	path, old := c.issued()
	forward(t, d, old.NotAfter.AddDate(0, 0, -6).Add(-6*time.Hour)) // not at the edge of a day
	c = logIn(t, d, "hong", "ko")                                   // the session has ended long ago
	c.get(path+"/suspend").want(t, "suspended it ends", 200, path+"/suspend", old.NotAfter.In(seoul.Zone).Format("2006년 1월 2일"), "그날 유효기간이 끝나요")
	until := seoul.AddYears(old.NotAfter, 1).In(seoul.Zone).Format("2006년 1월 2일")
	c.get("/").want(t, "what to do", 200, "/", path+"/renew", "6일")
	c.get("/certificates").want(t, "the list", 200, "/certificates", path+"/renew", until)
	c.get(path+"/renew").want(t, "asks first", 200, path+"/renew", until)
	p := c.post(path + "/renew")
	application := strings.TrimSuffix(p.path, "/terms")
	p.want(t, "begun", 200, application+"/terms")
	c.get(path+"/reissue").want(t, "another is open", 200, path+"/reissue", application)
	c.post(path+"/reissue").want(t, "two at once", 200, path+"/reissue", "2108")
	c.agree(application).want(t, "terms", 200, application+"/identity", "세 가지")
	c.proveAgain(application, false).want(t, "confirm", 200, application+"/confirm", until)
	c.post(application+"/confirm").want(t, "key", 200, application+"/key", `renews="`+serialOf(old)+`"`)

	key, err := testKeys["hong"]()
	if err != nil {
		t.Fatal(err)
	}
	fresh := c.requestOf(application, "renewed")
	for body, code := range map[string]string{`"`: "1022", `","type":"application/pkcs7-mime"`: "2146"} {
		unsigned := c.do("POST", apiOf(application)+"/certificate", "application/json",
			[]byte(`{"csr":"`+base64.StdEncoding.EncodeToString(fresh)+body+`}`), "Accept", "application/json")
		if !strings.Contains(unsigned.body, code) {
			t.Errorf("without the old key: %d %s", unsigned.status, unsigned.body)
		}
	}
	signed, err := cms.Sign(fresh, old, key, cms.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	renewed := c.sendRequest(application, signed, `,"type":"application/pkcs7-mime"`)
	if want := seoul.AddYears(old.NotAfter, 1); !renewed.NotAfter.Equal(want) {
		t.Errorf("it ends %s, want %s", renewed.NotAfter, want)
	}
	newPath := "/certificates/" + serialOf(renewed)
	done := c.get(application).want(t, "done", 200, application+"/done", "인증서를 갱신했어요", `replaces="`+serialOf(old)+`"`)
	if !emergency.MatchString(done.body) {
		t.Error("no emergency code is shown")
	}
	c.get(path).want(t, "the old one", 200, path, "badge-revoked", newPath, "새 인증서로 바뀌어 폐지")
	c.get("/certificates").want(t, "both", 200, "/certificates", path, newPath, "갱신으로 발급")

	p = c.post(newPath + "/reissue")
	application = strings.TrimSuffix(p.path, "/terms")
	c.agree(application)
	c.proveAgain(application, true).want(t, "confirm", 200, application+"/confirm", until)
	c.post(application + "/confirm")
	reissued := c.sendRequest(application, c.requestOf(application, "reissued"))
	if !reissued.NotAfter.Equal(renewed.NotAfter) {
		t.Errorf("it ends %s, want %s", reissued.NotAfter, renewed.NotAfter)
	}
	c.get(application).want(t, "done", 200, application+"/done", "인증서를 재발급했어요")
	c.get(newPath).want(t, "replaced", 200, newPath, "badge-revoked", serialOf(reissued))
	leavesNoPerson(t, c, log)
}

// TestNotices chooses how to be told, and sees what was told.
func TestNotices(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "ko")
	const page = "/settings/notices"
	c.get(page).want(t, "none yet", 200, page, "아직 보낸 알림이 없어요")
	c.issued()
	c.get(page).want(t, "told", 200, page, "인증서를 발급했어요", "은행·신용카드·보험용")
	c.post(page, "lang", "en").want(t, "no channel", 200, page, "2801")
	c.post(page, "message", "yes", "lang", "fr").want(t, "no language", 200, page, "2803")
	p := c.post(page, "message", "yes", "lang", "en").want(t, "chosen", 200, page, "알림 설정을 저장했어요")
	if !strings.Contains(p.body, `name="message" value="yes" checked`) || strings.Contains(p.body, `name="mail" value="yes" checked`) ||
		!strings.Contains(p.body, `value="en" checked`) {
		t.Errorf("the choice is not shown\n%s", p.main())
	}
}
