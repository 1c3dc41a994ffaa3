package notice

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Letter is a mail to one person.
type Letter struct {
	Key string // the same key is the same mail
	To  string
	Text
}

// Mailer hands mails to a server. What it gives is the server's last reply: it
// names the mail as the server keeps it.
type Mailer interface {
	Mail(ctx context.Context, l Letter) (reply string, err error)
}

// Messenger hands messages to the bank's carrier. The same key is sent once,
// however often it is handed over.
type Messenger interface {
	SendOnce(ctx context.Context, key, phone, text string) (id string, err error)
	Receipt(ctx context.Context, id string) (Receipt, error)
}

// Receipt is what a carrier says of a message that it took over.
type Receipt struct {
	Arrival Arrival
	At      time.Time // of the arrival; zero while it is on its way
}

// Arrival is whether a message arrived.
type Arrival int

// The arrivals.
const (
	OnItsWay Arrival = iota
	Arrived
	Undeliverable // and never will be
)

// Failure is why a carrier did not take a notice over. Its Word is kept, so it
// never holds an address: "refused-550", "status-503", "no-answer".
type Failure struct {
	Word      string
	Permanent bool // the same notice will not be taken later either
	Cause     error
}

// Error is for the log.
func (f *Failure) Error() string {
	return fmt.Sprintf("notice: not taken over (%s): %v", f.Word, f.Cause)
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// failureOf gives an error of a carrier its word; one that has none may pass.
func failureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Word: "no-answer", Cause: err}
}
