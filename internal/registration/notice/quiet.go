package notice

import (
	"time"

	"github.com/ingam-pki/ingam/pki/seoul"
)

// Quiet hours, in Seoul: what is not urgent is not sent from 21:00:00 until
// 07:59:59. (The law asks the same of advertisements, 정보통신망법 제50조; these
// are none, but a phone at a bed doesn't know.)
const (
	quietFrom = 21
	quietTo   = 8
)

// Quiet says whether a moment lies in the quiet hours.
func Quiet(t time.Time) bool {
	hour := t.In(seoul.Zone).Hour()
	return hour >= quietFrom || hour < quietTo
}

// AfterQuiet gives the moment itself, or the end of the quiet hours that it
// lies in.
func AfterQuiet(t time.Time) time.Time {
	if !Quiet(t) {
		return t
	}
	local := t.In(seoul.Zone)
	day := local.Day()
	if local.Hour() >= quietFrom {
		day++
	}
	return time.Date(local.Year(), local.Month(), day, quietTo, 0, 0, 0, seoul.Zone)
}
