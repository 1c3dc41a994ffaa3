package gallery

import "github.com/ingam-pki/ingam/internal/web/portal/pages"

// elementScenes are states that a script sets: page/state is what the gallery's
// bundle is asked for.
func elementScenes() []scene {
	views := []struct {
		page   string
		view   func(f pages.Frame) pages.View
		states [][2]string
	}{
		{"key", func(f pages.Frame) pages.View { return pages.Key{Step: stepIn(f), CA: "INGAM"} }, [][2]string{
			{"idle", "medium and password"}, {"weak", "a password that misses rules"}, {"making", "the key is being made"},
			{"sending", "the request is on its way"}, {"storing", "the certificate is put away"}, {"resume", "a key that was begun before"},
			{"waiting", "another window is at it"}, {"failed", "the bank does not answer"}, {"ended", "the application is over"},
			{"elsewhere", "issued on another device"}, {"blocked", "no storage in this browser"},
		}},
		{"done", func(f pages.Frame) pages.View {
			return pages.Done{Step: stepIn(f), Certificate: certificate(0, person, "personal-bank", "valid", 365)}
		}, [][2]string{
			{"here", "kept in this browser"}, {"temporary", "to be downloaded"}, {"saved", "downloaded"}, {"missing", "its key is elsewhere"},
			{"blocked", "no storage in this browser"},
		}},
		{"wallet", func(f pages.Frame) pages.View { return pages.Wallet{Frame: f} }, [][2]string{
			{"empty", "nothing yet"}, {"one", "one"}, {"many", "thirty"}, {"long-name", "a name of 20 letters"}, {"expiring", "ends in 7 days"},
			{"expired", "expired"}, {"temporary", "not kept yet"}, {"weak", "sealed in the old way"}, {"locked", "after wrong passwords"},
			{"add", "bring one in"}, {"found", "found in a folder"}, {"password", "change the password"}, {"wrong", "wrong password"},
			{"export", "take it elsewhere"}, {"name", "give it a name"}, {"delete", "delete it"}, {"blocked", "no storage in this browser"},
		}},
		{"sign", func(f pages.Frame) pages.View { return pages.Sign{Frame: f} }, [][2]string{
			{"empty", "no certificate"}, {"form", "what to sign"}, {"wrong", "wrong password"}, {"signed", "signed"},
		}},
		{"passkeys", func(f pages.Frame) pages.View { f.Path = "/passkeys"; return pages.Passkeys{Frame: f} }, [][2]string{
			{"none", "none yet"}, {"two", "two"}, {"removing", "asked before it goes"}, {"unable", "not in this browser"}, {"failed", "the bank does not answer"},
		}},
		{"login", func(f pages.Frame) pages.View { return pages.Login{Frame: outside(f), Next: "/"} }, [][2]string{
			{"certificate", "with a certificate"}, {"passkey-failed", "a passkey that is not known"},
		}},
		{"id-card", func(f pages.Frame) pages.View {
			return pages.IDCard{Step: stepIn(f), Documents: []string{"resident-card", "drivers-licence", "passport"}}
		}, [][2]string{
			{"chosen", "a good picture"}, {"blurred", "a blurred and small one"}, {"camera", "the camera"}, {"denied", "no camera allowed"}, {"masked", "a number typed"},
		}},
		{"home", func(f pages.Frame) pages.View { return pages.Home{Frame: f} }, [][2]string{{"idle", "the session is about to end"}}},
	}
	var made []scene
	for _, v := range views {
		for _, s := range v.states {
			made = append(made, acted(v.page, s[0], s[1], v.view))
		}
	}
	return made
}
