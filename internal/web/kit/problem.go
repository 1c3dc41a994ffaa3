package kit

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// ProblemType is the media type of a refusal (RFC 9457).
const ProblemType = "application/problem+json"

// statusLeft is what the log shows when the visitor did not wait.
const statusLeft = 499

// heardOut is how much of a body is still taken in, in bytes, after it was
// refused: a browser listens only when it has sent everything, and would show
// that the connection broke.
const heardOut = 64 << 20

// Problem is a refusal as it goes over the wire (RFC 9457, with members of our
// own from code on).
type Problem struct {
	Type       string            `json:"type"`
	Title      string            `json:"title"`
	Detail     string            `json:"detail"`
	Status     int               `json:"status"`
	Code       int               `json:"code"`
	Name       string            `json:"name"`
	Request    string            `json:"request"`
	RetryAfter int               `json:"retryAfter,omitempty"`
	Params     map[string]string `json:"params,omitempty"`
}

// ProblemOf gives the public face of an error, in the visitor's language.
func ProblemOf(r *http.Request, err error) Problem {
	occurrence := fault.Of(err)
	if word := visitOf(r.Context()).word; word != nil {
		for name, value := range occurrence.Params {
			if text, known := word(name, value); known {
				occurrence = occurrence.Word(name, text)
			}
		}
	}
	what, todo := occurrence.Public(Language(r))
	status := occurrence.Kind.Status()
	if occurrence.Fault == ErrMethod {
		status = http.StatusMethodNotAllowed
	}
	p := Problem{
		Type: "urn:ingam:problem:" + occurrence.Name, Title: what, Detail: todo,
		Status: status, Code: occurrence.Number, Name: occurrence.Name,
		Request: RequestID(r.Context()), Params: occurrence.Params,
	}
	if occurrence.Retry > 0 {
		p.RetryAfter = int((occurrence.Retry + time.Second - 1) / time.Second)
	}
	return p
}

// Fail answers with the public face of an error, in the visitor's language: as
// a page where the face has one and a browser asks, else as problem details.
// The error itself goes to the log only.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	visit := visitOf(r.Context())
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		w.WriteHeader(statusLeft) // nobody hears it; the log line shows it
		return
	}
	visit.err = err
	p := ProblemOf(r, err)
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	w.Header().Set("Content-Language", Language(r))
	w.Header().Set("Cache-Control", "no-store")
	if visit.page != nil && WantsPage(r) {
		_, _ = io.CopyN(io.Discard, r.Body, heardOut)
		if visit.page(w, r, p) {
			return
		}
	}
	writeJSON(w, r, ProblemType, p.Status, p)
}

// WriteJSON answers with a value as JSON.
func WriteJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	writeJSON(w, r, "application/json", status, v)
}

func writeJSON(w http.ResponseWriter, r *http.Request, mediaType string, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // a type of ours that JSON can't show: a defect
		visitOf(r.Context()).err = err
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	h.Add("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a visitor who has left hears nothing
}
