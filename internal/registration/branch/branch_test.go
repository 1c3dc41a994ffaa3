package branch_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/pki/seoul"
)

func sample(t *testing.T) *branch.Register {
	t.Helper()
	r, err := branch.Sample()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", s, seoul.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestSample(t *testing.T) {
	t.Parallel()
	r := sample(t)
	all := r.All()
	if len(all) < 24 || !slices.IsSortedFunc(all, func(a, b branch.Branch) int { return strings.Compare(a.Number, b.Number) }) {
		t.Fatalf("%d branches, or in no order", len(all))
	}
	offered := map[branch.Service]bool{}
	for _, b := range all {
		for _, s := range b.Services {
			offered[s] = true
		}
		if again, err := r.ByNumber(b.Number); err != nil || again.Name != b.Name || !r.Branch(b.Number) || r.Name(b.Number) != b.Name {
			t.Errorf("%s: %v %v", b.Number, again, err)
		}
	}
	for _, s := range branch.Services {
		if !offered[s] {
			t.Errorf("no branch has %s", s)
		}
	}
	for _, number := range []string{"012", "101", "215"} {
		if !r.Branch(number) {
			t.Errorf("no branch %s", number)
		}
	}
	for _, number := range []string{"", "12", "999", "0120", "abc", "０１２"} {
		if _, err := r.ByNumber(number); !errors.Is(err, branch.ErrUnknown) || r.Branch(number) {
			t.Errorf("%q is a branch: %v", number, err)
		}
	}
	if got := r.Name("999").KO; got != "영업점 999" {
		t.Errorf("a branch that is not there is called %q", got)
	}
}

// TestEmpty: a bank that has told no branches may have any.
func TestEmpty(t *testing.T) {
	t.Parallel()
	r, err := branch.Read([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Branch("999") || r.Branch("99") || r.Branch("99a") || len(r.Near(37, 127, branch.Filter{})) != 0 {
		t.Error("a register without branches knows which there are")
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	r := sample(t)
	weekday, _ := r.ByNumber("012")  // 09:00-16:00
	saturday, _ := r.ByNumber("101") // and on Saturday, 10:00-14:00
	for _, c := range []struct {
		b                *branch.Branch
		now              string
		open             bool
		then, holiday    string
		todayFrom, today string
	}{
		{&weekday, "2026-11-27 08:59", false, "2026-11-27 09:00", "", "09:00", "16:00"}, // Friday
		{&weekday, "2026-11-27 09:00", true, "2026-11-27 16:00", "", "09:00", "16:00"},
		{&weekday, "2026-11-27 15:59", true, "2026-11-27 16:00", "", "09:00", "16:00"},
		{&weekday, "2026-11-27 16:00", false, "2026-11-30 09:00", "", "09:00", "16:00"}, // over the weekend
		{&weekday, "2026-11-28 12:00", false, "2026-11-30 09:00", "", "", ""},
		{&saturday, "2026-11-28 12:00", true, "2026-11-28 14:00", "", "10:00", "14:00"},
		{&saturday, "2026-11-28 14:00", false, "2026-11-30 09:00", "", "10:00", "14:00"},
		{&weekday, "2026-12-25 12:00", false, "2026-12-28 09:00", "성탄절", "", ""},
		{&weekday, "2027-02-05 16:30", false, "2027-02-10 09:00", "", "09:00", "16:00"}, // Seollal and its substitute
		{&saturday, "2027-02-06 12:00", false, "2027-02-10 09:00", "설날 연휴", "", ""},
		{&weekday, "2028-01-27 12:00", false, "2028-01-31 09:00", "설날", "", ""},
		{&weekday, "2028-10-02 00:00", false, "2028-10-06 09:00", "추석 연휴", "", ""},
		{&weekday, "2030-01-01 12:00", true, "2030-01-01 16:00", "", "09:00", "16:00"}, // after the table
	} {
		now := at(t, c.now)
		s := r.Standing(*c.b, now.UTC())
		then := s.From
		if s.Open {
			then = s.Until
		}
		if s.Open != c.open || !then.Equal(at(t, c.then)) || s.Holiday.KO != c.holiday {
			t.Errorf("%s at %s: %+v, want open %v, then %s, %q", c.b.Number, c.now, s, c.open, c.then, c.holiday)
		}
		from, to := r.On(*c.b, now)
		if clock(from) != c.todayFrom || clock(to) != c.today {
			t.Errorf("%s on %s: %s-%s, want %s-%s", c.b.Number, c.now, clock(from), clock(to), c.todayFrom, c.today)
		}
	}
	closed := branch.Branch{Number: "999"}
	if s := r.Standing(closed, at(t, "2026-11-27 12:00")); s.Open || !s.From.IsZero() {
		t.Errorf("a branch that never opens: %+v", s)
	}
}

func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(seoul.Zone).Format("15:04")
}

// TestHolidays holds the table against the rules that made it: fixed days stand
// in each year, lunar ones hang together, and a substitute falls on a weekday
// behind its holiday.
func TestHolidays(t *testing.T) {
	t.Parallel()
	r := sample(t)
	for year := 2026; year <= 2028; year++ {
		fixed := []string{"01-01", "03-01", "05-01", "05-05", "06-06", "07-17", "08-15", "10-03", "10-09", "12-25"}
		names := map[string]int{}
		for day := time.Date(year, 1, 1, 12, 0, 0, 0, seoul.Zone); day.Year() == year; day = day.AddDate(0, 0, 1) {
			name := r.Holiday(day).KO
			if i := slices.Index(fixed, day.Format("01-02")); i >= 0 {
				fixed = slices.Delete(fixed, i, i+1)
				if name == "" {
					t.Errorf("%s is no holiday", day.Format(time.DateOnly))
				}
			}
			main, substitute := strings.CutSuffix(name, " 대체공휴일")
			if substitute {
				if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
					t.Errorf("%s takes a holiday's place on a weekend", day.Format(time.DateOnly))
				}
				if r.Holiday(day.AddDate(0, 0, -1)).KO == "" && r.Holiday(day.AddDate(0, 0, -2)).KO == "" {
					t.Errorf("%s takes the place of nothing", day.Format(time.DateOnly))
				}
			}
			for _, lunar := range []string{"설날", "추석", "부처님오신날"} {
				if strings.HasPrefix(main, lunar) && !substitute {
					names[lunar]++
				}
			}
			if !r.Known(day.AddDate(0, 0, -14)) {
				t.Errorf("%s is not known", day.Format(time.DateOnly))
			}
		}
		if len(fixed) > 0 || names["설날"] != 3 || names["추석"] != 3 || names["부처님오신날"] != 1 {
			t.Errorf("%d: lacks %v, has %v", year, fixed, names)
		}
	}
	if r.Known(at(t, "2028-12-20 12:00")) || !r.Known(at(t, "2028-12-16 12:00")) {
		t.Error("the end of the table is not said two weeks before")
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	r := sample(t)
	busan := r.Near(35.115, 129.041, branch.Filter{})
	if len(busan) != len(r.All()) || busan[0].Number != "601" || busan[1].Number != "608" {
		t.Errorf("near Busan Station: %v %v", busan[0].Number, busan[1].Number)
	}
	if !slices.IsSortedFunc(busan, func(a, b branch.Found) int { return int(math.Round(a.Metres - b.Metres)) }) {
		t.Error("not the nearest first")
	}
	if m := busan[0].Metres; m < 4_000 || m > 6_000 {
		t.Errorf("from Busan Station to Seomyeon: %.0f m", m)
	}
	noon := at(t, "2026-11-28 12:00") // Saturday
	for _, f := range r.Near(37.5, 127, branch.Filter{OpenAt: noon, Services: []branch.Service{branch.Foreign, branch.Certificates}}) {
		if !slices.Contains(f.Services, branch.Saturday) || !slices.Contains(f.Services, branch.Foreign) {
			t.Errorf("%s has %v", f.Number, f.Services)
		}
	}
	if open := r.Filter(branch.Filter{OpenAt: noon}); len(open) == 0 || len(open) == len(r.All()) {
		t.Errorf("%d branches are open on a Saturday", len(open))
	}
}

// TestDistance compares with distances that others measured: great circles, to
// half a percent.
func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to [2]float64
		km       float64
	}{
		{[2]float64{37.5665, 126.9780}, [2]float64{35.1796, 129.0756}, 325},        // Seoul, Busan
		{[2]float64{37.5665, 126.9780}, [2]float64{33.4996, 126.5312}, 453.6},      // Seoul, Jeju
		{[2]float64{50.0663889, -5.7147222}, [2]float64{58.6438889, -3.07}, 968.9}, // Land's End, John o' Groats
		{[2]float64{0, 0}, [2]float64{0, 180}, 20015.1},
		{[2]float64{37, 127}, [2]float64{37, 127}, 0},
	} {
		got := branch.Distance(c.from[0], c.from[1], c.to[0], c.to[1]) / 1000
		if math.Abs(got-c.km) > c.km/200 {
			t.Errorf("%v to %v: %.1f km, want %.1f", c.from, c.to, got, c.km)
		}
	}
}
