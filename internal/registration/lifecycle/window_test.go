package lifecycle_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/profile"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// at reads a moment in Seoul.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, seoul.Zone)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestRenewalWindow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ end, opens, until string }{
		{"2027-03-14 23:59:59", "2027-02-12 00:00:00", "2028-03-14 23:59:59"},
		{"2028-03-14 23:59:59", "2028-02-13 00:00:00", "2029-03-14 23:59:59"}, // over a leap day
		{"2027-03-31 23:59:59", "2027-03-01 00:00:00", "2028-03-31 23:59:59"},
		{"2028-02-29 23:59:59", "2028-01-30 00:00:00", "2029-02-28 23:59:59"}, // ends on a leap day
		{"2027-02-28 23:59:59", "2027-01-29 00:00:00", "2028-02-28 23:59:59"}, // not on the 29th
		{"2026-12-31 23:59:59", "2026-12-01 00:00:00", "2027-12-31 23:59:59"},
		{"2027-01-01 23:59:59", "2026-12-02 00:00:00", "2028-01-01 23:59:59"},
	} {
		end := at(test.end)
		if got := lifecycle.RenewalOpens(end, 30); !got.Equal(at(test.opens)) {
			t.Errorf("%s: opens %s, want %s", test.end, got.In(seoul.Zone), test.opens)
		}
		if got := lifecycle.RenewedUntil(end, 1); !got.Equal(at(test.until)) {
			t.Errorf("%s: renewed until %s, want %s", test.end, got.In(seoul.Zone), test.until)
		}
		r := ca.Record{State: ca.Valid, NotAfter: end}
		for _, edge := range []struct {
			at   time.Time
			want error
		}{
			{at(test.opens).Add(-time.Microsecond), lifecycle.ErrRenewEarly},
			{at(test.opens), nil},
			{end, nil},
			{end.Add(time.Microsecond), lifecycle.ErrExpired},
		} {
			if err := lifecycle.MayRenew(r, 30, edge.at); !errors.Is(err, edge.want) || (err == nil) != (edge.want == nil) {
				t.Errorf("%s at %s: %v, want %v", test.end, edge.at.In(seoul.Zone), err, edge.want)
			}
		}
		whole(t, lifecycle.MayRenew(r, 30, at(test.opens).Add(-time.Second)))
	}
}

// The end that a customer is told is the end that they get.
func TestRenewedUntilIsWhatTheProfileSays(t *testing.T) {
	t.Parallel()
	p, _ := profile.Set(profile.DefaultArc).OfKind("personal-bank")
	rapid.Check(t, func(t *rapid.T) {
		end := seoul.LastSecond(at("2026-01-01 00:00:00").AddDate(0, 0, rapid.IntRange(0, 5000).Draw(t, "day")))
		if got, want := lifecycle.RenewedUntil(end, 1), p.Validity.NotAfter(end); !got.Equal(want) {
			t.Fatalf("%s: told %s, is %s", end, got, want)
		}
		left := lifecycle.RenewedUntil(end, 1).Sub(end) / (24 * time.Hour)
		if left != 365 && left != 366 {
			t.Fatalf("%s: %d days more", end, left)
		}
	})
}

// whole checks a fault's texts: nothing left to be filled in, in either language.
func whole(t *testing.T, err error) {
	t.Helper()
	f := fault.Of(err)
	if f.Fault == fault.Unexpected {
		t.Errorf("no fault: %v", err)
		return
	}
	for _, lang := range []string{"ko", "en"} {
		what, todo := f.Public(lang)
		for _, text := range []string{what, todo} {
			if text == "" || containsAny(text, "{}") {
				t.Errorf("%s in %s is not whole: %q", f.Name, lang, text)
			}
		}
	}
}

func containsAny(s, letters string) bool {
	for _, l := range letters {
		for _, r := range s {
			if r == l {
				return true
			}
		}
	}
	return false
}

// Every state at every desk, for each way.
func TestMay(t *testing.T) {
	t.Parallel()
	now := at("2027-03-01 12:00:00")
	desks := []string{"", lifecycle.DeskOnline, lifecycle.DeskLost, lifecycle.DeskBank, lifecycle.Branch("101")}
	type verdict struct{ renew, reissue, resume *fault.Fault }
	all := func(f *fault.Fault) verdict { return verdict{f, f, f} }
	for _, state := range []ca.State{ca.Pending, ca.Held, ca.Valid, ca.Suspended, ca.Revoked, ca.Expired} {
		for _, desk := range desks {
			for _, over := range []bool{false, true} {
				r := ca.Record{State: state, Desk: desk, NotAfter: at("2027-03-14 23:59:59")}
				if over {
					r.NotAfter = at("2027-02-28 23:59:59")
				}
				online := desk == lifecycle.DeskOnline || desk == lifecycle.DeskLost
				var want verdict
				switch {
				case state == ca.Pending:
					want = all(lifecycle.ErrPending)
				case state == ca.Revoked:
					want = all(lifecycle.ErrRevoked)
				case state == ca.Expired || over:
					want = all(lifecycle.ErrExpired)
				case state == ca.Held && online: // a loss was reported while it was made
					want = verdict{lifecycle.ErrHeld, nil, nil}
				case state == ca.Held:
					want = all(lifecycle.ErrHeld)
				case state == ca.Valid:
					want = verdict{nil, nil, lifecycle.ErrValid}
				case online:
					want = verdict{lifecycle.ErrSuspended, nil, nil}
				default:
					want = verdict{lifecycle.ErrSuspended, lifecycle.ErrElsewhere, lifecycle.ErrElsewhere}
				}
				name := fmt.Sprintf("%s at %q, over: %v", state, desk, over)
				judge(t, name+": renew", lifecycle.MayRenew(r, 30, now), want.renew)
				judge(t, name+": reissue", lifecycle.MayReissue(r, now), want.reissue)
				judge(t, name+": resume", lifecycle.MayResume(r, now), want.resume)
			}
		}
	}
	// A suspension whose six months are over is a revocation, swept or not.
	r := ca.Record{State: ca.Suspended, Desk: lifecycle.DeskOnline, NotAfter: at("2027-12-31 23:59:59"), HoldUntil: at("2027-03-01 23:59:59")}
	judge(t, "in its last second", lifecycle.MayResume(r, r.HoldUntil), nil)
	judge(t, "after it", lifecycle.MayResume(r, r.HoldUntil.Add(time.Microsecond)), lifecycle.ErrRevoked)
	judge(t, "after it, reissue", lifecycle.MayReissue(r, r.HoldUntil.Add(time.Microsecond)), lifecycle.ErrRevoked)
}

func judge(t *testing.T, name string, err error, want *fault.Fault) {
	t.Helper()
	switch {
	case want == nil && err == nil:
	case want == nil || !errors.Is(err, want):
		t.Errorf("%s: %v, want %v", name, err, want)
	default:
		whole(t, err)
	}
}

func TestNextReminder(t *testing.T) {
	t.Parallel()
	end := at("2028-03-14 23:59:59") // 30 days before it is 13 February
	for _, test := range []struct{ after, want string }{
		{"2027-03-14 10:00:00", "2028-02-13 09:00:00"},
		{"2028-02-13 08:59:59", "2028-02-13 09:00:00"},
		{"2028-02-13 09:00:00", "2028-02-29 09:00:00"},
		{"2028-02-29 09:00:00", "2028-03-07 09:00:00"},
		{"2028-03-07 09:00:00", "2028-03-13 09:00:00"},
		{"2028-03-12 23:59:59", "2028-03-13 09:00:00"},
		{"2028-03-13 09:00:00", ""},
		{"2028-03-20 00:00:00", ""},
	} {
		got := lifecycle.NextReminder(end, at(test.after))
		if test.want == "" && !got.IsZero() || test.want != "" && !got.Equal(at(test.want)) {
			t.Errorf("after %s: %s, want %s", test.after, got.In(seoul.Zone), test.want)
		}
	}
}
