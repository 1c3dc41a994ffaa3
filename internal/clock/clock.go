// Package clock is a clock that a demo or a test can put forward. It runs at
// the speed of the real one, so many days ahead of it, and wakes whoever waits
// for time to pass when it is moved:
//
//	c := clock.New(time.Now)
//	err := c.Forward(at)        // the demo: forward only
//	c.Now()                     // what everything takes as its Now
//	case <-c.Moved():           // periodic work looks again
//
// A service that is not a demo has none: it takes the real time.
package clock

import (
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// The refusals of one who sets the clock.
var (
	ErrText = fault.Define(6040, "clock-text", fault.Invalid,
		fault.Text{KO: "‘{value}’는 시계를 맞출 수 있는 시각이 아니에요.", EN: "“{value}” is no moment that a clock can be set to."},
		fault.Text{KO: "2027-10-25(서울 오전 9시)나 2027-10-25T14:30:00+09:00처럼 적어 주세요. 2020년부터 2099년까지 맞출 수 있어요.",
			EN: "Please write it like 2027-10-25 (9 o'clock in Seoul) or 2027-10-25T14:30:00+09:00, from 2020 to 2099."})
	ErrBack = fault.Define(6041, "clock-back", fault.Conflict,
		fault.Text{KO: "시계를 {at}(으)로 되돌릴 수 없어요. 은행의 시각은 이미 {now}이에요.", EN: "The clock can't be set back to {at}: the bank's time is {now} already."},
		fault.Text{KO: "더 늦은 시각으로 맞추거나, 새 폴더에서 데모를 시작해 주세요.", EN: "Please choose a later moment, or start a demo in a new folder."})
)

// Clock is a clock that can be moved. Make it with New.
type Clock struct {
	real func() time.Time

	mu    sync.Mutex
	ahead time.Duration
	moved chan struct{}
}

// New makes a clock that shows what real shows until it is moved.
func New(real func() time.Time) *Clock {
	return &Clock{real: real, moved: make(chan struct{})}
}

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.real().Add(c.ahead)
}

// Ahead is how far the clock is ahead of the real one.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// Moved gives a channel that is closed when the clock is moved the next time.
// Ask for it before looking at the time, so that no move is missed.
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// Set moves the clock to a moment, also back: tests do that.
func (c *Clock) Set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(to)
}

// Forward moves the clock to a moment that is still to come, and refuses one
// that has passed: ErrBack.
func (c *Clock) Forward(to time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.real().Add(c.ahead); to.Before(now) {
		return ErrBack.With(nil, "at", Text(to), "now", Text(now))
	}
	c.set(to)
	return nil
}

// set needs mu held.
func (c *Clock) set(to time.Time) {
	c.ahead = to.Sub(c.real())
	close(c.moved)
	c.moved = make(chan struct{})
}

// The years that a clock can be set to: within them all dates of certificates,
// invented customers and their papers make sense.
const firstYear, lastYear = 2020, 2099

// openingHour is when a day of the bank begins.
const openingHour = 9

// maxText is the length of the longest text that is looked at, in bytes.
const maxText = 40

// Parse reads a moment as people write it: a day, which is 09:00 in Seoul on
// that day, or RFC 3339. Anything else, or a year that makes no sense, is
// ErrText.
func Parse(s string) (time.Time, error) {
	if len(s) > maxText {
		return time.Time{}, ErrText.With(nil, "value", s[:maxText]+"…")
	}
	at, err := seoul.ParseDay(s)
	if err == nil {
		at = at.Add(openingHour * time.Hour)
	} else if at, err = time.Parse(time.RFC3339, s); err != nil {
		return time.Time{}, ErrText.With(err, "value", s)
	}
	if year := at.In(seoul.Zone).Year(); year < firstYear || year > lastYear {
		return time.Time{}, ErrText.With(nil, "value", s)
	}
	return at.UTC(), nil
}

// Text writes a moment to the minute as the bank's people read it:
// 2027-10-25 09:00, in Seoul.
func Text(t time.Time) string { return t.In(seoul.Zone).Format("2006-01-02 15:04") }
