package kit

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// LookCookie holds how a visitor wants pages to look.
const LookCookie = "ingam_look"

var looks = map[string]bool{"auto": true, "light": true, "dark": true, "contrast": true}

const yearSeconds = 365 * 24 * 3600

// Look is how the visitor wants pages to look: auto, light, dark, contrast;
// empty when they have not said.
func Look(r *http.Request) string {
	if look, err := r.Cookie(LookCookie); err == nil && looks[look.Value] {
		return look.Value
	}
	return ""
}

// Choose keeps a choice of language ("lang") and look ("look") in the browser,
// for all pages. What is not known is passed over.
func Choose(w http.ResponseWriter, form Form, https bool) {
	if lang := form.Get("lang"); lang == "ko" || lang == "en" {
		remember(w, LanguageCookie, lang, https)
	}
	if look := form.Get("look"); looks[look] {
		remember(w, LookCookie, look, https)
	}
}

// remember keeps a choice. It is no secret: the service worker reads the language
// from it when it shows a page without a network.
func remember(w http.ResponseWriter, name, value string, https bool) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: yearSeconds, //nolint:gosec // as said
		Secure: https, SameSite: http.SameSiteLaxMode})
}

// maxPath is the length of the longest path that somebody may want to come to, in bytes.
const maxPath = 256

// LocalPath takes a path of ours that somebody wants to come to, and gives it
// without query, in its shortest form; empty for anything else: other sites,
// however they are spelled. Which of our paths are no pages the caller knows.
func LocalPath(s string) string {
	if len(s) == 0 || len(s) > maxPath || s[0] != '/' {
		return ""
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return ""
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || strings.HasPrefix(s, "//") {
		return ""
	}
	clean := path.Clean(u.Path)
	if strings.HasPrefix(clean, "//") || strings.ContainsAny(clean, "\\\x00") {
		return ""
	}
	return (&url.URL{Path: clean}).EscapedPath()
}

// PageHeaders says what a page may do, by a Content-Security-Policy and a
// Permissions-Policy. Referrer-Policy is same-origin, not no-referrer: with the
// latter a browser sends a form with "Origin: null", and one that knows no
// Sec-Fetch-Site would be taken for another site.
func PageHeaders(h http.Header, content, permissions string) {
	h.Set("Content-Security-Policy", content)
	h.Set("Permissions-Policy", permissions)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
}
