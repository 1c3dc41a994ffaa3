package enrolment_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/pki/npki"
)

// One who begins and abandons without end is stopped for a day; the others
// are not, and neither is what is open.
func TestManyApplications(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.started(sample[0])
	for range enrolment.MaxADay - 1 {
		check(t, d.Abandon(d.ctx, c, a.ID))
		d.clock.pass(time.Second)
		var err error
		a, err = d.Start(d.ctx, c, npki.PersonalBank)
		check(t, err)
	}
	again, err := d.Start(d.ctx, c, npki.PersonalBank)
	if err != nil || again.ID != a.ID {
		t.Errorf("the open one: %v", err)
	}
	check(t, d.Abandon(d.ctx, c, a.ID))
	_, err = d.Start(d.ctx, c, npki.PersonalBank)
	if !errors.Is(err, enrolment.ErrManyApplications) {
		t.Fatalf("one too many: %v", err)
	}
	if n := d.audited(authz.StartApplication, audit.Refused, enrolment.ErrManyApplications.Number); n != 1 {
		t.Errorf("audited %d times", n)
	}
	d.started(sample[1])
	d.clock.pass(fault.Of(err).Retry)
	if _, err = d.Start(d.ctx, c, npki.PersonalBank); err != nil {
		t.Errorf("a day later: %v", err)
	}
}
