package profile

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/pki/seoul"
)

// Period is how long a certificate is valid, in the calendar of Seoul. Its text
// is that of ISO 8601: P1Y, P6M, P1Y2M3D.
type Period struct {
	Years, Months, Days int
}

// maxYears bounds a period; a root certificate of the field has 20.
const maxYears = 50

var periodText = regexp.MustCompile(`^P(?:([0-9]{1,2})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,5})D)?$`)

// ErrPeriod says that a text is not a period of years, months and days.
var ErrPeriod = errors.New("profile: a period reads like P1Y, P6M or P30D")

// ParsePeriod reads the text of a period.
func ParsePeriod(s string) (Period, error) {
	if len(s) > 16 {
		return Period{}, ErrPeriod
	}
	part := periodText.FindStringSubmatch(s)
	if part == nil {
		return Period{}, ErrPeriod
	}
	number := func(digits string) int {
		n, _ := strconv.Atoi("0" + digits) // at most five digits, by the pattern
		return n
	}
	p := Period{number(part[1]), number(part[2]), number(part[3])}
	if err := p.check(); err != nil {
		return Period{}, err
	}
	return p, nil
}

// String gives the text that ParsePeriod reads.
func (p Period) String() string {
	var b strings.Builder
	b.WriteByte('P')
	for _, part := range []struct {
		n    int
		unit byte
	}{{p.Years, 'Y'}, {p.Months, 'M'}, {p.Days, 'D'}} {
		if part.n != 0 {
			fmt.Fprintf(&b, "%d%c", part.n, part.unit)
		}
	}
	return b.String()
}

// MarshalText and UnmarshalText make a period a string in JSON.
func (p Period) MarshalText() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Period) UnmarshalText(text []byte) error {
	parsed, err := ParsePeriod(string(text))
	if err == nil {
		*p = parsed
	}
	return err
}

func (p Period) check() error {
	if p.Years < 0 || p.Months < 0 || p.Days < 0 || p == (Period{}) {
		return ErrPeriod
	}
	if p.Years > maxYears || p.Months > 12*maxYears || p.Days > 366*maxYears || p.atLeastDays() > 366*maxYears {
		return fmt.Errorf("%w, of at most %d years", ErrPeriod, maxYears)
	}
	return nil
}

// atLeastDays is the least number of days that the period can have.
func (p Period) atLeastDays() int { return 365*p.Years + 28*p.Months + p.Days }

// NotAfter is the last second of a certificate that begins at notBefore:
// 23:59:59 in Seoul (14:59:59Z) on the day of the anniversary. Where the month
// has no such day (29 February, 31 of a month) it is the month's last day; days
// are added after that.
func (p Period) NotAfter(notBefore time.Time) time.Time {
	anniversary := seoul.AddMonths(notBefore, 12*p.Years+p.Months)
	return seoul.LastSecond(anniversary.AddDate(0, 0, p.Days))
}
