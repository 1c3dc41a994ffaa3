package branch

import (
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// ahead is how many days after today are looked at for the next opening.
const ahead = 14

// Standing says whether a branch is open at a moment, and until or from when.
func (r *Register) Standing(b Branch, at time.Time) Standing {
	standing := Standing{Holiday: r.Holiday(at)}
	for day := range ahead + 1 {
		from, to := r.On(b, seoul.StartOfDay(at).Add(time.Duration(day)*24*time.Hour))
		switch {
		case from.IsZero():
		case at.Before(from):
			standing.From = from
			return standing
		case at.Before(to):
			standing.Open, standing.Until = true, to
			return standing
		}
	}
	return standing
}

// On gives when a branch is open on the day of a moment, public holidays taken
// into account; zero times when it is closed all day.
func (r *Register) On(b Branch, at time.Time) (from, to time.Time) {
	midnight := seoul.StartOfDay(at)
	h := b.Week[midnight.In(seoul.Zone).Weekday()]
	if h.To <= h.From || r.Holiday(at) != (fault.Text{}) {
		return time.Time{}, time.Time{}
	}
	return midnight.Add(time.Duration(h.From) * time.Minute), midnight.Add(time.Duration(h.To) * time.Minute)
}

// Holiday names the public holiday that the day of a moment is; empty on other
// days, and on all that are not Known.
func (r *Register) Holiday(at time.Time) fault.Text { return r.holidays[seoul.Day(at)] }

// Known says whether public holidays are known of the two weeks that follow a
// moment. Where they are not, hours may differ from what Standing says.
func (r *Register) Known(at time.Time) bool {
	return seoul.Day(at.Add(ahead*24*time.Hour)) <= r.until
}
