package staff_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

const (
	here  = "192.0.2.1/32"
	there = "192.0.2.2/32"
)

func TestActivate(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a, code := b.invited(t, "240117", authz.Teller)
	if !regexp.MustCompile(`^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$`).MatchString(code) || a.State != staff.Invited {
		t.Fatalf("%q, %+v", code, a)
	}
	_, err := b.Current(ctx, a.ID, a.Epoch)
	refused(t, "a session before anybody came", err, staff.ErrSessionOver)

	b.clock.move(staff.CodeLasts - time.Microsecond)
	typed := " " + strings.ToLower(strings.ReplaceAll(code, "-", " ")) + " "
	in, err := b.Activate(ctx, anonymous, here, " 240117 ", strings.ReplaceAll(typed, "o", "0"))
	if err != nil || in.ID != a.ID || in.State != staff.Active || !in.LastLogin.Equal(b.clock.now()) {
		t.Fatalf("%+v, %v", in, err)
	}
	b.audited(t, "activation", authz.ActivateStaff, "staff:"+a.ID, audit.Done, nil)
	if again, err := b.Current(ctx, a.ID, in.Epoch); err != nil || again.Number != "240117" || again.Name != "이름 240117" {
		t.Errorf("%+v, %v", again, err)
	}
	_, err = b.Activate(ctx, anonymous, here, "240117", code)
	refused(t, "twice", err, staff.ErrCode)
	b.audited(t, "twice", authz.ActivateStaff, "staff:"+a.ID, audit.Refused, staff.ErrCode)
}

// TestWrongCodes: whatever is wrong, the answer is one.
func TestWrongCodes(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	_, mine := b.invited(t, "AAAA", authz.Teller)
	_, other := b.invited(t, "BBBB", authz.Teller)
	disabled, shut := b.invited(t, "CCCC", authz.Teller)
	do(t, b.Disable(ctx, system, disabled.ID))
	again, old := b.invited(t, "DDDD", authz.Teller)
	fresh, err := b.Invite(ctx, system, again.ID)
	do(t, err)
	var first string
	for name, try := range map[string][2]string{
		"another's code": {"AAAA", other}, "nothing": {"AAAA", ""}, "no such number": {"ZZZZ", mine}, "no number": {"", mine},
		"a disabled account": {"CCCC", shut}, "an earlier code": {"DDDD", old}, "a long one": {"AAAA", strings.Repeat(mine, 100)},
		"a letter more": {"AAAA", mine + "A"}, "half of it": {"AAAA", mine[:9]},
	} {
		_, err := b.Activate(ctx, anonymous, here, try[0], try[1])
		refused(t, name, err, staff.ErrCode)
		what, todo := fault.Of(err).Public("ko")
		if first == "" {
			first = what + todo
		}
		if what+todo != first {
			t.Errorf("%s: is told as %q", name, what)
		}
	}
	for number, code := range map[string]string{"AAAA": mine, "BBBB": other, "DDDD": fresh} {
		if _, err := b.Activate(ctx, anonymous, there, number, code); err != nil {
			t.Errorf("%s: %v", number, err)
		}
	}
	_, late := b.invited(t, "EEEE", authz.Teller)
	b.clock.move(staff.CodeLasts)
	_, err = b.Activate(ctx, anonymous, there, "EEEE", late)
	refused(t, "after 72 hours", err, staff.ErrCode)
	_, err = b.Activate(ctx, caller(again), there, "EEEE", late)
	refused(t, "who is logged in", err, authz.ErrForbidden)
	for _, e := range b.entries(t) {
		for name, secret := range map[string]string{"code": mine, "name": "이름", "number": "AAAA"} {
			for k, v := range e.Detail {
				if strings.Contains(v+k+e.Object, secret) {
					t.Errorf("the audit log has the %s: %+v", name, e)
				}
			}
		}
	}
}

// TestGuessing: five wrong codes for a number from one place, whether there is
// such a number or not; another place goes on.
func TestGuessing(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	_, code := b.invited(t, "AAAA", authz.Teller)
	for _, number := range []string{"AAAA", "ZZZZ"} {
		for n := range staff.MaxTries {
			_, err := b.Activate(ctx, anonymous, here, number, "wrong")
			refused(t, number, err, staff.ErrCode)
			_ = n
		}
		_, err := b.Activate(ctx, anonymous, here, number, code)
		refused(t, number+" after five", err, staff.ErrCodeLocked)
		if f := fault.Of(err); f.Retry != staff.LockFor || f.Params["until"] != "2026-03-14 11:00" {
			t.Errorf("%s: %v, %v", number, f.Retry, f.Params)
		}
	}
	b.clock.move(staff.LockFor - time.Microsecond)
	_, err := b.Activate(ctx, anonymous, here, "AAAA", code)
	refused(t, "a moment before half an hour", err, staff.ErrCodeLocked)
	b.clock.move(time.Microsecond)
	for range staff.MaxTries - 1 {
		_, err := b.Activate(ctx, anonymous, here, "AAAA", "wrong")
		refused(t, "begun anew", err, staff.ErrCode)
	}
	if _, err := b.Activate(ctx, anonymous, here, "AAAA", code); err != nil {
		t.Errorf("the right one: %v", err)
	}
	_, code = b.invited(t, "BBBB", authz.Teller)
	for range staff.MaxTries {
		_, err := b.Activate(ctx, anonymous, there, "BBBB", "wrong")
		refused(t, "from there", err, staff.ErrCode)
	}
	if _, err := b.Activate(ctx, anonymous, here, "BBBB", code); err != nil {
		t.Errorf("a stranger has locked somebody out: %v", err)
	}
}

// TestRaces: any number of guesses at once gets five answers, and one code lets
// in once.
func TestRaces(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			b := openOn(t, engine)
			_, code := b.invited(t, "AAAA", authz.Teller)
			var answers, in, other atomic.Int32
			var wg sync.WaitGroup
			try := func(from, code string) {
				_, err := b.Activate(context.Background(), anonymous, from, "AAAA", code)
				switch {
				case err == nil:
					in.Add(1)
				case errors.Is(err, staff.ErrCode):
					answers.Add(1)
				case !errors.Is(err, staff.ErrCodeLocked):
					other.Add(1)
					t.Error(err)
				}
			}
			for range 12 {
				wg.Go(func() { try(here, "wrong") })
			}
			wg.Wait()
			if answers.Load() != staff.MaxTries || in.Load() != 0 {
				t.Errorf("%d answers, %d came in", answers.Load(), in.Load())
			}
			for n := range 8 {
				wg.Go(func() { try("198.51.100."+string(rune('0'+n))+"/32", code) })
			}
			wg.Wait()
			if in.Load() != 1 {
				t.Errorf("%d came in by one code", in.Load())
			}
		})
	}
}
