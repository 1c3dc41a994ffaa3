package pages

import (
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// functions are those that only these pages have.
func functions(lang string, texts *catalog.Catalog) template.FuncMap {
	say := func(key string, args ...any) string { return texts.Text(lang, key, args...) }
	return template.FuncMap{
		"won":   func(n int) string { return say("p.won", "n", sheets.Thousands(int64(n))) },
		"size":  func(n int64) string { return say("p.bytes", "n", sheets.Thousands(n)) },
		"far":   func(metres float64) string { return distance(metres, say) },
		"bare":  bare,
		"kind":  func(kind, title string) string { return orText(title, say("kind."+kind)) },
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

// bare is a title without its word for "optional", which stands before it.
func bare(title string) string {
	return strings.TrimSuffix(strings.TrimSuffix(title, " (선택)"), " (optional)")
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
