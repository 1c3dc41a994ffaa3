package redeem_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// From the slip to the certificate, and never again.
func TestOnce(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		if s, err := h.Status(h.ctx, a.ID); err != nil || s != (redeem.Status{}) {
			t.Errorf("before anything is handed out: %+v %v", s, err)
		}
		slip := h.handOut(a)
		if !slip.Until.Equal(opening.Add(redeem.Lasts)) || slip.By != redeem.Print || slip.Phone != "" {
			t.Errorf("slip: until %v, by %s", slip.Until, slip.By)
		}
		h.pass(time.Hour)
		id, generation, err := h.enter(" "+strings.ReplaceAll(slip.Reference, "-", " "), strings.ToLower(slip.Code))
		check(t, err)
		if id != a.ID || generation != 2 {
			t.Errorf("it opens %s, generation %d", id, generation)
		}
		made, err := h.certify(id, keyA())
		check(t, err)
		s, err := h.Status(h.ctx, a.ID)
		check(t, err)
		if s.Handed != 1 || s.TriesLeft != redeem.MaxWrong || s.HandedBy != teller.ID || !s.OpenedAt.Equal(h.now()) || !s.SpentAt.Equal(h.now()) {
			t.Errorf("status: %+v", s)
		}

		_, _, err = h.enter(slip.Reference, slip.Code)
		refuses(t, err, redeem.ErrSpent)
		_, _, err = h.enter(slip.Reference, slip.Code, hashOf(t, keyB()), nil, []byte("short"))
		refuses(t, err, redeem.ErrSpent)
		// Whoever has its key lost the answer: the same certificate, once more.
		id, generation, err = h.enter(slip.Reference, slip.Code, hashOf(t, keyB()), hashOf(t, keyA()))
		check(t, err)
		if current, err := h.Current(h.ctx, id, generation); err != nil || !current {
			t.Errorf("current: %v %v", current, err)
		}
		if again, err := h.Authority.Certificate(h.ctx, redeemer(id), made.Serial); err != nil || again.Serial != made.Serial {
			t.Errorf("the certificate once more: %v", err)
		}
		_, err = h.certify(id, keyB())
		refuses(t, err, enrolment.ErrIssued)
		_, err = h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print)
		refuses(t, err, enrolment.ErrIssued)
		h.pass(redeem.Lasts)
		_, _, err = h.enter(slip.Reference, slip.Code, hashOf(t, keyA()))
		refuses(t, err, redeem.ErrExpired)
		if _, err := h.Store.ByApplication(h.ctx, a.ID); err != nil {
			t.Error(err)
		}
	})
}

// The codes are spent by whoever finishes the certificate, in the same moment:
// after a crash that is the service itself.
func TestSpentByRecovery(t *testing.T) {
	t.Parallel()
	died := errors.New("died")
	for _, e := range storetest.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			dying := true
			h := openHouse(t, e, func(c *ca.Config, _ *lifecycle.Config) {
				c.Step = func(step int) {
					if step == 5 && dying {
						panic(died)
					}
				}
			})
			a := h.approved("p1")
			slip := h.handOut(a)
			id, _, err := h.enter(slip.Reference, slip.Code)
			check(t, err)
			func() {
				defer func() {
					if r := recover(); r != any(died) {
						t.Errorf("it did not die: %v", r)
					}
				}()
				_, _ = h.certify(id, keyA())
			}()
			dying = false
			// The certificate is not there, so the codes are not spent: another browser
			// may go on, but not with another key.
			id, _, err = h.enter(slip.Reference, slip.Code)
			check(t, err)
			_, err = h.certify(id, keyB())
			refuses(t, err, ca.ErrOtherKey)
			if n, err := h.Authority.Recover(h.ctx); n != 1 || err != nil {
				t.Fatalf("recovered %d, %v", n, err)
			}
			_, _, err = h.enter(slip.Reference, slip.Code)
			refuses(t, err, redeem.ErrSpent)
			_, _, err = h.enter(slip.Reference, slip.Code, hashOf(t, keyA()))
			check(t, err)
		})
	}
}

// Whoever has not shown the right code learns nothing: one answer, in the same
// words, whatever is the reason.
func TestOneAnswer(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		spent := h.approved("spent")
		slips := map[string]redeem.Slip{"spent": h.handOut(spent)}
		_, err := h.certify(spent.ID, keyA())
		check(t, err)
		expired := h.approved("expired")
		slips["expired"] = h.handOut(expired)
		h.pass(redeem.Lasts + time.Second)
		gone := h.approved("given up")
		slips["given up"] = h.handOut(gone)
		check(t, h.enrol.Abandon(h.ctx, authz.Caller{Role: authz.Customer, ID: gone.SubscriberID}, gone.ID))
		open, replaced, dead := h.approved("open"), h.approved("replaced"), h.approved("dead")
		slips["open"], slips["replaced"], slips["dead"] = h.handOut(open), h.handOut(replaced), h.handOut(dead)
		h.handOut(replaced)
		for range redeem.MaxWrong {
			_, _, err := h.Redeem(h.ctx, nobody, "192.0.2.7", slips["dead"].Reference, anotherCode())
			refuses(t, err, redeem.ErrWrong)
		}
		slips["unknown"] = redeem.Slip{Reference: "012-345-6786"}

		said := map[string]bool{}
		for name, slip := range slips {
			_, _, err := h.Redeem(h.ctx, nobody, "of "+name, slip.Reference, anotherCode())
			f := refuses(t, err, redeem.ErrWrong)
			what, todo := f.Public("en")
			said[what+todo] = true
			if len(f.Params) > 0 {
				t.Errorf("%s: parameters %v", name, f.Params)
			}
		}
		if len(said) != 1 {
			t.Errorf("answers: %v", said)
		}
		for name, want := range map[string]*fault.Fault{
			"spent": redeem.ErrSpent, "expired": redeem.ErrExpired, "replaced": redeem.ErrReplaced, "dead": redeem.ErrDead,
			"given up": enrolment.ErrAbandoned,
		} {
			_, _, err := h.Redeem(h.ctx, nobody, "of "+name, slips[name].Reference, slips[name].Code)
			refuses(t, err, want)
		}
		_, _, err = h.enter(slips["open"].Reference, slips["open"].Code) // one wrong try is none too many
		check(t, err)
	})
}

// What can't be a number or a code is told, and costs nothing.
func TestTyposAreNoTries(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	a := h.approved("p1")
	slip := h.handOut(a)
	for range 3 * redeem.MaxWrongFrom {
		_, _, err := h.enter(slip.Reference[:11]+"x", slip.Code)
		refuses(t, err, redeem.ErrReferenceForm)
		_, _, err = h.enter(slip.Reference, slip.Code[1:])
		refuses(t, err, redeem.ErrCodeForm)
	}
	if s, err := h.Status(h.ctx, a.ID); err != nil || s.TriesLeft != redeem.MaxWrong {
		t.Errorf("tries left: %d, %v", s.TriesLeft, err)
	}
	_, _, err := h.enter(slip.Reference, slip.Code)
	check(t, err)
}

// An address gets half an hour's rest after ten; right codes are not counted.
func TestAddressIsLocked(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		slip := h.handOut(h.approved("p1"))
		wrong := func() error {
			_, _, err := h.enter("012-345-6786", anotherCode())
			return err
		}
		for range redeem.MaxWrongFrom - 1 {
			refuses(t, wrong(), redeem.ErrWrong)
			_, _, err := h.enter(slip.Reference, slip.Code)
			check(t, err)
		}
		refuses(t, wrong(), redeem.ErrWrong)
		locked := refuses(t, wrong(), redeem.ErrLocked)
		if locked.Retry != 30*time.Minute || locked.Params["until"] == "" {
			t.Errorf("locked for %v, until %q", locked.Retry, locked.Params["until"])
		}
		_, _, err := h.enter(slip.Reference, slip.Code)
		refuses(t, err, redeem.ErrLocked)
		_, _, err = h.Redeem(h.ctx, nobody, "192.0.2.99", slip.Reference, slip.Code) // others are not
		check(t, err)
		h.pass(30 * time.Minute)
		_, _, err = h.enter(slip.Reference, slip.Code)
		check(t, err)
	})
}

// Neither number nor code stands anywhere: in the log, in the database.
func TestNothingIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	a := h.approved("p1")
	slip := h.handOut(a)
	_, _, err := h.enter(slip.Reference, anotherCode())
	refuses(t, err, redeem.ErrWrong)
	_, _, err = h.enter(slip.Reference, slip.Code)
	check(t, err)
	plain := strings.NewReplacer("-", "")
	for _, e := range h.entries() {
		for _, secret := range []string{slip.Reference, slip.Code} {
			if text := fmt.Sprint(e.Object, e.Detail); strings.Contains(plain.Replace(text), plain.Replace(secret)) {
				t.Errorf("%s holds a secret: %s", e.Act, text)
			}
		}
	}
	if h.audited(authz.HandOutCodes, audit.Done, 0) != 1 || h.audited(authz.RedeemCodes, audit.Done, 0) != 1 ||
		h.audited(authz.RedeemCodes, audit.Refused, redeem.ErrWrong.Number) != 1 {
		t.Error("handing out, redeeming or the wrong code is not on record")
	}
	pairs, err := h.Store.PairsOf(h.ctx, a.ID)
	check(t, err)
	for _, kept := range [][]byte{pairs[0].Reference, pairs[0].Code} {
		if len(kept) != 32 || strings.Contains(string(kept), plain.Replace(slip.Reference)) || strings.Contains(string(kept), plain.Replace(slip.Code)) {
			t.Errorf("kept: %q", kept)
		}
	}
	// A hash that is moved to another number proves nothing there.
	other := h.handOut(h.approved("p2"))
	raw := storetest.Raw(t, h.url)
	if _, err := raw.ExecContext(h.ctx, `UPDATE redemption SET code_hash = (SELECT code_hash FROM redemption WHERE application_id = ?)`, a.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.enter(other.Reference, slip.Code)
	refuses(t, err, redeem.ErrWrong)
}

func TestWhoRedeems(t *testing.T) {
	t.Parallel()
	h := openHouse(t, storetest.Engine{Name: "sqlite"})
	slip := h.handOut(h.approved("p1"))
	for _, role := range []authz.Role{authz.Teller, authz.Supervisor, authz.Operator, authz.Security, authz.Auditor, authz.System, authz.CodeHolder} {
		_, _, err := h.Redeem(h.ctx, authz.Caller{Role: role, ID: "x", Branch: branch}, "192.0.2.1", slip.Reference, slip.Code)
		if !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	_, _, err := h.Redeem(h.ctx, lifetest.Customer("somebody", "r"), "192.0.2.1", slip.Reference, slip.Code)
	check(t, err)
}
