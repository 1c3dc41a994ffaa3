package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/web/console"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

func frontScenes() []scene {
	login := func(f pages.Frame) pages.View {
		f.Path = "/console/login"
		return pages.Login{Frame: outside(f), Next: "/console", Provider: true, ProviderPath: "/console/login/provider"}
	}
	ended := func(why string) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			return pages.Login{Frame: outside(f), Next: "/console/queue", Ended: why, Provider: true, ProviderPath: "/console/login/provider?next=/console/queue"}
		}
	}
	activate := func(f pages.Frame) pages.View {
		f.Path = "/console/activate"
		return pages.Activate{Frame: outside(f), Number: "240117"}
	}
	failure := func(status int) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View { return pages.Failure{Frame: f, Status: status} }
	}
	return []scene{
		{"login", "plain", "both ways in", login},
		{"login", "passkey-only", "no provider", func(f pages.Frame) pages.View {
			return pages.Login{Frame: outside(f), Next: "/console"}
		}},
		{"login", "idle", "the session has idled", ended("idle")},
		{"login", "over", "the account was changed", ended("over")},
		{"login", "logged-out", "just logged out", func(f pages.Frame) pages.View {
			f.Notice = "logged-out"
			return login(f)
		}},
		{"login", "demo", "people of the demo", func(f pages.Frame) pages.View {
			f.Demo, f.DemoDesk = true, "/simulators"
			return pages.Login{Frame: outside(f), Next: "/console", Provider: true, ProviderPath: "/console/login/provider", Samples: []pages.Sample{
				{Number: "240117", Name: "김창구", Role: "teller", Branch: "을지로지점"}, {Number: "150302", Name: "박책임", Role: "supervisor", Branch: "을지로지점"},
				{Number: "120801", Name: "오운영", Role: "operator"}, {Number: "110215", Name: "안보안", Role: "security-officer"}, {Number: "130627", Name: "감감사", Role: "auditor"}}}
		}},
		refused("login", "cancelled", "the provider's login was cancelled", staff.ErrProviderCancelled.With(nil), "", login),
		{"activate", "plain", "the form", func(f pages.Frame) pages.View { return pages.Activate{Frame: outside(f)} }},
		refused("activate", "wrong", "a wrong code", staff.ErrCode.With(nil), "code", activate),
		refused("activate", "locked", "too many wrong codes", staff.ErrCodeLocked.With(nil, "until", "2027-03-14 14:50"), "code", activate),
		{"arrived", "plain", "back from the provider", func(f pages.Frame) pages.View { return pages.Arrived{Frame: outside(f)} }},
		refused("failure", "forbidden", "not this role's", authz.ErrForbidden.With(nil), "", failure(403)),
		refused("failure", "missing", "no such page", kit.ErrNoRoute.With(nil), "", failure(404)),
		refused("failure", "down", "the store is down", kit.ErrStoreDown.With(nil), "", failure(503)),
		refused("failure", "many", "too many requests", kit.ErrTooMany.With(nil), "", failure(429)),
		{"account", "plain", "two passkeys", accountWith(2)},
		{"account", "last", "one passkey, no provider", accountWith(1)},
		{"account", "early", "no way in yet", func(f pages.Frame) pages.View {
			f.Me.May, f.Counts, f.Revision = nil, nil, ""
			return pages.Account{Frame: f, Early: true, LastLogin: now.Add(-time.Minute)}
		}},
		{"account", "added", "just added one", func(f pages.Frame) pages.View {
			f.Notice = "passkey-added"
			return accountWith(2)(f)
		}},
		refused("account", "only", "the last one stays", staff.ErrPasskeyLast.With(nil), "", accountWith(1)),
		{"account", "long-name", "long names", func(f pages.Frame) pages.View {
			f.Me.Name = longName
			v := accountWith(2)(f).(pages.Account) //nolint:forcetypeassert // accountWith makes no other
			v.Passkeys[0].Name = "을지로지점창구세번째자리에있는피씨의지문인식기로등록한첫번째패스키열쇠"
			return v
		}},
		{"policy", "plain", "who may do what", rights},
	}
}

const longName = "김하늘바다별빛나라초롱초롱고운우리강산이" // 20 letters

func accountWith(n int) func(f pages.Frame) pages.View {
	return func(f pages.Frame) pages.View {
		f.Path = "/console/account"
		all := []pages.Passkey{
			{ID: "P1", Name: "창구 3번 PC", CreatedAt: now.AddDate(0, -3, 0), UsedAt: now.Add(-time.Hour)},
			{ID: "P2", Name: "내 휴대폰", CreatedAt: now.AddDate(0, 0, -2)},
		}
		return pages.Account{Frame: f, Passkeys: all[:n], Removable: n > 1, LastLogin: now.Add(-time.Hour)}
	}
}

func rights(f pages.Frame) pages.View {
	f.Path = "/console/policy"
	return console.Rights(f)
}
