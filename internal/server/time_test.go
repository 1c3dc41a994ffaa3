package server_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"log/slog"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	bankclock "github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// putForward moves a demo's clock over HTTP, as a tester does, and gives the
// status.
func putForward(t *testing.T, d *server.Demo, at string) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"at": at})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.SimulatorURL()+"/simulator/v1/clock", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// ocspSays asks a demo's responder about a serial and checks the answer by the
// bank's clock.
func ocspSays(t *testing.T, d *server.Demo, serial string) ocsp.CertStatus {
	t.Helper()
	n, _ := new(big.Int).SetString(serial, 16)
	issuing := d.Desk().Issuing()
	id, err := ocsp.NewCertID(crypto.SHA1, issuing, n)
	if err != nil {
		t.Fatal(err)
	}
	nonce := bytes.Repeat([]byte{9}, 32)
	request, err := ocsp.CreateRequest([]ocsp.CertID{id}, nonce)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL()+"/ocsp", bytes.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/ocsp-request")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := ocsp.ParseResponse(body(t, res))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(answer.Verify(issuing, d.Clock().Now()), answer.CheckNonce(nonce)); err != nil {
		t.Error(err)
	}
	return answer.Singles[0].Status
}

// listOf gets a list of a demo and checks it by the bank's clock.
func listOf(t *testing.T, d *server.Demo, name string) *crl.List {
	t.Helper()
	list, err := crl.Parse(body(t, get(t, d.URL()+"/crl/"+name+".crl")))
	if err != nil {
		t.Fatal(err)
	}
	if err := list.CheckTime(d.Clock().Now()); err != nil {
		t.Errorf("the list of %s: %v", name, err)
	}
	return list
}

// TestClockPutForward lets eleven months pass in a demo at once: what the clock
// does is done when the answer comes, and nothing of the bank has run out.
func TestClockPutForward(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{At: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)})
	if day := d.Clock().Now().UTC().Format(time.DateOnly); day != "2026-11-25" {
		t.Fatalf("the demo begins on %s", day)
	}
	p := logIn(t, d, "hong")
	id := p.start(t)
	p.consent(t, id)
	p.prove(t, id)
	made, _, err := p.Certify(t.Context(), id, p.csr(t, id, testKeys[0]()))
	if err != nil {
		t.Fatal(err)
	}
	if day := made.NotAfter.UTC().Format(time.DateOnly); day != "2027-11-25" {
		t.Errorf("a certificate of 25 November 2026 ends on %s", day)
	}
	other := logIn(t, d, "kim")
	left := other.start(t)
	if text := string(body(t, get(t, d.URL()+"/login"))); !strings.Contains(text, `name="ingam-ahead"`) {
		t.Error("pages don't say that the bank's clock is ahead")
	}
	first := listOf(t, d, "issuing")

	if status := putForward(t, d, "2027-11-10"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if again := listOf(t, d, "issuing"); again.Number.Cmp(first.Number) <= 0 || again.ThisUpdate.Format(time.DateOnly) != "2027-11-10" {
		t.Errorf("list %v of %s", again.Number, again.ThisUpdate)
	}
	listOf(t, d, "root")
	if said := ocspSays(t, d, made.Serial); said != ocsp.Good { // by a renewed signer: the first one ends in 15 days
		t.Errorf("OCSP says %v", said)
	}
	_, err = p.Certificates(t.Context())
	wantProblem(t, err, http.StatusUnauthorized, 1004)
	other = logIn(t, d, "kim") // by the same one-time password clock as the bank's
	lapsed, err := other.Application(t.Context(), left)
	if err != nil || lapsed.State != client.ApplicationStateLapsed {
		t.Errorf("an application of eleven months ago is %s, %v", lapsed.State, err)
	}
	id = other.start(t)
	other.consent(t, id)
	if _, err := other.ProveOTP(t.Context(), id, code(t, d, other)); err != nil {
		t.Errorf("the token and the bank have different clocks: %v", err)
	}

	// Beyond the authority, and back.
	for at, want := range map[string]int{"2040-01-01": http.StatusConflict, "2027-11-09": http.StatusConflict, "soon": http.StatusBadRequest} {
		if status := putForward(t, d, at); status != want {
			t.Errorf("to %s: status %d, want %d", at, status, want)
		}
	}
	if day := d.Clock().Now().UTC().Format(time.DateOnly); day != "2027-11-10" {
		t.Errorf("it is %s", day)
	}
}

func code(t *testing.T, d *server.Demo, p *person) string {
	t.Helper()
	code, ok := d.Simulator().OTP(p.sample.Number)
	if !ok {
		t.Fatal("the token shows nothing")
	}
	return code
}

// TestJobsWake moves the clock itself: periodic work notices by itself, long
// before its time in the real world has come.
func TestJobsWake(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	before, err := d.Desk().Publisher.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Clock().Forward(before.NextUpdate.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		list, err := d.Desk().Publisher.Latest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if list.Number > before.Number {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no new list after the clock was moved")
		}
	}
}

// TestDemoInTime opens one demo again and again: later, on the same day, with no
// day, and before what it has lived through.
func TestDemoInTime(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data = filepath.Join(t.TempDir(), "demo")
	day := func(text string) time.Time {
		at, err := bankclock.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	visit := func(at string) (*server.Demo, error) {
		o := server.Options{Sealing: cheap}
		if at != "" {
			o.At = day(at)
		}
		return server.OpenDemo(t.Context(), c, o)
	}
	var serial string
	for _, tt := range []struct{ at, day string }{
		{"2027-01-04", "2027-01-04"},
		{"2027-12-20T15:00:00+09:00", "2027-12-20"}, // the certificate is in its last month, the first OCSP signer too
		{"2027-12-20", "2027-12-20"},                // earlier on the day that it is
		{"", "2027-12-20"},                          // the real time would be in its past
		{"2029-06-01", "2029-06-01"},                // the first OCSP signer ended long ago
	} {
		d, err := visit(tt.at)
		if err != nil {
			t.Fatalf("at %q: %v", tt.at, err)
		}
		stop := run(t, d.Server)
		if got := d.Clock().Now().Format(time.DateOnly); got != tt.day {
			t.Errorf("at %q it is %s, want %s", tt.at, got, tt.day)
		}
		p := logIn(t, d, "hong")
		if serial == "" {
			id := p.start(t)
			p.consent(t, id)
			p.prove(t, id)
			made, _, err := p.Certify(t.Context(), id, p.csr(t, id, testKeys[0]()))
			if err != nil {
				t.Fatal(err)
			}
			serial = made.Serial
		}
		if said := ocspSays(t, d, serial); said != ocsp.Good {
			t.Errorf("at %q OCSP says %v", tt.at, said)
		}
		listOf(t, d, "issuing")
		listOf(t, d, "root")
		stop()
	}

	// An operator's command goes on where the bank is, not where its own clock is.
	desk, err := server.OpenDesk(t.Context(), c, server.Options{Passphrase: passphraseOf(t, c.Data), Sealing: cheap}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := desk.Now().Format(time.DateOnly); got != "2029-06-01" {
		t.Errorf("for a command it is %s", got)
	}
	list, err := desk.Publisher.Publish(t.Context(), server.Operator("tester"))
	if err != nil || list.ThisUpdate.Format(time.DateOnly) != "2029-06-01" {
		t.Errorf("a command's list is of %s, %v", list.ThisUpdate, err)
	}
	if err := desk.Close(); err != nil {
		t.Error(err)
	}

	for at, want := range map[string]error{"2029-05-31": bankclock.ErrBack, "2026-11-29": bankclock.ErrBack, "2040-01-01": server.ErrClockEnd} {
		if d, err := visit(at); !errors.Is(err, want) {
			t.Errorf("at %s: %v, want %v", at, err, want)
			if err == nil {
				_ = d.Close()
			}
		}
	}
}

func passphraseOf(t *testing.T, data string) []byte {
	t.Helper()
	content, err := os.ReadFile(server.DemoPassphrase(data))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(content)
}

// TestServiceBehind starts a service whose clock is behind what its database
// holds: it says so and serves.
func TestServiceBehind(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data, c.Services.Simulators = filepath.Join(t.TempDir(), "bank"), []string{server.SimIDCheck, server.SimCoreBank, server.SimMessage}
	now := time.Date(2027, 3, 14, 3, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		at    time.Time
		warns bool
	}{{now, false}, {now.Add(-time.Minute), false}, {now.Add(-24 * time.Hour), true}} {
		var log logged
		o := server.Options{Passphrase: []byte("a passphrase of the tests"), Sealing: cheap, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Now: func() time.Time { return tt.at }}
		if tt.at.Equal(now) {
			if _, err := server.Init(t.Context(), server.Operator("tester"), c, o); err != nil {
				t.Fatal(err)
			}
			o.Passphrase = []byte("a passphrase of the tests")
		}
		s, err := server.Open(t.Context(), c, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if warned := strings.Contains(log.String(), "BEHIND"); warned != tt.warns {
			t.Errorf("at %s: warned %v\n%s", tt.at, warned, log.String())
		}
	}
}

// TestCatchUpSideBySide: work that many call for at once, and that wakes by
// itself too, is done once.
func TestCatchUpSideBySide(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	issued := d.Desk()
	before, err := issued.Publisher.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Clock().Forward(before.NextUpdate.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := d.CatchUp(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	after, err := issued.Publisher.Latest(t.Context())
	if err != nil || after.Number != before.Number+1 {
		t.Errorf("list %d after list %d, %v", after.Number, before.Number, err)
	}
}

// logged is a log that several may write to.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
