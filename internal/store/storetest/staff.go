package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/control/authz"
	webauthn "github.com/ingam-pki/ingam/internal/control/passkey"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/store"
)

func account(id, number string, role authz.Role) staff.Account {
	return staff.Account{ID: id, Number: number, Name: "이름 " + id, Role: role, Branch: "012", SubscriberID: "s-" + id,
		State: staff.Active, Epoch: 1<<62 + 1, CreatedBy: "maker", CreatedAt: day(1), UpdatedAt: day(2)}
}

func testStaff(t *testing.T, s *store.Store) {
	ctx := context.Background()
	one, two := account("b", "2", authz.Teller), account("a", "1", authz.Security)
	two.LastLogin = day(3)
	must(t, s.CreateAccount(ctx, one))
	must(t, s.CreateAccount(ctx, two))
	is := func(what string, want staff.Account, got staff.Account, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", what, err, diff)
		}
	}
	got, err := s.Account(ctx, "b")
	is("by id", one, got, err)
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		got, err := s.AccountByNumber(ctx, "1")
		is("by number", two, got, err)
		return err
	}))
	taken := account("c", "2", authz.Auditor)
	must(t, s.InTx(ctx, func(ctx context.Context) error { // an answer, not the end of a transaction
		if err := s.CreateAccount(ctx, taken); !errors.Is(err, staff.ErrNumberTaken) {
			t.Errorf("a number that is taken: %v", err)
		}
		return nil
	}))
	one.Name, one.Role, one.Branch, one.SubscriberID, one.State = "새 이름", authz.Auditor, "", "", staff.Disabled
	one.Epoch, one.UpdatedAt, one.LastLogin = 7, day(9), day(8)
	must(t, s.SaveAccount(ctx, one))
	got, err = s.Account(ctx, "b")
	is("changed", one, got, err)
	for name, err := range map[string]error{
		"by id": second(s.Account(ctx, "x")), "by number": second(s.AccountByNumber(ctx, "x")), "saving": s.SaveAccount(ctx, taken),
	} {
		if !errors.Is(err, staff.ErrUnknown) {
			t.Errorf("nobody, %s: %v", name, err)
		}
	}
	for after, want := range map[string][]staff.Account{"": {two, one}, "1": {one}, "2": nil} {
		got, err := s.Accounts(ctx, after, 10)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("after %q: %v\n%s", after, err, diff)
		}
	}
	if got, err := s.Accounts(ctx, "", 1); err != nil || len(got) != 1 {
		t.Errorf("one: %d, %v", len(got), err)
	}
	invited := account("d", "4", authz.Security)
	invited.State = staff.Invited
	must(t, s.CreateAccount(ctx, invited))
	must(t, s.CreateAccount(ctx, account("e", "5", authz.Security)))
	if ids, err := s.ActiveOfficers(ctx); err != nil || !cmp.Equal(ids, []string{"a", "e"}) {
		t.Errorf("officers: %q, %v", ids, err)
	}
	linked := invited
	linked.SubscriberID = "s-linked"
	must(t, s.SaveAccount(ctx, linked))
	if got, err := s.AccountsOf(ctx, "s-linked"); err != nil || len(got) != 1 || got[0].ID != "d" {
		t.Errorf("of a customer: %+v, %v", got, err)
	}
	ids := []string{"a", "b", "nobody"}
	for n := range 450 { // more than are asked for at once
		ids = append(ids, fmt.Sprint("nobody", n))
	}
	names, err := s.StaffNames(ctx, append(ids, "e"))
	if diff := cmp.Diff(map[string]string{"a": "이름 a", "b": "새 이름", "e": "이름 e"}, names); err != nil || diff != "" {
		t.Errorf("names: %v\n%s", err, diff)
	}
}

func staffPasskey(id, owner string, created int) staff.Passkey {
	return staff.Passkey{ID: id, StaffID: owner, RP: "bank.example", Name: "노트북 " + id, CreatedAt: day(created),
		Credential: webauthn.Credential{ID: []byte("credential " + id), PublicKey: []byte{0xa5, 1, 2}, Transports: "internal,hybrid",
			Flags: 0x45, SignCount: 1<<32 - 1}}
}

func testStaffPasskeys(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, s.CreateAccount(ctx, account("a", "1", authz.Teller)))
	must(t, s.CreateAccount(ctx, account("b", "2", authz.Teller)))
	list := func(owner string, want ...staff.Passkey) {
		t.Helper()
		got, err := s.StaffPasskeys(ctx, owner)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("passkeys of %s: %v\n%s", owner, err, diff)
		}
	}
	late, early, other := staffPasskey("x", "a", 2), staffPasskey("y", "a", 1), staffPasskey("z", "b", 1)
	for _, p := range []staff.Passkey{late, early, other} {
		must(t, s.AddStaffPasskey(ctx, p, 2))
	}
	list("a", early, late)
	list("b", other)
	same := staffPasskey("v", "b", 3)
	same.Credential.ID = late.Credential.ID
	for name, tt := range map[string]struct{ got, want error }{
		"a third of two":       {s.AddStaffPasskey(ctx, staffPasskey("w", "a", 3), 2), staff.ErrPasskeysFull},
		"another's credential": {s.AddStaffPasskey(ctx, same, 2), staff.ErrPasskeyUsed},
		"nobody's":             {s.AddStaffPasskey(ctx, staffPasskey("w", "nobody", 3), 2), staff.ErrUnknown},
		"unknown":              {second(s.StaffPasskey(ctx, late.RP, []byte("x"))), staff.ErrNoPasskey},
		"at another place":     {second(s.StaffPasskey(ctx, "elsewhere.example", late.Credential.ID)), staff.ErrNoPasskey},
		"using none":           {s.UseStaffPasskey(ctx, "nobody", 1, 0, day(1)), staff.ErrNoPasskey},
	} {
		if !errors.Is(tt.got, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.got, tt.want)
		}
	}
	late.SignCount, late.Flags, late.UsedAt = 9, 0x1d, day(5)
	must(t, s.UseStaffPasskey(ctx, late.ID, late.SignCount, late.Flags, late.UsedAt))
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		got, err := s.StaffPasskey(ctx, late.RP, late.Credential.ID)
		if diff := cmp.Diff(late, got); diff != "" {
			t.Error(diff)
		}
		return err
	}))
	removed := func(owner, id string, want int) {
		t.Helper()
		if n, err := s.RemoveStaffPasskeys(ctx, owner, id); n != want || err != nil {
			t.Errorf("removing %s of %s: %d, %v; want %d", id, owner, n, err, want)
		}
	}
	removed("a", other.ID, 0)
	removed("a", late.ID, 1)
	list("a", early)
	must(t, s.AddStaffPasskey(ctx, late, 2))
	removed("a", "", 2)
	list("a")
	list("b", other)
}

func testStaffKeyring(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, s.CreateAccount(ctx, account("a", "1", authz.Teller)))
	must(t, s.CreateAccount(ctx, account("b", "2", authz.Teller)))
	code := func(want staff.Code) {
		t.Helper()
		got, err := s.StaffCode(ctx, "a")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("code: %v\n%s", err, diff)
		}
	}
	code(staff.Code{})
	for n := range 2 {
		c := staff.Code{StaffID: "a", Hash: []byte{byte(n), 1}, ExpiresAt: day(n)}
		must(t, s.SaveStaffCode(ctx, c))
		code(c)
	}
	must(t, s.SaveStaffCode(ctx, staff.Code{StaffID: "a"}))
	code(staff.Code{})
	must(t, s.SaveStaffCode(ctx, staff.Code{StaffID: "a"}))

	id := func(owner, issuer, subject string) staff.Identity {
		return staff.Identity{StaffID: owner, Issuer: issuer, Subject: []byte(subject), BoundAt: day(1)}
	}
	a, b, elsewhere := id("a", "i", "sub-a"), id("b", "i", "sub-b"), id("a", "j", "sub-j")
	for _, i := range []staff.Identity{a, b, elsewhere} {
		must(t, s.BindIdentity(ctx, i))
	}
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		for name, i := range map[string]staff.Identity{"a second one": id("a", "i", "new"), "another's": id("b", "k", "sub-a")} {
			if err := s.BindIdentity(ctx, i); !errors.Is(err, staff.ErrBound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	}))
	find := func(issuer, subject string, want ...staff.Identity) {
		t.Helper()
		got, err := s.Identities(ctx, issuer, "a", []byte(subject))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s %s: %v\n%s", issuer, subject, err, diff)
		}
	}
	find("i", "sub-a", a)
	find("i", "new", a)
	find("i", "sub-b", a, b)
	find("k", "new")
	must(t, s.UnbindIdentities(ctx, "a"))
	find("j", "sub-j")
	find("i", "sub-b", b)

	tries, err := s.LockStaffTries(ctx, "subject")
	if err != nil || tries != (staff.Tries{}) {
		t.Errorf("%+v, %v", tries, err)
	}
	want := staff.Tries{Failed: 3, LockedUntil: day(1)}
	must(t, s.SaveStaffTries(ctx, "subject", want))
	if tries, err = s.LockStaffTries(ctx, "subject"); err != nil || tries != want {
		t.Errorf("%+v, %v", tries, err)
	}
	if tries, err := s.LockTries(ctx, "subject", "otp"); err != nil || tries.Failed != 0 {
		t.Errorf("tries of another sort: %+v, %v", tries, err)
	}
	must(t, s.SaveStaffTries(ctx, "subject", staff.Tries{}))
	if tries, err = s.LockStaffTries(ctx, "subject"); err != nil || !tries.LockedUntil.Equal(time.Time{}) {
		t.Errorf("%+v, %v", tries, err)
	}
}

// Of those who take a number, bind an account or add a passkey at once, as many
// get through as can.
func testRaceStaff(t *testing.T, s *store.Store) {
	ctx := context.Background()
	oneWins(t, race(func(n int) error { return s.CreateAccount(ctx, account(fmt.Sprint("n", n), "same", authz.Teller)) }), staff.ErrNumberTaken)
	must(t, s.CreateAccount(ctx, account("a", "1", authz.Teller)))
	oneWins(t, race(func(n int) error {
		return s.BindIdentity(ctx, staff.Identity{StaffID: "a", Issuer: "i", Subject: fmt.Append(nil, n), BoundAt: day(1)})
	}), staff.ErrBound)
	oneWins(t, race(func(n int) error { return s.AddStaffPasskey(ctx, staffPasskey(fmt.Sprint(n), "a", n), 1) }), staff.ErrPasskeysFull)
}
