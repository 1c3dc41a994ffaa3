package simulator

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/seoul"
)

//go:embed desk
var deskFiles embed.FS

// The desk is the tester's side for a person with a browser: who can log in,
// what their papers say, what their token shows, which messages and which mails arrived.
var desk = template.Must(template.New("").Funcs(template.FuncMap{
	"seoul":  func(t time.Time) string { return t.In(seoul.Zone).Format("01-02 15:04:05") },
	"paper":  func(d proofing.Document, lang string) string { return papers[d][lang == "en"] },
	"holder": func(h, lang string) string { return holders[h][lang == "en"] },
	"in":     Sample.NoteIn,
}).ParseFS(deskFiles, "desk/*.html"))

// papers are the documents' names, in English when true.
var papers = map[proofing.Document]map[bool]string{
	proofing.ResidentCard:   {false: "주민등록증", true: "Resident card"},
	proofing.DriversLicence: {false: "운전면허증", true: "Driver's licence"},
	proofing.Passport:       {false: "여권", true: "Passport"},
	proofing.AlienCard:      {false: "외국인등록증", true: "Alien registration card"},
}

// holders are who comes for a business, in English when true.
var holders = map[string]map[bool]string{
	"representative": {false: "대표자", true: "representative"},
	"proxy":          {false: "대리인", true: "proxy"},
}

// deskView is what the desk shows: all customers, or one of them.
type deskView struct {
	Lang     string
	Samples  []Sample
	One      *Sample
	Code     string // what the token shows; empty when there is none to be used
	Left     int64  // seconds until it moves on
	Messages []Message
	Mails    []Mail
	Clock    *deskClock   // nil when it can't be set
	Refused  *fault.Error // why it was not set
}

// Why is what went wrong, in the page's language.
func (v deskView) Why() string {
	if v.Refused == nil {
		return ""
	}
	what, todo := v.Refused.Public(v.Lang)
	return what + " " + todo
}

// getDesk answers GET /: the list, or with ?customer=NUMBER one customer.
func (s *Simulator) getDesk(w http.ResponseWriter, r *http.Request) {
	s.showDesk(w, r.URL.Query().Get("customer"), deskView{Lang: deskLanguage(r)})
}

// showDesk fills in the view and answers with the page: of one customer, or of
// all when number is empty.
func (s *Simulator) showDesk(w http.ResponseWriter, number string, view deskView) {
	view.Clock = deskClockOf(s.bankClock())
	page := "list.html"
	if number != "" {
		one, ok := s.sample(number)
		if !ok {
			write(w, http.StatusNotFound, problem{Error: "no such sample"})
			return
		}
		page, view.One = "one.html", &one
		view.Code, _ = s.OTP(number)
		view.Left = otpPeriod - s.now().Unix()%otpPeriod
		view.Messages = s.Inbox(one.Phone)
		view.Mails = s.Mails(one.Mail)
		slices.Reverse(view.Messages)
		slices.Reverse(view.Mails)
	} else {
		view.Samples = s.Samples()
	}
	var out bytes.Buffer
	if err := desk.ExecuteTemplate(&out, page, view); err != nil {
		write(w, http.StatusInternalServerError, problem{Error: "the page can't be made"})
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if view.Refused != nil {
		w.WriteHeader(view.Refused.Kind.Status())
	}
	_, _ = w.Write(out.Bytes())
}

func (s *Simulator) getDeskStyle(w http.ResponseWriter, _ *http.Request) {
	style, err := deskFiles.ReadFile("desk/desk.css")
	if err != nil { // it is embedded
		write(w, http.StatusInternalServerError, problem{Error: "the style is missing"})
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(style)
}

// deskLanguage is "ko" or "en": by ?lang, else by what the browser wants first.
func deskLanguage(r *http.Request) string {
	if lang := r.FormValue("lang"); lang == "en" || lang == "ko" {
		return lang
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		return "en"
	}
	return "ko"
}
