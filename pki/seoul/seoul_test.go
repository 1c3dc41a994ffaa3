package seoul_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/pki/seoul"
)

const layout = "2006-01-02 15:04:05"

// at reads a time as a clock in Seoul shows it.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation(layout, s, seoul.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func shown(t time.Time) string { return t.In(seoul.Zone).Format(layout) }

func TestDays(t *testing.T) {
	for _, c := range []struct {
		moment, day, start, last string // moment is UTC, the others are Seoul's
	}{
		{"2027-03-14T14:59:59Z", "2027-03-14", "2027-03-14 00:00:00", "2027-03-14 23:59:59"},
		{"2027-03-14T15:00:00Z", "2027-03-15", "2027-03-15 00:00:00", "2027-03-15 23:59:59"},
		{"2028-02-28T15:00:00Z", "2028-02-29", "2028-02-29 00:00:00", "2028-02-29 23:59:59"},
		{"2027-12-31T14:59:59.999999999Z", "2027-12-31", "2027-12-31 00:00:00", "2027-12-31 23:59:59"},
		{"2027-12-31T10:00:00-05:00", "2028-01-01", "2028-01-01 00:00:00", "2028-01-01 23:59:59"},
	} {
		moment, err := time.Parse(time.RFC3339, c.moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := seoul.Day(moment); got != c.day {
			t.Errorf("Day(%s) = %s, want %s", c.moment, got, c.day)
		}
		start, last := seoul.StartOfDay(moment), seoul.LastSecond(moment)
		if shown(start) != c.start || start.Location() != time.UTC || start.Nanosecond() != 0 {
			t.Errorf("StartOfDay(%s) = %s, want %s in Seoul", c.moment, start, c.start)
		}
		if shown(last) != c.last || last.Location() != time.UTC || last.Nanosecond() != 0 {
			t.Errorf("LastSecond(%s) = %s, want %s in Seoul", c.moment, last, c.last)
		}
		parsed, err := seoul.ParseDay(c.day)
		if err != nil || parsed != start {
			t.Errorf("ParseDay(%s) = %s, %v, want %s", c.day, parsed, err, start)
		}
	}
}

func TestParseDayRefuses(t *testing.T) {
	for _, s := range []string{"", "2027-02-29", "2027-13-01", "2027-1-1", "20270101", "2027-01-01 ", "2027-01-01T09:00:00Z"} {
		if got, err := seoul.ParseDay(s); err == nil {
			t.Errorf("ParseDay(%q) = %s, want an error", s, got)
		}
	}
}

func TestDaysUntil(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2027-03-14 00:00:00", "2027-03-14 23:59:59", 0},
		{"2027-03-14 23:59:59", "2027-03-15 00:00:00", 1},
		{"2027-03-15 00:00:00", "2027-03-14 23:59:59", -1},
		{"2027-02-28 12:00:00", "2027-03-01 12:00:00", 1},
		{"2028-02-28 12:00:00", "2028-03-01 12:00:00", 2},
		{"2027-10-15 09:00:00", "2027-11-14 23:59:59", 30},
		{"2027-12-31 23:00:00", "2028-12-31 01:00:00", 366},
	} {
		if got := seoul.DaysUntil(at(t, c.from), at(t, c.to)); got != c.want {
			t.Errorf("DaysUntil(%s, %s) = %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2027-01-31 23:59:59", 1, "2027-02-28 23:59:59"},
		{"2028-01-31 23:59:59", 1, "2028-02-29 23:59:59"},
		{"2027-08-31 10:20:30", 6, "2028-02-29 10:20:30"},
		{"2026-08-31 00:00:00", 6, "2027-02-28 00:00:00"},
		{"2027-12-15 12:00:00", 1, "2028-01-15 12:00:00"},
		{"2027-03-31 12:00:00", -1, "2027-02-28 12:00:00"},
		{"2027-01-01 00:00:00", -1, "2026-12-01 00:00:00"},
		{"2027-01-30 12:00:00", 25, "2029-02-28 12:00:00"},
		{"2027-05-05 05:05:05", 0, "2027-05-05 05:05:05"},
	} {
		got := seoul.AddMonths(at(t, c.from), c.n)
		if shown(got) != c.want || got.Location() != time.UTC {
			t.Errorf("AddMonths(%s, %d) = %s, want %s in Seoul", c.from, c.n, shown(got), c.want)
		}
	}
}

func TestAddYears(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2028-02-29 23:59:59", 1, "2029-02-28 23:59:59"},
		{"2028-02-29 23:59:59", 4, "2032-02-29 23:59:59"},
		{"2027-02-28 23:59:59", 1, "2028-02-28 23:59:59"},
		{"2096-02-29 00:00:00", 4, "2100-02-28 00:00:00"}, // no leap year
		{"2027-03-14 23:59:59", -1, "2026-03-14 23:59:59"},
	} {
		if got := shown(seoul.AddYears(at(t, c.from), c.n)); got != c.want {
			t.Errorf("AddYears(%s, %d) = %s, want %s in Seoul", c.from, c.n, got, c.want)
		}
	}
}

// TestAgainstArithmetic holds the calendar against counting that knows nothing
// of package time: days since 1970 by the rule of Gregory, 9 hours ahead.
func TestAgainstArithmetic(t *testing.T) {
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		// 1989 to 2199, to the nanosecond, in any zone.
		seconds := rapid.Int64Range(599_616_000, 7_258_118_399).Draw(t, "seconds")
		zone := time.FixedZone("any", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)
		return time.Unix(seconds, rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).In(zone)
	})
	rapid.Check(t, func(t *rapid.T) {
		from, to := moment.Draw(t, "from"), moment.Draw(t, "to")
		count := func(t time.Time) int64 { return (t.Unix() + 9*3600) / 86400 }
		if got, want := seoul.DaysUntil(from, to), int(count(to)-count(from)); got != want {
			t.Fatalf("DaysUntil = %d, want %d", got, want)
		}
		if got, want := seoul.StartOfDay(from).UnixNano(), (count(from)*86400-9*3600)*1e9; got != want {
			t.Fatalf("StartOfDay = %d, want %d", got, want)
		}
		if got, want := seoul.LastSecond(from).UnixNano(), ((count(from)+1)*86400-9*3600-1)*1e9; got != want {
			t.Fatalf("LastSecond = %d, want %d", got, want)
		}
		n := rapid.IntRange(-600, 600).Draw(t, "months")
		year, month, day := civil(count(from))
		months := year*12 + month - 1 + n
		year, month = months/12, months%12+1
		day = min(day, daysIn(year, month))
		inDay := from.UnixNano() - (count(from)*86400-9*3600)*1e9
		if got, want := seoul.AddMonths(from, n).UnixNano(), (days(year, month, day)*86400-9*3600)*1e9+inDay; got != want {
			t.Fatalf("AddMonths(%d) = %s, want %d-%d-%d", n, seoul.AddMonths(from, n), year, month, day)
		}
		if got, want := seoul.AddYears(from, n/12), seoul.AddMonths(from, n/12*12); got != want {
			t.Fatalf("AddYears = %s, want %s", got, want)
		}
	})
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int) int {
	switch {
	case month == 2 && leap(year):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

func daysOf(year int) int {
	if leap(year) {
		return 366
	}
	return 365
}

// civil gives the date of a day counted from 1 January 1970, year by year.
func civil(n int64) (year, month, day int) {
	year, month, day = 1970, 1, int(n)+1
	for ; day > daysOf(year); year++ {
		day -= daysOf(year)
	}
	for ; day > daysIn(year, month); month++ {
		day -= daysIn(year, month)
	}
	return year, month, day
}

// days counts a date from 1 January 1970; the year may lie before it.
func days(year, month, day int) int64 {
	n := int64(day - 1)
	for m := 1; m < month; m++ {
		n += int64(daysIn(year, m))
	}
	for y := 1970; y < year; y++ {
		n += int64(daysOf(y))
	}
	for y := year; y < 1970; y++ {
		n -= int64(daysOf(y))
	}
	return n
}
