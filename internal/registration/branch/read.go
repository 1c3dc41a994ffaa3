package branch

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// The bounds of a file.
const (
	MaxFile     = 1 << 20 // bytes
	maxBranches = 1000
	maxHolidays = 1000
	maxText     = 120 // characters of a name or an address
	maxPlan     = 14  // entries of a week
)

// file is what a bank writes down. docs/branches.md describes it.
type file struct {
	Branches []entry   `json:"branches"`
	Holidays *calendar `json:"holidays"`
}

type entry struct {
	Number    string            `json:"number"`
	Name      text              `json:"name"`
	Address   text              `json:"address"`
	Phone     string            `json:"phone"`
	Latitude  *float64          `json:"latitude"`
	Longitude *float64          `json:"longitude"`
	Hours     map[string]string `json:"hours"`
	Services  []Service         `json:"services"`
}

type text struct {
	KO string `json:"ko"`
	EN string `json:"en"`
}

type calendar struct {
	Until   string    `json:"until"`
	Sources []string  `json:"sources"`
	Days    []holiday `json:"days"`
}

type holiday struct {
	Day string `json:"day"`
	KO  string `json:"ko"`
	EN  string `json:"en"`
}

// Read makes a register of a bank's own file: JSON as docs/branches.md
// describes. Holidays are Korea's unless the file has its own. An error names
// every defect.
func Read(raw []byte) (*Register, error) {
	var f file
	if err := decode(raw, &f); err != nil {
		return nil, err
	}
	if f.Holidays == nil {
		f.Holidays = &calendar{}
		if err := decode(koreanHolidays, f.Holidays); err != nil {
			return nil, err
		}
	}
	r := &Register{number: map[string]int{}}
	wrong := r.setHolidays(*f.Holidays)
	if len(f.Branches) > maxBranches {
		return nil, fmt.Errorf("there are %d branches, more than %d", len(f.Branches), maxBranches)
	}
	for i, e := range f.Branches {
		b, err := e.branch()
		if _, twice := r.number[b.Number]; twice {
			err = append(err, errors.New("number: another branch has it"))
		}
		r.number[b.Number] = i
		for _, e := range err {
			wrong = append(wrong, fmt.Errorf("branches[%d] (%.8q): %w", i, b.Number, e))
		}
		r.branches = append(r.branches, b)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	slices.SortFunc(r.branches, func(a, b Branch) int { return cmp.Compare(a.Number, b.Number) })
	for i, b := range r.branches {
		r.number[b.Number] = i
	}
	var err error
	r.places, err = newGazetteer(r.branches)
	return r, err
}

// decode reads one JSON value, strictly: fields that are not known, and what
// follows the value, are defects.
func decode(raw []byte, into any) error {
	if len(raw) > MaxFile {
		return fmt.Errorf("the file is larger than %d bytes", MaxFile)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("reading JSON: something follows the end")
	}
	return nil
}

// branch checks an entry.
func (e entry) branch() (Branch, []error) {
	b := Branch{Number: e.Number, Name: fault.Text(e.Name), Address: fault.Text(e.Address), Phone: e.Phone, Services: e.Services}
	var wrong []error
	say := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	say(threeDigits(e.Number), "number: not three digits")
	for field, s := range map[string]string{"name.ko": e.Name.KO, "name.en": e.Name.EN, "address.ko": e.Address.KO, "address.en": e.Address.EN} {
		say(readable(s), "%s: not 1 to %d characters on one line", field, maxText)
	}
	say(phoneNumber(e.Phone), "phone: not digits and hyphens, such as 02-000-0012")
	if e.Latitude == nil || e.Longitude == nil {
		say(false, "latitude, longitude: missing")
	} else {
		b.Latitude, b.Longitude = *e.Latitude, *e.Longitude
		say(inKorea(b.Latitude, b.Longitude), "latitude, longitude: not in Korea (33 to 39 north, 124 to 132 east)")
	}
	var err error
	b.Week, err = week(e.Hours)
	say(err == nil, "hours: %w", err)
	for i, s := range e.Services {
		say(slices.Contains(Services, s), "services: %.40q is none of %v", string(s), Services)
		say(!slices.Contains(e.Services[:i], s), "services: %.40q stands twice", string(s))
	}
	say(slices.Contains(e.Services, Saturday) == (b.Week[6] != Hours{}), "services: saturday does not fit the hours on Saturday")
	slices.SortFunc(wrong, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return b, wrong
}

func readable(s string) bool {
	n := utf8.RuneCountInString(s)
	return n > 0 && n <= maxText && strings.TrimSpace(s) == s && strings.IndexFunc(s, unicode.IsControl) < 0 && utf8.ValidString(s)
}

func phoneNumber(s string) bool {
	digits := strings.ReplaceAll(s, "-", "")
	return len(digits) >= 8 && len(s) <= 16 && strings.Trim(digits, "0123456789") == "" && s[0] != '-' && s[len(s)-1] != '-'
}

func inKorea(latitude, longitude float64) bool {
	return latitude >= 33 && latitude <= 39 && longitude >= 124 && longitude <= 132
}

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// week reads hours: by day, or weekdays for Monday to Friday. What is not
// named is closed.
func week(hours map[string]string) (plan [7]Hours, err error) {
	if len(hours) > maxPlan {
		return plan, fmt.Errorf("more than %d entries", maxPlan)
	}
	for name, span := range hours {
		var h Hours
		if h, err = parseHours(span); err != nil {
			return plan, fmt.Errorf("%.20s: %w", name, err)
		}
		day := slices.Index(dayNames, name)
		switch {
		case name == "weekdays":
			for d := 1; d <= 5; d++ {
				if _, own := hours[dayNames[d]]; own {
					return plan, fmt.Errorf("%s is among the weekdays already", dayNames[d])
				}
				plan[d] = h
			}
		case day >= 0:
			plan[day] = h
		default:
			return plan, fmt.Errorf("%.20q is no day: weekdays, %s", name, strings.Join(dayNames, ", "))
		}
	}
	return plan, nil
}

// parseHours reads 09:00-16:00.
func parseHours(s string) (Hours, error) {
	from, to, ok := strings.Cut(s, "-")
	h := Hours{From: minutes(from), To: minutes(to)}
	if !ok || h.From < 0 || h.To < 0 || h.To <= h.From {
		return Hours{}, fmt.Errorf("%.20q does not read like 09:00-16:00", s)
	}
	return h, nil
}

// minutes reads 09:00, up to 24:00; -1 is anything else.
func minutes(s string) int {
	if len(s) != 5 || s[2] != ':' || strings.Trim(s[:2]+s[3:], "0123456789") != "" {
		return -1
	}
	digit := func(i int) int { return int(s[i] - '0') }
	hour, minute := 10*digit(0)+digit(1), 10*digit(3)+digit(4)
	if minute > 59 || hour > 24 || hour == 24 && minute > 0 {
		return -1
	}
	return 60*hour + minute
}

func (r *Register) setHolidays(c calendar) (wrong []error) {
	r.holidays, r.until = map[string]fault.Text{}, c.Until
	if _, err := seoul.ParseDay(c.Until); err != nil {
		wrong = append(wrong, fmt.Errorf("holidays.until: %.20q is no day such as 2028-12-31", c.Until))
	}
	if len(c.Days) > maxHolidays {
		return append(wrong, fmt.Errorf("holidays: there are %d days, more than %d", len(c.Days), maxHolidays))
	}
	for i, d := range c.Days {
		_, twice := r.holidays[d.Day]
		if _, err := seoul.ParseDay(d.Day); err != nil || d.Day > c.Until || twice || !readable(d.KO) || !readable(d.EN) {
			wrong = append(wrong, fmt.Errorf("holidays.days[%d]: %.20q is no day up to until, stands twice, or lacks a name in ko or en", i, d.Day))
		}
		r.holidays[d.Day] = fault.Text{KO: d.KO, EN: d.EN}
	}
	return wrong
}
