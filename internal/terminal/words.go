package terminal

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Seoul is the time in which certificates live. Korea has had no daylight
// saving since 1988, so a fixed zone says the same without a zone database.
var Seoul = time.FixedZone("KST", 9*60*60)

var weekdays = [...]string{"일", "월", "화", "수", "목", "금", "토"}

// Moment writes a time to the minute as it is read in Seoul:
// 2027년 3월 14일 (일) 23:59, or Sun, 14 March 2027, 23:59 (KST).
func Moment(t time.Time, lang string) string {
	t = t.In(Seoul)
	if english(lang) {
		return t.Format("Mon, 2 January 2006, 15:04") + " (KST)"
	}
	return fmt.Sprintf("%d년 %d월 %d일 (%s) %s", t.Year(), t.Month(), t.Day(), weekdays[t.Weekday()], t.Format("15:04"))
}

// Day writes a day for a table: 2027-03-14, in Seoul.
func Day(t time.Time) string { return t.In(Seoul).Format("2006-01-02") }

// DaysBetween counts the midnights of Seoul from one time to another: 0 is
// the same day, negative is the past.
func DaysBetween(from, to time.Time) int {
	return int(date(to).Sub(date(from)) / (24 * time.Hour))
}

func date(t time.Time) time.Time {
	y, m, d := t.In(Seoul).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Groups writes bytes as hexadecimal in groups of four digits.
func Groups(b []byte) string {
	digits := strings.ToUpper(hex.EncodeToString(b))
	var out []string
	for len(digits) > 4 {
		out, digits = append(out, digits[:4]), digits[4:]
	}
	return strings.Join(append(out, digits), " ")
}

// english says whether a language tag asks for English; all else is Korean.
func english(lang string) bool { return strings.HasPrefix(strings.ToLower(lang), "en") }
