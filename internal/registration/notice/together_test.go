package notice_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

var errDied = errors.New("died")

// dying is an outbox whose process dies before it can write down what became of
// a notice, now and then.
type dying struct {
	notice.Outbox
	settles, died atomic.Int64
}

func (d *dying) SettleNotice(ctx context.Context, id, holder string, o notice.Outcome) (bool, error) {
	if d.settles.Add(1)%7 == 0 {
		d.died.Add(1)
		return false, errDied
	}
	return d.Outbox.SettleNotice(ctx, id, holder, o)
}

// Several instances send at once, with connections of their own. Some die
// between sending and settling, claims lapse and are taken over: all is sent,
// and nothing arrives twice.
func TestSendersTogether(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			const people, instances = 60, 4
			url, ring := engine.URL(t), keys.NewRing()
			d := newDesk(t, storetest.Open(t, url, ring))
			for n := range people {
				person := d.person(t, n, nil)
				d.enqueue(t, urgent(told(fmt.Sprint("k", n), person, notice.Lost)))
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var wg sync.WaitGroup
			boxes := make([]*dying, instances)
			for i := range instances {
				own := storetest.Open(t, url, ring)
				boxes[i] = &dying{Outbox: own}
				sender := d.newSender(own, func(c *notice.SenderConfig) {
					c.Outbox = boxes[i]
					c.Claim = 300 * time.Millisecond
				})
				wg.Go(func() {
					for ctx.Err() == nil {
						if _, err := sender.Send(ctx); err != nil && !errors.Is(err, errDied) {
							t.Error(err)
						}
						left, err := own.NoticesIn(ctx, notice.Waiting, 1)
						if err != nil {
							t.Error(err)
						}
						if len(left) == 0 {
							return
						}
						time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
					}
				})
			}
			wg.Wait()
			if ctx.Err() != nil {
				t.Fatal("they did not come to an end")
			}
			var died int64
			for _, box := range boxes {
				died += box.died.Load()
			}
			if died == 0 {
				t.Error("nobody died: the test shows nothing")
			}
			for n := range people {
				d.arrived(t, n, 1, 1)
			}
			sent, err := d.store.NoticesIn(t.Context(), notice.Sent, 1000)
			if err != nil || len(sent) != 2*people {
				t.Errorf("%d are sent of %d (%v)", len(sent), 2*people, err)
			}
		})
	}
}

// One that was stopped for so long that its claim is another's sends nothing
// and changes nothing.
func TestClaimThatWasTakenOver(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		check(t, d.store.SaveNoticeChoice(t.Context(), person, notice.Choice{Mail: true, Lang: "ko"}, noon))
		d.enqueue(t, told("k", person, notice.Issued))
		other := d.newSender(d.store, nil)
		slow := d.newSender(d.store, func(c *notice.SenderConfig) {
			c.Claim = time.Microsecond
			once := sync.OnceFunc(func() {
				time.Sleep(5 * time.Millisecond) // SQLite's clock counts milliseconds
				if got, err := other.Send(context.Background()); err != nil || got.Sent != 1 {
					t.Errorf("the other: %+v, %v", got, err)
				}
			})
			c.Step = func(step int) {
				if step == notice.StepReady {
					once()
				}
			}
		})
		if got, err := slow.Send(t.Context()); err != nil || got != (notice.Tally{Lost: 1}) {
			t.Errorf("%+v, %v", got, err)
		}
		d.arrived(t, 1, 0, 1)
		if e := d.only(t, person, notice.Mail); e.State != notice.Sent || e.Tries != 2 {
			t.Errorf("%+v", e)
		}
	})
}

// One of which each holder died is given up at last.
func TestNoticeThatKills(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		check(t, d.store.SaveNoticeChoice(t.Context(), person, notice.Choice{Message: true, Lang: "ko"}, noon))
		d.enqueue(t, told("k", person, notice.Issued))
		for range notice.MaxTries {
			got, err := d.store.ClaimNotices(t.Context(), notice.Claim{Holder: "h", State: notice.Waiting, Due: d.now(), Most: 1})
			if err != nil || len(got) != 1 {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		d.send(t, notice.Tally{Dead: 1})
		d.arrived(t, 1, 0, 0)
	})
}
