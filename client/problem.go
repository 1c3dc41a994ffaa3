package client

import (
	"encoding/json"
	"fmt"
	"time"
)

// Problem is a refusal of the service (RFC 9457).
type Problem struct {
	Status     int               // of HTTP
	Code       int               // the number that the call centre knows
	Name       string            // for programs: "otp-wrong"
	Title      string            // what happened, in the language asked for
	Detail     string            // what to do now
	Request    string            // the request's id in the service's log
	RetryAfter time.Duration     // when trying again makes sense, or 0
	Params     map[string]string // e.g. "field", "left"
}

// Error gives what happened and the number.
func (p *Problem) Error() string { return fmt.Sprintf("%s (%d)", p.Title, p.Code) }

func problemOf(status int, body []byte) error {
	var d ProblemDetails
	if err := json.Unmarshal(body, &d); err != nil {
		return fmt.Errorf("reading the refusal (status %d): %w", status, err)
	}
	return &Problem{Status: status, Code: d.Code, Name: d.Name, Title: d.Title, Detail: d.Detail,
		Request: d.Request, RetryAfter: time.Duration(d.RetryAfter) * time.Second, Params: d.Params}
}
