package clock_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/clock"
)

var start = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

// ticking is a real clock of a test's making.
type ticking struct {
	mu sync.Mutex
	at time.Time
}

func (r *ticking) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func (r *ticking) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = r.at.Add(d)
}

func isMoved(moved <-chan struct{}) bool {
	select {
	case <-moved:
		return true
	default:
		return false
	}
}

// TestForward moves a clock on and sees it run on from there at the speed of
// the real one.
func TestForward(t *testing.T) {
	t.Parallel()
	real := &ticking{at: start}
	c := clock.New(real.now)
	if c.Now() != start || c.Ahead() != 0 {
		t.Errorf("a new clock shows %s, %s ahead", c.Now(), c.Ahead())
	}
	moved := c.Moved()
	later := start.AddDate(0, 11, 0)
	if err := c.Forward(later); err != nil {
		t.Fatal(err)
	}
	if !isMoved(moved) || isMoved(c.Moved()) {
		t.Error("who waits was not woken, or the next move is told before it comes")
	}
	real.pass(90 * time.Second)
	if got := c.Now(); got != later.Add(90*time.Second) {
		t.Errorf("90 seconds later it shows %s", got)
	}
	if got := c.Ahead(); got != later.Sub(start) {
		t.Errorf("%s ahead, want %s", got, later.Sub(start))
	}
}

func TestForwardRefusesThePast(t *testing.T) {
	t.Parallel()
	real := &ticking{at: start}
	c := clock.New(real.now)
	if err := c.Forward(start); err != nil {
		t.Errorf("to this moment: %v", err)
	}
	real.pass(time.Second)
	moved := c.Moved()
	err := c.Forward(start)
	if !errors.Is(err, clock.ErrBack) || isMoved(moved) || c.Now() != start.Add(time.Second) {
		t.Errorf("a second back: %v, now %s", err, c.Now())
	}
	c.Set(start.AddDate(-1, 0, 0))
	if !isMoved(moved) || c.Now() != start.AddDate(-1, 0, 0) {
		t.Errorf("set back a year it shows %s", c.Now())
	}
}

// TestSideBySide lets many move and read: the race detector and the order of
// what is read judge.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	c := clock.New(func() time.Time { return start })
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() { _ = c.Forward(start.Add(time.Duration(i) * time.Hour)) })
		wg.Go(func() {
			before := c.Now()
			if after := c.Now(); after.Before(before) {
				t.Errorf("time went back from %s to %s", before, after)
			}
		})
	}
	wg.Wait()
	if c.Now() != start.Add(49*time.Hour) {
		t.Errorf("it shows %s", c.Now())
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2027-10-25":                "2027-10-25T00:00:00Z",
		"2028-02-29":                "2028-02-29T00:00:00Z",
		"2027-10-25T14:30:00+09:00": "2027-10-25T05:30:00Z",
		"2027-10-25T14:30:00Z":      "2027-10-25T14:30:00Z",
		"2099-12-31":                "2099-12-31T00:00:00Z",
		"2019-12-31T15:00:00Z":      "2019-12-31T15:00:00Z", // 2020 in Seoul
	} {
		got, err := clock.Parse(text)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("Parse(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "tomorrow", "2027-02-29", "2027-10-25 14:30", "25.10.2027", "2019-12-31", "2100-01-01",
		"2099-12-31T15:00:00Z", "2027-10-25T25:00:00Z", "2027-10-25T09:00:00", strings.Repeat("2", 1000)} {
		if got, err := clock.Parse(text); !errors.Is(err, clock.ErrText) {
			t.Errorf("Parse(%q) = %s, %v, want ErrText", text, got, err)
		}
	}
}

// FuzzParse reads any text: what it takes it gives within its years, and reads
// again the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"2027-10-25", "2027-10-25T14:30:00+09:00", "2027-10-25T14:30:00.5-23:59", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := clock.Parse(s)
		if err != nil {
			return
		}
		if at.Year() < 2019 || at.Year() > 2099 {
			t.Errorf("%q is in the year %d", s, at.Year())
		}
		again, err := clock.Parse(at.Format(time.RFC3339Nano))
		if err != nil || !again.Equal(at) {
			t.Errorf("%q is %s, read again %s, %v", s, at, again, err)
		}
	})
}
