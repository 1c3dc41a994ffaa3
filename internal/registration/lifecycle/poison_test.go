package lifecycle_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// poisoned is an outbox that one person's notices break, as when their record
// can't be opened.
type poisoned struct {
	*notice.Service
	person string
}

var errPoison = errors.New("can't be opened")

func (p *poisoned) EnqueueAll(ctx context.Context, notices []notice.Notice) error {
	if slices.ContainsFunc(notices, func(n notice.Notice) bool { return n.SubscriberID == p.person }) {
		return errPoison
	}
	return p.Service.EnqueueAll(ctx, notices)
}

// One who can't be reminded doesn't keep the others from it.
func TestReminderThatCantBeWritten(t *testing.T) {
	t.Parallel()
	outbox := &poisoned{person: "hong"}
	h := newHouse(t, func(_ *ca.Config, c *lifecycle.Config) {
		c.Historian = lifecycle.NewHistorian(c.Chronicle, outbox, c.Index)
	})
	outbox.Service = h.Notices
	h.issued("hong")
	c := h.issued("kim")
	h.set(c.NotAfter.AddDate(0, 0, -3))
	for _, want := range []int{1, 0} {
		done, err := h.Life.Sweep(h.ctx, lifetest.Clock)
		if !errors.Is(err, errPoison) || done != (lifecycle.Swept{Reminded: want}) {
			t.Errorf("%+v, %v, want %d reminded", done, err, want)
		}
	}
	if h.told("kim", "reminder") != 2 || h.told("hong", "reminder") != 0 {
		t.Errorf("kim was told %d times, hong %d", h.told("kim", "reminder"), h.told("hong", "reminder"))
	}
	outbox.person = ""
	if done, err := h.Life.Sweep(h.ctx, lifetest.Clock); err != nil || done.Reminded != 1 {
		t.Errorf("mended: %+v, %v", done, err)
	}
}
