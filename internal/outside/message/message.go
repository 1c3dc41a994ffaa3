// Package message sends short messages to customers' phones through the
// bank's carrier.
//
// The interface is POST {base}/message/v1/messages; the carrier
// accepts with 202 and its number for the message. Anything else, and no
// answer in time, is ErrUnavailable. Send never sends twice by itself; SendOnce
// may be called again. receipt.go asks what became of a message.
package message

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/rest"
)

// ErrUnavailable says that the carrier did not accept the message.
var ErrUnavailable = fault.Define(3103, "message-unavailable", fault.Unavailable,
	fault.Text{KO: "문자 발송 서비스가 지금 답하지 않아서 인증번호를 보내지 못했어요.", EN: "The message service does not answer at the moment, so no code could be sent."},
	fault.Text{KO: "지금까지 하신 것은 그대로 있고, 보낸 횟수에도 넣지 않았어요. 잠시 뒤 다시 눌러 주세요. 급하면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "Nothing is lost, and this does not count as a code sent. Please try again in a moment. If it is urgent, come to a branch with your identity document. Call centre 1588-0000"})

const retryAfter = 30 * time.Second

// Client sends through a carrier.
type Client struct{ rest.Client }

// Request is the body of a request to send.
type Request struct {
	To   string `json:"to"` // digits only
	Text string `json:"text"`
}

// Answer is the body of an answer.
type Answer struct {
	rest.Answer
	MessageID string `json:"messageId"`
}

// Send sends a text to a phone number and gives the carrier's number for it.
func (c Client) Send(ctx context.Context, phone, text string) (transaction string, err error) {
	var a Answer
	if err := rest.Post(ctx, c.Client, "/message/v1/messages", Request{To: phone, Text: text}, &a); err != nil {
		return "", unavailable(err)
	}
	return a.id()
}

// ParseAnswer reads the body of an answer.
func ParseAnswer(r io.Reader) (transaction string, err error) {
	var a Answer
	if err := rest.Decode(r, &a); err != nil {
		return "", unavailable(err)
	}
	return a.id()
}

func (a Answer) id() (string, error) {
	if err := rest.CheckTransaction(a.MessageID); err != nil {
		return "", unavailable(err)
	}
	return a.MessageID, nil
}

func unavailable(err error) error {
	return ErrUnavailable.With(fmt.Errorf("sending a message: %w", err)).After(retryAfter)
}
