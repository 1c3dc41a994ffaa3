// Package rest calls the JSON services of others with bounds on everything:
// time, size, form. The clients beside it (idcheck, corebank, message) say
// what is asked; this package says how.
//
// A call that can be repeated without harm (Get) is tried once more when the
// connection broke; the others (Post, PostKeyed) never are. Errors name service and status,
// never an address or anything that was sent or received: those hold personal
// data.
package rest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds of a call, unless a Client says otherwise.
const (
	DefaultTimeout = 10 * time.Second
	MaxAnswer      = 64 << 10
)

// ErrAnswer says that an answer came and is not what the service's interface
// promises.
var ErrAnswer = errors.New("rest: malformed answer")

// StatusError is an answer with a status that the call did not expect.
type StatusError struct{ Status int }

func (e *StatusError) Error() string { return fmt.Sprintf("rest: status %d", e.Status) }

// Client calls one service. Authentication is the transport's work (a client
// certificate, a token): set it in HTTP.
type Client struct {
	Base    string        // "https://host/base", without a slash at its end
	HTTP    *http.Client  // http.DefaultClient's transport when nil
	Timeout time.Duration // of one try; DefaultTimeout when zero
}

// Answer is what every answer of a service has in common.
type Answer struct {
	RequestID string `json:"requestId"`
}

func (a Answer) requestID() string { return a.RequestID }

// answer is an answer that repeats the id of the request it belongs to.
type answer interface{ requestID() string }

// Get asks with an idempotent call; it tries once more if the connection broke
// or the service says that it is unwell (5xx). A service that stays silent for
// Timeout is not asked again: a customer waits.
func Get[A answer](ctx context.Context, c Client, path string, into A) error {
	err := call(ctx, c, http.MethodGet, path, "", nil, into)
	var status *StatusError
	if err == nil || ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrAnswer) || errors.As(err, &status) && status.Status < 500 {
		return err
	}
	return call(ctx, c, http.MethodGet, path, "", nil, into)
}

// Post asks once. in is sent as JSON.
func Post[A answer](ctx context.Context, c Client, path string, in any, into A) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encoding a request: %w", err)
	}
	return call(ctx, c, http.MethodPost, path, "", body, into)
}

// PostKeyed asks once under a key, which the header Idempotency-Key carries:
// the service does what is asked once for a key, however often it is asked, and
// answers as it did the first time. So one who doesn't know what became of a
// call may make it again. A key is 1 to 64 letters, digits and hyphens.
func PostKeyed[A answer](ctx context.Context, c Client, path, key string, in any, into A) error {
	if err := CheckTransaction(key); err != nil {
		return errors.New("rest: malformed idempotency key")
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encoding a request: %w", err)
	}
	return call(ctx, c, http.MethodPost, path, key, body, into)
}

func call[A answer](ctx context.Context, c Client, method, path, key string, body []byte, into A) error {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(body))
	if err != nil {
		return bare(err)
	}
	id := rand.Text()
	request.Header.Set("X-Request-Id", id)
	request.Header.Set("Accept", "application/json")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.client().Do(request)
	if err != nil {
		return bare(err)
	}
	defer response.Body.Close() //nolint:errcheck // nothing was written
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusAccepted {
		return &StatusError{Status: response.StatusCode}
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return fmt.Errorf("%w: content type", ErrAnswer)
	}
	if err := Decode(response.Body, into); err != nil {
		return err
	}
	if into.requestID() != id {
		return fmt.Errorf("%w: request id", ErrAnswer)
	}
	return nil
}

// client is the configured one, but it follows no redirection: a request with
// personal data goes where it was sent and nowhere else.
func (c Client) client() *http.Client {
	var own http.Client
	if c.HTTP != nil {
		own = *c.HTTP
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// bare takes the address out of an error of net/http.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("rest: no answer: %w", u.Err)
	}
	return errors.New("rest: address of the service is malformed")
}

// Decode reads one JSON object of up to MaxAnswer bytes. Members that are not
// asked for are passed over: services grow. Its errors don't quote what was
// read.
func Decode(r io.Reader, into any) error {
	data, err := io.ReadAll(io.LimitReader(r, MaxAnswer+1))
	if err != nil {
		return fmt.Errorf("rest: reading an answer: %w", err)
	}
	if len(data) > MaxAnswer {
		return fmt.Errorf("%w: too long", ErrAnswer)
	}
	return DecodeBytes(data, into)
}

// DecodeBytes is Decode for a body that was read within bounds.
func DecodeBytes(data []byte, into any) error {
	if !strings.HasPrefix(strings.TrimLeft(string(data[:min(len(data), 64)]), " \t\r\n"), "{") {
		return fmt.Errorf("%w: no object", ErrAnswer)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%w: not the expected JSON", ErrAnswer)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than one value", ErrAnswer)
	}
	return nil
}

// CheckTransaction says whether a service's number for what it did is one that
// can be kept: 1 to 64 letters, digits and hyphens.
func CheckTransaction(id string) error {
	if id == "" || len(id) > 64 {
		return fmt.Errorf("%w: transaction id", ErrAnswer)
	}
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' {
			return fmt.Errorf("%w: transaction id", ErrAnswer)
		}
	}
	return nil
}
