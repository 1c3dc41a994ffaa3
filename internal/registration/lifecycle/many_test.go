package lifecycle_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// Many at once are told as one after the other would be.
func TestEnqueueAll(t *testing.T) {
	t.Parallel()
	one, many := newHouse(t), newHouse(t)
	var all []notice.Notice
	for i, person := range []string{"hong", "kim", "chose", "no-mail", "unknown", "hong", ""} {
		all = append(all, notice.Notice{Key: fmt.Sprint("key", min(i, 4)), SubscriberID: person, Event: notice.Reminder, Serial: "0a",
			Facts: map[string]string{"days": "7"}, Urgent: i == 1, At: start})
	}
	for _, h := range []*house{one, many} {
		for _, name := range []string{"chose", "no-mail"} {
			_, err := h.Person(h.ctx, name, name == "chose")
			check(t, err)
		}
		check(t, h.Store.SaveNoticeChoice(h.ctx, "chose", notice.Choice{Message: true, Lang: "en"}, start))
		h.set(start.Add(10 * time.Hour)) // at night
	}
	check(t, one.Store.InTx(one.ctx, func(ctx context.Context) error {
		for _, n := range all {
			check(t, one.Notices.Enqueue(ctx, n))
		}
		return nil
	}))
	check(t, many.Store.InTx(many.ctx, func(ctx context.Context) error { return many.Notices.EnqueueAll(ctx, all) }))
	if diff := cmp.Diff(one.outbox(), many.outbox()); diff != "" {
		t.Errorf("(- one by one, + all at once)\n%s", diff)
	}
	bad := append(slices.Clone(all), notice.Notice{Key: "x", Event: "birthday", At: start})
	if err := many.Notices.EnqueueAll(many.ctx, bad); err == nil {
		t.Error("what is no notice is taken")
	}
}

// outbox writes all that is in it, without what is random.
func (h *house) outbox() []string {
	var all []string
	for _, state := range []notice.State{notice.Waiting, notice.Dropped} {
		entries, err := h.Store.NoticesIn(h.ctx, state, 1000)
		check(h.t, err)
		for _, e := range entries {
			e.ID = ""
			all = append(all, fmt.Sprintf("%+v", e))
		}
	}
	slices.Sort(all)
	return all
}
