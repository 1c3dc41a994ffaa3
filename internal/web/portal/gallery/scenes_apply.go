package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

func kinds(held bool) []pages.Kind {
	return []pages.Kind{
		{Kind: "personal-bank", Online: true, ValidityDays: 365, Held: held},
		{Kind: "personal-general", Fee: 4400, ValidityDays: 365},
	}
}

func applyScenes() []scene {
	apply := func(f pages.Frame) pages.View { f.Path = "/apply"; return pages.Apply{Frame: f, Kinds: kinds(false)} }
	return []scene{
		plain("apply", "plain", "which kind", apply),
		plain("apply", "open", "one in progress", func(f pages.Frame) pages.View {
			return pages.Apply{Frame: f, Kinds: kinds(false), Chosen: "personal-bank", Open: openOnes()}
		}),
		plain("apply", "abandoned", "just cancelled", func(f pages.Frame) pages.View { f.Notice = "abandoned"; return apply(f) }),
		refused("apply", "held", "has one of this kind", ca.ErrPersonHolds.With(nil), "", func(f pages.Frame) pages.View {
			return pages.Apply{Frame: f, Kinds: kinds(true), Chosen: "personal-bank"}
		}),
		refused("apply", "child", "under 14", enrolment.ErrChild.With(nil), "", apply),
		refused("apply", "deceased", "deceased", enrolment.ErrDeceased.With(nil), "", apply),
		refused("apply", "not-online", "not online", enrolment.ErrNotOnline.With(nil), "kind", apply),
		refused("apply", "many", "too many applications", enrolment.ErrManyApplications.With(nil), "", apply),
	}
}

func termsScenes() ([]scene, error) {
	service, err := enrolment.New(enrolment.Config{})
	if err != nil {
		return nil, err
	}
	view := func(f pages.Frame, given, agreed bool) pages.View {
		v := pages.AgreeTerms{Step: stepIn(f), Given: given}
		for _, t := range service.Terms(npki.PersonalBank) {
			shown := pages.Terms{Name: t.Name, Version: t.Version, SHA256: t.SHA256, Title: t.Title, Text: t.Text, Required: t.Required, Agreed: agreed && t.Required}
			if f.Lang == "en" {
				shown.Title, shown.Translation = t.TitleEN, t.TextEN
			}
			v.Terms = append(v.Terms, shown)
		}
		return v
	}
	first := service.Terms(npki.PersonalBank)[0]
	missing := enrolment.ErrConsentMissing.With(nil, "terms", first.Name).Word("terms", fault.Text{KO: first.Title, EN: first.TitleEN})
	return []scene{
		plain("terms", "plain", "to agree to", func(f pages.Frame) pages.View { return view(f, false, false) }),
		plain("terms", "given", "agreed to before", func(f pages.Frame) pages.View { return view(f, true, true) }),
		refused("terms", "missing", "a required one is missing", missing, "terms",
			func(f pages.Frame) pages.View { return view(f, false, true) }),
	}, nil
}

func factorScenes(clock func() time.Time) []scene {
	overview := func(state, title string, proven int, locked string) scene {
		return plain("identity", state, title, func(f pages.Frame) pages.View {
			return pages.Identity{Step: stepIn(f), Factors: factors(proven, locked)}
		})
	}
	card := func(f pages.Frame) pages.View {
		return pages.IDCard{Step: stepIn(f), Documents: []string{"resident-card", "drivers-licence", "passport"}}
	}
	filled := func(f pages.Frame) pages.View {
		return pages.IDCard{Step: stepIn(f), Documents: []string{"resident-card", "drivers-licence", "passport"},
			Document: "resident-card", Name: person, IssueDate: "20190722"}
	}
	account := func(f pages.Frame) pages.View { return pages.Account{Step: stepIn(f), Account: "9990000000001"} }
	otp := func(f pages.Frame) pages.View { return pages.OTP{Step: stepIn(f)} }
	phone := func(f pages.Frame) pages.View {
		return pages.Phone{Step: stepIn(f), Phone: "010-****-0001", Sent: true, Expires: clock().Add(170 * time.Second)}
	}
	no := func(page, state string, f *fault.Error, field string, view func(f pages.Frame) pages.View) scene {
		return refused(page, state, f.Name, f, field, view)
	}
	return []scene{
		overview("none", "nothing proven", 0, ""), overview("two", "two proven", 2, ""), overview("all", "all proven", 4, ""),
		overview("locked", "one locked", 1, "account"),
		plain("id-card", "plain", "the form", card),
		plain("id-card", "foreign", "a foreign resident", func(f pages.Frame) pages.View {
			return pages.IDCard{Step: stepIn(f), Documents: []string{"alien-registration-card", "drivers-licence"}}
		}),
		no("id-card", "mismatch", proofing.ErrCardMismatch.With(nil, "left", "4"), "number", filled),
		no("id-card", "name", proofing.ErrNameDiffers.With(nil, "left", "3"), "name", filled),
		no("id-card", "unreadable", proofing.ErrCardUnreadable.With(nil), "image", filled),
		no("id-card", "expired", proofing.ErrCardExpired.With(nil), "document", filled),
		no("id-card", "locked", proofing.ErrLocked.With(nil, "until", "14:50"), "", filled),
		plain("account", "plain", "the form", func(f pages.Frame) pages.View {
			f.Notice = "proven-id-card"
			return pages.Account{Step: stepIn(f)}
		}),
		no("account", "wrong", proofing.ErrAccountWrong.With(nil, "left", "4"), "password", account),
		no("account", "form", proofing.ErrAccountForm.With(nil), "account", account),
		plain("otp", "plain", "the form", otp),
		no("otp", "wrong", proofing.ErrOTPWrong.With(nil, "left", "4"), "code", otp),
		no("otp", "none", proofing.ErrOTPNone.With(nil), "", otp),
		plain("phone", "plain", "before the code", func(f pages.Frame) pages.View { return pages.Phone{Step: stepIn(f)} }),
		plain("phone", "sent", "a code was sent", func(f pages.Frame) pages.View { f.Notice = "code-sent"; return phone(f) }),
		no("phone", "wrong", proofing.ErrCodeWrong.With(nil, "left", "2"), "code", phone),
		no("phone", "soon", proofing.ErrCodeSoon.With(nil, "seconds", "21"), "", phone),
	}
}

func finishScenes() []scene {
	confirm := func(name, roman string) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			return pages.Confirm{Step: stepIn(f), Name: name, RomanName: roman, IdentityNumber: "850314-1●●●●●●", Phone: "010-****-0001",
				ValidityDays: 365, CA: "INGAM", Factors: factors(4, "")}
		}
	}
	return []scene{
		plain("confirm", "plain", "is it right", confirm(person, "HONG GILDONG")),
		plain("confirm", "long-name", "a name of 20 letters", confirm(longName, "KIM HANEULBADABYEOLBITNARACHORONGCHORONGGOUNURIGANGSANI")),
		refused("confirm", "changed", "the bank's record has changed", enrolment.ErrPersonChanged.With(nil), "", confirm(person, "HONG GILDONG")),
	}
}
