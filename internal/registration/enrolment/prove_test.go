package enrolment_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/idcheck"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
)

func TestIDCardRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		sample int
		change func(*proofing.Card)
		want   *fault.Fault
		asked  int // questions to the outside service
	}{
		{"reported lost", 4, nil, proofing.ErrCardLost, 1},
		{"expired", 5, nil, proofing.ErrCardExpired, 1},
		{"unreadable", 6, nil, proofing.ErrCardUnreadable, 1},
		{"renamed, new name", 7, nil, proofing.ErrNameDiffers, 0},
		{"renamed, old name", 7, func(c *proofing.Card) { c.Name = "강옛날" }, proofing.ErrCardMismatch, 1},
		{"issuer knows another", 20, func(c *proofing.Card) { c.Name = "배불일" }, proofing.ErrCardMismatch, 1},
		{"wrong date", 1, func(c *proofing.Card) { c.IssueDate = "20190723" }, proofing.ErrCardMismatch, 1},
		{"a stranger's number", 1, func(c *proofing.Card) { c.Number = sample[3].IdentityNumber }, proofing.ErrCardMismatch, 0},
		{"a stranger's card", 1, func(c *proofing.Card) { *c = cardOf(sample[3]) }, proofing.ErrCardMismatch, 0},
		{"licence without its number", 2, func(c *proofing.Card) { c.Licence = "" }, proofing.ErrCardForm, 0},
		{"foreigner with a resident card", 8, func(c *proofing.Card) { c.Document = proofing.ResidentCard }, proofing.ErrDocument, 0},
		{"no such document", 1, func(c *proofing.Card) { c.Document = "library-card" }, proofing.ErrDocument, 0},
		{"number too short", 1, func(c *proofing.Card) { c.Number = "850314" }, proofing.ErrCardForm, 0},
		{"issued tomorrow", 1, func(c *proofing.Card) { c.IssueDate = "20261125" }, proofing.ErrCardForm, 0},
		{"no picture", 1, func(c *proofing.Card) { c.Image = nil }, proofing.ErrPictureFormat, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			s := sample[test.sample-1]
			c, a := d.consented(s)
			card := cardOf(s)
			if test.change != nil {
				test.change(&card)
			}
			_, err := d.ProveIDCard(d.ctx, c, a.ID, card)
			refuses(t, err, test.want)
			if n := d.wire.count("/idcheck/v1/verify"); n != test.asked {
				t.Errorf("the service was asked %d times", n)
			}
			if d.audited(authz.ProveIdentity, audit.Refused, test.want.Number) != 1 {
				t.Error("the refusal is not in the audit log")
			}
			a, err = d.View(d.ctx, c, a.ID)
			check(t, err)
			if test.want == proofing.ErrCardLost {
				if a.State != enrolment.Rejected || a.RejectedFor != proofing.ErrCardLost.Number {
					t.Errorf("state %s for %d", a.State, a.RejectedFor)
				}
				_, err = d.ProveOTP(d.ctx, c, a.ID, "000000")
				refuses(t, err, enrolment.ErrRejected)
			} else if a.State != enrolment.Consented || len(a.Proofs) != 0 {
				t.Errorf("state %s with %d proofs", a.State, len(a.Proofs))
			}
		})
	}
}

// How people write the same card.
func TestCardsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	card := cardOf(sample[0])
	card.Number, card.Name, card.IssueDate = "850314-1000011", " 홍길동 ", "2019.07.22" // decomposed Hangul
	a, err := d.ProveIDCard(d.ctx, c, a.ID, card)
	check(t, err)
	evidence := a.Proofs[0].Evidence
	if evidence["document"] != "resident-card" || len(evidence["pictureSHA256"]) != 64 || evidence["pictureType"] != "png" || evidence["transaction"] == "" {
		t.Errorf("kept %v", evidence)
	}
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	account := func(s simulator.Sample) func(*desk, authz.Caller, string) error {
		return func(d *desk, c authz.Caller, id string) error {
			_, err := d.ProveAccount(d.ctx, c, id, s.Account, s.AccountPassword)
			return err
		}
	}
	otp := func(code string) func(*desk, authz.Caller, string) error {
		return func(d *desk, c authz.Caller, id string) error {
			_, err := d.ProveOTP(d.ctx, c, id, code)
			return err
		}
	}
	for _, test := range []struct {
		name   string
		sample int
		act    func(*desk, authz.Caller, string) error
		want   *fault.Fault
	}{
		{"another's account", 1, account(sample[1]), proofing.ErrAccountWrong},
		{"account locked at the bank", 17, account(sample[16]), proofing.ErrAccountLocked},
		{"account too short", 1, account(simulator.Sample{Account: "1", AccountPassword: "1234"}), proofing.ErrAccountForm},
		{"account password with letters", 1, account(simulator.Sample{Account: "9990000000001", AccountPassword: "12a4"}), proofing.ErrAccountForm},
		{"no token", 16, otp("123456"), proofing.ErrOTPNone},
		{"token locked", 19, otp("123456"), proofing.ErrOTPLocked},
		{"five digits", 1, otp("12345"), proofing.ErrCodeForm},
		{"letters", 1, otp("12345x"), proofing.ErrCodeForm},
		{"no phone", 15, func(d *desk, c authz.Caller, id string) error {
			_, _, err := d.SendPhoneCode(d.ctx, c, id)
			return err
		}, proofing.ErrPhoneNone},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			c, a := d.consented(sample[test.sample-1])
			refuses(t, test.act(d, c, a.ID), test.want)
		})
	}
}

// A one-time password counts once, for whichever application.
func TestOTPReplay(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	code := d.otp(sample[0])
	_, err := d.ProveOTP(d.ctx, c, a.ID, wrongCode(code))
	refuses(t, err, proofing.ErrOTPWrong)
	_, err = d.ProveOTP(d.ctx, c, a.ID, code)
	check(t, err)
	check(t, d.Abandon(d.ctx, c, a.ID))
	a, err = d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	_, err = d.Consent(d.ctx, c, a.ID, d.all())
	check(t, err)
	_, err = d.ProveOTP(d.ctx, c, a.ID, code)
	refuses(t, err, proofing.ErrOTPReplayed)
	d.clock.pass(time.Minute)
	_, err = d.ProveOTP(d.ctx, c, a.ID, d.otp(sample[0]))
	check(t, err)
}

// Five wrong tries lock a factor for half an hour: for the person, not for the
// application, and right ones don't help either.
func TestLockOut(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	for i := range proofing.MaxTries {
		_, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, "9999")
		if i < proofing.MaxTries-1 {
			refuses(t, err, proofing.ErrAccountWrong)
		} else if f := refuses(t, err, proofing.ErrLocked); f.Retry != proofing.LockFor || f.Params["until"] != "2026-11-23 10:30" {
			t.Errorf("locked for %v until %s", f.Retry, f.Params["until"])
		}
	}
	_, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	refuses(t, err, proofing.ErrLocked)
	if n := d.wire.count("/corebank/v1/accounts/verify"); n != proofing.MaxTries {
		t.Errorf("the core bank was asked %d times", n)
	}
	_, err = d.ProveOTP(d.ctx, c, a.ID, d.otp(hong)) // the other factors are free
	check(t, err)
	check(t, d.Abandon(d.ctx, c, a.ID))
	a, err = d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	_, err = d.Consent(d.ctx, c, a.ID, d.all())
	check(t, err)
	_, err = d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	refuses(t, err, proofing.ErrLocked)
	d.clock.pass(proofing.LockFor)
	_, err = d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	check(t, err)
}

// A success forgets the failures before it.
func TestSuccessForgets(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	for range proofing.MaxTries - 1 {
		_, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, "9999")
		refuses(t, err, proofing.ErrAccountWrong)
	}
	_, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	check(t, err)
	tries, err := d.store.LockTries(d.ctx, c.ID, proofing.Account)
	check(t, err)
	if tries.Failed != 0 || !tries.LockedUntil.IsZero() {
		t.Errorf("kept %+v", tries)
	}
}

// Guesses made all at once get no more answers than guesses one by one.
func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	var wait sync.WaitGroup
	for range 24 {
		wait.Go(func() {
			if _, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, "9999"); err == nil {
				t.Error("a wrong password was taken")
			}
		})
	}
	wait.Wait()
	if n := d.wire.count("/corebank/v1/accounts/verify"); n != proofing.MaxTries {
		t.Errorf("the core bank judged %d guesses", n)
	}
	_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	wrong := 0
	var mu sync.Mutex
	for range 24 {
		wait.Go(func() {
			_, err := d.ProvePhone(d.ctx, c, a.ID, wrongCode(d.lastCode(hong.Phone)))
			mu.Lock()
			defer mu.Unlock()
			if fault.Of(err).Fault == proofing.ErrCodeWrong {
				wrong++
			}
		})
	}
	wait.Wait()
	if wrong != proofing.MaxTries-1 { // the fifth is told that it is locked
		t.Errorf("%d guesses of the code were judged", wrong)
	}
	_, err = d.ProvePhone(d.ctx, c, a.ID, d.lastCode(hong.Phone))
	refuses(t, err, proofing.ErrLocked)
}

func TestPhoneCode(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	first := d.lastCode(hong.Phone)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	if f := refuses(t, err, proofing.ErrCodeSoon); f.Retry != proofing.CodePause || f.Params["seconds"] != "30" {
		t.Errorf("pause %v, %s seconds", f.Retry, f.Params["seconds"])
	}
	d.clock.pass(proofing.CodeValidity)
	_, err = d.ProvePhone(d.ctx, c, a.ID, first)
	refuses(t, err, proofing.ErrCodeExpired)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	second := d.lastCode(hong.Phone)
	if second != first { // one in a million times they are the same
		_, err = d.ProvePhone(d.ctx, c, a.ID, first)
		refuses(t, err, proofing.ErrCodeWrong)
	}
	d.clock.pass(proofing.CodeValidity - time.Microsecond)
	_, err = d.ProvePhone(d.ctx, c, a.ID, second)
	check(t, err)
}

// A code sent for one application proves nothing in another one.
func TestPhoneCodeOfAnotherApplication(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	code := d.lastCode(hong.Phone)
	check(t, d.Abandon(d.ctx, c, a.ID))
	a, err = d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	_, err = d.Consent(d.ctx, c, a.ID, d.all())
	check(t, err)
	_, err = d.ProvePhone(d.ctx, c, a.ID, code)
	refuses(t, err, proofing.ErrCodeNone)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID) // the pause is the person's
	refuses(t, err, proofing.ErrCodeSoon)
}

// Five codes, then a long pause for the person; five in all for an application.
func TestCodesAreLimited(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	for range proofing.MaxCodes {
		_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
		check(t, err)
		d.clock.pass(proofing.CodePause)
	}
	_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
	refuses(t, err, proofing.ErrSendLocked)
	d.clock.pass(proofing.LockFor)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	refuses(t, err, proofing.ErrCodeMany)
	if n := len(d.world.Inbox(sample[0].Phone)); n != proofing.MaxCodes {
		t.Errorf("%d messages were sent", n)
	}
	check(t, d.Abandon(d.ctx, c, a.ID))
	a, err = d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	_, err = d.Consent(d.ctx, c, a.ID, d.all())
	check(t, err)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
}

// Two clicks at once send one message.
func TestCodesAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { _, _, _ = d.SendPhoneCode(d.ctx, c, a.ID) })
	}
	wait.Wait()
	if n := len(d.world.Inbox(sample[0].Phone)); n != 1 {
		t.Errorf("%d messages were sent", n)
	}
}

// Whatever fails outside, however it fails: the customer is told, no try is
// counted, and the same step works once the service is back.
func TestOutages(t *testing.T) {
	t.Parallel()
	for _, mode := range []simulator.Mode{simulator.Status, simulator.Malformed, simulator.Reset} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			hong := sample[0]
			c := d.customer(hong)
			outage := func(service simulator.Service, want *fault.Fault, factor proofing.Factor, act func() error) {
				t.Helper()
				check(t, d.world.Script(simulator.Fault{Service: service, Mode: mode}))
				for range proofing.MaxTries + 2 {
					if f := refuses(t, act(), want); f.Retry == 0 {
						t.Error("not told when to try again")
					}
				}
				tries, err := d.store.LockTries(d.ctx, c.ID, factor)
				check(t, err)
				if tries != (proofing.Tries{}) {
					t.Errorf("%s counted %+v", service, tries)
				}
				check(t, d.world.Script())
				check(t, act())
			}
			var a enrolment.Application
			outage(simulator.Customers, corebank.ErrUnavailable, proofing.IDCard, func() (err error) {
				a, err = d.Start(d.ctx, c, npki.PersonalBank)
				return err
			})
			_, err := d.Consent(d.ctx, c, a.ID, d.all())
			check(t, err)
			outage(simulator.IDCheck, idcheck.ErrUnavailable, proofing.IDCard, func() error {
				_, err := d.ProveIDCard(d.ctx, c, a.ID, cardOf(hong))
				return err
			})
			outage(simulator.CoreBank, corebank.ErrUnavailable, proofing.Account, func() error {
				_, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
				return err
			})
			outage(simulator.OTPs, corebank.ErrUnavailable, proofing.OTP, func() error {
				_, err := d.ProveOTP(d.ctx, c, a.ID, d.otp(hong))
				return err
			})
			outage(simulator.Messages, message.ErrUnavailable, proofing.Phone, func() error {
				_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
				return err
			})
			_, err = d.ProvePhone(d.ctx, c, a.ID, d.lastCode(hong.Phone))
			check(t, err)
			k, err := d.KeyRequest(d.ctx, c, a.ID)
			check(t, err)
			outage(simulator.CoreBank, corebank.ErrUnavailable, proofing.Phone, func() error {
				_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
				return err
			})
		})
	}
}

// A message that could not be sent leaves the code before it valid.
func TestFailedMessageKeepsTheLastCode(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	_, _, err := d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	code := d.lastCode(hong.Phone)
	d.clock.pass(proofing.CodePause)
	check(t, d.world.Script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Status, Status: 500}))
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	refuses(t, err, message.ErrUnavailable)
	_, err = d.ProvePhone(d.ctx, c, a.ID, code)
	check(t, err)
}
