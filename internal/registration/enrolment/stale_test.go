package enrolment_test

import (
	"context"
	"testing"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
)

// staleRegister is one in which another request is quicker for some times.
type staleRegister struct {
	enrolment.Register
	times int
}

func (r *staleRegister) SaveApplication(ctx context.Context, a enrolment.Application) error {
	if r.times > 0 {
		r.times--
		return enrolment.ErrStale
	}
	return r.Register.SaveApplication(ctx, a)
}

// A one-time password is good for one question to the bank. One who proved it
// while another request changed the application must not be asked for another.
func TestProofIsKeptWhenAnotherRequestWasQuicker(t *testing.T) {
	t.Parallel()
	stale := &staleRegister{}
	d := openDesk(t, func(c *enrolment.Config) {
		stale.Register = c.Register
		c.Register = stale
	})
	s := sample[0]
	c, a := d.consented(s)
	code, ok := d.world.OTP(s.Number)
	if !ok {
		t.Fatal("the token shows nothing")
	}
	stale.times = 1
	a, err := d.ProveOTP(d.ctx, c, a.ID, code)
	check(t, err)
	if n := d.wire.count("/corebank/v1/otp/verify"); n != 1 || len(a.Proofs) != 1 {
		t.Errorf("the bank was asked %d times, %d proofs; want one of each", n, len(a.Proofs))
	}
	stale.times = 1
	check(t, d.Abandon(d.ctx, c, a.ID))

	_, a = d.consented(s)
	stale.times = 100 // for ever
	_, err = d.ProveAccount(d.ctx, c, a.ID, s.Account, s.AccountPassword)
	refuses(t, err, enrolment.ErrChanged)
}
