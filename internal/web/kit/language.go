package kit

import (
	"net/http"

	"golang.org/x/text/language"
)

// languages that the service speaks; the first is the default.
var languages = language.NewMatcher([]language.Tag{language.Korean, language.English})

// LanguageCookie holds the language that a visitor chose on a page.
const LanguageCookie = "ingam_lang"

// Language is the language to answer in, "ko" or "en": the one that the visitor
// chose, else by Accept-Language (RFC 9110 §12.5.4) the nearer of the two by
// CLDR's matching, Korean when the visitor says nothing or something unreadable.
func Language(r *http.Request) string {
	if chosen, err := r.Cookie(LanguageCookie); err == nil && (chosen.Value == "ko" || chosen.Value == "en") {
		return chosen.Value
	}
	accept := r.Header.Get("Accept-Language")
	if accept == "" || len(accept) > 256 {
		return "ko"
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return "ko"
	}
	if _, index, _ := languages.Match(wanted...); index == 1 {
		return "en"
	}
	return "ko"
}
