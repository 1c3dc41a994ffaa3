// Package branch knows the bank's branches (영업점): where they are, when they
// are open, what they do, and which is near.
//
//	r, err := branch.Read(file)               // or branch.Sample()
//	places := r.Find("강남역")                  // several when the name is that of several
//	near := r.Near(places[0].Latitude, places[0].Longitude, branch.Filter{})
//	r.Standing(near[0].Branch, now)           // open until four
//
// It holds no personal data: what is known of a branch anybody may know.
package branch

import (
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// Service is something that a branch does.
type Service string

// The services that customers look for.
const (
	Certificates Service = "certificates" // 공동인증서
	Corporate    Service = "corporate"    // 기업 업무
	Foreign      Service = "foreign"      // 외국인 상담 (영어)
	Wheelchair   Service = "wheelchair"   // 휠체어 출입
	Parking      Service = "parking"      // 주차
	Saturday     Service = "saturday"     // 토요일 영업
)

// Services lists all of them, in the order in which they are shown.
var Services = []Service{Certificates, Corporate, Foreign, Wheelchair, Parking, Saturday}

// Hours are when a branch is open on one day of the week: minutes since
// midnight in Seoul, closed when both are zero.
type Hours struct{ From, To int }

// Branch is one of them.
type Branch struct {
	Number    string // three digits, as in lifecycle.Branch
	Name      fault.Text
	Address   fault.Text
	Phone     string
	Latitude  float64 // WGS 84, degrees
	Longitude float64
	Week      [7]Hours // by time.Weekday
	Services  []Service
}

// Standing is whether a branch is open at a moment.
type Standing struct {
	Open    bool
	Until   time.Time  // open: when it closes today
	From    time.Time  // closed: when it opens next; zero if not within two weeks
	Holiday fault.Text // the public holiday that today is; empty on other days
}
