package redeem_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

func TestWhoHandsOut(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	a, other := h.approved("p1"), h.approved("p2")
	elsewhere, own := teller, teller
	elsewhere.Branch = "201"
	own.Self = a.SubscriberID
	for name, by := range map[string]authz.Caller{
		"another branch": elsewhere, "their own matter": own, "customer": {Role: authz.Customer, ID: a.SubscriberID},
		"redeemer": redeemer(a.ID), "operator": {Role: authz.Operator, ID: "o"}, "auditor": {Role: authz.Auditor, ID: "a"},
		"security": {Role: authz.Security, ID: "s"}, "nobody": nobody, "system": {Role: authz.System, ID: "s"},
	} {
		if _, err := h.HandOut(h.ctx, by, a.ID, a.SubscriberID, branch, redeem.Print); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What was said of the application has to be so: the right is by that.
	for name, c := range map[string]struct {
		by                 authz.Caller
		id, person, branch string
	}{
		"another's application":          {teller, other.ID, a.SubscriberID, branch},
		"another branch's":               {elsewhere, a.ID, a.SubscriberID, "201"},
		"an application that is not":     {teller, "nothing", a.SubscriberID, branch},
		"own, under another person's id": {own, a.ID, other.SubscriberID, branch},
	} {
		_, err := h.HandOut(h.ctx, c.by, c.id, c.person, c.branch, redeem.Print)
		t.Run(name, func(t *testing.T) { refuses(t, err, enrolment.ErrUnknown) })
	}
	for _, id := range []string{a.ID, other.ID} {
		if s, err := h.Status(h.ctx, id); err != nil || s.Handed != 0 {
			t.Errorf("handed out: %d, %v", s.Handed, err)
		}
	}
	supervisor := approver
	_, err := h.HandOut(h.ctx, supervisor, a.ID, a.SubscriberID, branch, redeem.Print)
	check(t, err)
	_, err = h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, "pigeon")
	refuses(t, err, redeem.ErrWay)
}

// A new pair is the only one: what came before is dead, and what it had opened
// is over.
func TestNewestOnly(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		first := h.handOut(a)
		id, generation, err := h.enter(first.Reference, first.Code)
		check(t, err)
		current := func(want bool) {
			t.Helper()
			if is, err := h.Current(h.ctx, id, generation); err != nil || is != want {
				t.Errorf("generation %d is current: %v %v", generation, is, err)
			}
		}
		current(true)
		second := h.handOut(a)
		if first.Reference == second.Reference || first.Code == second.Code {
			t.Error("the same once more")
		}
		current(false)
		_, _, err = h.enter(first.Reference, first.Code)
		refuses(t, err, redeem.ErrReplaced)
		_, _, err = h.enter(second.Reference, first.Code)
		refuses(t, err, redeem.ErrWrong)
		id, generation, err = h.enter(second.Reference, second.Code)
		check(t, err)
		current(true)
		// The same pair again, in another browser.
		_, next, err := h.enter(second.Reference, second.Code)
		check(t, err)
		current(false)
		generation = next
		current(true)
		if is, err := h.Current(h.ctx, "nothing", 1); err != nil || is {
			t.Errorf("of nothing: %v %v", is, err)
		}
	})
}

func TestHandedOutADay(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		for range redeem.MaxHandedADay {
			h.handOut(a)
			h.pass(time.Hour)
		}
		_, err := h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print)
		f := refuses(t, err, redeem.ErrMany)
		if f.Retry != 19*time.Hour {
			t.Errorf("again in %v", f.Retry)
		}
		h.pass(f.Retry)
		last := h.handOut(a)
		if s, err := h.Status(h.ctx, a.ID); err != nil || s.Handed != redeem.MaxHandedADay+1 || !s.Until.Equal(last.Until) {
			t.Errorf("status: %+v %v", s, err)
		}
		if n := h.audited(authz.HandOutCodes, audit.Refused, redeem.ErrMany.Number); n != 1 {
			t.Errorf("%d refusals are on record", n)
		}
		h.handOut(h.approved("p2")) // others are not held up
	})
}

var codeInText = regexp.MustCompile(`[0-9A-Z]{5}(-[0-9A-Z]{5}){3}`)

func TestByMessage(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		who, err := h.Store.Subscriber(h.ctx, a.SubscriberID)
		check(t, err)
		slip, err := h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Message)
		check(t, err)
		if slip.Code != "" || slip.Phone != who.Phone[:3]+"-****-"+who.Phone[7:] || slip.By != redeem.Message {
			t.Errorf("slip: code %q, phone %q", slip.Code, slip.Phone)
		}
		if len(h.phone.sent) != 1 || !strings.HasPrefix(h.phone.sent[0], who.Phone+" [인감은행]") ||
			strings.Contains(strings.ReplaceAll(h.phone.sent[0], "-", ""), strings.ReplaceAll(slip.Reference, "-", "")) {
			t.Fatalf("sent: %q", h.phone.sent)
		}
		code := codeInText.FindString(h.phone.sent[0])
		_, _, err = h.enter(slip.Reference, code)
		check(t, err)

		// What the service does not take was never handed out.
		h.phone.down = errors.New("down")
		_, err = h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Message)
		if !errors.Is(err, h.phone.down) {
			t.Errorf("the message service is down: %v", err)
		}
		_, _, err = h.enter(slip.Reference, code)
		check(t, err)
		if s, err := h.Status(h.ctx, a.ID); err != nil || s.Handed != 1 {
			t.Errorf("handed out: %d %v", s.Handed, err)
		}
		printed := h.handOut(a)
		_, _, err = h.enter(printed.Reference, printed.Code)
		check(t, err)
	})
}

func TestNoPhone(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	a := h.approved("p1")
	who, err := h.Store.Subscriber(h.ctx, a.SubscriberID)
	check(t, err)
	for _, phone := range []string{"", "1234", "010-1234-5678"} {
		who.Phone = phone
		_, err = h.Store.SaveSubscriber(h.ctx, who)
		check(t, err)
		_, err = h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Message)
		refuses(t, err, redeem.ErrNoPhone)
	}
	if len(h.phone.sent) > 0 {
		t.Error("a message was sent")
	}
	h.handOut(a)
}

// A new pair lasts for three days again, at most for a week after the approval;
// the application waits as long.
func TestUntil(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	a := h.approved("p1")
	for _, c := range []struct{ after, lasts time.Duration }{
		{0, redeem.Lasts}, {50 * time.Hour, redeem.Lasts}, {70 * time.Hour, enrolment.BranchTotal - 120*time.Hour},
	} {
		h.pass(c.after)
		slip := h.handOut(a)
		if got := slip.Until.Sub(h.now()); got != c.lasts {
			t.Errorf("it lasts %v, want %v", got, c.lasts)
		}
		if now, err := h.Store.Application(h.ctx, a.ID); err != nil || !now.ExpiresAt.Equal(slip.Until) {
			t.Errorf("the application waits until %v, %v", now.ExpiresAt, err)
		}
	}
	h.pass(48 * time.Hour)
	_, err := h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print)
	refuses(t, err, enrolment.ErrLapsedAtBranch)
}

// taken draws the same number until it is told not to.
type taken struct{ numbers int }

func (r *taken) Read(b []byte) (int, error) {
	if len(b) == 12 { // a code
		return len(b), nil
	}
	for i := range b {
		b[i] = byte(r.numbers)
	}
	return len(b), nil
}

// A number that is taken is drawn anew; when none is free that is said.
func TestNumbersTaken(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	random := &taken{}
	h.Random = random
	h.handOut(h.approved("p1"))
	a := h.approved("p2")
	_, err := h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print)
	refuses(t, err, redeem.ErrNumbers)
	random.numbers = 1
	h.handOut(a)
	if s, err := h.Status(h.ctx, a.ID); err != nil || s.Handed != 1 {
		t.Errorf("handed out: %d %v", s.Handed, err)
	}
}

// brokenRegister fails at what it is told to.
type brokenRegister struct {
	redeem.Register
	err error
}

func (b brokenRegister) AddPair(context.Context, redeem.Pair) error { return b.err }
func (b brokenRegister) PairBy(context.Context, []byte) (redeem.Pair, error) {
	return redeem.Pair{}, b.err
}

// A broken store is no refusal, and costs the address no try.
func TestStoreBroken(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	a := h.approved("p1")
	slip := h.handOut(a)
	whole := h.Pairs
	h.Pairs = brokenRegister{whole, errors.New("disk is full")}
	if _, err := h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print); fault.Of(err).Fault != fault.Unexpected {
		t.Errorf("handing out: %v", err)
	}
	for range 2 * redeem.MaxWrongFrom {
		if _, _, err := h.enter(slip.Reference, slip.Code); fault.Of(err).Fault != fault.Unexpected {
			t.Fatalf("redeeming: %v", err)
		}
	}
	h.Pairs = whole
	_, _, err := h.enter(slip.Reference, slip.Code)
	check(t, err)
}
