package message

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/registration/notice"
)

var _ notice.Messenger = Client{}

// ReceiptAnswer is the body of an answer to GET
// {base}/message/v1/messages/{messageId}.
type ReceiptAnswer struct {
	rest.Answer
	MessageID string `json:"messageId"`
	State     string `json:"state"` // accepted, delivered, failed
	At        string `json:"at"`    // RFC 3339; when it was delivered or failed
}

// SendOnce sends a text under a key: the carrier sends it once, however often
// it is asked (Idempotency-Key). Errors are notice.Failure. Most of 400 to 499
// are permanent; those that speak of us and not of the message (who we are,
// where we ask, how often) are not.
func (c Client) SendOnce(ctx context.Context, key, phone, text string) (id string, err error) {
	var a Answer
	if err := rest.PostKeyed(ctx, c.Client, "/message/v1/messages", key, Request{To: phone, Text: text}, &a); err != nil {
		return "", failure(err)
	}
	if id, err = a.id(); err != nil {
		return "", failure(err)
	}
	return id, nil
}

// Receipt asks what became of a message.
func (c Client) Receipt(ctx context.Context, id string) (notice.Receipt, error) {
	if err := rest.CheckTransaction(id); err != nil {
		return notice.Receipt{}, failure(err)
	}
	var a ReceiptAnswer
	if err := rest.Get(ctx, c.Client, "/message/v1/messages/"+id, &a); err != nil {
		return notice.Receipt{}, failure(err)
	}
	return a.receipt(id)
}

// ParseReceipt reads the body of an answer about a message.
func ParseReceipt(r io.Reader, id string) (notice.Receipt, error) {
	var a ReceiptAnswer
	if err := rest.Decode(r, &a); err != nil {
		return notice.Receipt{}, failure(err)
	}
	return a.receipt(id)
}

func (a ReceiptAnswer) receipt(id string) (notice.Receipt, error) {
	if a.MessageID != id {
		return notice.Receipt{}, failure(fmt.Errorf("%w: another message", rest.ErrAnswer))
	}
	var arrival notice.Arrival
	switch a.State {
	case "accepted":
		return notice.Receipt{}, nil
	case "delivered":
		arrival = notice.Arrived
	case "failed":
		arrival = notice.Undeliverable
	default:
		return notice.Receipt{}, failure(fmt.Errorf("%w: state", rest.ErrAnswer))
	}
	at, err := time.Parse(time.RFC3339, a.At)
	if err != nil || at.Year() < 2000 || at.Year() > 9999 {
		return notice.Receipt{}, failure(fmt.Errorf("%w: time", rest.ErrAnswer))
	}
	return notice.Receipt{Arrival: arrival, At: at.UTC()}, nil
}

func failure(err error) error {
	f := &notice.Failure{Word: "no-answer", Cause: err}
	var status *rest.StatusError
	switch {
	case errors.As(err, &status):
		f.Word = "status-" + strconv.Itoa(status.Status)
		f.Permanent = permanent(status.Status)
	case errors.Is(err, rest.ErrAnswer):
		f.Word = "malformed-answer"
	}
	return f
}

func permanent(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, // our set-up
		http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests: // the moment
		return false
	}
	return status >= 400 && status < 500
}
