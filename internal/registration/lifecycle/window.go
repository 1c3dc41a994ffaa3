package lifecycle

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// The desks at which a certificate is suspended, and resumed: a branch is
// Branch of its number.
const (
	DeskOnline = "online" // by the customer, logged in
	DeskLost   = "lost"   // reported lost, by the customer or by emergency code
	DeskBank   = ca.DeskBank
)

// Branch names a branch's desk by its three digits.
func Branch(number string) string { return branchDesk + number }

const branchDesk = "branch:"

// BranchOf gives the number of the branch whose desk it is; empty when it is
// none's.
func BranchOf(desk string) string {
	number, ok := strings.CutPrefix(desk, branchDesk)
	if !ok {
		return ""
	}
	return number
}

// Online says whether what a desk has suspended is resumed, or replaced, online.
func Online(desk string) bool { return desk == DeskOnline || desk == DeskLost }

// RenewalOpens is when a certificate can first be renewed: at the beginning of
// the day in Seoul so many days before its last.
func RenewalOpens(notAfter time.Time, days int) time.Time {
	return seoul.StartOfDay(notAfter.In(seoul.Zone).AddDate(0, 0, -days))
}

// RenewedUntil is the end of the certificate that renews one which ends at
// notAfter: a year on, so that who renews early loses nothing. A certificate
// that ends on 29 February is renewed until 28 February.
func RenewedUntil(notAfter time.Time, years int) time.Time {
	return seoul.LastSecond(seoul.AddYears(notAfter, years))
}

// MayRenew says why a certificate can't be renewed at a moment: ErrRenewEarly,
// or what Stands says. days is the profile's window.
func MayRenew(r ca.Record, days int, at time.Time) error {
	if err := Stands(r.StateAt(at)); err != nil {
		return err
	}
	if from := RenewalOpens(r.NotAfter, days); at.Before(from) {
		return ErrRenewEarly.With(nil, "days", strconv.Itoa(days), "from", seoul.Day(from))
	}
	return nil
}

// MayReissue says why a certificate can't be reissued online at a moment. One
// that its owner has suspended can: who lost it needs that.
func MayReissue(r ca.Record, at time.Time) error { return MayReissueAt(r, DeskOnline, at) }

// MayReissueAt says why a certificate can't be reissued at a desk at a moment.
// What its owner has suspended can be anywhere, what a branch has at that branch.
func MayReissueAt(r ca.Record, desk string, at time.Time) error {
	state := r.StateAt(at)
	if state == ca.Suspended || state == ca.Held {
		return ofDesk(r, desk)
	}
	return Stands(state)
}

// ofDesk says why what was suspended, or held while it was made, is not to be
// gone on with at a desk.
func ofDesk(r ca.Record, desk string) error {
	switch {
	case Online(r.Desk), r.Desk == desk && BranchOf(desk) != "":
		return nil
	case r.State == ca.Held:
		return ErrHeld
	}
	return ErrElsewhere.With(nil, "desk", r.Desk).Word("desk", ca.DeskWord(r.Desk))
}

// MayResume says why a certificate can't be resumed online at a moment.
func MayResume(r ca.Record, at time.Time) error {
	switch state := r.StateAt(at); state {
	case ca.Valid:
		return ErrValid
	case ca.Suspended, ca.Held:
		return ofDesk(r, DeskOnline)
	default:
		return Stands(state)
	}
}

// RemindDays are the days before the last one on which a customer is reminded.
var RemindDays = []int{30, 14, 7, 1}

// remindAt is the time of day in Seoul at which reminders are due.
const remindAt = 9 * time.Hour

// NextReminder is when the next reminder of a certificate that ends at notAfter
// is due, after a moment; zero when there is none.
func NextReminder(notAfter, after time.Time) time.Time {
	for _, days := range RemindDays {
		due := seoul.StartOfDay(notAfter.In(seoul.Zone).AddDate(0, 0, -days)).Add(remindAt)
		if due.After(after) {
			return due
		}
	}
	return time.Time{}
}

// reminderOf is which of RemindDays a reminder at a moment is: the nearest that
// has come. Who was asleep for long sends one and not four.
func reminderOf(notAfter, at time.Time) int {
	left := seoul.DaysUntil(at, notAfter)
	due := RemindDays[0]
	for _, days := range slices.Backward(RemindDays) {
		if left <= days {
			return days
		}
	}
	return due
}
