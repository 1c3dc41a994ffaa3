package gallery

import (
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// reference is a number as one types it.
const reference = "012-345-6786"

// redeemScenes are the pages of one who has codes of a branch: nobody is logged
// in on them, but where it is said.
func redeemScenes() []scene {
	enter := func(f pages.Frame) pages.View {
		f = outside(f)
		f.Path = "/redeem"
		view := pages.Redeem{Frame: f}
		if f.Problem != nil {
			view.Reference = reference
		}
		return view
	}
	says := func(state, title string, f *fault.Fault, field string, parameters ...string) scene {
		return refused("redeem", state, title, f.With(nil, parameters...), field, enter)
	}
	step := func(f pages.Frame, way string) pages.Step {
		s := stepIn(outside(f))
		s.Way, s.Branch, s.Enter, s.ExpiresAt = way, "014", "/redeem", now.Add(70*time.Hour)
		return s
	}
	return []scene{
		plain("redeem", "plain", "nothing typed yet", enter),
		plain("redeem", "ended", "it ended meanwhile", func(f pages.Frame) pages.View {
			return pages.Redeem{Frame: outside(f), Ended: true}
		}),
		plain("redeem", "going", "entered before, in this browser", func(f pages.Frame) pages.View {
			return pages.Redeem{Frame: outside(f), Going: "/apply/" + application + "/key"}
		}),
		plain("redeem", "customer", "of who is logged in, with what waits", func(f pages.Frame) pages.View {
			return pages.Redeem{Frame: f, Waiting: []pages.Application{
				{ID: application, Kind: "personal-bank", Way: "reissue", Branch: "014", ExpiresAt: now.Add(70 * time.Hour)},
				{ID: application, Kind: "personal-general", Way: "issue", Branch: "201", ExpiresAt: now.Add(7 * time.Hour)},
			}}
		}),
		says("reference", "the number is mistyped", redeem.ErrReferenceForm, "reference"),
		says("code", "the code is mistyped", redeem.ErrCodeForm, "code"),
		says("wrong", "they open nothing", redeem.ErrWrong, "code"),
		says("locked", "too many wrong ones", redeem.ErrLocked, "", "until", "2027-03-14 15:30"),
		says("spent", "used before", redeem.ErrSpent, ""),
		says("expired", "too late", redeem.ErrExpired, ""),
		says("replaced", "newer ones were handed out", redeem.ErrReplaced, ""),
		says("dead", "five wrong codes", redeem.ErrDead, ""),
		says("elsewhere", "entered somewhere else", kit.ErrRedeemedElsewhere, ""),
		plain("key", "codes", "by codes of a branch", func(f pages.Frame) pages.View {
			return pages.Key{Step: step(f, "renew"), CA: "INGAM"}
		}),
		plain("done", "codes", "by codes of a branch", func(f pages.Frame) pages.View {
			return pages.Done{Step: step(f, "issue"), Certificate: certificate(0, person, "personal-bank", "valid", 365), Code: emergency}
		}),
		refused("ended", "codes", "by codes, too late", enrolment.ErrLapsedAtBranch.With(nil), "", func(f pages.Frame) pages.View {
			return pages.Ended{Step: step(f, "issue"), State: "lapsed"}
		}),
	}
}
