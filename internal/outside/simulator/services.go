package simulator

import (
	"bytes"
	"crypto/rand"
	"errors"
	"image"
	_ "image/jpeg" // what the service for identity documents looks at
	_ "image/png"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// The bodies stand here once more, not imported from the clients: so a change
// on one side alone shows in the tests.
type (
	head struct {
		RequestID     string `json:"requestId"`
		TransactionID string `json:"transactionId"`
	}
	cardQuestion struct {
		Document      proofing.Document `json:"document"`
		Number        string            `json:"number"`
		Name          string            `json:"name"`
		Birth         string            `json:"birth"`
		IssueDate     string            `json:"issueDate"`
		Expires       string            `json:"expires"`
		Licence       string            `json:"licence"`
		LicenceSerial string            `json:"licenceSerial"`
		Image         []byte            `json:"image"`
		Channel       string            `json:"channel"` // "counter", or empty: online
	}
	cardAnswer struct {
		head
		Result    string `json:"result"`
		CheckedAt string `json:"checkedAt"`
	}
	accountQuestion struct {
		CustomerNumber string `json:"customerNumber"`
		Account        string `json:"account"`
		Password       string `json:"password"`
	}
	otpQuestion struct {
		CustomerNumber string `json:"customerNumber"`
		Code           string `json:"code"`
	}
	findingAnswer struct {
		head
		Result string `json:"result"`
	}
	customerRecord struct {
		CustomerNumber string `json:"customerNumber"`
		Sort           string `json:"sort"`
		Name           string `json:"name"`
		RomanName      string `json:"romanName"`
		IdentityNumber string `json:"identityNumber"`
		Birth          string `json:"birth"`
		Phone          string `json:"phone"`
		Mail           string `json:"mail"`
		Branch         string `json:"branch,omitempty"`
		Deceased       bool   `json:"deceased"`
	}
	customerAnswer struct {
		RequestID string `json:"requestId"`
		customerRecord
	}
	messageQuestion struct {
		To   string `json:"to"`
		Text string `json:"text"`
	}
	messageAnswer struct {
		RequestID string `json:"requestId"`
		MessageID string `json:"messageId"`
	}
)

func (h *head) setRequestID(id string)           { h.RequestID = id }
func (a *customerAnswer) setRequestID(id string) { a.RequestID = id }
func (a *messageAnswer) setRequestID(id string)  { a.RequestID = id }

func newHead() head { return head{TransactionID: "SIM-" + rand.Text()} }

func bad(err error) (int, any) { return http.StatusBadRequest, problem{Error: err.Error()} }

func (s *Simulator) verifyCard(_ *http.Request, body []byte) (int, any) {
	var q cardQuestion
	if err := read(body, &q); err != nil {
		return bad(err)
	}
	if q.Channel != "" && q.Channel != atCounter {
		return bad(errors.New("channel is none"))
	}
	return http.StatusOK, &cardAnswer{head: newHead(), Result: s.judge(q), CheckedAt: s.now().UTC().Format(time.RFC3339)}
}

// atCounter says that a teller has the document in hand.
const atCounter = "counter"

// judge answers as the issuers do: nothing is said about a document whose data
// is not right in every point. Online there has to be a picture; at the counter
// there may be one, and a licence has to come with its serial.
func (s *Simulator) judge(q cardQuestion) string {
	pictured := len(q.Image) > 0
	if pictured || q.Channel != atCounter {
		config, _, err := image.DecodeConfig(bytes.NewReader(q.Image))
		if err != nil || config.Width < 320 || config.Height < 200 {
			return string(Unreadable)
		}
	}
	for _, c := range s.Samples() {
		for _, card := range c.Cards {
			if card.Document != q.Document || card.Number != q.Number {
				continue
			}
			switch {
			case !card.is(q, c.Birth):
				return "mismatch"
			case card.Standing == Genuine, card.Standing == Unreadable && !pictured:
				return "match"
			}
			return string(card.Standing)
		}
	}
	return "mismatch"
}

// is compares what the issuer knows with what it is asked about. birth is the
// customer's, whose card it is unless it says another.
func (c Card) is(q cardQuestion, birth string) bool {
	if c.Birth != "" {
		birth = c.Birth
	}
	if c.Name != q.Name || c.IssueDate != q.IssueDate || birth != q.Birth || strings.ReplaceAll(c.Licence, "-", "") != q.Licence {
		return false
	}
	if (q.Channel == atCounter || q.LicenceSerial != "") && c.LicenceSerial != q.LicenceSerial {
		return false
	}
	return q.Expires == "" || q.Expires == c.Expires
}

func (s *Simulator) customer(r *http.Request, _ []byte) (int, any) {
	c, ok := s.sample(r.PathValue("number"))
	if !ok {
		return http.StatusNotFound, problem{Error: "no such customer"}
	}
	return http.StatusOK, &customerAnswer{customerRecord: recordOf(c)}
}

func (s *Simulator) verifyAccount(_ *http.Request, body []byte) (int, any) {
	var q accountQuestion
	if err := read(body, &q); err != nil {
		return bad(err)
	}
	result := "wrong"
	if c, ok := s.sample(q.CustomerNumber); ok && c.Account == q.Account {
		switch {
		case c.AccountLocked:
			result = "locked"
		case c.AccountPassword == q.Password:
			result = "ok"
		}
	}
	return http.StatusOK, &findingAnswer{head: newHead(), Result: result}
}

func (s *Simulator) verifyOTP(_ *http.Request, body []byte) (int, any) {
	var q otpQuestion
	if err := read(body, &q); err != nil {
		return bad(err)
	}
	return http.StatusOK, &findingAnswer{head: newHead(), Result: s.judgeOTP(q)}
}

func (s *Simulator) send(r *http.Request, body []byte) (int, any) {
	var q messageQuestion
	if err := read(body, &q); err != nil {
		return bad(err)
	}
	if len(q.To) < 9 || len(q.To) > 11 || strings.Trim(q.To, "0123456789") != "" || q.Text == "" || len([]rune(q.Text)) > 1000 {
		return http.StatusBadRequest, problem{Error: "no such number, or no text"}
	}
	key := r.Header.Get("Idempotency-Key")
	if len(key) > 64 {
		return http.StatusBadRequest, problem{Error: "Idempotency-Key is too long"}
	}
	return http.StatusAccepted, &messageAnswer{MessageID: s.deliver(key, q.To, q.Text).ID}
}

// Update changes a sample, as a clerk at the core bank would: tests let
// customers die or change their name between two steps.
func (s *Simulator) Update(number string, change func(*Sample)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.samples, func(c Sample) bool { return c.Number == number }); i >= 0 {
		change(&s.samples[i])
	}
}
