package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

func frontScenes() []scene {
	home := func(f pages.Frame) pages.View { return pages.Home{Frame: f} }
	center := func(f pages.Frame) pages.View { f.Path = "/center"; return pages.Center{Frame: f} }
	look := func(name string) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View { f.Look = name; return pages.Home{Frame: f, Open: openOnes()} }
	}
	return []scene{
		plain("home", "out", "nobody logged in", func(f pages.Frame) pages.View { return home(outside(f)) }),
		plain("home", "in", "logged in", home),
		plain("home", "open", "an application in progress", func(f pages.Frame) pages.View { return pages.Home{Frame: f, Open: openOnes()} }),
		plain("home", "logged-out", "just logged out", func(f pages.Frame) pages.View {
			f = outside(f)
			f.Notice = "logged-out"
			return home(f)
		}),
		plain("home", "demo", "a demonstration bank", func(f pages.Frame) pages.View {
			f = outside(f)
			f.Demo, f.DemoDesk, f.Ahead = true, "http://127.0.0.1:8481/", 330*24*time.Hour
			return home(f)
		}),
		plain("home", "long-name", "a visitor's name of 20 letters", func(f pages.Frame) pages.View {
			f.Visitor = &pages.Visitor{Name: longName}
			return home(f)
		}),
		plain("home", "light", "the light look", look("light")),
		plain("home", "dark", "the dark look", look("dark")),
		plain("home", "contrast", "the high contrast look", look("contrast")),
		plain("center", "out", "nobody logged in", func(f pages.Frame) pages.View { return center(outside(f)) }),
		plain("center", "in", "logged in, nothing yet", center),
		plain("center", "full", "an application and thirty certificates", func(f pages.Frame) pages.View {
			f.Path = "/center"
			return pages.Center{Frame: f, Open: openOnes(), Certificates: many()}
		}),
		plain("offline", "plain", "a page that can't be reached", func(f pages.Frame) pages.View { return pages.Offline{Frame: f} }),
		plain("help", "plain", "how keys are kept", func(f pages.Frame) pages.View { return pages.Help{Frame: f} }),
	}
}

func loginScenes() []scene {
	login := func(f pages.Frame) pages.View {
		f.Path = "/login?next=/apply"
		return pages.Login{Frame: outside(f), LoginID: "hong", Next: "/apply"}
	}
	return []scene{
		plain("login", "plain", "the form", func(f pages.Frame) pages.View { return pages.Login{Frame: outside(f), Next: "/"} }),
		plain("login", "ended", "the session has ended", func(f pages.Frame) pages.View {
			return pages.Login{Frame: outside(f), Next: "/apply", Ended: true}
		}),
		plain("login", "demo", "sample customers", func(f pages.Frame) pages.View {
			f = outside(f)
			f.Demo = true
			return pages.Login{Frame: f, Next: "/", Samples: []pages.Sample{
				{LoginID: "hong", Password: "hong-demo-2026", Note: "ordinary adult"},   //nolint:gosec // demo data, no credentials
				{LoginID: "han", Password: "han-demo-2026", Note: "name of 20 letters"}, //nolint:gosec // demo data, no credentials
			}}
		}),
		refused("login", "wrong", "wrong password", subscriber.ErrWrongLogin.With(nil), "password", login),
		refused("login", "locked", "login locked", subscriber.ErrLoginLocked.With(nil, "until", "14:50"), "", login),
		refused("login", "many", "too many tries from one place", kit.ErrTooMany.With(nil), "", login),
	}
}

func verifyScenes() []scene {
	text := "인감은행 귀중\n\n2027년 3월 14일에 100,000원을 이체하는 데 동의합니다.\n홍길동"
	report := func(verdict string, f pages.Frame) *pages.Report {
		words := map[string][2]fault.Text{
			"valid": {{KO: "서명이 맞아요", EN: "The signature is good"},
				{KO: "서명한 뒤에 내용이 바뀌지 않았고, 서명한 인증서는 유효해요.", EN: "The content is unchanged and the certificate is valid."}},
			"invalid": {{KO: "서명한 뒤에 내용이 바뀌었어요", EN: "The content was changed after signing"},
				{KO: "보낸 분에게 원본을 다시 받아 주세요.", EN: "Please ask the sender for the original."}},
			"unknown": {{KO: "서명은 맞지만 누가 발급한 인증서인지 확인하지 못했어요", EN: "The signature fits, but the certificate's issuer is not known here"},
				{KO: "다른 인증기관이 발급했어요. 발급한 곳에서 상태를 확인해 주세요.", EN: "Another authority issued it. Please check its state there."}},
		}[verdict]
		signer := pages.Signer{Name: person, Issuer: "Ingam CA Class 1", Serial: "5c3a91e07f24", SignedAt: now.Add(-time.Hour), Verdict: verdict, NotAfter: now.AddDate(0, 7, 0)}
		return &pages.Report{Verdict: verdict, Title: words[0].In(f.Lang), Detail: words[1].In(f.Lang), At: now, Size: int64(len(text)), Text: text, Signers: []pages.Signer{signer}}
	}
	shown := func(verdict, title string) scene {
		return plain("verify", verdict, title, func(f pages.Frame) pages.View {
			return pages.Verify{Frame: outside(f), Report: report(verdict, f)}
		})
	}
	return []scene{
		plain("verify", "plain", "the form", func(f pages.Frame) pages.View { f.Path = "/verify"; return pages.Verify{Frame: outside(f)} }),
		shown("valid", "a good signature"), shown("invalid", "a changed content"), shown("unknown", "another authority"),
		plain("verify", "two", "two signers, nothing readable", func(f pages.Frame) pages.View {
			r := report("valid", f)
			second := r.Signers[0]
			second.Name, second.Verdict = longName, "unknown"
			r.Signers, r.Text, r.Verdict, r.Reason = append(r.Signers, second), "", "unknown", "issuer-unknown"
			r.Title = report("unknown", f).Title
			return pages.Verify{Frame: f, Report: r}
		}),
		refused("verify", "nothing", "nothing to check", kit.ErrMissingField.With(nil, "field", "signature"), "signature",
			func(f pages.Frame) pages.View { return pages.Verify{Frame: f} }),
		refused("verify", "large", "too large", kit.ErrTooLarge.With(nil, "limit", "8 MiB"), "",
			func(f pages.Frame) pages.View { return pages.Verify{Frame: f, Text: "-----BEGIN CMS-----"} }),
	}
}

func failureScenes() []scene {
	failed := func(state, title string, f *fault.Error) scene {
		return refused("failure", state, title, f, "", func(frame pages.Frame) pages.View {
			return pages.Failure{Frame: outside(frame), Status: f.Kind.Status()}
		})
	}
	ended := func(state, title string, f *fault.Error) scene {
		return refused("ended", state, title, f, "", func(frame pages.Frame) pages.View {
			return pages.Ended{Step: stepIn(frame), State: state}
		})
	}
	return []scene{
		failed("missing", "no such page", kit.ErrNoRoute.With(nil)),
		failed("unexpected", "a defect", fault.Unexpected.With(nil)),
		failed("down", "the store is down", kit.ErrStoreDown.With(nil)),
		failed("origin", "sent by another site", kit.ErrCrossOrigin.With(nil)),
		failed("stranger", "somebody else's application", enrolment.ErrUnknown.With(nil)),
		ended("lapsed", "24 hours are over", enrolment.ErrLapsed.With(nil)),
		ended("rejected", "ended by what was found", enrolment.ErrRejected.With(nil, "reason", "3202")),
		ended("abandoned", "cancelled", enrolment.ErrAbandoned.With(nil)),
	}
}
