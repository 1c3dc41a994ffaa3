// Package client asks an ingam service on behalf of one customer: log in,
// apply, prove, hand in the key, fetch the certificate; renew, reissue, suspend,
// resume and revoke it, report its loss.
//
//	c, err := client.New("https://bank.example", nil, "en")
//	who, err := c.LogIn(ctx, "hong", password)
//	application, created, err := c.Start(ctx, client.KindPersonalBank)
//
// A refusal of the service is a *Problem, with a text in the language asked
// for and the number that the call centre knows; anything else went wrong on
// the way. The key pair is made by the caller; this package sends only the
// certification request. What the bodies mean stands in api/openapi.yaml, from
// which models.gen.go and the requests are generated.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/client/internal/rest"
)

// maxAnswer is the size of the largest answer that is read, in bytes.
const maxAnswer = 4 << 20

// Client is one customer's way to a service. It holds their session, so it
// serves one customer; it is safe for use by many goroutines.
type Client struct{ rest rest.ClientInterface }

// New makes a client of the service at a base URL (http or https, without the
// API's own path). It copies h, or a client with a time-out of a minute when h
// is nil, and gives the copy a cookie jar of its own. lang is "ko" or "en".
func New(baseURL string, h *http.Client, lang string) (*Client, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("parsing base URL: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("base URL is not of the form https://host[:port][/path]")
	}
	own := http.Client{Timeout: time.Minute}
	if h != nil {
		own = *h
	}
	if own.Jar, err = cookiejar.New(nil); err != nil {
		return nil, fmt.Errorf("making cookie jar: %w", err)
	}
	// The API redirects nobody; a redirect would carry secrets to who knows where.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	generated, err := rest.NewClient(strings.TrimRight(baseURL, "/"), rest.WithHTTPClient(&own),
		rest.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("Accept-Language", lang)
			r.Header.Set("Accept", "application/json, application/problem+json")
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("making client: %w", err)
	}
	return &Client{rest: generated}, nil
}

// send makes the body of a request.
func send(v any) (mediaType string, body io.Reader, err error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return "", nil, fmt.Errorf("encoding request: %w", err)
	}
	return "application/json", bytes.NewReader(encoded), nil
}

// receive reads an answer into T (which it leaves alone for 204), or the
// refusal.
func receive[T any](res *http.Response, err error) (value T, status int, _ error) {
	if err != nil {
		return value, 0, fmt.Errorf("asking the service: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return value, res.StatusCode, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > maxAnswer {
		return value, res.StatusCode, errors.New("reading the answer: it is larger than any of the service's")
	}
	mediaType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")) // an unreadable one is none of ours
	switch {
	case mediaType == "application/problem+json":
		return value, res.StatusCode, problemOf(res.StatusCode, body)
	case res.StatusCode == http.StatusNoContent:
		return value, res.StatusCode, nil
	case res.StatusCode < 200 || res.StatusCode > 299 || mediaType != "application/json":
		return value, res.StatusCode, fmt.Errorf("this is no ingam service, or something stands in between: it answered %s (%q)", res.Status, mediaType)
	}
	if err := json.Unmarshal(body, &value); err != nil {
		return value, res.StatusCode, fmt.Errorf("reading the answer: %w", err)
	}
	return value, res.StatusCode, nil
}

// only is receive for answers whose status says nothing.
func only[T any](res *http.Response, err error) (T, error) {
	value, _, err := receive[T](res, err)
	return value, err
}
