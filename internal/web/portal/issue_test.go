package portal_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

func newKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// testKeys are made once for all tests; a key belongs to one person.
var testKeys = map[string]func() (*rsa.PrivateKey, error){"hong": sync.OnceValues(newKey), "kim": sync.OnceValues(newKey),
	"renewed": sync.OnceValues(newKey), "reissued": sync.OnceValues(newKey)}

// certify does what the key page's element does, by the API with the browser's
// cookies, and gives the certificate.
func (c *customer) certify(path string) *x509.Certificate {
	c.t.Helper()
	return c.sendRequest(path, c.requestOf(path, c.LoginID))
}

// requestOf makes a request for one of the test's keys.
func (c *customer) requestOf(path, keyName string) []byte {
	c.t.Helper()
	var wanted struct {
		Challenge     string
		KMCertificate []byte
	}
	c.call(apiOf(path)+"/key-request", ``, &wanted)
	km, err := x509.ParseCertificate(wanted.KMCertificate)
	if err != nil {
		c.t.Fatal(err)
	}
	key, err := testKeys[keyName]()
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	sealed, err := npki.EncryptVID(rand.Reader, km, r)
	if err != nil {
		c.t.Fatal(err)
	}
	csr, err := pkcs10.Create(rand.Reader, key, wanted.Challenge, sealed)
	if err != nil {
		c.t.Fatal(err)
	}
	return csr
}

func apiOf(path string) string { return "/api/v1/applications/" + strings.TrimPrefix(path, "/apply/") }

// sendRequest gives the certificate for a request, with what else stands beside
// it: that of a renewal says that it is signed.
func (c *customer) sendRequest(path string, request []byte, more ...string) *x509.Certificate {
	c.t.Helper()
	var made struct{ Certificate []byte }
	c.call(apiOf(path)+"/certificate", `{"csr":"`+base64.StdEncoding.EncodeToString(request)+`"`+strings.Join(more, "")+`}`, &made)
	cert, err := x509.ParseCertificate(made.Certificate)
	if err != nil {
		c.t.Fatal(err)
	}
	return cert
}

func (c *customer) call(path, body string, into any) {
	c.t.Helper()
	p := c.do("POST", path, "application/json", []byte(body), "Accept", "application/json")
	if p.status > 201 {
		c.t.Fatalf("%s: status %d: %s", path, p.status, p.body)
	}
	if err := json.Unmarshal([]byte(p.body), into); err != nil {
		c.t.Fatal(err)
	}
}

// TestIssue is the whole way of a customer whose browser has no script: forms
// up to the key page, the API for the key, and the pages after it.
func TestIssue(t *testing.T) {
	t.Parallel()
	d, log := demo(t)
	for _, tt := range []struct{ lang, login, next string }{{"ko", "hong", "다음"}, {"en", "kim", "Next"}} {
		t.Run(tt.lang, func(t *testing.T) {
			t.Parallel()
			c := logIn(t, d, tt.login, tt.lang)
			path := c.start()
			again := c.post("/apply", "kind", "personal-bank").want(t, "applying again", 200, path+"/terms")
			if again.header.Get("Content-Language") != tt.lang || !strings.Contains(again.body, `<html lang="`+tt.lang+`"`) {
				t.Error("the page is in another language")
			}
			c.agree(path).want(t, "terms", 200, path+"/identity")
			confirm := c.prove(path)
			number := c.IdentityNumber
			confirm.want(t, "confirm", 200, path+"/confirm", number[:6]+"-"+number[6:7]+"●●●●●●", c.Name)
			if strings.Contains(confirm.body, number) || strings.Contains(confirm.body, number[6:]) {
				t.Error("the number is shown whole")
			}
			c.post(path+"/confirm").want(t, "confirmed", 200, path+"/key", "<ingam-issue")
			cert := c.certify(path)
			serial := cert.SerialNumber.Text(16)
			if len(serial)%2 == 1 {
				serial = "0" + serial
			}
			c.get(path).want(t, "done", 200, path+"/done", serial, c.Name, "<ingam-finish")
			c.get("/certificates").want(t, "list", 200, "/certificates", "/certificates/"+serial, c.Name)
			c.get("/certificates/"+serial).want(t, "one", 200, "/certificates/"+serial, c.Name, "RSA 2048")
			c.get("/center").want(t, "center", 200, "/center", "/certificates/"+serial)
			held := c.post("/apply", "kind", "personal-bank").want(t, "a second one", 200, "/apply", "4001")
			if !strings.Contains(held.body, `value="personal-bank"`) {
				t.Error("the choice is gone")
			}
			sealAndVerify(t, c, cert)
			leavesNoPerson(t, c, log)
		})
	}
}

// sealAndVerify has a signature checked by the page: as a file, as text, and
// with a letter changed.
func sealAndVerify(t *testing.T, c *customer, cert *x509.Certificate) {
	t.Helper()
	key, err := testKeys[c.LoginID]()
	if err != nil {
		t.Fatal(err)
	}
	text := "이체 금액은 30,000원이에요. <b>확인</b>"
	message, err := cms.Sign([]byte(text), cert, key, cms.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := c.upload("/verify", "signature", message).want(t, "verify", 200, "/verify", `data-verdict="valid"`, c.Name, text)
	if strings.Contains(p.body, "<b>확인") {
		t.Error("what was signed is part of the page")
	}
	c.upload("/verify", "nothing", nil, "text", base64.StdEncoding.EncodeToString(message)).want(t, "as text", 200, "/verify", `data-verdict="valid"`)
	c.upload("/verify", "nothing", nil, "text", strings.Repeat("AAAA", 1<<19)).want(t, "a long text", 200, "/verify", `data-verdict="invalid"`)
	changed := []byte(strings.Replace(string(message), "30,000", "90,000", 1))
	c.upload("/verify", "signature", changed).want(t, "changed", 200, "/verify", `data-verdict="invalid"`)
	c.upload("/verify", "signature", []byte("no signature")).want(t, "nonsense", 200, "/verify", `data-verdict="invalid"`)
	detached, err := cms.Sign([]byte(text), cert, key, cms.SignOptions{Detached: true})
	if err != nil {
		t.Fatal(err)
	}
	c.upload("/verify", "signature", detached).want(t, "without its content", 200, "/verify", `data-verdict="unknown"`)
	c.upload("/verify", "signature", nil).want(t, "nothing", 200, "/verify", "1046")
}

// leavesNoPerson looks for persons and secrets where they do not belong: in
// addresses and in the log.
func leavesNoPerson(t *testing.T, c *customer, log *journal) {
	t.Helper()
	secrets := []string{c.Name, c.IdentityNumber, c.IdentityNumber[6:], c.Password, c.Phone, c.Mail, c.Account, c.code()}
	for _, secret := range secrets {
		for _, where := range append(append([]string{}, c.seen...), c.heard...) {
			if strings.Contains(where, secret) {
				t.Errorf("an address holds %q: %s", secret, where)
			}
		}
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(log.String(), "POST /apply/{id}/id-card") {
		t.Error("the log does not say which route was taken")
	}
}

// TestResume goes on in another browser, and in two at once.
func TestResume(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	phone := logIn(t, d, "hong", "ko")
	path := phone.start()
	phone.get("/").want(t, "home", 200, "/", path)
	terms := phone.get(path + "/terms")
	phone.agree(path)
	phone.showCard(path).want(t, "card", 200, path+"/account")

	computer := logIn(t, d, "hong", "en")
	computer.get("/apply").want(t, "the list", 200, "/apply", `href="`+path+`"`)
	computer.get(path).want(t, "resume", 200, path+"/identity", path+"/account")
	// A step that is done leads on, one that is not yet to be done leads back;
	// neither is an error.
	computer.get(path+"/id-card").want(t, "done already", 200, path+"/account", "done already")
	computer.get(path+"/key").want(t, "too early", 200, path+"/identity", "comes first")
	computer.get(path+"/done").want(t, "too early", 200, path+"/identity")
	computer.post(path+"/confirm").want(t, "too early", 200, path+"/identity", "comes first")
	computer.get(path+"/terms").want(t, "read again", 200, path+"/terms")
	computer.showCard(path).want(t, "card again", 200, path+"/account")
	computer.post(path+"/terms", terms.consent(terms.values("terms")...)...).want(t, "terms again", 200, path+"/identity")

	// The phone's code is asked for here and typed there.
	computer.post(path+"/phone/code").want(t, "sending", 200, path+"/phone", `name="code"`)
	phone.get(path+"/phone").want(t, "the other screen", 200, path+"/phone", `name="code"`, "-****-")
	phone.post(path+"/phone", "code", phone.code()).want(t, "phone", 200, path+"/account")
	computer.post(path+"/phone", "code", computer.code()).want(t, "phone again", 200, path+"/account")
	computer.post(path+"/phone/code").want(t, "a code too many", 200, path+"/identity")

	phone.post(path+"/abandon").want(t, "abandon", 200, "/apply", "신청을 취소했어요")
	computer.post(path+"/account", "account", computer.Account, "password", computer.AccountPassword).
		want(t, "after the end", 200, path, "2103")
	computer.get(path+"/otp").want(t, "after the end", 200, path, "2103")
	computer.post(path+"/abandon").want(t, "abandon again", 200, "/apply")
}

// TestRefusedFields gives wrong answers: each is said at its field, with the
// tries left, and what was typed is there again, but no secret and no number.
func TestRefusedFields(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "ko")
	path := c.start()
	p := c.post(path+"/terms").want(t, "no terms", 200, path+"/terms", "2121")
	if checked := regexp.MustCompile(`name="terms"[^>]* checked`).FindAllString(p.body, -1); len(checked) != 0 {
		t.Errorf("%d terms are ticked", len(checked))
	}
	shown := c.get(path + "/terms")
	p = c.post(path+"/terms", shown.consent(shown.values("terms")[0])...).want(t, "one of the terms", 200, path+"/terms", "2121")
	if checked := regexp.MustCompile(`name="terms"[^>]* checked`).FindAllString(p.body, -1); len(checked) != 1 {
		t.Errorf("%d terms are ticked, one was", len(checked))
	}
	c.agree(path)

	c.post(path+"/account", "account", "9990000000001", "password", "").want(t, "no password", 200, path+"/account", "1041", `id="password-error"`, `value="9990000000001"`)
	p = c.post(path+"/account", "account", c.Account, "password", "9182").want(t, "wrong password", 200, path+"/account", "3301", "4번 더", `value="`+c.Account+`"`)
	if regexp.MustCompile(`\b9182\b`).MatchString(p.body) {
		t.Error("the password is in the page")
	}
	c.get(path+"/account").want(t, "reload", 200, path+"/account")
	number := regexp.MustCompile(`\b3301\b`) // a port in an address may have these digits, too
	if again := c.get(path + "/account"); number.MatchString(again.body) || strings.Contains(again.body, c.Account) {
		t.Error("what was said once is said again")
	}
	c.post(path+"/account", "account", c.Account, "password", "9182").want(t, "wrong again", 200, path+"/account", "3번 더")

	picture := []byte("\x89PNG no picture")
	p = c.upload(path+"/id-card", "image", picture, "document", "resident-card", "number", "8503141999999", "name", "홍길동", "issueDate", "20190722").
		want(t, "no picture", 200, path+"/id-card", `id="image-error"`, `value="홍길동"`, `value="20190722"`)
	if strings.Contains(p.body, "8503141999999") {
		t.Error("the number is in the page")
	}
	for _, tt := range []struct{ what, document, number, issued, field, code string }{
		{"no document", "", "8503141000011", "20190722", "document", "1044"},
		{"a short number", "resident-card", "850314", "20190722", "number", "1052"},
		{"no such day", "resident-card", "8503141000011", "20190732", "issueDate", "1053"},
		{"no number", "resident-card", "", "20190722", "number", "1041"},
		{"no licence number", "drivers-licence", "8503141000011", "20190722", "licence", "1041"},
	} {
		c.upload(path+"/id-card", "image", picture, "document", tt.document, "number", tt.number, "name", "홍길동", "issueDate", tt.issued).
			want(t, tt.what, 200, path+"/id-card", tt.code, `id="`+tt.field+`-error"`)
	}
	c.upload(path+"/id-card", "image", nil, "document", "resident-card", "number", "8503141000011", "name", "홍길동", "issueDate", "20190722").
		want(t, "no file", 200, path+"/id-card", "1043", `id="image-error"`)
	c.upload(path+"/id-card", "image", make([]byte, 8<<20+1), "name", "홍길동").want(t, "a large file", 200, path+"/id-card", "3012", `value="홍길동"`)

	lost := logIn(t, d, "park", "en")
	lostPath := lost.start()
	lost.agree(lostPath)
	lost.showCard(lostPath).want(t, "a lost card", 200, lostPath, "3202", "reported lost")
	lost.get(lostPath+"/account").want(t, "the end", 200, lostPath, "2104")
}

// TestLocked guesses until a factor is locked: the overview says so, and leads
// to what can still be done.
func TestLocked(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "ko")
	path := c.start()
	c.agree(path)
	for range 5 {
		c.post(path+"/account", "account", c.Account, "password", "9182")
	}
	link := func(page string) string { return `href="` + path + "/" + page + `"` }
	p := c.get(path+"/identity").want(t, "locked", 200, path+"/identity", "까지 잠겼어요", link("id-card"))
	if strings.Contains(p.body, link("account")) {
		t.Error("it leads to what is locked")
	}
	c.showCard(path).want(t, "card", 200, path+"/otp") // past the account
	otp, _ := d.Simulator().OTP(c.Number)
	c.post(path+"/otp", "code", otp).want(t, "OTP", 200, path+"/phone")
	c.post(path + "/phone/code")
	p = c.post(path+"/phone", "code", c.code()).want(t, "nothing is left but what is locked", 200, path+"/identity", "까지 잠겼어요")
	if strings.Contains(p.body, link("confirm")) || strings.Contains(p.body, link("account")) {
		t.Errorf("it leads on:\n%s", p.main())
	}
	other := logIn(t, d, "kim", "ko")
	path = other.start()
	other.agree(path).want(t, "another customer", 200, path+"/identity", link("account"))
}

// TestTwice sends each form a second time, as the back button would: nothing
// happens twice and nothing is an error.
func TestTwice(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "ko")
	path := c.start()
	terms := c.get(path + "/terms")
	c.agree(path)
	c.post(path+"/terms", terms.consent(terms.values("terms")[0])...).want(t, "other terms", 200, path+"/identity")
	c.prove(path)
	c.post(path+"/account", "account", c.Account, "password", "0000").want(t, "account", 200, path+"/confirm")
	c.post(path+"/otp", "code", "000000").want(t, "OTP", 200, path+"/confirm")
	c.post(path+"/confirm").want(t, "confirm", 200, path+"/key")
	c.post(path+"/confirm").want(t, "confirm again", 200, path+"/key")
	c.get(path+"/confirm").want(t, "look at it again", 200, path+"/confirm")
	c.certify(path)
	c.post(path+"/confirm").want(t, "after the issue", 200, path+"/done")
	c.post(path+"/abandon").want(t, "abandon after the issue", 200, path+"/done")
	c.get(path+"/key").want(t, "key after the issue", 200, path+"/done")
}
