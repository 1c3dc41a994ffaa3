package pages

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/pki/seoul"
)

// Branch is one of the bank's branches as pages show it, at Frame.Now.
type Branch struct {
	Number    string // three digits
	Name      string
	Address   string
	Phone     string
	Latitude  float64
	Longitude float64
	Metres    float64 // from the place that was looked for, in a straight line
	Open      bool
	Until     time.Time // open: until when
	From      time.Time // closed: from when again; zero: not within two weeks
	Holiday   string    // the public holiday that today is
	Week      []Opening // seven days from today on
	Services  []string  // branch.Service
}

// Opening is one day of a branch.
type Opening struct {
	Day      time.Time
	From, To time.Time // zero: closed
	Holiday  string
}

// Closes is the time of day at which it closes: 16:00; midnight is 24:00.
func (o Opening) Closes() string {
	if o.To.Equal(seoul.StartOfDay(o.To)) {
		return "24:00"
	}
	return o.To.In(seoul.Zone).Format("15:04")
}

// Branches is /branches. Field names: place, open, service.
type Branches struct {
	Frame
	Place    string   // as typed
	Found    string   // the place that it is; empty: none was looked for, or none found
	Choices  []string // several places have the name
	OpenOnly bool     // only those open now were asked for
	Services []string // that were asked for
	All      []string // services that can be asked for
	Branches []Branch // the nearest first when a place was found
	Total    int      // of the bank
	Next     *Branch  // nothing is open: what opens first
	Sure     bool     // public holidays are known of the days shown
	Map      *Map     // nil: none
}

// BranchView is /branches/{number}.
type BranchView struct {
	Frame
	Branch Branch
	Sure   bool
	Map    *Map
}

func (Branches) template() string   { return "branches" }
func (BranchView) template() string { return "branch" }

// shownFirst is how many branches a list shows before it folds the others.
const shownFirst = 10

// First are those that are shown at once.
func (v Branches) First() []Branch { return v.Branches[:min(v.folds(), len(v.Branches))] }

// Others are those that are folded.
func (v Branches) Others() []Branch { return v.Branches[min(v.folds(), len(v.Branches)):] }

// folds is where the fold is: a list in no order of distance has none.
func (v Branches) folds() int {
	if v.Found == "" {
		return len(v.Branches)
	}
	return shownFirst
}

// Asked says whether a service was asked for.
func (v Branches) Asked(service string) bool { return slices.Contains(v.Services, service) }

// Filtered says whether anything but a place was asked for.
func (v Branches) Filtered() bool { return v.OpenOnly || len(v.Services) > 0 }

// With is the address of the same search with another place.
func (v Branches) With(place string) string {
	q := url.Values{"service": v.Services}
	if place != "" {
		q.Set("place", place)
	}
	if v.OpenOnly {
		q.Set("open", "now")
	}
	return strings.TrimSuffix("/branches?"+q.Encode(), "?")
}

// distance is how far in words: 350 m, 2.3 km, 120 km; as near.ts does it.
func distance(metres float64, say func(string, ...any) string) string {
	switch {
	case metres < 995:
		return say("p.branches.metres", "n", strconv.Itoa(int(max(10, math.Round(metres/10)*10))))
	case metres < 9950:
		return say("p.branches.kilometres", "n", strconv.FormatFloat(metres/1000, 'f', 1, 64))
	}
	return say("p.branches.kilometres", "n", strconv.Itoa(int(math.Round(metres/1000))))
}

// Wider is the same search without what narrows it.
func (v Branches) Wider() string { return Branches{}.With(v.Place) }

// Count is the place of something in a list that begins after some others.
func (d dressed) Count(at ...int) int {
	n := 1
	for _, i := range at {
		n += i
	}
	return n
}
