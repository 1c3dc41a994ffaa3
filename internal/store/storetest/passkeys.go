package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/store"
)

func passkey(id, owner string, created int) login.Passkey {
	return login.Passkey{
		ID: id, SubscriberID: owner, RP: "bank.example", Name: "휴대폰 " + id, CredentialID: []byte("credential " + id),
		PublicKey: []byte{0xa5, 1, 2}, Transports: "internal,hybrid", Flags: 0x45, SignCount: 1<<32 - 1, CreatedAt: day(created),
	}
}

func testPasskeys(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, second(s.SaveSubscriber(ctx, person("s1", "1", "9001011000000"))))
	list := func(owner string, want ...login.Passkey) {
		t.Helper()
		got, err := s.PasskeysOf(ctx, owner)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("passkeys of %s: %v\n%s", owner, err, diff)
		}
	}
	list("s1")
	late, early, other := passkey("a", "s1", 2), passkey("b", "s1", 1), passkey("c", "s2", 1)
	for _, p := range []login.Passkey{late, early, other} {
		must(t, s.AddPasskey(ctx, p, 2))
	}
	list("s1", early, late)
	list("s2", other)
	if err := s.AddPasskey(ctx, passkey("d", "s1", 3), 2); !errors.Is(err, login.ErrPasskeysFull) {
		t.Errorf("a third of two: %v, want ErrPasskeysFull", err)
	}
	same := passkey("e", "s3", 3)
	same.CredentialID = late.CredentialID
	if err := s.AddPasskey(ctx, same, 2); !errors.Is(err, login.ErrPasskeyUsed) {
		t.Errorf("another's credential: %v, want ErrPasskeyUsed", err)
	}
	same.RP = "other.example" // where it is another credential
	must(t, s.AddPasskey(ctx, same, 2))

	for name, find := range map[string]func() (login.Passkey, error){
		"outside of a transaction": func() (login.Passkey, error) { return s.PasskeyOf(ctx, late.RP, late.CredentialID) },
		"inside": func() (p login.Passkey, err error) {
			err = s.InTx(ctx, func(ctx context.Context) error {
				p, err = s.PasskeyOf(ctx, late.RP, late.CredentialID)
				return err
			})
			return p, err
		},
	} {
		got, err := find()
		if diff := cmp.Diff(late, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	late.SignCount, late.Flags, late.UsedAt = 9, 0x1d, day(5)
	must(t, s.UsePasskey(ctx, late.ID, late.SignCount, late.Flags, late.UsedAt))
	list("s1", early, late)

	for name, err := range map[string]error{
		"unknown credential": second(s.PasskeyOf(ctx, late.RP, []byte("x"))),
		"at another place":   second(s.PasskeyOf(ctx, "elsewhere.example", late.CredentialID)),
		"using none":         s.UsePasskey(ctx, "x", 1, 0, day(1)),
		"removing none":      s.RemovePasskey(ctx, "s1", "x"),
		"removing another's": s.RemovePasskey(ctx, "s1", other.ID),
	} {
		if !errors.Is(err, login.ErrNoPasskey) {
			t.Errorf("%s: %v, want ErrNoPasskey", name, err)
		}
	}
	must(t, s.RemovePasskey(ctx, "s1", late.ID))
	list("s1", early)
	list("s2", other)
	if _, err := s.PasskeyOf(ctx, late.RP, late.CredentialID); !errors.Is(err, login.ErrNoPasskey) {
		t.Errorf("one that was removed: %v, want ErrNoPasskey", err)
	}
}

// A person gets no more passkeys than they can have, also not all at once.
func testRacePasskeys(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, second(s.SaveSubscriber(ctx, person("s1", "1", "9001011000000"))))
	added := 0
	for _, err := range race(func(n int) error { return s.AddPasskey(ctx, passkey(fmt.Sprint(n), "s1", n), 3) }) {
		switch {
		case err == nil:
			added++
		case !errors.Is(err, login.ErrPasskeysFull):
			t.Errorf("%v, want ErrPasskeysFull", err)
		}
	}
	if all, err := s.PasskeysOf(ctx, "s1"); added != 3 || len(all) != 3 || err != nil {
		t.Errorf("%d were added, %d are there, %v; want 3", added, len(all), err)
	}
}

// What was ended, or has expired, does not come back by being prolonged or
// changed.
func testSessionsStayOver(t *testing.T, s *store.Store) {
	ctx, now := context.Background(), day(0)
	sessions := s.Sessions(func() time.Time { return now })
	there := func(token, want string) {
		t.Helper()
		got, found, err := sessions.Find(token)
		if err != nil || string(got) != want || found != (want != "") {
			t.Errorf("session %s: %q, %v, %v; want %q", token, got, found, err, want)
		}
	}
	update := func(token string, want bool) {
		t.Helper()
		found, err := sessions.Update(ctx, token, []byte("changed"), now.Add(time.Hour))
		if found != want || err != nil {
			t.Errorf("changing %s: %v, %v; want %v", token, found, err, want)
		}
	}
	for _, token := range []string{"ended", "old", "live"} {
		must(t, sessions.Commit(token, []byte("first"), now.Add(time.Minute)))
	}
	must(t, sessions.Delete("ended"))
	must(t, sessions.Touch(ctx, "live", now.Add(10*time.Minute)))
	must(t, sessions.Touch(ctx, "ended", now.Add(10*time.Minute)))
	now = now.Add(9 * time.Minute)
	must(t, sessions.Touch(ctx, "old", now.Add(10*time.Minute)))
	there("live", "first")
	there("ended", "")
	there("old", "")
	update("live", true)
	update("ended", false)
	update("old", false)
	there("live", "changed")
	there("ended", "")
	there("old", "")

	must(t, sessions.Touch(ctx, "live", now.Add(time.Minute))) // it lives longer than that
	now = now.Add(59 * time.Minute)
	there("live", "changed")

	take := func(token, want string) {
		t.Helper()
		got, found, err := sessions.Take(ctx, token)
		if string(got) != want || found != (want != "") || err != nil {
			t.Errorf("taking %s: %q, %v, %v; want %q", token, got, found, err, want)
		}
	}
	take("live", "changed")
	take("live", "")
	take("old", "")
	take("never", "")
}

// Of those who take the same thing at once, one gets it.
func testRaceTake(t *testing.T, s *store.Store) {
	ctx := context.Background()
	sessions := s.Sessions(func() time.Time { return day(0) })
	must(t, sessions.Commit("token", []byte("x"), day(1)))
	none := errors.New("none")
	got := 0
	for _, err := range race(func(int) error {
		_, found, err := sessions.Take(ctx, "token")
		if err == nil && !found {
			return none
		}
		return err
	}) {
		switch {
		case err == nil:
			got++
		case !errors.Is(err, none):
			t.Error(err)
		}
	}
	if got != 1 {
		t.Errorf("%d got it, want 1", got)
	}
}
