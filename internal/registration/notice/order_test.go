package notice_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// inOrder notes to whom messages went.
type inOrder struct {
	notice.Messenger
	mu sync.Mutex
	to []string
}

func (m *inOrder) SendOnce(ctx context.Context, key, phone, text string) (string, error) {
	m.mu.Lock()
	m.to = append(m.to, phone)
	m.mu.Unlock()
	return m.Messenger.SendOnce(ctx, key, phone, text)
}

// A loss is told at once, however many reminders wait since nine o'clock.
func TestUrgentFirst(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		const many = 30
		for n := range many {
			d.enqueue(t, told(fmt.Sprint("k", n), d.person(t, n, nil), notice.Reminder))
		}
		d.pass(time.Minute)
		d.enqueue(t, urgent(told("lost", d.person(t, many, nil), notice.Lost)))
		phones := &inOrder{Messenger: d.phones}
		sender := d.newSender(d.store, func(c *notice.SenderConfig) { c.Messages = phones })
		if got, err := sender.Send(t.Context()); err != nil || got != (notice.Tally{Sent: 2 * (many + 1)}) {
			t.Errorf("%+v, %v", got, err)
		}
		if len(phones.to) != many+1 || phones.to[0] != phoneOf(many) {
			t.Errorf("the loss was told after others: %v", phones.to)
		}
	})
}
