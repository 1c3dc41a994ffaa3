package login_test

import (
	"context"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// memory is as much of a bank as reading devices' answers needs: it keeps one
// passkey, and gives it for every credential.
type memory struct{ key login.Passkey }

func (m *memory) InTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (m *memory) Subscriber(_ context.Context, id string) (subscriber.Subscriber, error) {
	return subscriber.Subscriber{ID: id, Name: "홍길동"}, nil
}
func (m *memory) AddPasskey(_ context.Context, p login.Passkey, _ int) error {
	if m.key.ID == "" {
		m.key = p
	}
	return nil
}
func (m *memory) PasskeyOf(context.Context, string, []byte) (login.Passkey, error)  { return m.key, nil }
func (m *memory) PasskeysOf(context.Context, string) ([]login.Passkey, error)       { return nil, nil }
func (m *memory) UsePasskey(context.Context, string, uint32, byte, time.Time) error { return nil }
func (m *memory) RemovePasskey(context.Context, string, string) error               { return nil }
func (m *memory) Record(context.Context, authz.Caller, authz.Act, string, ...string) error {
	return nil
}
func (m *memory) Refuse(context.Context, authz.Caller, authz.Act, string, audit.Outcome, error) error {
	return nil
}

// FuzzPasskey gives anything to what reads devices' answers: no panic, and each
// refusal is one that a person can read.
func FuzzPasskey(f *testing.F) {
	m := new(memory)
	s, err := login.New(login.Config{Tx: m, People: m, Passkeys: m, Log: m, Now: func() time.Time { return start },
		Bank: "인감은행", Origins: []string{origin}})
	do(f, err)
	d := device()
	options, newState, err := s.PasskeyOptions(f.Context(), hong, host)
	do(f, err)
	made, err := d.Create(options)
	do(f, err)
	_, err = s.AddPasskey(f.Context(), hong, newState, "x", made)
	do(f, err)
	options, state, err := s.LoginOptions(host)
	do(f, err)
	used, err := d.Get(options)
	do(f, err)
	if who, err := s.WithPasskey(f.Context(), anonymous, state, used); err != nil || who.ID != "hong" {
		f.Fatalf("%q, %v", who.ID, err)
	}
	f.Add(made)
	f.Add(used)
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`))
	f.Fuzz(func(t *testing.T, response []byte) {
		ctx := context.Background()
		if _, err := s.WithPasskey(ctx, anonymous, state, response); err != nil && fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("login: %v", err)
		}
		if _, err := s.AddPasskey(ctx, hong, newState, "x", response); err != nil && fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("registration: %v", err)
		}
	})
}
