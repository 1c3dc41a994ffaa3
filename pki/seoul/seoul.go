// Package seoul is the calendar in which certificates live: the days, months
// and years of Seoul, whatever clock a machine shows.
//
//	seoul.LastSecond(now)                    // when a certificate ends that ends today
//	seoul.DaysUntil(now, notAfter)           // "3 days left"; 0 is today
//	seoul.LastSecond(seoul.AddYears(end, 1)) // a renewed certificate's end
//
// Moments that it gives are in UTC, as certificates and the database hold them.
package seoul

import "time"

// Zone is the time of Seoul, UTC+9. Korea has had no daylight saving since
// 1988, so a fixed zone says the same without a time-zone database. It has to
// be treated as a constant.
var Zone = time.FixedZone("KST", 9*60*60)

// dayForm is how a day reads, ISO 8601.
const dayForm = "2006-01-02"

// Day writes the day that a moment falls on in Seoul: 2027-03-14.
func Day(t time.Time) string { return t.In(Zone).Format(dayForm) }

// ParseDay gives the first moment of a day written as Day writes it. The
// errors are those of time.Parse.
func ParseDay(s string) (time.Time, error) {
	t, err := time.ParseInLocation(dayForm, s, Zone)
	if err != nil {
		return time.Time{}, err
	}
	return t.UTC(), nil
}

// StartOfDay gives the first moment of t's day in Seoul.
func StartOfDay(t time.Time) time.Time { return date(t).UTC() }

// LastSecond gives 23:59:59 in Seoul on t's day, 14:59:59Z: the last moment in
// which a certificate can be valid that ends on that day.
func LastSecond(t time.Time) time.Time { return date(t).Add(24*time.Hour - time.Second).UTC() }

// DaysUntil counts the midnights of Seoul from one moment to another: 0 is the
// same day, negative is the past. Two moments a minute apart can be one day
// apart, and 23 hours apart none.
func DaysUntil(from, to time.Time) int {
	return int((date(to).Unix() - date(from).Unix()) / (24 * 60 * 60))
}

// AddMonths gives the same time of day n calendar months later, earlier when n
// is negative. Where the month has no such day it is the month's last: one
// month after 31 January is 28 or 29 February. So it never skips a month; but
// two steps of one month may end earlier than one of two.
func AddMonths(t time.Time, n int) time.Time {
	t = t.In(Zone)
	year, month, day := t.Date()
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, Zone)
	day = min(day, first.AddDate(0, 1, -1).Day())
	return first.AddDate(0, 0, day-1).Add(t.Sub(date(t))).UTC()
}

// AddYears gives the same time of day n years later, as AddMonths does with
// twelve times as many months: a year after 29 February is 28 February.
func AddYears(t time.Time, n int) time.Time { return AddMonths(t, 12*n) }

// date is the first moment of t's day, in Seoul.
func date(t time.Time) time.Time {
	year, month, day := t.In(Zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, Zone)
}
