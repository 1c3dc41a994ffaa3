package gallery

import (
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
)

const caseID = "GALLERYCASEGALLERYCASEAAAA"

func somebody() pages.Person {
	return pages.Person{Number: "0010000007", Name: "홍길동", RomanName: "HONG GILDONG", Sort: "individual", Identity: pages.Masked("8503141000011"),
		Birth: "19850314", Phone: "010-****-0001", Mail: "gi***@example.org", Branch: "012", BranchName: "을지로지점"}
}

func business() pages.Person {
	return pages.Person{Number: "0020000003", Name: "주식회사 하늘바다별빛나라 해외무역상사", Sort: "corporate", Identity: "123-45-67891",
		Phone: "02-****-0003", Branch: "101", BranchName: "해운대지점", Elsewhere: true, Stale: true}
}

func holding(n int, kind, state string, days int, acts ...string) pages.Held {
	end := time.Date(2027, time.March, 14+days, 14, 59, 59, 0, time.UTC)
	h := pages.Held{Serial: fmt.Sprintf("5c3a91e07f24%04x", 4096+n*37), Kind: kind, State: state, NotBefore: end.AddDate(-1, 0, 0), NotAfter: end, Days: days}
	for _, act := range acts {
		h.Acts = append(h.Acts, pages.Act{Name: act, Serial: h.Serial, Direct: act != "revoke"})
	}
	return h
}

func keyed(h pages.Held) pages.Held {
	keys := map[string]string{"renew": "r", "reissue": "j", "suspend": "s", "resume": "u", "revoke": "x"}
	for i, a := range h.Acts {
		h.Acts[i].Key = keys[a.Name]
	}
	return h
}

func line(n int, act, kind, state string) pages.Line {
	return pages.Line{ID: fmt.Sprintf("GALLERYCASE%015d", n), Act: act, Kind: kind, State: state, Since: now.Add(-time.Duration(n*n+1) * 17 * time.Minute),
		Customer: []string{"홍길동", "김하늘", longName, "Alexander James Sample"}[n%4], Sort: "individual",
		Handler: []string{"김창구", "이접수"}[n%2], Maker: "김창구", Mine: n%2 == 0, Branch: "012"}
}

func customerScenes() []scene {
	search := func(v pages.Customers) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			f.Path, v.Frame, v.At = "/console/customers", f, now
			v.Path = f.Path
			if v.Typed == nil {
				v.Typed = map[string]string{}
			}
			return v
		}
	}
	hits := []pages.Hit{
		{Number: "0010000007", Name: "홍길동", Birth: "19850314", Phone: "010-****-0001", Branch: "012", BranchName: "을지로지점", Sort: "individual"},
		{Number: "0010000031", Name: "홍길동", Birth: "19850314", Phone: "010-****-7731", Branch: "101", BranchName: "해운대지점", Sort: "individual", Elsewhere: true, Unknown: true},
		{Number: "0010000044", Name: longName, Birth: "19850314", Branch: "012", BranchName: "을지로지점", Sort: "foreigner", Deceased: true},
	}
	asked := map[string]string{"name": "홍길동", "birth": "19850314"}
	page := func(change func(v *pages.Customer)) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			v := pages.Customer{Frame: f, Person: somebody(), Export: true, At: now,
				Acts: []pages.Act{{Name: "issue", Key: "i"}, {Name: "exception", Key: "e"}, {Name: "lost", Key: "l", Direct: true}},
				Held: []pages.Held{keyed(holding(0, "personal-bank", "valid", 212, "reissue", "suspend", "revoke")), holding(7, "personal-bank", "revoked", -90), holding(8, "personal-bank", "expired", -400)},
				Past: []pages.Line{line(3, "issue", "personal-bank", "done"), line(9, "renew", "personal-bank", "withdrawn")},
				History: []pages.Past{{What: "issued", Serial: "5c3a91e07f241000", Kind: "personal-bank", At: now.AddDate(0, -5, 0), By: "desk", Branch: "012"},
					{What: "revoked", Serial: "5c3a91e07f241103", Kind: "personal-bank", At: now.AddDate(-1, 0, 0), By: "customer", Reason: 1}}}
			change(&v)
			return v
		}
	}
	return []scene{
		{"customers", "empty", "before a search", search(pages.Customers{})},
		{"customers", "hits", "several were found", search(pages.Customers{Asked: true, Hits: hits, Typed: asked})},
		{"customers", "none", "nobody was found", search(pages.Customers{Asked: true, Typed: asked})},
		{"customers", "incomplete", "the core bank does not answer", search(pages.Customers{Asked: true, Hits: hits[:1], Incomplete: true, Typed: asked})},
		refused("customers", "refused", "too little to search by", counter.ErrQuery.With(nil), "name", search(pages.Customers{Typed: map[string]string{"name": "홍길동"}})),
		{"explain", "empty", "another branch's customer", func(f pages.Frame) pages.View { return pages.Explain{Frame: f, Number: "0020000003"} }},
		refused("explain", "refused", "the reason is too short", counter.ErrWhy.With(nil), "why", func(f pages.Frame) pages.View { return pages.Explain{Frame: f, Number: "0020000003", Why: "전화"} }),
		{"customer", "one", "one certificate", page(func(*pages.Customer) {})},
		{"customer", "none", "nothing yet", page(func(v *pages.Customer) { v.Held, v.Past, v.History, v.Acts = nil, nil, nil, v.Acts[:1] })},
		{"customer", "warnings", "reported lost, and one that ends soon", page(func(v *pages.Customer) {
			lost := holding(2, "personal-general", "suspended", 150, "reissue", "revoke")
			lost.Desk = "분실 신고"
			ends := holding(1, "personal-bank", "valid", 2, "renew", "reissue", "suspend", "revoke")
			ends.Advice = "갱신하세요. 유효기간이 2일 남았어요(2027년 3월 16일까지). 지금 갱신해도 남은 날은 그대로 더해져요."
			v.Held = []pages.Held{ends, lost}
			v.Warnings = []pages.Warning{{What: "lost", Tone: "danger", N: 1}, {Text: ends.Advice, Tone: "warning"}, {What: "minor", Tone: "info"}}
			v.Person.Minor = true
			v.Going = []pages.Line{line(0, "reissue", "personal-general", "waiting"), line(1, "issue", "personal-bank", "submitted")}
			v.Online = []pages.Online{{ID: caseID, Way: "issue", Kind: "personal-bank", State: "consented", CreatedAt: now, ExpiresAt: now.Add(22 * time.Hour)}}
		})},
		{"customer", "many", "thirty certificates", page(func(v *pages.Customer) {
			v.Held = v.Held[:0]
			for n := range 30 {
				state := []string{"valid", "suspended", "revoked", "expired", "held"}[n%5]
				acts := [][]string{{"reissue", "suspend", "revoke"}, {"resume", "reissue", "revoke"}, nil, nil, {"revoke"}}[n%5]
				v.Held = append(v.Held, holding(n, []string{"personal-bank", "personal-general"}[n%2], state, 200-n*6, acts...))
			}
		})},
		{"customer", "business", "a business of another branch, as known before", page(func(v *pages.Customer) {
			v.Person, v.Held = business(), []pages.Held{holding(3, "corporate-bank", "valid", 90, "reissue", "suspend", "revoke")}
		})},
		{"customer", "deceased", "nothing can be done", page(func(v *pages.Customer) {
			v.Person.Deceased, v.Acts, v.Held = true, nil, []pages.Held{holding(0, "personal-bank", "valid", 90)}
			v.Warnings = []pages.Warning{{What: "deceased", Tone: "danger"}}
		})},
		{"wish", "issue", "which kind", wishIn(pages.Wish{Act: "issue", Kinds: []string{"personal-bank", "personal-general"}, Visitors: []string{"self"}})},
		{"wish", "exception", "why", wishIn(pages.Wish{Act: "exception", Kinds: []string{"personal-bank"}, Visitors: []string{"self"}})},
		{"wish", "revoke", "for what reason", wishIn(pages.Wish{Act: "revoke", About: ptr(holding(0, "personal-bank", "valid", 90)), Visitors: []string{"self"},
			Reasons: []string{"unspecified", "key-compromise", "affiliation-changed", "cessation", "privilege-withdrawn"}})},
		{"wish", "business", "who came", wishIn(pages.Wish{Person: business(), Act: "lost", Visitors: []string{"representative", "proxy"}, Suspendable: 2})},
		refused("wish", "going", "a case is going for the same", counter.ErrGoing.With(nil), "", wishIn(pages.Wish{Act: "issue", Kinds: []string{"personal-bank"}, Visitors: []string{"self"}, Going: caseID})),
		refused("wish", "refused", "the reason is too short", counter.ErrWish.With(nil, "field", "why"), "why", wishIn(pages.Wish{Act: "exception", Kinds: []string{"personal-bank"},
			Visitors: []string{"self"}, Typed: map[string]string{"why": "두 개"}})),
	}
}

func ptr[T any](v T) *T { return &v }

func wishIn(v pages.Wish) func(f pages.Frame) pages.View {
	return func(f pages.Frame) pages.View {
		v := v
		v.Frame = f
		if v.Person.Number == "" {
			v.Person = somebody()
		}
		if v.Typed == nil {
			v.Typed = map[string]string{}
		}
		return v
	}
}

func queueScenes() []scene {
	lines := func(n int, states ...string) (all []pages.Line) {
		acts := []string{"issue", "renew", "reissue", "revoke", "exception", "lost"}
		for i := range n {
			l := line(i, acts[i%len(acts)], []string{"personal-bank", "corporate-general"}[i%2], states[i%len(states)])
			if l.Act == "lost" {
				l.Kind = ""
			}
			l.Finding, l.NextAt = l.State == "open" && i%3 == 1, now.Add(2*time.Minute)
			all = append(all, l)
		}
		return all
	}
	queue := func(which string, all []pages.Line) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			if which == "approve" {
				f = as(f, authz.Supervisor)
			}
			f.Path = pages.Queue{}.Where(which)
			return pages.Queue{Frame: f, Which: which, Lines: all, At: now, Latest: "r1"}
		}
	}
	return []scene{
		{"queue", "mine", "a teller's own", queue("mine", lines(5, "open", "waiting", "submitted", "approved"))},
		{"queue", "branch", "all of a branch", queue("branch", lines(24, "open", "waiting", "submitted", "approved"))},
		{"queue", "waiting", "what waits for the card service", queue("waiting", lines(2, "waiting"))},
		{"queue", "none", "nothing", queue("mine", nil)},
		{"approvals", "some", "to approve", queue("approve", lines(4, "submitted"))},
		{"approvals", "none", "nothing to approve", queue("approve", nil)},
	}
}

// caseScenes are a case at each of its stands.
func caseScenes() []scene {
	silent := proofing.ErrCounterMismatch.With(nil, "left", "3")
	return []scene{
		{"case", "identity", "the card is to be entered", caseIn(func(*pages.Case) {})},
		{"case", "passport", "a passport", caseIn(func(v *pages.Case) { v.Typed["document"] = "passport" })},
		{"case", "licence", "a driver's licence", caseIn(func(v *pages.Case) { v.Typed["document"] = "drivers-licence" })},
		refused("case", "mismatch", "the card could not be confirmed", silent, "", caseIn(func(v *pages.Case) {
			v.Typed = map[string]string{"document": "resident-card", "name": "홍길동", "issueDate": "20190722"}
		})),
		refused("case", "number", "a digit is wrong", proofing.ErrNumberCheck.With(nil), "number", caseIn(func(v *pages.Case) {
			v.Typed = map[string]string{"document": "resident-card", "name": "홍길동", "issueDate": "20190722"}
		})),
		{"case", "waiting", "the card service is down", caseIn(func(v *pages.Case) { v.State, v.NextCheckAt = "waiting", now.Add(time.Minute) })},
		{"case", "papers", "scans are missing", caseIn(func(v *pages.Case) {
			business := proven(v)
			business.Person, business.Visitor, business.VisitorName, business.Kind = businessHere(), "proxy", "김대리", "corporate-bank"
			business.Papers = []pages.Paper{{Name: "identity-card", Needed: true, Scan: true, Scans: 1}, {Name: "application-form", Needed: true},
				{Name: "business-registration", Needed: true, Scan: true}, {Name: "corporate-seal", Needed: true, Scan: true},
				{Name: "power-of-attorney", Needed: true, Scan: true}, {Name: "corporate-registry", Needed: true}, {Name: "further"}}
			business.Needs = []string{"사업자등록증 스캔", "위임장 스캔"}
		})},
		{"case", "submit", "all is there", caseIn(func(v *pages.Case) { proven(v) })},
		{"case", "returned", "the supervisor returned it", caseIn(func(v *pages.Case) {
			proven(v).Note, v.Decider, v.DecidedAt = "신청서의 서명이 흐려요. 다시 받아서 확인해 주세요.", "박책임", now
		})},
		{"case", "suspend", "two steps", caseIn(func(v *pages.Case) {
			v.Act, v.Protects, v.Terms, v.Serial = "suspend", true, nil, "5c3a91e07f241000"
			v.Papers = []pages.Paper{{Name: "identity-card", Needed: true}}
		})},
		{"case", "colleague", "a colleague is at it", caseIn(func(v *pages.Case) { v.Mine, v.Takeable, v.Handler, v.Withdraw = false, true, "이접수", false })},
		{"case", "decide", "a supervisor decides", caseIn(func(v *pages.Case) { decidable(v).Next = "/console/cases/" + caseID })},
		{"case", "own", "nobody approves their own", caseIn(func(v *pages.Case) { decidable(v).Decide, v.NotMine = false, "own" })},
		{"case", "stuck", "the card failed five times", caseIn(func(v *pages.Case) {
			v.Stuck, v.Decide, v.Mine = true, true, false
			what, todo := counter.ErrFailedOften.With(nil).Public(v.Lang)
			v.Finding = &pages.CardFinding{Title: what, Detail: todo, Code: counter.ErrFailedOften.Number}
		})},
		{"case", "approved", "codes are to be handed out", caseIn(func(v *pages.Case) { approved(v) })},
		{"case", "handed", "the customer has the codes", caseIn(func(v *pages.Case) { *approved(v) = handed() })},
		{"case", "spent", "the customer has the certificate", caseIn(func(v *pages.Case) {
			c := handed()
			c.OpenedAt, c.SpentAt = now.Add(-2*time.Minute), now.Add(-time.Minute)
			*approved(v), v.State, v.Withdraw = c, "done", false
		})},
		{"case", "dead", "five wrong codes", caseIn(func(v *pages.Case) {
			c := handed()
			c.TriesLeft = 0
			*approved(v) = c
		})},
		{"case", "refused", "the supervisor refused it", caseIn(func(v *pages.Case) {
			proven(v).State, v.Note, v.Decider, v.DecidedAt, v.Withdraw = "refused", "서류의 상호가 등기와 달라요.", "박책임", now, false
		})},
	}
}

func businessHere() pages.Person {
	p := business()
	p.Elsewhere, p.Stale = false, false
	return p
}

func caseIn(change func(v *pages.Case)) func(f pages.Frame) pages.View {
	return func(f pages.Frame) pages.View {
		v := pages.Case{Frame: f, ID: caseID, Person: somebody(), Act: "issue", Kind: "personal-bank", Visitor: "self", State: "open", Revision: 4,
			Branch: "012", Maker: "김창구", Handler: "김창구", CreatedAt: now.Add(-9 * time.Minute), UpdatedAt: now, ExpiresAt: now.Add(47 * time.Hour),
			Mine: true, Withdraw: true, Documents: []string{"resident-card", "drivers-licence", "passport"}, Typed: map[string]string{},
			Papers: []pages.Paper{{Name: "identity-card", Needed: true, Scan: true}, {Name: "application-form", Needed: true}, {Name: "further"}},
			Terms: []pages.Terms{{Name: "service", Title: "공동인증서비스 이용약관", Version: "2026.2", Required: true}, {Name: "privacy", Title: "개인정보 수집·이용 동의", Version: "2026.1", Required: true},
				{Name: "identity-number", Title: "고유식별정보 처리 동의", Version: "2026.1", Required: true}, {Name: "marketing", Title: "혜택·상품 안내 수신 동의 (선택)", Version: "2026.1"}}}
		change(&v)
		return v
	}
}

func proven(v *pages.Case) *pages.Case {
	v.Proof = &pages.Proof{At: now.Add(-4 * time.Minute), Facts: []pages.ProofFact{{Key: "document", Value: "resident-card"}, {Key: "transaction", Value: "20270314-000417"}}}
	v.Papers[0].Scans = 1
	v.Scans = []pages.Scan{{ID: "GALLERYSCANGALLERYSCANAAAA", Paper: "identity-card", Bytes: 184221, Width: 1600, Height: 1010, By: "김창구", At: now.Add(-4 * time.Minute)}}
	return v
}

func decidable(v *pages.Case) *pages.Case {
	proven(v).State, v.SubmittedAt, v.Mine, v.Decide, v.Withdraw = "submitted", now.Add(-time.Minute), false, true, false
	v.Frame = as(v.Frame, authz.Supervisor)
	v.Papers[1].SeenBy, v.Papers[1].SeenAt = "김창구", now.Add(-3*time.Minute)
	for i := range v.Terms {
		v.Terms[i].Agreed = v.Terms[i].Required
	}
	return v
}

func approved(v *pages.Case) *pages.Codes {
	decidable(v).State, v.Decide, v.Mine, v.Decider, v.DecidedAt = "approved", false, true, "박책임", now
	v.Codes = &pages.Codes{}
	return v.Codes
}

func handed() pages.Codes {
	return pages.Codes{Handed: 1, By: "print", HandedBy: "김창구", HandedAt: now.Add(-5 * time.Minute), Until: now.Add(72 * time.Hour), TriesLeft: 5}
}
