package portal_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestHeaders looks at what comes with each sort of answer.
func TestHeaders(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "ko")
	path := c.start()
	c.agree(path)
	answers := map[string]page{
		"home":         c.get("/"),
		"login":        newBrowser(t, d, "ko").get("/login"),
		"form":         c.get(path + "/account"),
		"wallet":       c.get("/wallet"),
		"missing":      c.get("/no-such-page"),
		"method":       c.once("PUT", "/apply", urlencoded, nil),
		"cross-origin": c.once("POST", "/apply", urlencoded, nil, "Sec-Fetch-Site", "cross-site"),
		"too large":    c.do("POST", "/apply", urlencoded, make([]byte, 9<<20+1)),
		"redirection":  c.once("GET", path, "", nil),
		"refused form": c.once("POST", path+"/account", urlencoded, nil),
	}
	for what, p := range answers {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
		} {
			if got := p.header.Get(name); got != want && (what != "too large" || name == "X-Content-Type-Options") {
				t.Errorf("%s: %s is %q, want %q", what, name, got, want)
			}
		}
		csp := p.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", what, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %q lets too much in", what, csp)
		}
		if !strings.HasPrefix(p.header.Get("Permissions-Policy"), "camera=(self)") || p.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", what, p.header)
		}
		kept := what == "wallet"
		if got := p.header.Get("Cache-Control"); kept && got != "private, no-cache" || !kept && got != "no-store" {
			t.Errorf("%s: Cache-Control is %q", what, got)
		}
		if inline := regexp.MustCompile(`<script>|<style| style="| on[a-z]+="|javascript:`).FindString(p.body); inline != "" {
			t.Errorf("%s: %q in the page", what, inline)
		}
	}
	for _, cookie := range (&http.Response{Header: answers["refused form"].header}).Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Name == "ingam_said" && cookie.Path != path+"/account" {
			t.Errorf("cookie %v", cookie)
		}
	}
	api := c.get("/api/v1/session", "Accept", "text/html")
	if !strings.HasPrefix(api.header.Get("Content-Security-Policy"), "default-src 'none'; frame-ancestors") || api.header.Get("Content-Type") != "application/json" {
		t.Errorf("the API: %v", api.header)
	}
}

// TestShells sees that the wallet's page is the same for everybody, so that a
// browser may keep it.
func TestShells(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "ko")
	nobody := newBrowser(t, d, "ko")
	for _, path := range []string{"/wallet", "/sign", "/help/browser-key", "/offline"} {
		hers, theirs := c.get(path), nobody.get(path)
		if hers.body != theirs.body || strings.Contains(hers.body, c.Name) || len(hers.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s knows who asks", path)
		}
		if again := c.get(path, "If-None-Match", hers.header.Get("ETag")); again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s: asked again: status %d", path, again.status)
		}
		if again := c.get(path, "If-None-Match", `"other", `+strings.TrimPrefix(hers.header.Get("ETag"), "W/")); again.status != http.StatusNotModified {
			t.Errorf("%s: asked again with two tags: status %d", path, again.status)
		}
		if english := newBrowser(t, d, "en").get(path, "If-None-Match", hers.header.Get("ETag")); english.status != 200 {
			t.Errorf("%s in English: status %d", path, english.status)
		}
	}
}

// TestFiles asks for what pages load, more often than anything else may be
// asked for.
func TestFiles(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	b := newBrowser(t, d, "ko")
	home := b.get("/")
	for _, found := range regexp.MustCompile(`(?:href|src)="(/assets/[^"]+\.(?:css|js))"`).FindAllStringSubmatch(home.body, -1) {
		file := b.get(found[1])
		if file.status != 200 || !strings.Contains(file.header.Get("Cache-Control"), "immutable") || file.header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: status %d, %v", found[1], file.status, file.header)
		}
	}
	for range 400 {
		if p := b.get("/icon.svg"); p.status != 200 {
			t.Fatalf("a file: status %d", p.status)
		}
	}
	for _, path := range []string{"/assets/", "/assets/x/y", "/assets/../go.mod", "/assets/0123456789abcdef/../../x", "/assets/0123456789abcdef/none.js"} {
		p := b.get(path)
		for p.status == http.StatusMovedPermanently || p.status == http.StatusTemporaryRedirect {
			p = b.get(p.header.Get("Location"))
		}
		if p.status != 404 || !strings.Contains(p.body, "<main") || p.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, %v", path, p.status, p.header)
		}
	}
	for lang, want := range map[string]string{"ko": "인감은행 인증센터", "en": "certificate centre"} {
		p := newBrowser(t, d, lang).get("/manifest.webmanifest")
		var manifest struct {
			Name, StartURL, Display string
			Icons                   []struct{ Src string }
		}
		if err := json.Unmarshal([]byte(p.body), &manifest); err != nil || !strings.Contains(manifest.Name, want) || manifest.Display != "standalone" || len(manifest.Icons) == 0 {
			t.Errorf("manifest: %v %s", err, p.body)
		}
		for _, icon := range manifest.Icons {
			if file := b.get(icon.Src); file.status != 200 {
				t.Errorf("icon %s: status %d", icon.Src, file.status)
			}
		}
	}
}

// TestSettings keeps language and look in the browser.
func TestSettings(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	b := newBrowser(t, d, "ko")
	b.post("/settings", "lang", "en", "back", "/center").want(t, "English", 200, "/center", `<html lang="en"`)
	b.post("/settings", "look", "contrast", "back", "/verify").want(t, "contrast", 200, "/verify", `lang="en"`, `data-look="contrast"`)
	b.post("/settings", "look", `"><script>`, "lang", "xx").want(t, "nonsense", 200, "/", `lang="en"`, `data-look="contrast"`)
	if p := b.get("/api/v1/session", "Accept", "application/json"); p.header.Get("Content-Language") != "en" {
		t.Errorf("the API speaks %q", p.header.Get("Content-Language"))
	}
}
