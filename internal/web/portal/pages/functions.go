package pages

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/pki/seoul"
)

func (p *Pages) functions(lang string) template.FuncMap {
	say := func(key string, args ...any) string { return p.texts.Text(lang, key, args...) }
	return template.FuncMap{
		"t":     say,
		"has":   func(key string) bool { return p.texts.Has(lang, key) },
		"icon":  icon,
		"date":  func(at time.Time) string { return sayDate(lang, at) },
		"clock": func(at time.Time) string { return sayDate(lang, at) + " " + clock(at) },
		"iso":   func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"time":  clock,
		"won":   func(n int) string { return say("p.won", "n", thousands(int64(n))) },
		"size":  func(n int64) string { return say("p.bytes", "n", thousands(n)) },
		"far":   func(metres float64) string { return distance(metres, say) },
		"group": group,
		"dial":  dial,
		"bare":  bare,
		"kind":  func(kind, title string) string { return orText(title, say("kind."+kind)) },
		"facts": func(pairs ...any) (map[string]any, error) { return dict(pairs) },
		"steps": func(way string) int { return len(stepsOf(way)) },
		"step": func(n int, way string) string {
			names := stepsOf(way)
			return say("p.step." + names[min(max(n, 1), len(names))-1])
		},
	}
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// dict lets a template hand several values to a part.
func dict(pairs []any) (map[string]any, error) {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("pages: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

var weekdays = [...]string{"일", "월", "화", "수", "목", "금", "토"}

// sayDate is 2027년 3월 14일 (일), or 14 March 2027 (Sun); as say.ts does it.
func sayDate(lang string, at time.Time) string {
	at = at.In(seoul.Zone)
	if lang == "en" {
		return at.Format("2 January 2006 (Mon)")
	}
	return fmt.Sprintf("%d년 %d월 %d일 (%s)", at.Year(), int(at.Month()), at.Day(), weekdays[at.Weekday()])
}

func clock(at time.Time) string { return at.In(seoul.Zone).Format("15:04") }

func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// group writes a fingerprint in groups of four.
func group(hex string) string {
	var out strings.Builder
	for i, c := range strings.ToUpper(hex) {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// bare is a title without its word for "optional", which stands before it.
func bare(title string) string {
	return strings.TrimSuffix(strings.TrimSuffix(title, " (선택)"), " (optional)")
}

// dial is a telephone number as a link takes it.
func dial(number string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, number)
}

// Span is the year of a certificate, for the bar on its card.
type span struct {
	Days  int    // left, counted in Korean days; 0 on the last one
	Gone  string // of the bar, in percent
	Ended bool
	Shown string // state for word and colour: valid near its end is expiring
}

// Renewal opens this long before the end; from then on the card says so.
const soon = 30

func spanOf(c Certificate, now time.Time) span {
	s := span{Shown: c.State, Days: seoul.DaysUntil(now, c.NotAfter), Ended: !now.Before(c.NotAfter)}
	if whole := c.NotAfter.Sub(c.NotBefore); whole > 0 {
		part := float64(now.Sub(c.NotBefore)) / float64(whole)
		s.Gone = strconv.FormatFloat(math.Round(1000*math.Min(1, math.Max(0, part)))/10, 'f', -1, 64) + "%"
	}
	if s.Shown == "valid" && s.Ended {
		s.Shown = "expired"
	}
	if s.Shown == "valid" && s.Days <= soon {
		s.Shown = "expiring"
	}
	return s
}
