package enrolment_test

import (
	"context"
	"testing"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// late is a prover to which a request comes late: once it has begun, before
// runs.
type late struct {
	*proofing.Service
	before func()
}

func (l *late) CheckAccount(ctx context.Context, p proofing.Person, account, password string) (proofing.Proof, error) {
	if before := l.before; before != nil {
		l.before = nil
		before()
	}
	return l.Service.CheckAccount(ctx, p, account, password)
}

// One who presses twice and is right twice has not failed: the try that the
// later request was charged is given back, too.
func TestRightTwice(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	hong := sample[0]
	slow := &late{Service: d.proof}
	config := d.config
	config.Prover = slow
	service, err := enrolment.New(config)
	check(t, err)
	slow.before = func() {
		_, err := d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
		check(t, err)
	}
	_, err = service.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	check(t, err)
	var tries proofing.Tries
	check(t, d.store.InTx(d.ctx, func(ctx context.Context) (err error) {
		tries, err = d.store.LockTries(ctx, c.ID, proofing.Account)
		return err
	}))
	if tries.Failed != 0 {
		t.Errorf("%d tries are counted against one who was right", tries.Failed)
	}
}
