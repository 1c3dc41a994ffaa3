// Package corebank asks the bank's core system: who a customer is, whether an
// account and its password are theirs, whether a one-time password is right.
//
// Its interface is four calls: GET {base}/corebank/v1/customers/{number}, POST
// …/customers/search, POST …/accounts/verify and POST …/otp/verify. Anything that is not one of
// the answers they promise, and no answer in time, is ErrUnavailable.
package corebank

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// ErrUnavailable says that there was no usable answer.
var ErrUnavailable = fault.Define(3102, "core-bank-unavailable", fault.Unavailable,
	fault.Text{KO: "은행 전산이 지금 답하지 않아요.", EN: "The bank's core system does not answer at the moment."},
	fault.Text{KO: "지금까지 하신 것은 그대로 있고, 틀린 횟수에도 넣지 않았어요. 잠시 뒤 다시 눌러 주세요. 급하면 신분증을 가지고 영업점에 와 주세요. 고객센터 1588-0000", EN: "Nothing is lost, and this does not count as a wrong try. Please try again in a moment. If it is urgent, come to a branch with your identity document. Call centre 1588-0000"})

const retryAfter = 30 * time.Second

// Client asks the core bank.
type Client struct{ rest.Client }

// Record is how the core bank knows a customer. Branch is the number of the
// branch that looks after them, three digits; it may be missing.
type Record struct {
	CustomerNumber string `json:"customerNumber"`
	Sort           string `json:"sort"`
	Name           string `json:"name"`
	RomanName      string `json:"romanName"`
	IdentityNumber string `json:"identityNumber"`
	Birth          string `json:"birth"`
	Phone          string `json:"phone"`
	Mail           string `json:"mail"`
	Branch         string `json:"branch"`
	Deceased       *bool  `json:"deceased"` // has to be said
}

// Customer is the body of the answer to a question for a customer.
type Customer struct {
	rest.Answer
	Record
}

// Customer says who a customer is; subscriber.ErrUnknown when there is none.
func (c Client) Customer(ctx context.Context, number string) (subscriber.Subscriber, error) {
	if !digits(number, 1, 20) {
		return subscriber.Subscriber{}, subscriber.ErrUnknown
	}
	var a Customer
	err := rest.Get(ctx, c.Client, "/corebank/v1/customers/"+url.PathEscape(number), &a)
	var status *rest.StatusError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		return subscriber.Subscriber{}, subscriber.ErrUnknown
	}
	if err != nil {
		return subscriber.Subscriber{}, unavailable("asking for a customer", err)
	}
	if a.CustomerNumber != number {
		return subscriber.Subscriber{}, unavailable("asking for a customer", fmt.Errorf("%w: customer number", rest.ErrAnswer))
	}
	return a.subscriber()
}

// ParseCustomer reads the body of an answer.
func ParseCustomer(r io.Reader) (subscriber.Subscriber, error) {
	var a Customer
	if err := rest.Decode(r, &a); err != nil {
		return subscriber.Subscriber{}, unavailable("asking for a customer", err)
	}
	return a.subscriber()
}

// subscriber takes a record over field by field. What is wrong in one is the
// core bank's defect: no certificate is made from guesses.
func (a Record) subscriber() (subscriber.Subscriber, error) {
	if a.Deceased == nil {
		return subscriber.Subscriber{}, unavailable("asking for a customer", fmt.Errorf("%w: deceased", rest.ErrAnswer))
	}
	s := subscriber.Subscriber{CustomerNumber: a.CustomerNumber, Sort: subscriber.Sort(a.Sort), Name: a.Name,
		RomanName: a.RomanName, IdentityNumber: a.IdentityNumber, Birth: a.Birth, Phone: a.Phone, Mail: a.Mail, Branch: a.Branch, Deceased: *a.Deceased}
	if field := malformed(s); field != "" {
		return subscriber.Subscriber{}, unavailable("asking for a customer", fmt.Errorf("%w: %s", rest.ErrAnswer, field))
	}
	return s, nil
}

func malformed(s subscriber.Subscriber) string {
	switch s.Sort {
	case subscriber.Individual, subscriber.Foreigner:
		if !digits(s.IdentityNumber, 13, 13) {
			return "identity number"
		}
		if _, err := time.Parse("20060102", s.Birth); err != nil {
			return "birth"
		}
	case subscriber.Corporate:
		if !digits(s.IdentityNumber, 10, 10) || s.Birth != "" {
			return "identity number"
		}
	default:
		return "sort"
	}
	switch {
	case !digits(s.CustomerNumber, 1, 20):
		return "customer number"
	case !line(s.Name, 1, 60):
		return "name"
	case !line(s.RomanName, 0, 100):
		return "roman name"
	case s.Phone != "" && !digits(s.Phone, 9, 11):
		return "phone"
	case !line(s.Mail, 0, 254):
		return "mail"
	case s.Branch != "" && !digits(s.Branch, 3, 3):
		return "branch"
	}
	return ""
}

// Finding is the body of the answer about an account or a one-time password.
type Finding struct {
	rest.Answer
	TransactionID string `json:"transactionId"`
	Result        string `json:"result"`
}

// AccountRequest is the body of a question about an account.
type AccountRequest struct {
	CustomerNumber string `json:"customerNumber"`
	Account        string `json:"account"`
	Password       string `json:"password"`
}

// OTPRequest is the body of a question about a one-time password.
type OTPRequest struct {
	CustomerNumber string `json:"customerNumber"`
	Code           string `json:"code"`
}

var (
	accountVerdicts = map[string]proofing.Verdict{"ok": proofing.Match, "wrong": proofing.Mismatch, "locked": proofing.Locked}
	otpVerdicts     = map[string]proofing.Verdict{"ok": proofing.Match, "wrong": proofing.Mismatch, "replayed": proofing.Replayed,
		"locked": proofing.Locked, "none": proofing.None}
)

// CheckAccount asks about an account and its password.
func (c Client) CheckAccount(ctx context.Context, customerNumber, account, password string) (proofing.Finding, error) {
	var a Finding
	err := rest.Post(ctx, c.Client, "/corebank/v1/accounts/verify", AccountRequest{customerNumber, account, password}, &a)
	if err != nil {
		return proofing.Finding{}, unavailable("checking an account", err)
	}
	return a.finding(accountVerdicts)
}

// CheckOTP asks about a one-time password.
func (c Client) CheckOTP(ctx context.Context, customerNumber, code string) (proofing.Finding, error) {
	var a Finding
	if err := rest.Post(ctx, c.Client, "/corebank/v1/otp/verify", OTPRequest{customerNumber, code}, &a); err != nil {
		return proofing.Finding{}, unavailable("checking a one-time password", err)
	}
	return a.finding(otpVerdicts)
}

// ParseFinding reads the body of an answer about a one-time password, or with
// account true about an account.
func ParseFinding(r io.Reader, account bool) (proofing.Finding, error) {
	var a Finding
	if err := rest.Decode(r, &a); err != nil {
		return proofing.Finding{}, unavailable("reading a finding", err)
	}
	if account {
		return a.finding(accountVerdicts)
	}
	return a.finding(otpVerdicts)
}

func (a Finding) finding(verdicts map[string]proofing.Verdict) (proofing.Finding, error) {
	verdict, ok := verdicts[a.Result]
	if !ok {
		return proofing.Finding{}, unavailable("reading a finding", fmt.Errorf("%w: result", rest.ErrAnswer))
	}
	if err := rest.CheckTransaction(a.TransactionID); err != nil {
		return proofing.Finding{}, unavailable("reading a finding", err)
	}
	return proofing.Finding{Verdict: verdict, Transaction: a.TransactionID}, nil
}

func unavailable(doing string, err error) error {
	return ErrUnavailable.With(fmt.Errorf("%s: %w", doing, err)).After(retryAfter)
}

func digits(s string, shortest, longest int) bool {
	return len(s) >= shortest && len(s) <= longest && strings.Trim(s, "0123456789") == ""
}

// line says whether s is one line of text with so many letters.
func line(s string, shortest, longest int) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n >= shortest && n <= longest &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}
