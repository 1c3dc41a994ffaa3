// Package idcheck asks whether an identity document is genuine: the service
// that the issuers of resident cards, driver's licences, passports and alien
// registration cards offer to banks.
//
// The interface is one call, POST {base}/idcheck/v1/verify, with the
// document's data and picture; the answer says match, mismatch, lost, expired
// or unreadable. Anything else, and no answer in time, is ErrUnavailable.
//
// Where a teller has the document in hand the question says "channel":
// "counter". It then holds the serial of a driver's licence and, of documents
// that have one, the date of expiry; the picture may be missing.
package idcheck

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// ErrUnavailable says that there was no usable answer.
var ErrUnavailable = fault.Define(3101, "id-check-unavailable", fault.Unavailable,
	fault.Text{KO: "신분증 진위확인 서비스가 지금 답하지 않아요.", EN: "The service that confirms identity documents does not answer at the moment."},
	fault.Text{KO: "지금까지 하신 것은 그대로 있고, 틀린 횟수에도 넣지 않았어요. 잠시 뒤 다시 눌러 주세요. 급하면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "Nothing is lost, and this does not count as a wrong try. Please try again in a moment. If it is urgent, come to a branch with your identity document. Call centre 1588-0000"})

// retryAfter is when the customer may try again.
const retryAfter = 30 * time.Second

// Client asks the service.
type Client struct{ rest.Client }

// Request is the body of a question. Image is the picture's file; JSON carries
// it in base64. Channel is "counter" or, online, missing.
type Request struct {
	Document      string `json:"document"`
	Number        string `json:"number"`
	Name          string `json:"name"`
	Birth         string `json:"birth"`
	IssueDate     string `json:"issueDate"`
	Expires       string `json:"expires,omitempty"`
	Licence       string `json:"licence,omitempty"`
	LicenceSerial string `json:"licenceSerial,omitempty"`
	Image         []byte `json:"image,omitempty"`
	Channel       string `json:"channel,omitempty"`
}

// Answer is the body of an answer.
type Answer struct {
	rest.Answer
	TransactionID string `json:"transactionId"`
	Result        string `json:"result"`
	CheckedAt     string `json:"checkedAt"` // RFC 3339
}

// CheckCard asks about one document.
func (c Client) CheckCard(ctx context.Context, card proofing.Card, birth string) (proofing.Finding, error) {
	var a Answer
	err := rest.Post(ctx, c.Client, "/idcheck/v1/verify", Request{
		Document: string(card.Document), Number: card.Number, Name: card.Name, Birth: birth,
		IssueDate: card.IssueDate, Expires: card.Expires, Licence: card.Licence, LicenceSerial: card.LicenceSerial,
		Image: card.Image, Channel: card.Channel,
	}, &a)
	if err != nil {
		return proofing.Finding{}, unavailable(err)
	}
	return a.finding()
}

// ParseAnswer reads the body of an answer.
func ParseAnswer(r io.Reader) (proofing.Finding, error) {
	var a Answer
	if err := rest.Decode(r, &a); err != nil {
		return proofing.Finding{}, unavailable(err)
	}
	return a.finding()
}

func (a Answer) finding() (proofing.Finding, error) {
	f := proofing.Finding{Verdict: proofing.Verdict(a.Result), Transaction: a.TransactionID}
	switch f.Verdict {
	case proofing.Match, proofing.Mismatch, proofing.Lost, proofing.Expired, proofing.Unreadable:
	default:
		return proofing.Finding{}, unavailable(fmt.Errorf("%w: result", rest.ErrAnswer))
	}
	if _, err := time.Parse(time.RFC3339, a.CheckedAt); err != nil {
		return proofing.Finding{}, unavailable(fmt.Errorf("%w: checkedAt", rest.ErrAnswer))
	}
	if err := rest.CheckTransaction(f.Transaction); err != nil {
		return proofing.Finding{}, unavailable(err)
	}
	return f, nil
}

func unavailable(err error) error {
	return ErrUnavailable.With(fmt.Errorf("checking an identity document: %w", err)).After(retryAfter)
}
