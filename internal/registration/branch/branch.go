// Package branch knows the bank's branches (영업점): where they are, when they
// are open, what they do, and which is near.
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
	Open  bool
	Until time.Time // open: when it closes today
	From  time.Time // closed: when it opens next; zero if not within two weeks
}
