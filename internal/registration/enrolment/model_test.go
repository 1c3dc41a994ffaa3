package enrolment_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// memory is a Register for the model: one person, rolled back on errors.
type memory struct {
	apps map[string]enrolment.Application
	all  []string // oldest first
}

func (m *memory) InTx(ctx context.Context, fn func(context.Context) error) error {
	before, order := maps.Clone(m.apps), slices.Clone(m.all)
	err := fn(ctx)
	if err != nil {
		m.apps, m.all = before, order
	}
	return err
}

func (m *memory) CreateApplication(_ context.Context, a enrolment.Application) error {
	for _, b := range m.apps {
		if b.Kind == a.Kind && b.State.Open() {
			return enrolment.ErrOpenApplication
		}
	}
	m.apps[a.ID] = a
	m.all = append(m.all, a.ID)
	return nil
}

func (m *memory) Application(_ context.Context, id string) (enrolment.Application, error) {
	a, ok := m.apps[id]
	if !ok {
		return a, enrolment.ErrNoApplication
	}
	a.Proofs = slices.Clone(a.Proofs)
	return a, nil
}

func (m *memory) SaveApplication(_ context.Context, a enrolment.Application) error {
	if m.apps[a.ID].Revision != a.Revision {
		return enrolment.ErrStale
	}
	a.Revision++
	m.apps[a.ID] = a
	return nil
}

func (m *memory) ApplicationsOf(context.Context, string) ([]enrolment.Application, error) {
	var list []enrolment.Application
	for _, id := range slices.Backward(m.all) {
		list = append(list, m.apps[id])
	}
	return list, nil
}

func (m *memory) OverdueApplications(_ context.Context, at time.Time, _ int) (due []enrolment.Application, _ error) {
	for _, a := range m.apps {
		if a.State.Open() && !a.ExpiresAt.After(at) {
			due = append(due, a)
		}
	}
	return due, nil
}

// world answers for everybody else, as it is told.
type world struct {
	next  error // what the next question gets
	made  map[string]ca.Record
	entry int
	lose  bool // the authority's answers are lost
}

func (w *world) Refresh(context.Context, string) (subscriber.Subscriber, error) {
	return subscriber.Subscriber{ID: "me", Sort: subscriber.Individual, Name: "홍길동", IdentityNumber: "8503141000011", Birth: "19850314"}, w.next
}
func (w *world) Subscriber(ctx context.Context, _ authz.Caller, id string) (subscriber.Subscriber, error) {
	who, _ := w.Refresh(ctx, id)
	return who, nil
}
func (w *world) proof(f proofing.Factor) (proofing.Proof, error) {
	return proofing.Proof{Factor: f, Evidence: map[string]string{"person": "tag"}}, w.next
}
func (w *world) CheckCard(context.Context, proofing.Person, proofing.Card) (proofing.Proof, error) {
	return w.proof(proofing.IDCard)
}
func (w *world) CheckAccount(context.Context, proofing.Person, string, string) (proofing.Proof, error) {
	return w.proof(proofing.Account)
}
func (w *world) CheckOTP(context.Context, proofing.Person, string) (proofing.Proof, error) {
	return w.proof(proofing.OTP)
}
func (w *world) CheckCode(context.Context, proofing.Person, string, string) (proofing.Proof, error) {
	return w.proof(proofing.Phone)
}
func (w *world) Settle(context.Context, string, string, proofing.Factor) error { return nil }
func (w *world) Tag(proofing.Person) string                                    { return "tag" }
func (w *world) Locked(context.Context, string) (map[proofing.Factor]time.Time, error) {
	return nil, nil
}
func (w *world) SendCode(context.Context, proofing.Person, string) (string, time.Time, error) {
	return "", time.Time{}, w.next
}
func (w *world) SentCode(context.Context, proofing.Person, string) (string, time.Time, error) {
	return "", time.Time{}, w.next
}
func (w *world) KMCertificate() *x509.Certificate {
	made, err := ceremony()
	if err != nil {
		panic(err)
	}
	return made.KM
}
func (w *world) OpenEncryptedVID([]byte) (npki.R, error) { return make(npki.R, npki.RSize), nil }
func (w *world) Issue(_ context.Context, _ authz.Caller, r ca.Request) (ca.Record, error) {
	hash := sha256.Sum256(r.PublicKey)
	record, ok := w.made[r.ApplicationID]
	if !ok {
		record = ca.Record{Serial: "01" + r.ApplicationID, ApplicationID: r.ApplicationID, KeyHash: hash[:], State: ca.Revoked}
		w.made[r.ApplicationID] = record // revoked at once, so that the walk can start again
	}
	if w.lose {
		return ca.Record{}, errLost
	}
	return record, nil
}
func (w *world) ByApplication(_ context.Context, id string) (ca.Record, error) {
	record, ok := w.made[id]
	if !ok {
		return record, ca.ErrNoCertificate
	}
	return record, nil
}
func (w *world) Certificate(context.Context, string) (ca.Record, error) {
	return ca.Record{}, ca.ErrNoCertificate
}
func (w *world) Release(context.Context, authz.Caller, string, string) error { return ca.ErrState }
func (w *world) CertificatesOf(context.Context, string) ([]ca.Record, error) { return nil, nil }
func (w *world) Record(context.Context, authz.Caller, authz.Act, string, ...string) error {
	w.entry++
	return nil
}
func (w *world) Refuse(context.Context, authz.Caller, authz.Act, string, audit.Outcome, error) error {
	w.entry++
	return nil
}

// expected is the model: STATES.md in a few lines.
type expected struct {
	state   enrolment.State
	proven  map[proofing.Factor]bool
	expires time.Time
	key     string // of the certificate
}

func (e *expected) tick(now time.Time) {
	if e.state.Open() && !now.Before(e.expires) {
		e.state = enrolment.Lapsed
		if e.key != "" {
			e.state = enrolment.Issued
		}
	}
}

// TestModel walks the states of STATES.md at random.
func TestModel(t *testing.T) {
	evid := (&desk{t: t}).vid()
	keyOf := map[string]func(challenge string) []byte{
		"A": func(c string) []byte { return signed(t, keyA(), c, evid) },
		"B": func(c string) []byte { return signed(t, keyB(), c, evid) },
	}
	rapid.Check(t, func(t *rapid.T) {
		w := &world{made: map[string]ca.Record{}}
		m := &memory{apps: map[string]enrolment.Application{}}
		at := &clock{t: opening}
		s, err := enrolment.New(enrolment.Config{Register: m, Overdue: m, Subscribers: w, Prover: w, Phones: w, Authority: w,
			Certificates: w, Log: w, Now: at.now})
		if err != nil {
			t.Fatal(err)
		}
		ctx, me := context.Background(), authz.Caller{Role: authz.Customer, ID: "me"}
		var id string
		want := &expected{}
		restart := func() {
			a, err := s.Start(ctx, me, npki.PersonalBank)
			if err != nil {
				t.Fatal(err)
			}
			if want.tick(at.now()); want.state.Open() != (a.ID == id) {
				t.Fatalf("starting gave %s while %s is %s", a.ID, id, want.state)
			}
			if a.ID != id {
				id = a.ID
				want = &expected{state: enrolment.Started, proven: map[proofing.Factor]bool{}, expires: at.now().Add(enrolment.Lifetime)}
			}
		}
		restart()
		given := func() (list []enrolment.ConsentGiven) {
			for _, x := range s.Terms(npki.PersonalBank) {
				list = append(list, enrolment.ConsentGiven{Terms: x.Name, Version: x.Version, SHA256: x.SHA256})
			}
			return list
		}()
		prove := func(t *rapid.T, f proofing.Factor) error {
			switch f {
			case proofing.IDCard:
				_, err := s.ProveIDCard(ctx, me, id, proofing.Card{})
				return err
			case proofing.Account:
				_, err := s.ProveAccount(ctx, me, id, "", "")
				return err
			case proofing.OTP:
				_, err := s.ProveOTP(ctx, me, id, "")
				return err
			default:
				_, err := s.ProvePhone(ctx, me, id, "")
				return err
			}
		}
		expect := func(t *rapid.T, ok bool, err error) {
			if ok != (err == nil) {
				t.Fatalf("in %s: %v", want.state, err)
			}
			if err != nil && fault.Of(err).Fault == fault.Unexpected && !errors.Is(err, errLost) {
				t.Fatalf("no fault: %v", err)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"start": func(*rapid.T) { restart() },
			"consent": func(t *rapid.T) {
				_, err := s.Consent(ctx, me, id, given)
				want.tick(at.now())
				ok := want.state.Open() || want.state == enrolment.Issued
				expect(t, ok, err)
				if want.state == enrolment.Started {
					want.state = enrolment.Consented
				}
			},
			"prove": func(t *rapid.T) {
				f := rapid.SampledFrom(enrolment.Issue.Factors()).Draw(t, "factor")
				w.next = rapid.SampledFrom([]error{nil, nil, nil, proofing.ErrOTPWrong, proofing.ErrCardLost}).Draw(t, "answer")
				err := prove(t, f)
				want.tick(at.now())
				switch {
				case want.proven[f] && (want.state.Open() || want.state == enrolment.Issued):
					expect(t, true, err)
				case want.state != enrolment.Consented:
					expect(t, false, err)
				case w.next != nil:
					expect(t, false, err)
					if errors.Is(w.next, proofing.ErrCardLost) {
						want.state = enrolment.Rejected
					}
				default:
					expect(t, true, err)
					if want.proven[f] = true; len(want.proven) == 4 {
						want.state = enrolment.Proofed
					}
				}
				w.next = nil
			},
			"key request": func(t *rapid.T) {
				k, err := s.KeyRequest(ctx, me, id)
				want.tick(at.now())
				expect(t, want.state == enrolment.Proofed || want.state == enrolment.Ready, err)
				if err == nil {
					want.state = enrolment.Ready
					if k.Challenge != m.apps[id].Challenge || k.Challenge == "" {
						t.Fatal("not this application's challenge")
					}
				}
			},
			"certify": func(t *rapid.T) {
				name := rapid.SampledFrom([]string{"A", "B"}).Draw(t, "key")
				w.lose = rapid.Bool().Draw(t, "lost")
				record, err := s.Certify(ctx, me, id, keyOf[name](m.apps[id].Challenge))
				want.tick(at.now())
				open := want.state == enrolment.Ready || want.state == enrolment.Issued
				ok := open && (want.key == "" && !w.lose || want.key == name)
				expect(t, ok, err)
				if open && want.key == "" {
					want.key = name
				}
				if ok {
					want.state = enrolment.Issued
					if record.ApplicationID != id {
						t.Fatal("another application's certificate")
					}
				}
			},
			"wrong challenge": func(t *rapid.T) {
				_, err := s.Certify(ctx, me, id, keyOf["A"]("another challenge"))
				want.tick(at.now())
				expect(t, false, err)
			},
			"abandon": func(t *rapid.T) {
				err := s.Abandon(ctx, me, id)
				want.tick(at.now())
				ok := want.state.Open() && want.key == "" || want.state == enrolment.Abandoned
				expect(t, ok, err)
				if ok {
					want.state = enrolment.Abandoned
				}
			},
			"time passes": func(t *rapid.T) {
				at.pass(time.Duration(rapid.IntRange(1, 13).Draw(t, "hours")) * time.Hour)
			},
			"the clock's work": func(t *rapid.T) {
				_, err := s.Lapse(ctx, operator)
				want.tick(at.now())
				expect(t, true, err)
			},
			"": func(t *rapid.T) {
				before := w.entry
				a, err := s.View(ctx, me, id)
				if err != nil {
					t.Fatal(err)
				}
				want.tick(at.now())
				if a.State != want.state || len(a.Proofs) != len(want.proven) {
					t.Fatalf("%s with %d proofs, the model has %s with %d", a.State, len(a.Proofs), want.state, len(want.proven))
				}
				if a.State != enrolment.Lapsed && a.State != enrolment.Issued && w.entry != before {
					t.Fatal("looking was recorded as an act")
				}
			},
		})
	})
}
