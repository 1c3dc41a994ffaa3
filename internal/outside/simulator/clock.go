package simulator

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// bankClock is the bank's clock, where a tester may put it forward. Forward
// refuses what has passed by a fault, and comes back when the bank has done
// what became due.
type bankClock interface {
	Now() time.Time
	Forward(ctx context.Context, to time.Time) error
}

// UseClock lets testers put the bank's clock forward. Without it, as beside a
// service that is no demo, they can't.
func (s *Simulator) UseClock(c bankClock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = c
}

func (s *Simulator) bankClock() bankClock {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

// maxClockBody bounds what is read of a request to set the clock, in bytes.
const maxClockBody = 1 << 10

type clockFace struct {
	At string `json:"at"` // RFC 3339; in a request also a day, as clock.Parse reads it
}

var noClock = problem{Error: "this bank keeps the real time: its clock can't be set"}

func (s *Simulator) getClock(w http.ResponseWriter, _ *http.Request) {
	c := s.bankClock()
	if c == nil {
		write(w, http.StatusNotFound, noClock)
		return
	}
	write(w, http.StatusOK, clockFace{At: c.Now().UTC().Format(time.RFC3339)})
}

// postClock puts the clock forward. It answers when the bank has done what
// became due.
func (s *Simulator) postClock(w http.ResponseWriter, r *http.Request) {
	c := s.bankClock()
	if c == nil {
		write(w, http.StatusNotFound, noClock)
		return
	}
	var to clockFace
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxClockBody))
	if err == nil {
		err = read(body, &to)
	}
	if err != nil {
		write(w, http.StatusBadRequest, problem{Error: "body is not the JSON that this service takes"})
		return
	}
	at, err := clock.Parse(to.At)
	if err == nil {
		err = c.Forward(r.Context(), at)
	}
	if err != nil {
		refusal := fault.Of(err)
		what, todo := refusal.Public("en")
		write(w, refusal.Kind.Status(), problem{Error: what + " " + todo})
		return
	}
	s.getClock(w, r)
}

// steps are the buttons of the desk.
var steps = map[string]int{"1": 1, "7": 7, "30": 30}

// setClock answers the desk's form: by so many days, or to a day. What is
// refused is said on the page that it leads back to.
func (s *Simulator) setClock(w http.ResponseWriter, r *http.Request) {
	c := s.bankClock()
	if c == nil {
		write(w, http.StatusNotFound, noClock)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxClockBody)
	if err := r.ParseForm(); err != nil {
		write(w, http.StatusBadRequest, problem{Error: "this is not the desk's form"})
		return
	}
	back := url.Values{}
	for _, kept := range []string{"lang", "customer"} {
		if value := r.PostForm.Get(kept); value != "" {
			back.Set(kept, value)
		}
	}
	at, err := clockTarget(r.PostForm, c.Now())
	if err == nil {
		err = c.Forward(r.Context(), at)
	}
	if err != nil {
		view := deskView{Lang: deskLanguage(r), Refused: fault.Of(err)}
		s.showDesk(w, r.PostForm.Get("customer"), view)
		return
	}
	http.Redirect(w, r, "/?"+back.Encode(), http.StatusSeeOther)
}

// clockTarget is where the form wants the clock to be.
func clockTarget(form url.Values, now time.Time) (time.Time, error) {
	if days, ok := steps[form.Get("days")]; ok {
		return now.AddDate(0, 0, days), nil
	}
	return clock.Parse(strings.TrimSpace(form.Get("to")))
}

// deskClock is what the desk shows of the bank's clock.
type deskClock struct {
	Now      string // 2027-10-25 09:00, in Seoul
	Tomorrow string // the first day that can be chosen
}

func deskClockOf(c bankClock) *deskClock {
	if c == nil {
		return nil
	}
	now := c.Now()
	return &deskClock{Now: clock.Text(now), Tomorrow: seoul.Day(now.AddDate(0, 0, 1))}
}
