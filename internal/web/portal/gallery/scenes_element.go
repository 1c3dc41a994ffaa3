package gallery

import "github.com/ingam-pki/ingam/internal/web/portal/pages"

// elementScenes are states that a script sets; their names are those of the
// elements' gallery bundle (elements/src/gallery).
func elementScenes() []scene {
	views := []struct {
		page   string
		view   func(f pages.Frame) pages.View
		states [][2]string
	}{
		{"key", func(f pages.Frame) pages.View { return pages.Key{Step: stepIn(f), CA: "INGAM"} }, [][2]string{
			{"issue-opening", "looking for a key that was begun"}, {"issue-idle", "medium and password"}, {"issue-typed", "a password that misses rules"},
			{"issue-making", "the key is being made"}, {"issue-sending", "the request is on its way"}, {"issue-resume", "a key that was begun before"},
			{"issue-waiting", "another window is at it"}, {"issue-failed", "the bank does not answer"}, {"issue-elsewhere", "issued on another device"},
			{"issue-storage", "no storage in this browser"}, {"issue-insecure", "not over https"},
		}},
		{"done", func(f pages.Frame) pages.View {
			return pages.Done{Step: stepIn(f), Certificate: certificate(0, person, "personal-bank", "valid", 365)}
		}, [][2]string{
			{"finish-here", "kept in this browser"}, {"finish-temporary", "to be downloaded"}, {"finish-missing", "its key is elsewhere"},
			{"finish-blocked", "no storage in this browser"},
		}},
		{"passkeys", func(f pages.Frame) pages.View { f.Path = "/passkeys"; return pages.Passkeys{Frame: f} }, [][2]string{
			{"passkeys-none", "none yet"}, {"passkeys-list", "two"}, {"passkeys-blocked", "not at this address"},
		}},
		{"login", func(f pages.Frame) pages.View { return pages.Login{Frame: outside(f), Next: "/"} }, [][2]string{
			{"passkey-login-blocked", "no passkeys at this address"},
		}},
		{"id-card", func(f pages.Frame) pages.View {
			return pages.IDCard{Step: stepIn(f), Documents: []string{"resident-card", "drivers-licence", "passport"}}
		}, [][2]string{{"photo-sharp", "a good picture"}, {"photo-blurred", "a blurred one"}}},
		{"home", func(f pages.Frame) pages.View { return pages.Home{Frame: f} }, [][2]string{{"idle-warning", "the session is about to end"}}},
	}
	made := []scene{
		plain("wallet", "empty", "nothing in this browser", func(f pages.Frame) pages.View { return pages.Wallet{Frame: f} }),
		plain("sign", "empty", "no certificate in this browser", func(f pages.Frame) pages.View { return pages.Sign{Frame: f} }),
	}
	for _, v := range views {
		for _, s := range v.states {
			made = append(made, acted(v.page, s[0], s[1], v.view))
		}
	}
	return made
}
