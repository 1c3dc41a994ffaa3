package terminal

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/pki/seoul"
)

// Seoul is the time in which certificates live.
var Seoul = seoul.Zone

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
func Day(t time.Time) string { return seoul.Day(t) }

// DaysBetween counts the midnights of Seoul from one time to another: 0 is
// the same day, negative is the past.
func DaysBetween(from, to time.Time) int { return seoul.DaysUntil(from, to) }

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
