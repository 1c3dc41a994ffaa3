package attacks_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/pki/cms"
)

// anyLead are the tags that carry where something leads.
var anyLead = regexp.MustCompile(`<(?:input|ingam-[a-z-]+|button|a) [^>]*>`)

// pokes are texts that would be markup, script or a template where they are not
// escaped: in a text, in an attribute, in a script, in a link. inspectPage finds
// them in any page.
var pokes = []string{
	`"'><evil-tag evil=1 onpoke=alert(1)><svg onload=alert(1)>`,
	`" evil="1" onfocus="alert(1)" autofocus x="`,
	`</script><script>alert(1)</script><!--`,
	`javascript:alert(1)//{{.}}{{7*7}}${7*7}`,
}

// "What I type comes back in the page: beside the field, as the value of the
// field, in the address. Somewhere it comes back as it was."
func TestScriptInFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	kim, nobody := w.customer("kim"), w.browser("ko")
	id := kim.apply()
	at := "/apply/" + id
	came := 0 // pokes that came back, escaped
	look := func(b *browser, s shown, poke string) {
		t.Helper()
		for range 3 {
			if s.says(poke) {
				came++
			}
			if s.status != http.StatusSeeOther {
				break
			}
			s = b.get(s.to())
		}
		if s.status >= 500 {
			t.Errorf("%q: %d", poke, s.status)
		}
	}
	for n, poke := range pokes {
		for _, form := range []struct {
			path   string
			fields []string
		}{
			{"/login", []string{"loginId", poke, "password", "x", "next", "/apply"}},
			{"/login", []string{"loginId", poke, "password", poke, "next", poke, poke, poke}},
			{"/settings", []string{"lang", poke, "look", poke, "back", poke}},
			{"/settings", []string{"back", "/" + poke}},
			{"/apply", []string{"kind", poke}},
			{at + "/terms", []string{"terms", poke, "version." + poke, poke, "sha256." + poke, poke}},
			{at + "/account", []string{"account", poke, "password", poke}},
			{at + "/account", []string{"account", kim.s.Account, "password", poke}},
			{at + "/otp", []string{"code", poke}},
			{at + "/phone", []string{"code", poke}},
		} {
			look(nobody, nobody.post(form.path, form.fields...), poke)
			look(kim, kim.post(form.path, form.fields...), poke)
		}
		card := kim.cardForm()
		for field := 1; field < len(card); field += 2 {
			if card[field-1] == "name" && n > 0 { // a name can be anything: each is a try
				continue
			}
			changed := append([]string(nil), card...)
			changed[field] = poke
			look(kim, kim.upload(at+"/id-card", []file{{"image", "card.png", "image/png", picture}}, changed...), poke)
		}
		for _, name := range []string{quoted(poke), "../../" + quoted(poke), "a.html"} {
			look(kim, kim.upload(at+"/id-card", []file{{"image", name, "text/html", []byte("<html>" + poke)}}, card...), poke)
		}
		for _, what := range []file{{"signature", quoted(poke), "text/html", []byte(poke)}, {"content", quoted(poke), "text/html", []byte(poke)}, {quoted(poke), "x", "text/html", []byte(poke)}} {
			s := nobody.uploadFrom("/verify", []file{what}, "text", poke)
			look(nobody, s, poke)
		}
	}
	if came < 8 {
		t.Errorf("only %d texts came back at all: the attack does not reach the pages", came)
	}
	kim.goesOn()
}

// quoted is a text as it stands in the name of a part.
func quoted(s string) string { return strings.NewReplacer("\\", "\\\\", `"`, "%22").Replace(s) }

// uploadFrom is upload from an address of its own: who asks for verifications
// is slowed down.
func (b *browser) uploadFrom(path string, files []file, fields ...string) shown {
	b.w.t.Helper()
	b.extra = []func(*http.Request){b.w.from()}
	defer func() { b.extra = nil }()
	return b.upload(path, files, fields...)
}

// "What the browser sends by itself I send by hand: languages, cookies, names
// of hosts, paths, methods."
func TestScriptInHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, nobody := w.customer("hong"), w.browser("ko")
	paths := []string{"/", "/login", "/center", "/wallet", "/verify", "/apply", "/no-such-page", "/assets/none", "/manifest.webmanifest"}
	for _, poke := range pokes {
		for _, change := range []func(*http.Request){
			header("Accept-Language", poke), header("Accept-Language", "en;q="+poke), header("Accept-Language", strings.Repeat("en-"+poke+",", 200)),
			with("ingam_lang", "x"), raw(`ingam_lang="` + poke + `"; ingam_look=` + poke + `; ingam_said=` + poke),
			raw("ingam_look=" + base64.RawURLEncoding.EncodeToString([]byte(poke))), raw("ingam_lang=en\t; ingam_look=dark evil"),
			header("User-Agent", poke), header("Referer", "http://127.0.0.1/"+poke), header("X-Forwarded-Host", poke), header("X-Forwarded-Proto", poke), header("Forwarded", poke),
			func(r *http.Request) { r.Host = "evil.example" }, header("X-Original-URL", "/"+poke), header("X-Request-Id", poke),
		} {
			for _, path := range paths[:4+len(poke)%6] {
				if s := nobody.get(path, change); s.status >= 500 || bytes.Contains(s.body, []byte("evil")) {
					t.Errorf("%s: %d, or it repeats what was sent", path, s.status)
				}
			}
		}
		escaped := strings.NewReplacer("%", "%25", " ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "{", "%7B", "}", "%7D", "#", "%23", "?", "%3F").Replace(poke)
		for _, path := range []string{"/" + escaped, "/apply/" + escaped, "/apply/" + escaped + "/terms", "/certificates/" + escaped, "/assets/" + escaped, "/login?next=/" + escaped,
			"/login?next=" + escaped + "&ended=" + escaped, "/verify?text=" + escaped, "/?" + escaped, "/wallet?" + escaped, "/api/v1/" + escaped} {
			for _, b := range []*browser{nobody, hong} {
				if s := b.get(path); s.status >= 500 || strings.Contains(string(s.body), "<evil") {
					t.Errorf("%s: %d", path, s.status)
				}
			}
		}
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "TRACE", "EVIL"} {
		nobody.turnedAwayBy(nobody.ask(method, "/apply", urlencoded, []byte{}), refusal{405, 1002, "wrong-method"})
	}
	hong.goesOn()
}

// "It need not come back at once. I give my passkey a name, sign a text, make
// myself a CA with a name, or have the bank change mine; whoever looks at it
// later runs what I wrote."
func TestStoredScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	hong := w.holder("hong")
	visitor, kim := w.browser("en"), w.customer("kim")
	for n, poke := range pokes {
		signed, err := cms.Sign([]byte(poke), hong.cert, hong.key, cms.SignOptions{})
		page := visitor.uploadFrom("/verify", []file{{"signature", "a.p7s", "application/pkcs7-signature", must(w, signed, err)}})
		if page.status != 200 || !page.says(poke) || !page.says("홍길동") {
			t.Errorf("%q, signed: %d, shown as it is: %v", poke, page.status, page.says(poke))
		}
		ca := &x509.Certificate{SerialNumber: big.NewInt(int64(n) + 1), Subject: pkix.Name{CommonName: poke, Organization: []string{poke}, Country: []string{"KR"}},
			NotBefore: w.clock.Now().Add(-time.Hour), NotAfter: w.clock.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
		der, err := x509.CreateCertificate(rand.Reader, ca, ca, testKeys[1]().Public(), testKeys[1]())
		self, err := x509.ParseCertificate(must(w, der, err))
		signed, err = cms.Sign([]byte("a text"), must(w, self, err), testKeys[1](), cms.SignOptions{})
		page = visitor.uploadFrom("/verify", []file{{"signature", "b.p7s", "", must(w, signed, err)}})
		if page.status != 200 || !page.says("alert(1)") {
			t.Errorf("%q, as the name of a CA: %d", poke, page.status)
		}
		a := visitor.send("POST", "/api/v1/verifications", fmt.Appendf(nil, `{"signature":%q}`, base64.StdEncoding.EncodeToString(signed)), w.from())
		if a.status != 200 || bytes.ContainsAny(a.body, "<>") {
			t.Errorf("%q: the API answers %d: %s", poke, a.status, a.body)
		}
		w.vault.keep("name of a passkey", poke[:min(len(poke), 40)])
		if added := hong.atName().addPasskey(hong.device(), poke[:min(len(poke), 40)]); added.status != 201 || bytes.ContainsAny(added.body, "<>") {
			t.Errorf("%q, as the name of a passkey: %d %s", poke, added.status, added.body)
		}
		named := w.sample([]string{"choi", "noh", "jang", "seo"}[n]) // who has not been here yet
		w.Simulator().Update(named.Number, func(s *simulator.Sample) { s.Name, s.RomanName = poke, poke })
		renamed := w.customer(named.LoginID)
		renamed.post("/apply", "kind", "personal-bank") // the bank is asked who they are
		for _, path := range []string{"/", "/center", "/certificates", "/apply"} {
			if page := renamed.get(path); page.status != 200 || !page.says(poke) {
				t.Errorf("%q, as the customer's name: %s: %d, shown as it is: %v", poke, path, page.status, page.says(poke))
			}
		}
	}
	if a := hong.send("GET", "/api/v1/passkeys", nil); a.status != 200 || bytes.ContainsAny(a.body, "<>") || !bytes.Contains(a.body, []byte("onpoke")) {
		t.Errorf("the list of passkeys: %d %s", a.status, a.body)
	}
	kim.goesOn()
}
