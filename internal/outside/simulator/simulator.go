// Package simulator is the world outside of the bank's certificate system, for
// demo and tests: the service that confirms identity documents, the core bank,
// the carrier of short messages, the mail server and the login of the bank's
// staff (package provider), with 20 sample customers and a handful of staff.
// It speaks the same HTTP interface and the same SMTP as the real services
// would; each of its HTTP answers says X-Ingam-Simulator: 1.
//
// A tester has a side of their own: at / a page for a person, under
// /simulator/v1 the same for programs. There are the inbox of the sample
// phones, their mailboxes, the one-time password that a sample's token shows, the samples
// themselves, a script of failures (status, delay, malformed, hang, reset) for
// each service, and in a demo the bank's clock, which can be put forward.
//
// It keeps everything in memory and believes everybody: never reachable from
// outside, never beside real customers.
package simulator

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/simulator/provider"
	"github.com/ingam-pki/ingam/internal/outside/simulator/smtpd"
)

// Simulator is one world. Make it with New.
type Simulator struct {
	now func() time.Time

	mu       sync.Mutex
	clock    bankClock // nil when it can't be set
	samples  []Sample
	faults   []*Fault
	inbox    []Message
	mails    []Mail
	lastStep map[string]int64 // customer number: the last step of their token that was used

	mailServer *smtpd.Server
	signIn     *provider.Provider
}

// Message is one that arrived at a sample's phone.
type Message struct {
	ID   string    `json:"id"`
	To   string    `json:"to"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	key  string    // under which it was sent; may be empty
}

// maxInbox is how many messages are kept, and how many mails; older ones go.
const maxInbox = 1000

// New makes a world whose tokens follow now.
func New(now func() time.Time) *Simulator {
	s := &Simulator{now: now, samples: slices.Clone(Samples), lastStep: make(map[string]int64)}
	s.signIn = provider.New(Staff, now)
	s.mailServer = &smtpd.Server{Take: s.takeMail, Trouble: s.mailTrouble}
	return s
}

// Handler serves the world.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /idcheck/v1/verify", s.service(IDCheck, 12<<20, s.verifyCard))
	mux.Handle("GET /corebank/v1/customers/{number}", s.service(Customers, 0, s.customer))
	mux.Handle("POST /corebank/v1/customers/search", s.service(Search, 4<<10, s.search))
	mux.Handle("POST /corebank/v1/accounts/verify", s.service(Accounts, 4<<10, s.verifyAccount))
	mux.Handle("POST /corebank/v1/otp/verify", s.service(OTPs, 4<<10, s.verifyOTP))
	mux.Handle("POST /message/v1/messages", s.service(Messages, 8<<10, s.send))
	mux.Handle("GET /message/v1/messages/{id}", s.service(Receipts, 0, s.receipt))
	mux.Handle(provider.Path+"/", s.signIn.Handler())
	mux.HandleFunc("GET /{$}", s.getDesk)
	mux.HandleFunc("GET /simulator/desk.css", s.getDeskStyle)
	mux.HandleFunc("GET /simulator/v1/inbox", s.getInbox)
	mux.HandleFunc("GET /simulator/v1/mails", s.getMails)
	mux.HandleFunc("GET /simulator/v1/otp", s.getOTP)
	mux.HandleFunc("GET /simulator/v1/samples", s.getSamples)
	mux.HandleFunc("GET /simulator/v1/samples/{number}/picture", s.getPicture)
	mux.HandleFunc("GET /simulator/v1/faults", s.getFaults)
	mux.HandleFunc("PUT /simulator/v1/faults", s.putFaults)
	mux.HandleFunc("GET /simulator/v1/clock", s.getClock)
	mux.HandleFunc("POST /simulator/v1/clock", s.postClock)
	mux.HandleFunc("POST /clock", s.setClock)
	own := http.NewCrossOriginProtection().Handler(mux) // another site's page can send forms here
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Ingam-Simulator", "1")
		w.Header().Set("Cache-Control", "no-store")
		own.ServeHTTP(w, r)
	})
}

// SignIn is the provider by which the demo's staff log in.
func (s *Simulator) SignIn() *provider.Provider { return s.signIn }

// Samples gives the sample customers as they stand.
func (s *Simulator) Samples() []Sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.samples)
}

// sample finds a customer by number.
func (s *Simulator) sample(number string) (Sample, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.samples, func(c Sample) bool { return c.Number == number })
	if i < 0 {
		return Sample{}, false
	}
	return s.samples[i], true
}

// Inbox gives the messages that arrived at a number, oldest first.
func (s *Simulator) Inbox(to string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Message{}
	for _, m := range s.inbox {
		if m.To == to {
			found = append(found, m)
		}
	}
	return found
}

// deliver puts a message into the inbox. A key that was used gives what was
// sent under it: nothing is sent again.
func (s *Simulator) deliver(key, to, text string) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.inbox, func(m Message) bool { return key != "" && m.key == key }); i >= 0 {
		return s.inbox[i]
	}
	m := Message{ID: "SIM-" + rand.Text(), To: to, Text: text, At: s.now().UTC(), key: key}
	if len(s.inbox) >= maxInbox {
		s.inbox = slices.Delete(s.inbox, 0, len(s.inbox)-maxInbox+1)
	}
	s.inbox = append(s.inbox, m)
	return m
}

// service wraps one service: id of the request, bounds, scripted faults.
func (s *Simulator) service(service Service, maxBody int64, serve func(r *http.Request, body []byte) (status int, answer any)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if id == "" || len(id) > 64 {
			write(w, http.StatusBadRequest, problem{Error: "X-Request-Id is missing"})
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			write(w, http.StatusRequestEntityTooLarge, problem{Error: "body is too large"})
			return
		}
		if f, ok := s.nextFault(service); ok && f.strike(w, r) {
			return
		}
		status, answer := serve(r, body)
		if with, ok := answer.(interface{ setRequestID(id string) }); ok {
			with.setRequestID(id)
		}
		write(w, status, answer)
	})
}

type problem struct {
	Error string `json:"error"`
}

func write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a client that left gets no answer
}

// read decodes a body strictly: a client learns here what it got wrong.
func read(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || d.More() {
		return errors.New("body is not the JSON that this service takes")
	}
	return nil
}

func (s *Simulator) getInbox(w http.ResponseWriter, r *http.Request) {
	write(w, http.StatusOK, map[string]any{"messages": s.Inbox(r.URL.Query().Get("to"))})
}

func (s *Simulator) getSamples(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, map[string]any{"samples": s.Samples()})
}

func (s *Simulator) getPicture(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.sample(r.PathValue("number")); !ok {
		write(w, http.StatusNotFound, problem{Error: "no such sample"})
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(Picture(r.PathValue("number")))
}
