package notice

import (
	"testing"
	"time"
)

func TestQuietHours(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for _, test := range []struct{ name, at, after string }{
		{"the last second of the day", "2027-03-14T20:59:59+09:00", ""},
		{"the first of the evening", "2027-03-14T21:00:00+09:00", "2027-03-15T08:00:00+09:00"},
		{"before midnight", "2027-03-14T23:59:59+09:00", "2027-03-15T08:00:00+09:00"},
		{"midnight", "2027-03-15T00:00:00+09:00", "2027-03-15T08:00:00+09:00"},
		{"the last of the night", "2027-03-15T07:59:59+09:00", "2027-03-15T08:00:00+09:00"},
		{"the first of the morning", "2027-03-15T08:00:00+09:00", ""},
		{"noon", "2027-03-15T12:00:00+09:00", ""},
		{"the end of a year, told in UTC", "2027-12-31T13:30:00Z", "2028-01-01T08:00:00+09:00"},
		{"over a leap day", "2028-02-28T22:00:00+09:00", "2028-02-29T08:00:00+09:00"},
		{"UTC's night is Seoul's day", "2027-03-14T23:30:00Z", ""},
	} {
		want := test.after
		if want == "" {
			want = test.at
		}
		if got := AfterQuiet(at(test.at)); !got.Equal(at(want)) {
			t.Errorf("%s: %v, want %v", test.name, got, want)
		}
		if got := Quiet(at(test.at)); got != (test.after != "") {
			t.Errorf("%s: quiet: %v", test.name, got)
		}
	}
}

// From any moment on, what is put off comes within eleven hours, not in the
// quiet hours, and at their end exactly.
func TestQuietHoursOfAYear(t *testing.T) {
	t.Parallel()
	for at := time.Date(2027, 12, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2029; at = at.Add(13 * time.Minute) {
		after := AfterQuiet(at)
		if Quiet(after) || after.Before(at) || after.Sub(at) > 11*time.Hour {
			t.Fatalf("%v is put off to %v", at, after)
		}
	}
}
