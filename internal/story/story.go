// Package story tells what ingam is for in one run: a customer of the demo
// bank proves who they are, gets a certificate, signs with it, and the
// signature, the revocation list and the OCSP answer hold. Eleven months later
// they renew it, and at last revoke it. The story goes through the real HTTP
// faces of a running demo, as the wallet does, and leaves what it made in a
// folder for others to judge. A step that doesn't do what it says ends it.
package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/wallet"
)

// Stage is where the story is told.
type Stage struct {
	Bank  string // base URL of the service
	World string // base URL of the simulated world outside
	Out   string // folder for the files; made when it is not there
	Log   io.Writer
	Now   func() time.Time
	Began time.Time // when the program started; the first step counts from here
}

// Step is one thing that happened.
type Step struct {
	Name         string   `json:"name"`
	What         string   `json:"what"`
	Files        []string `json:"files"`
	Milliseconds int64    `json:"milliseconds"`
}

// Book is story.json.
type Book struct {
	Steps        []Step   `json:"steps"`
	Serial       string   `json:"serial"` // hex
	Subject      string   `json:"subject"`
	Folder       string   `json:"folder"` // of certificate and key, below the output folder
	Renewed      Holding  `json:"renewed"`
	Revoked      []string `json:"revoked"` // serials: the renewed one's predecessor, and the renewed one at last
	DemoData     DemoData `json:"demoData"`
	Milliseconds int64    `json:"milliseconds"`
}

// Holding is the certificate that took the place of the first one. Its key has
// the same password.
type Holding struct {
	Serial  string `json:"serial"`
	Subject string `json:"subject"`
	Folder  string `json:"folder"`
}

// Span is how far the clock of a demo goes forward while a story is told. One
// that began so long ago ends a little before the present, so that what it
// leaves is as fresh as others find it.
const Span = 345*24*time.Hour + 5*time.Minute

// DemoData are the secrets of an invented person, so that others can open what
// the story made.
type DemoData struct {
	Note           string `json:"note"`
	Password       string `json:"password"`       // of signPri.key
	IdentityNumber string `json:"identityNumber"` // no such person
}

// keyPassword opens the story's key. It is demo data and stands in story.json.
const keyPassword = "Story-Demo-2026!" //nolint:gosec // demo data, no credential

type teller struct {
	stage Stage
	http  *http.Client
	hero  hero
	first wallet.Certificate
	bank  *client.Client
	book  Book
	since time.Time
	total int
}

// Room makes the folder for a story; one that holds something is refused.
func Room(out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // nothing in it is secret but the key, which has its own folder
		return fmt.Errorf("making the story's folder: %w", err)
	}
	left, err := os.ReadDir(out)
	if err != nil {
		return fmt.Errorf("reading the story's folder: %w", err)
	}
	if len(left) > 0 {
		return fmt.Errorf("%s is not empty: a story needs a folder of its own", out)
	}
	return nil
}

// Tell tells the story and leaves story.json. On an error it leaves the steps
// that were done.
func Tell(ctx context.Context, s Stage) error {
	if err := Room(s.Out); err != nil {
		return err
	}
	t := &teller{stage: s, http: &http.Client{Timeout: 30 * time.Second}, since: s.Began, total: 18}
	told := t.tell(ctx)
	for _, step := range t.book.Steps { // the clock has been put forward meanwhile
		t.book.Milliseconds += step.Milliseconds
	}
	if err := t.leave("story.json", t.book); err != nil {
		return errors.Join(told, err)
	}
	return told
}

func (t *teller) tell(ctx context.Context) error {
	for _, chapter := range []func(context.Context) error{
		t.open, t.logIn, t.enrol, t.sign, t.verify, t.elevenMonths, t.askOCSP, t.fetchCRL, t.renew, t.revoke,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// done closes a step: it is written to the log and the book.
func (t *teller) done(name, what string, files ...string) {
	now := t.stage.Now()
	step := Step{Name: name, What: what, Files: append([]string{}, files...), Milliseconds: now.Sub(t.since).Milliseconds()}
	t.since = now
	t.book.Steps = append(t.book.Steps, step)
	_, _ = fmt.Fprintf(t.stage.Log, "%2d/%d %-14s %6d ms  %s\n", len(t.book.Steps), t.total, name, step.Milliseconds, what) // a log that is gone stops nothing
}

func (t *teller) path(name string) string { return filepath.Join(t.stage.Out, name) }

// write leaves a file for others to judge.
func (t *teller) write(name string, content []byte) error {
	if err := os.WriteFile(t.path(name), content, 0o644); err != nil { //nolint:gosec // made to be read
		return fmt.Errorf("leaving %s: %w", name, err)
	}
	return nil
}

func (t *teller) leave(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return t.write(name, append(text, '\n'))
}

// maxAnswer bounds what is read from an address, in bytes.
const maxAnswer = 16 << 20

// fetch reads an address; body makes it a POST of that media type.
func (t *teller) fetch(ctx context.Context, address, mediaType string, body io.Reader) ([]byte, error) {
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", address, err)
	}
	if mediaType != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	answer, err := t.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", address, err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", address, err)
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("asking %s: it answered %s", address, answer.Status)
	case len(content) > maxAnswer:
		return nil, fmt.Errorf("reading %s: more than %d bytes", address, maxAnswer)
	}
	return content, nil
}
