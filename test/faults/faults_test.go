// Package faults_test kills the issuing service with kill -9 after each
// numbered step of its cycle, on both engines, alone and with others beside
// it, starts it again, and looks at what is left. life_test.go does the same to
// renewals, reissues, reports of loss and the clock's work.
//
// The service is this test binary, run once more with an order in its
// environment (child_test.go). It kills itself: the signal comes exactly after
// the step, and nothing of the program runs after it. check_test.go says what
// must hold afterwards. notice_test.go does the same to those who send notices,
// counter_test.go to those who work at a branch's counter.
package faults_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// orderVariable holds a child's order.
const orderVariable = "INGAM_FAULTS_ORDER"

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(orderVariable); ok {
		var o order
		err := json.Unmarshal([]byte(text), &o)
		if err == nil {
			err = child(context.Background(), o, os.Stdout)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if text, ok := os.LookupEnv(noticeVariable); ok {
		var o noticeOrder
		err := json.Unmarshal([]byte(text), &o)
		if err == nil {
			err = noticeChild(context.Background(), o)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if text, ok := os.LookupEnv(counterVariable); ok {
		var o counterOrder
		err := json.Unmarshal([]byte(text), &o)
		if err == nil {
			err = counterChild(context.Background(), o)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// house is one database with all that its processes told.
type house struct {
	url, dir string
	store    *store.Store
	ring     *keys.Ring
	made     *ca.Ceremony

	mu      sync.Mutex
	wants   map[string]want      // all that was ever wanted, by application
	acks    map[string]string    // application → serial and hash
	signed  map[string]bool      // hashes of signed bytes
	refused map[string]bool      // applications
	left    map[string]ca.Record // what crashes left pending, by serial
	killed  int
	maybe   atomic.Bool // who is to die may live: another may do the work
}

var ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
	return catest.Ceremony(2048, func() time.Time { return time.Now().Add(-time.Hour) })
})

func newHouse(t *testing.T, url string) *house {
	t.Helper()
	made, err := ceremony()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{
		url: url, dir: t.TempDir(), ring: keys.NewRing(), made: made,
		wants: map[string]want{}, acks: map[string]string{}, signed: map[string]bool{},
		refused: map[string]bool{}, left: map[string]ca.Record{},
	}
	err = errors.Join(
		keys.WriteRing(filepath.Join(h.dir, "ring.json"), h.ring, passphrase, keys.Memory(64)),
		writeCeremony(filepath.Join(h.dir, "ca.json"), made),
	)
	if err != nil {
		t.Fatal(err)
	}
	h.store = storetest.Open(t, url, h.ring)
	return h
}

// TestKill is the whole: each step, on each engine.
func TestKill(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, engine.URL(t))
			for step := 1; step <= afterAck; step++ {
				t.Run(fmt.Sprint("after step ", step), func(t *testing.T) { h.killAfter(t, step) })
			}
			t.Run("while recovering", h.killRecovery)
			t.Run("at any moment", h.killAnytime)
		})
	}
}

// killAfter kills a lone process after a step, then two of three that work on
// the same persons, and starts a last one that nobody kills.
func (h *house) killAfter(t *testing.T, step int) {
	alone := h.persons(fmt.Sprint("alone", step), 4, "")
	h.run(t, order{Wants: alone, Workers: 1, Step: step, Hit: 3})
	h.look(t)

	// Both want something for the same persons: half of them by the same
	// application, half by applications of their own.
	shared := h.persons(fmt.Sprint("shared", step), 4, "")
	orders := make([]order, 3)
	for i := range orders {
		rivals := h.persons(fmt.Sprint("rivals", step), 4, fmt.Sprint(i))
		own := h.persons(fmt.Sprint("own", step, "-", i), 6, "")
		orders[i] = order{Workers: 4, Wants: append(append(own[:3:3], append(shared, rivals...)...), own[3:]...)}
	}
	orders[0].Step, orders[0].Hit = step, 3
	orders[1].Step, orders[1].Hit = step%8+1, 2
	h.run(t, orders...)
	h.look(t)
	h.finish(t)
}

// killRecovery leaves something pending and kills those who want to finish it.
func (h *house) killRecovery(t *testing.T) {
	wants := h.persons("recovering", 6, "")
	for hit := range 3 { // each leaves one
		h.run(t, order{Wants: wants[hit*2 : hit*2+2], Workers: 1, Step: 5, Hit: 1})
		h.look(t)
		h.run(t, order{Workers: 1, Step: 6 + hit%2, Hit: 1})
		h.look(t)
	}
	h.finish(t)
}

// killAnytime kills from outside, at whatever the processes are doing.
func (h *house) killAnytime(t *testing.T) {
	for round := range 4 {
		wants := h.persons(fmt.Sprint("anytime", round), 40, "")
		var wg sync.WaitGroup
		for i := range 2 {
			wg.Go(func() { h.start(t, order{Wants: wants, Workers: 4}, 5+7*i+3*round) })
		}
		wg.Wait()
		h.look(t)
	}
	h.finish(t)
}

// persons gives one want for each of n persons, and remembers them.
func (h *house) persons(prefix string, n int, rival string) []want {
	wants := make([]want, n)
	for i := range wants {
		person := fmt.Sprintf("%s-%d", prefix, i)
		wants[i] = want{Application: "application-" + person + rival, Subscriber: person}
		h.wants[wants[i].Application] = wants[i]
	}
	return wants
}

// run runs processes side by side and waits for them. One that has a Hit must
// have died of it.
func (h *house) run(t *testing.T, orders ...order) {
	t.Helper()
	var wg sync.WaitGroup
	for _, o := range orders {
		wg.Go(func() { h.start(t, o, 0) })
	}
	wg.Wait()
}

// start runs one process and hears what it tells. With killAt it is killed
// when it has told so many acknowledgements.
func (h *house) start(t *testing.T, o order, killAt int) {
	o.URL, o.Dir = h.url, h.dir
	text, err := json.Marshal(o)
	if err != nil {
		t.Error(err)
		return
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), orderVariable+"="+string(text))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return
	}
	acks := 0
	h.hear(t, out, func() {
		if acks++; acks == killAt {
			_ = cmd.Process.Kill()
		}
	})
	err = cmd.Wait()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	died := status.Signaled() && status.Signal() == syscall.SIGKILL
	switch {
	case died:
		h.mu.Lock()
		h.killed++
		h.mu.Unlock()
	case err != nil:
		t.Errorf("process %+v: %v: %s", o, err, stderr.String())
	case (o.Hit > 0 || killAt > 0) && !h.maybe.Load():
		t.Errorf("process lived: it never came to step %d", o.Step)
	}
}

// hear takes down what a process tells. What it was saying when it died is cut
// off; a line without its end counts as not said.
func (h *house) hear(t *testing.T, out io.Reader, ack func()) {
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		words := strings.Fields(line)
		h.mu.Lock()
		switch {
		case len(words) == 2 && words[0] == "sign":
			h.signed[words[1]] = true
		case len(words) == 4 && words[0] == "ack":
			was, known := h.acks[words[1]]
			if is := words[2] + " " + words[3]; known && was != is {
				t.Errorf("%s was first given %s, then %s", words[1], was, is)
			}
			h.acks[words[1]] = words[2] + " " + words[3]
			ack()
		case len(words) == 3 && words[0] == "refuse":
			h.refused[words[1]] = true
		case len(words) == 2 && (words[0] == "recovered" || words[0] == "swept" || words[0] == "lost"):
		default:
			t.Errorf("a process said %q", line)
		}
		h.mu.Unlock()
	}
}

// finish starts a process that nobody kills: it recovers, and everyone asks
// again.
func (h *house) finish(t *testing.T) {
	t.Helper()
	o := order{Workers: 4}
	for _, w := range h.wants {
		o.Wants = append(o.Wants, w)
	}
	h.run(t, o)
	h.check(t)
	h.wants = map[string]want{} // the next step has persons of its own
}
