package gallery

import "github.com/ingam-pki/ingam/internal/web/portal/pages"

// elementView is a page with the states that its element can be in, each with
// what it shows.
type elementView struct {
	page   string
	view   func(f pages.Frame) pages.View
	states [][2]string
}

// elementScenes are states that a script sets; their names are those of the
// elements' gallery bundle (elements/src/gallery).
func elementScenes() []scene {
	views := []elementView{
		{"key", func(f pages.Frame) pages.View { return pages.Key{Step: stepIn(f), CA: "INGAM"} }, [][2]string{
			{"issue-opening", "looking for a key that was begun"}, {"issue-idle", "medium and password"}, {"issue-typed", "a password that misses rules"},
			{"issue-making", "the key is being made"}, {"issue-sending", "the request is on its way"}, {"issue-resume", "a key that was begun before"},
			{"issue-waiting", "another window is at it"}, {"issue-failed", "the bank does not answer"}, {"issue-elsewhere", "issued on another device"},
			{"issue-storage", "no storage in this browser"}, {"issue-insecure", "not over https"},
		}},
		{"key", renewal, [][2]string{
			{"renew-idle", "to renew: old and new password"}, {"renew-missing", "the old certificate is not here"}, {"renew-other", "another one was brought in"},
			{"renew-wrong", "its password is wrong"}, {"renew-resume", "a renewal that was begun before"}, {"renew-making", "the old one is opened"},
		}},
		{"done", func(f pages.Frame) pages.View {
			return pages.Done{Step: stepIn(f), Certificate: certificate(0, person, "personal-bank", "valid", 365), Code: emergency}
		}, [][2]string{
			{"finish-here", "kept in this browser"}, {"finish-temporary", "to be downloaded"}, {"finish-missing", "its key is elsewhere"},
			{"finish-blocked", "no storage in this browser"},
		}},
		{"passkeys", func(f pages.Frame) pages.View { f.Path = "/passkeys"; return pages.Passkeys{Frame: f} }, [][2]string{
			{"passkeys-none", "none yet"}, {"passkeys-list", "two"}, {"passkeys-blocked", "not at this address"},
		}},
		{"login", func(f pages.Frame) pages.View { return pages.Login{Frame: outside(f), Next: "/"} }, [][2]string{
			{"passkey-login-blocked", "no passkeys at this address"},
			{"login-one", "one certificate in this browser"}, {"login-several", "several of them"}, {"login-expired", "an expired one"},
			{"login-down", "the bank does not answer"},
		}},
		{"id-card", func(f pages.Frame) pages.View {
			return pages.IDCard{Step: stepIn(f), Documents: []string{"resident-card", "drivers-licence", "passport"}}
		}, [][2]string{{"photo-sharp", "a good picture"}, {"photo-blurred", "a blurred one"}}},
		{"home", func(f pages.Frame) pages.View { return pages.Home{Frame: f} }, [][2]string{{"idle-warning", "the session is about to end"}}},
	}
	views = append(views, walletViews()...)
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

// renewal is step 4 of a renewal.
func renewal(f pages.Frame) pages.View {
	s, old := stepIn(f), expiring(7)
	s.Way, s.Replaces = "renew", old.Serial
	return pages.Key{Step: s, CA: "INGAM", Old: &old}
}

// walletViews are the pages that show what a browser's wallet holds.
func walletViews() []elementView {
	return []elementView{
		{"wallet", func(f pages.Frame) pages.View { f.Path = "/wallet"; return pages.Wallet{Frame: f} }, [][2]string{
			{"wallet-one", "one certificate"}, {"wallet-three", "three: valid, expiring, expired"}, {"wallet-thirty", "thirty"},
			{"wallet-sorts", "whatever one can be, each once"}, {"wallet-storage", "no storage in this browser"},
			{"wallet-unfinished", "a key that waits for its certificate"}, {"wallet-unfinished-one", "the same beside a certificate"}, {"wallet-discard", "asks before a key is discarded"},
			{"wallet-show", "one and its facts"}, {"wallet-show-expiring", "one that ends in a week"}, {"wallet-show-expired", "an expired one"},
			{"wallet-show-locked", "one that rests after wrong passwords"}, {"wallet-show-temporary", "one to be downloaded"},
			{"wallet-show-long-name", "an owner's name of 20 letters"}, {"wallet-show-imported", "one of another authority, weakly sealed"},
			{"wallet-show-future", "one that begins tomorrow"}, {"wallet-show-replaced", "one that was renewed"}, {"wallet-gone", "one that is not there"},
			{"wallet-add", "to bring one in"}, {"wallet-add-none", "nothing was found"}, {"wallet-add-two", "two were found"},
			{"wallet-add-pfx", "a PFX file was found"}, {"wallet-add-wrong", "its password is wrong"},
			{"wallet-export", "to take one out"}, {"wallet-export-pfx", "as PFX"}, {"wallet-export-old", "as old programs read it"},
			{"wallet-export-old-pfx", "as PFX for old programs, without R"}, {"wallet-export-wrong", "a wrong password"},
			{"wallet-name", "to name it"}, {"wallet-password", "to change its password"}, {"wallet-password-rules", "a password that misses rules"},
			{"wallet-delete", "to delete it"},
		}},
		{"sign", func(f pages.Frame) pages.View { f.Path = "/sign"; return pages.Sign{Frame: f} }, [][2]string{
			{"sign-one", "one certificate"}, {"sign-thirty", "thirty to choose from"}, {"sign-expired", "an expired one"}, {"sign-file", "a file"},
			{"sign-wrong", "a wrong password"}, {"sign-signed", "signed"},
		}},
	}
}
