package provider

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

//go:embed page
var pageFiles embed.FS

var page = template.Must(template.ParseFS(pageFiles, "page/choose.html"))

// shownPerson is one line of the page.
type shownPerson struct {
	Number, Name, Role, Branch string
}

type view struct {
	Lang    string
	Action  string // where the choice goes: this request's own query
	Other   string // the same page in the other language
	Staff   []shownPerson
	Refused string // which parameter of the client is wrong
}

// roles are how people read the names of roles: Korean, English.
var roles = map[string][2]string{
	"teller": {"창구직원", "Teller"}, "supervisor": {"책임자", "Supervisor"}, "operator": {"운영자", "Operator"},
	"security-officer": {"보안책임자", "Security officer"}, "auditor": {"감사자", "Auditor"},
}

// ask answers GET authorize: the page on which a tester chooses who to be.
func (p *Provider) ask(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a, refused, problem := p.request(q)
	if refused == "" && problem != "" {
		back := url.Values{"state": {a.state}, "iss": {issuer(r)}, "error": {problem}}
		http.Redirect(w, r, a.redirect+"?"+back.Encode(), http.StatusSeeOther)
		return
	}
	v := view{Lang: language(r, q), Refused: refused}
	english := v.Lang == "en"
	v.Action = Path + "/authorize?" + q.Encode()
	q.Set("lang", map[bool]string{true: "ko", false: "en"}[english])
	v.Other = Path + "/authorize?" + q.Encode()
	for _, one := range p.staff {
		shown := shownPerson{Number: one.Number, Name: one.Name, Role: roles[one.Role][0], Branch: one.Branch}
		if english {
			shown.Name, shown.Role = one.RomanName, roles[one.Role][1]
		}
		v.Staff = append(v.Staff, shown)
	}
	var out bytes.Buffer
	if err := page.ExecuteTemplate(&out, "choose.html", v); err != nil {
		reply(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if refused != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = w.Write(out.Bytes())
}

func language(r *http.Request, q url.Values) string {
	for _, asked := range []string{q.Get("lang"), q.Get("ui_locales"), r.Header.Get("Accept-Language")} {
		if asked != "" {
			if strings.HasPrefix(strings.ToLower(asked), "en") {
				return "en"
			}
			return "ko"
		}
	}
	return "ko"
}
