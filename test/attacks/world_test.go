// Package attacks_test tries to get in where one should not. Each test is one
// attack, told on top of it as the attacker would, against a demo bank that
// really runs: HTTP, SQLite, simulators of the bank's other systems.
//
// An attack has failed when it ends in the right refusal, when that refusal is
// on record, and when the rightful customer can still go on to a certificate
// (or has the clear way out that the bank promises). Besides what each test
// looks at, every answer of every attack is looked at (watch_test.go), and at
// the end of each the audit log is verified and log, audit log and database
// file are searched for every secret that was used (secrets_test.go).
//
//	make attacks
package attacks_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/npki"
)

// cheap makes passphrases cheap to try, for tests.
var cheap = []keys.Option{keys.Iterations(1000), keys.Memory(64)}

// clock stands still unless it is moved. All that ends in the bank ends by it,
// sessions too: who waits longer than a session lasts logs in again (wait).
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// journal takes the service's log.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) all() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.text.Bytes())
}

// line gives the newest line that has a text.
func (j *journal) line(with string) []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := j.text.Bytes()
	at := bytes.LastIndex(all, []byte(with))
	if at < 0 {
		return nil
	}
	start := bytes.LastIndexByte(all[:at], '\n') + 1
	line, _, _ := bytes.Cut(all[start:], []byte("\n"))
	return bytes.Clone(line)
}

// world is one demo bank with everything around it.
type world struct {
	*server.Demo
	t     *testing.T
	clock *clock
	log   *journal
	data  string
	vault vault

	mu      sync.Mutex
	read    []audit.Entry // what entries has read so far, lane by lane
	visited int           // addresses that requests have come from so far
}

// base is where all clocks begin.
var base = time.Now().Add(-26 * time.Hour).Truncate(time.Hour)

// template is the data folder of a demo bank that was opened once. Making it
// costs four keys and twenty password hashes; each world gets a copy.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ingam-attacks-")
	if err != nil {
		return "", err
	}
	d, err := server.OpenDemo(context.Background(), config(dir), server.Options{Sealing: cheap, Now: func() time.Time { return base }})
	if err != nil {
		return "", err
	}
	return dir, d.Close()
})

func TestMain(m *testing.M) {
	// These tests wait more than they work: for each other's fsync, and one for
	// time-outs of ten seconds.
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("8")
	}
	code := m.Run()
	if dir, err := template(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// config is a demo on any free port, both kinds for persons online, and with
// limits of rate that no attack meets by chance.
func config(data string) server.Config {
	wide := server.Rate{PerMinute: 1_000_000, Burst: 100_000}
	return server.Config{
		Data: data, Listen: "127.0.0.1:0", Services: server.Services{SimulatorListen: "127.0.0.1:0"},
		Enrolment: server.Enrolment{Online: []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank}},
		Limits:    server.Limits{Requests: wide, Status: wide, Logins: wide},
	}
}

// behindProxy lets a test say from where a request comes (from): what one
// address may do is bounded, and not every attack is about that.
func behindProxy(c *server.Config) {
	c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
}

// newWorld opens a bank of the test's own.
func newWorld(t *testing.T, changes ...func(*server.Config)) *world {
	t.Helper()
	made, err := template()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: &clock{at: base}, log: &journal{}, data: filepath.Join(t.TempDir(), "bank")}
	if err := os.CopyFS(w.data, os.DirFS(made)); err != nil {
		t.Fatal(err)
	}
	c := config(w.data)
	for _, change := range changes {
		change(&c)
	}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.Demo, err = server.OpenDemo(t.Context(), c, server.Options{Sealing: cheap, Now: w.clock.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		w.epilogue()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		w.searchFiles() // once more: closing has moved the WAL into the file
	})
	return w
}

// epilogue is what must hold after any attack.
func (w *world) epilogue() {
	summary, err := w.Desk().Audit.Verify(context.Background(), func(p audit.Problem) { w.t.Errorf("audit log: %s", p.Text) })
	if err != nil || summary.Entries == 0 {
		w.t.Errorf("verifying the audit log: %d entries, %v", summary.Entries, err)
	}
	w.searchLog()
	w.searchAudit()
	w.searchFiles()
}

// address is where the bank listens, whatever name it goes by.
func (w *world) address() string { return "http://" + w.Address().String() }

// sample finds a sample customer by login id.
func (w *world) sample(loginID string) simulator.Sample {
	w.t.Helper()
	for _, s := range w.Samples() {
		if s.LoginID == loginID {
			return s
		}
	}
	w.t.Fatalf("there is no sample %q", loginID)
	return simulator.Sample{}
}

// script makes the bank's other systems fail, as a tester does: over HTTP.
func (w *world) script(faults ...simulator.Fault) {
	w.t.Helper()
	if faults == nil {
		faults = []simulator.Fault{}
	}
	body, err := json.Marshal(map[string]any{"faults": faults})
	w.tester(http.MethodPut, must(w, body, err))
}

// scripted gives the failures that are still to come.
func (w *world) scripted() []simulator.Fault {
	w.t.Helper()
	return w.tester(http.MethodGet, nil)
}

func (w *world) tester(method string, body []byte) []simulator.Fault {
	w.t.Helper()
	r, err := http.NewRequest(method, w.SimulatorURL()+"/simulator/v1/faults", bytes.NewReader(body))
	must(w, r, err)
	res, err := http.DefaultClient.Do(r)
	must(w, res, err)
	defer res.Body.Close()
	var now struct{ Faults []simulator.Fault }
	if err := json.NewDecoder(res.Body).Decode(&now); err != nil || res.StatusCode != http.StatusOK {
		w.t.Fatalf("the simulator's script: %s, %v", res.Status, err)
	}
	return now.Faults
}

// entries gives the audit log.
func (w *world) entries() []audit.Entry {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx := context.Background()
	heads, err := w.Desk().Store.Heads(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	last := map[int]int64{}
	for _, e := range w.read {
		last[e.Lane] = e.Seq
	}
	for _, h := range heads {
		for last[h.Lane] < h.Seq {
			more, err := w.Desk().Store.Entries(ctx, h.Lane, last[h.Lane], 1000)
			if err != nil || len(more) == 0 {
				w.t.Fatalf("reading the audit log: %v", err)
			}
			w.read, last[h.Lane] = append(w.read, more...), more[len(more)-1].Seq
		}
	}
	return w.read
}

// testKeys are customers' keys, made when they are first asked for.
var testKeys = [6]func() *rsa.PrivateKey{sync.OnceValue(makeKey), sync.OnceValue(makeKey), sync.OnceValue(makeKey),
	sync.OnceValue(makeKey), sync.OnceValue(makeKey), sync.OnceValue(makeKey)}

func makeKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}
