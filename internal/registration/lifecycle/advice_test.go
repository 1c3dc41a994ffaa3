package lifecycle_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Every state, desk, key and day. What is advised must be possible, lose
// nothing, and say every date that counts.
func TestAdvise(t *testing.T) {
	t.Parallel()
	end := at("2028-03-14 23:59:59")
	for _, state := range []ca.State{ca.Pending, ca.Held, ca.Valid, ca.Suspended, ca.Revoked, ca.Expired} {
		for _, desk := range []string{lifecycle.DeskOnline, lifecycle.DeskLost, lifecycle.DeskBank, lifecycle.Branch("101")} {
			for _, key := range []bool{false, true} {
				for _, days := range []int{-400, -1, 0, 1, 2, 29, 30, 31, 100, 365} {
					now := seoul.StartOfDay(end.AddDate(0, 0, -days)).Add(10 * time.Hour)
					r := &ca.Record{State: state, Desk: desk, NotAfter: end}
					a := lifecycle.Advise(r, key, 30, now)
					name := fmt.Sprintf("%s at %s, key %v, %d days before", state, desk, key, days)
					if want := advised(r.StateAt(now), desk, key, days <= 30); a.Do != want {
						t.Errorf("%s: %s, want %s", name, a.Do, want)
					}
					if a.DaysLeft != days || !a.Until.Equal(end) || a.State != r.StateAt(now) {
						t.Errorf("%s: %d days left until %s, %s", name, a.DaysLeft, a.Until, a.State)
					}
					possible(t, name, a, r, now)
					honest(t, name, a, days)
				}
			}
		}
	}
}

// advised is the advice of PRODUCT.md.
func advised(state ca.State, desk string, key, open bool) lifecycle.Step {
	stopped := state == ca.Suspended || state == ca.Held // a loss holds what is just being made
	atHome := desk == lifecycle.DeskOnline || desk == lifecycle.DeskLost
	switch {
	case state == ca.Pending:
		return lifecycle.DoWait
	case state == ca.Revoked, state == ca.Expired:
		return lifecycle.DoIssue
	case stopped && !atHome:
		return lifecycle.DoVisit
	case stopped && key && open:
		return lifecycle.DoResumeThenRenew
	case stopped && key:
		return lifecycle.DoResume
	case key && open:
		return lifecycle.DoRenew
	case key:
		return lifecycle.DoNothing
	case open:
		return lifecycle.DoReissueThenRenew
	}
	return lifecycle.DoReissue
}

// possible: nobody is led to what is refused there.
func possible(t *testing.T, name string, a lifecycle.Advice, r *ca.Record, now time.Time) {
	t.Helper()
	var err error
	switch a.Do {
	case lifecycle.DoRenew:
		err = lifecycle.MayRenew(*r, 30, now)
	case lifecycle.DoReissue, lifecycle.DoReissueThenRenew:
		err = lifecycle.MayReissue(*r, now)
	case lifecycle.DoResume, lifecycle.DoResumeThenRenew:
		err = lifecycle.MayResume(*r, now)
	default:
	}
	if err != nil {
		t.Errorf("%s: led to %s, which is refused: %v", name, a.Do, err)
	}
	if strings.HasSuffix(string(a.Do), "renew") { // what is done first leaves a valid one behind
		after := *r
		after.State = ca.Valid
		if err := lifecycle.MayRenew(after, 30, now); err != nil {
			t.Errorf("%s: then renewing is refused: %v", name, err)
		}
	}
}

// honest: who is led to a certificate that ends soon hears so, in both
// languages.
func honest(t *testing.T, name string, a lifecycle.Advice, days int) {
	t.Helper()
	if a.Why.KO == "" || a.Why.EN == "" || strings.ContainsAny(a.Why.KO+a.Why.EN, "{}") {
		t.Errorf("%s: %+v", name, a.Why)
	}
	switch a.Do {
	case lifecycle.DoIssue, lifecycle.DoWait, lifecycle.DoVisit:
		return
	default:
	}
	if !strings.Contains(a.Why.KO, "2028년 3월 14일") || !strings.Contains(a.Why.EN, "14 March 2028") {
		t.Errorf("%s: its last day is not told: %+v", name, a.Why)
	}
	if strings.HasSuffix(string(a.Do), "renew") && (!strings.Contains(a.Why.KO, "2029년 3월 14일") || !strings.Contains(a.Why.EN, "14 March 2029")) {
		t.Errorf("%s: what renewing gives is not told: %+v", name, a.Why)
	}
	soon := map[int][2]string{0: {"오늘 끝나요", "today"}, 1: {"내일 끝나요", "tomorrow"}, 2: {"2일 남았어요", "in 2 days"}}[days]
	if !strings.Contains(a.Why.KO, soon[0]) || !strings.Contains(a.Why.EN, soon[1]) {
		t.Errorf("%s: that it ends so soon is not told: %+v", name, a.Why)
	}
	if days == 0 && strings.Contains(string(a.Do), "then") && !strings.Contains(a.Why.KO, "23:59") {
		t.Errorf("%s: that both have to be done today is not told: %s", name, a.Why.KO)
	}
}

func TestAdviseWithoutCertificate(t *testing.T) {
	t.Parallel()
	a := lifecycle.Advise(nil, true, 30, at("2028-03-14 12:00:00"))
	if a.Do != lifecycle.DoIssue || a.Why.KO == "" || a.Why.EN == "" || !a.Until.IsZero() {
		t.Errorf("%+v", a)
	}
}

// Who suspended it has six months: the day on which they end is told, for what
// is not resumed by then is gone.
func TestAdviseTellsWhenASuspensionEnds(t *testing.T) {
	t.Parallel()
	r := &ca.Record{State: ca.Suspended, Desk: lifecycle.DeskOnline, NotAfter: at("2028-03-14 23:59:59"), HoldUntil: at("2027-06-30 23:59:59")}
	for _, key := range []bool{true, false} {
		a := lifecycle.Advise(r, key, 30, at("2027-06-29 12:00:00"))
		if !strings.Contains(a.Why.KO, "2027년 6월 30일") || !strings.Contains(a.Why.EN, "30 June 2027") {
			t.Errorf("key %v: %+v", key, a.Why)
		}
	}
	if a := lifecycle.Advise(r, true, 30, at("2027-07-01 00:00:00")); a.Do != lifecycle.DoIssue || a.State != ca.Revoked {
		t.Errorf("after it: %+v", a)
	}
	r.Desk = lifecycle.Branch("101")
	if a := lifecycle.Advise(r, true, 30, at("2027-06-29 12:00:00")); a.Do != lifecycle.DoVisit || !strings.Contains(a.Why.KO, "2027년 6월 30일") {
		t.Errorf("at a branch: %+v", a)
	}
	// Where the certificate ends first, that is what counts.
	r.Desk, r.HoldUntil = lifecycle.DeskOnline, at("2028-05-01 23:59:59")
	if a := lifecycle.Advise(r, true, 30, at("2027-12-01 12:00:00")); strings.Contains(a.Why.KO, "5월 1일") {
		t.Errorf("it ends before that: %s", a.Why.KO)
	}
}

// Of a certificate that ends soon the reminder names the nearest threshold that
// has come.
func TestReminderOf(t *testing.T) {
	t.Parallel()
	end := at("2028-03-14 23:59:59")
	for days, want := range map[int]int{31: 30, 30: 30, 29: 30, 15: 30, 14: 14, 13: 14, 8: 14, 7: 7, 6: 7, 2: 7, 1: 1, 0: 1} {
		if got := lifecycle.ReminderOf(end, end.AddDate(0, 0, -days)); got != want {
			t.Errorf("%d days before: %d, want %d", days, got, want)
		}
	}
}
