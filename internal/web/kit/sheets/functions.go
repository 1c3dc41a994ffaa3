package sheets

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Functions are those of every template.
func Functions(lang string, texts *catalog.Catalog) template.FuncMap {
	say := func(key string, args ...any) string { return texts.Text(lang, key, args...) }
	return template.FuncMap{
		"t":     say,
		"has":   func(key string) bool { return texts.Has(lang, key) },
		"icon":  Icon,
		"date":  func(at time.Time) string { return Date(lang, at) },
		"clock": func(at time.Time) string { return Date(lang, at) + " " + Clock(at) },
		"iso":   func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"time":  Clock,
		"group": Group,
		"dial":  Dial,
		"facts": func(pairs ...any) (map[string]any, error) { return dict(pairs) },
	}
}

// dict lets a template hand several values to a part.
func dict(pairs []any) (map[string]any, error) {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("sheets: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

var weekdays = [...]string{"일", "월", "화", "수", "목", "금", "토"}

// Date is 2027년 3월 14일 (일), or 14 March 2027 (Sun), in Seoul; as say.ts does it.
func Date(lang string, at time.Time) string {
	at = at.In(seoul.Zone)
	if lang == "en" {
		return at.Format("2 January 2006 (Mon)")
	}
	return fmt.Sprintf("%d년 %d월 %d일 (%s)", at.Year(), int(at.Month()), at.Day(), weekdays[at.Weekday()])
}

// Clock is the time of day in Seoul: 15:04.
func Clock(at time.Time) string { return at.In(seoul.Zone).Format("15:04") }

// Thousands writes a number in groups of three.
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Group writes a fingerprint in groups of four.
func Group(hex string) string {
	var out strings.Builder
	for i, c := range strings.ToUpper(hex) {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// Dial is a telephone number as a link takes it.
func Dial(number string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, number)
}
