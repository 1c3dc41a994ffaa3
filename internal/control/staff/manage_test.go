package staff_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// TestDoors walks every act of management with every role: allowed, denied and
// audited, and never on oneself.
func TestDoors(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	officer := b.active(t, "SEC1", authz.Security)
	b.active(t, "SEC2", authz.Security)
	people := map[authz.Role]staff.Account{authz.Security: officer}
	for _, role := range []authz.Role{authz.Teller, authz.Supervisor, authz.Operator, authz.Auditor} {
		people[role] = b.active(t, strings.ToUpper(string(role)[:4]), role)
	}
	acts := map[string]func(c authz.Caller, id string) error{
		"change": func(c authz.Caller, id string) error {
			_, err := b.Change(ctx, c, id, staff.Change{Name: "새 이름", Role: authz.Auditor})
			return err
		},
		"invite":  func(c authz.Caller, id string) error { _, err := b.Invite(ctx, c, id); return err },
		"disable": func(c authz.Caller, id string) error { return b.Disable(ctx, c, id) },
		"enable":  func(c authz.Caller, id string) error { return b.Enable(ctx, c, id) },
	}
	callers := map[authz.Role]authz.Caller{authz.Customer: {Role: authz.Customer, ID: "hong"}, authz.Anonymous: anonymous,
		authz.Redeemer: {Role: authz.Redeemer, ID: "x"}, authz.CodeHolder: {Role: authz.CodeHolder, ID: "hong"}}
	for role, a := range people {
		callers[role] = caller(a)
	}
	for role, c := range callers {
		manages := role == authz.Operator || role == authz.Security
		target := b.active(t, "T"+strings.ToUpper(string(role)[:4]), authz.Auditor)
		for _, name := range []string{"change", "invite", "disable", "enable"} {
			err := acts[name](c, target.ID)
			if manages != (err == nil) {
				t.Errorf("%s: %s: %v", role, name, err)
			}
			if !manages {
				refused(t, name, err, authz.ErrForbidden)
				b.audited(t, name, authz.ManageStaff, "staff:"+target.ID, audit.Denied, authz.ErrForbidden)
			}
			if own, mine := people[role]; mine {
				err := acts[name](caller(own), own.ID)
				refused(t, string(role)+" on themselves: "+name, err, authz.ErrForbidden)
				if manages {
					refused(t, string(role)+" on themselves: "+name, err, authz.ErrOwnMatter)
				}
			}
		}
		_, _, err := b.Create(ctx, c, staff.New{Number: "N" + strings.ToUpper(string(role)[:4]), Name: "x", Role: authz.Auditor})
		if manages != (err == nil) {
			t.Errorf("%s creates: %v", role, err)
		}
		sees := manages || role == authz.Auditor
		_, err = b.List(ctx, c, "", 10)
		_, err2 := b.View(ctx, c, target.ID)
		_, err3 := b.ByNumber(ctx, c, target.Number)
		if sees != (err == nil) || sees != (err2 == nil) || sees != (err3 == nil) {
			t.Errorf("%s looks: %v, %v, %v", role, err, err2, err3)
		}
		if own, mine := people[role]; mine {
			if got, err := b.View(ctx, c, own.ID); err != nil || got.ID != own.ID {
				t.Errorf("%s can't see their own: %v", role, err)
			}
		}
		_, _, err = b.InviteOfficer(ctx, c, "SEC9")
		if (role == authz.Operator) != (err == nil) {
			t.Errorf("%s invites an officer: %v", role, err)
		}
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	good := staff.New{Number: " ab12 ", Name: " 남궁 아무개 ", Role: authz.Teller, Branch: "012"}
	a, _, err := b.Create(ctx, system, good)
	if err != nil || a.Number != "AB12" || a.Name != "남궁 아무개" || a.CreatedBy != "test" {
		t.Fatalf("%+v, %v", a, err)
	}
	b.audited(t, "create", authz.ManageStaff, "staff:"+a.ID, audit.Done, nil)
	if e := b.last(t); e.Detail["step"] != "create" || e.Detail["role"] != "teller" || e.Detail["branch"] != "012" {
		t.Errorf("%+v", e.Detail)
	}
	for name, tt := range map[string]struct {
		change func(n *staff.New)
		want   *fault.Fault
	}{
		"the number is taken":    {func(*staff.New) {}, staff.ErrTaken},
		"short":                  {func(n *staff.New) { n.Number = "123" }, staff.ErrForm},
		"long":                   {func(n *staff.New) { n.Number = "1234567890123" }, staff.ErrForm},
		"Hangul":                 {func(n *staff.New) { n.Number = "사번12" }, staff.ErrForm},
		"no name":                {func(n *staff.New) { n.Name = " " }, staff.ErrForm},
		"a long name":            {func(n *staff.New) { n.Name = strings.Repeat("가", 41) }, staff.ErrForm},
		"a line feed":            {func(n *staff.New) { n.Name = "가\n나" }, staff.ErrForm},
		"no role":                {func(n *staff.New) { n.Role = "" }, staff.ErrForm},
		"the system":             {func(n *staff.New) { n.Role = authz.System }, staff.ErrForm},
		"a customer":             {func(n *staff.New) { n.Role = authz.Customer }, staff.ErrForm},
		"teller without branch":  {func(n *staff.New) { n.Branch = "" }, staff.ErrForm},
		"auditor with a branch":  {func(n *staff.New) { n.Role = authz.Auditor }, staff.ErrForm},
		"a branch there isn't":   {func(n *staff.New) { n.Branch = "099" }, staff.ErrNoBranch},
		"no branch's number":     {func(n *staff.New) { n.Branch = "../" }, staff.ErrForm},
		"a branch of four":       {func(n *staff.New) { n.Branch = "0120" }, staff.ErrForm},
		"letters that look like": {func(n *staff.New) { n.Number = "АВ12" }, staff.ErrForm}, // Cyrillic
	} {
		n := good
		tt.change(&n)
		_, _, err := b.Create(ctx, system, n)
		refused(t, name, err, tt.want)
		b.audited(t, name, authz.ManageStaff, "staff", audit.Refused, tt.want)
	}
	n := good
	n.Number, n.Name = "WXYZ", strings.Repeat("가", 40)
	if _, _, err := b.Create(ctx, system, n); err != nil {
		t.Errorf("the longest name: %v", err)
	}
}

// TestRoleGiving: who says who works here, and who runs the machines, is a
// security officer's to name.
func TestRoleGiving(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	officer, operator := b.active(t, "SEC1", authz.Security), b.active(t, "OPER", authz.Operator)
	second, teller := b.active(t, "SEC2", authz.Security), b.active(t, "TELL", authz.Teller)
	for _, c := range []authz.Caller{caller(operator), machine} {
		for _, role := range []authz.Role{authz.Security, authz.Operator} {
			_, _, err := b.Create(ctx, c, staff.New{Number: "NEWW", Name: "x", Role: role})
			refused(t, "giving "+string(role), err, staff.ErrRoleGiving)
			b.audited(t, "giving", authz.ManageStaff, "staff", audit.Denied, staff.ErrRoleGiving)
			_, err = b.Change(ctx, c, teller.ID, staff.Change{Name: "x", Role: role})
			refused(t, "changing into "+string(role), err, staff.ErrRoleGiving)
		}
		_, err := b.Change(ctx, c, second.ID, staff.Change{Name: "x", Role: authz.Auditor})
		refused(t, "taking", err, staff.ErrRoleGiving)
		_, err = b.Invite(ctx, c, second.ID)
		refused(t, "a code for an officer", err, staff.ErrRoleGiving)
		_, err = b.Change(ctx, c, second.ID, staff.Change{Name: "다른 이름", Role: authz.Security})
		refused(t, "an officer's name", err, staff.ErrRoleGiving)
		do(t, b.Disable(ctx, c, second.ID)) // protects; is undone by an officer alone
		refused(t, "enabling", b.Enable(ctx, c, second.ID), staff.ErrRoleGiving)
		do(t, b.Enable(ctx, caller(officer), second.ID))
	}
	_, err := b.Change(ctx, caller(officer), teller.ID, staff.Change{Name: "x", Role: authz.Security})
	do(t, err)
	_, err = b.Change(ctx, caller(officer), second.ID, staff.Change{Name: "x", Role: authz.Operator})
	do(t, err)
}

// TestOnePersonOneAccount: whoever had two would approve what they have made.
func TestOnePersonOneAccount(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	teller, boss := b.active(t, "TELL", authz.Teller), b.active(t, "BOSS", authz.Supervisor)
	link := func(a staff.Account) error {
		_, err := b.Change(ctx, system, a.ID, staff.Change{Name: a.Name, Role: a.Role, Branch: a.Branch, SubscriberID: "100234"})
		return err
	}
	do(t, link(teller))
	do(t, link(teller)) // saved again
	refused(t, "a second account", link(boss), staff.ErrTwice)
	do(t, b.Disable(ctx, system, teller.ID))
	do(t, link(boss))
	refused(t, "the first one again", b.Enable(ctx, system, teller.ID), staff.ErrTwice)
	if a, err := b.store.Account(ctx, teller.ID); err != nil || a.State != staff.Disabled {
		t.Errorf("it is %s, %v", a.State, err)
	}
}

// TestChange: another role or branch ends what was begun before.
func TestChange(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a := b.active(t, "TELL", authz.Teller)
	is := func(what string, epoch int64, ok bool) {
		t.Helper()
		if _, err := b.Current(ctx, a.ID, epoch); ok != (err == nil) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := b.Change(ctx, system, a.ID, staff.Change{Name: "새 이름", Role: authz.Teller, Branch: "012", SubscriberID: "100235"})
	refused(t, "a customer whom nobody knows", err, staff.ErrNoCustomer)
	c, err := b.Change(ctx, system, a.ID, staff.Change{Name: "새 이름", Role: authz.Teller, Branch: "012", SubscriberID: " 100234 "})
	do(t, err)
	is("another name", a.Epoch, true)
	if who := c.Caller("r"); who.Self != "hong" || who.Branch != "012" || who.Role != authz.Teller || who.ID != a.ID {
		t.Errorf("%+v", who)
	}
	refused(t, "their own matter", authz.AllowOn(c.Caller("r"), authz.OpenCase, authz.Object{Owner: "hong", Branch: "012"}), authz.ErrOwnMatter)
	c, err = b.Change(ctx, system, a.ID, staff.Change{Name: "새 이름", Role: authz.Teller, Branch: "101", SubscriberID: "hong"})
	do(t, err)
	is("another branch", a.Epoch, false)
	is("and after a login", c.Epoch, true)
	_, err = b.Change(ctx, system, a.ID, staff.Change{Name: "새 이름", Role: authz.Supervisor, Branch: "101"})
	do(t, err)
	is("another role", c.Epoch, false)
	if e := b.last(t); e.Detail["old-role"] != "teller" || e.Detail["role"] != "supervisor" || e.Detail["customer"] != "none" {
		t.Errorf("%+v", e.Detail)
	}
	_, err = b.Change(ctx, system, a.ID, staff.Change{Name: "새 이름", Role: authz.Auditor, Branch: "101"})
	refused(t, "auditor at a branch", err, staff.ErrForm)
	_, err = b.Change(ctx, system, "nobody", staff.Change{Name: "x", Role: authz.Auditor})
	refused(t, "nobody", err, staff.ErrNoAccount)
}

// TestDisabled: whoever was disabled is out at once, and no way leads in.
func TestDisabled(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a := b.active(t, "TELL", authz.Teller)
	d := device()
	_, err := b.register(t, a, d)
	do(t, err)
	_, err = b.provided(t, "sub", "TELL")
	do(t, err)
	do(t, b.Disable(ctx, system, a.ID))
	_, err = b.Current(ctx, a.ID, a.Epoch)
	refused(t, "the session that is open", err, staff.ErrSessionOver)
	_, err = b.enter(t, d)
	refused(t, "by passkey", err, staff.ErrDisabled)
	b.audited(t, "by passkey", authz.LogInStaff, "staff:"+a.ID, audit.Refused, staff.ErrDisabled)
	_, err = b.provided(t, "sub", "TELL")
	refused(t, "by the provider", err, staff.ErrDisabled)
	refused(t, "once more", b.Disable(ctx, system, a.ID), staff.ErrState)
	_, err = b.Invite(ctx, system, a.ID)
	refused(t, "inviting", err, staff.ErrState)
	do(t, b.Enable(ctx, system, a.ID))
	refused(t, "enabling twice", b.Enable(ctx, system, a.ID), staff.ErrState)
	_, err = b.Current(ctx, a.ID, a.Epoch)
	refused(t, "the old session", err, staff.ErrSessionOver)
	if in, err := b.enter(t, d); err != nil || in.Epoch == a.Epoch {
		t.Errorf("enabled again: %+v, %v", in, err)
	}
	never, _ := b.invited(t, "NEVR", authz.Teller)
	do(t, b.Disable(ctx, system, never.ID))
	do(t, b.Enable(ctx, system, never.ID))
	if got, err := b.View(ctx, machine, never.ID); err != nil || got.State != staff.Invited {
		t.Errorf("who never came in is %s, %v", got.State, err)
	}
}

// TestInvitedAnew: what a lost device could do is over.
func TestInvitedAnew(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a := b.active(t, "TELL", authz.Teller)
	d := device()
	_, err := b.register(t, a, d)
	do(t, err)
	_, err = b.provided(t, "sub", "TELL")
	do(t, err)
	code, err := b.Invite(ctx, system, a.ID)
	do(t, err)
	_, err = b.Current(ctx, a.ID, a.Epoch)
	refused(t, "the session that is open", err, staff.ErrSessionOver)
	_, err = b.enter(t, d)
	refused(t, "the lost device", err, staff.ErrPasskeyWrong)
	in, err := b.Activate(ctx, anonymous, here, "TELL", code)
	do(t, err)
	if keys, err := b.Passkeys(ctx, caller(in)); err != nil || len(keys) != 0 {
		t.Errorf("%d passkeys, %v", len(keys), err)
	}
	if _, err = b.provided(t, "a new bank account", "TELL"); err != nil {
		t.Errorf("a new bank account: %v", err)
	}
}

func TestLastOfficer(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	only, teller := b.active(t, "SEC1", authz.Security), b.active(t, "TELL", authz.Teller)
	b.invited(t, "SEC2", authz.Security) // has not come in yet: can't act
	refused(t, "disabling", b.Disable(ctx, machine, only.ID), staff.ErrLastOfficer)
	b.audited(t, "disabling", authz.ManageStaff, "staff:"+only.ID, audit.Refused, staff.ErrLastOfficer)
	_, err := b.Change(ctx, system, only.ID, staff.Change{Name: "x", Role: authz.Auditor})
	refused(t, "changing", err, staff.ErrLastOfficer)
	_, err = b.Invite(ctx, system, only.ID)
	refused(t, "inviting anew", err, staff.ErrLastOfficer)
	if _, err := b.Current(ctx, only.ID, only.Epoch); err != nil {
		t.Errorf("what was refused has happened: %v", err)
	}
	do(t, b.Disable(ctx, machine, teller.ID))
	second := b.active(t, "SEC3", authz.Security)
	do(t, b.Disable(ctx, caller(second), only.ID))
	refused(t, "the other one", b.Disable(ctx, machine, second.ID), staff.ErrLastOfficer)

	// Who has the keys of the service in hand finds a way in.
	_, code, err := b.InviteOfficer(ctx, machine, "SEC3")
	do(t, err)
	_, err = b.Activate(ctx, anonymous, here, "SEC3", code)
	do(t, err)
	_, _, err = b.InviteOfficer(ctx, machine, "TELL")
	refused(t, "a teller", err, staff.ErrTaken)
	_, _, err = b.InviteOfficer(ctx, machine, "SEC1")
	refused(t, "a disabled one", err, staff.ErrState)
	_, _, err = b.InviteOfficer(ctx, machine, "x")
	refused(t, "no number", err, staff.ErrForm)
}

// TestOfficersRace: of two who would disable each other one stays.
func TestOfficersRace(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			b := openOn(t, engine)
			one, two := b.active(t, "SEC1", authz.Security), b.active(t, "SEC2", authz.Security)
			errs := make([]error, 2)
			var wg sync.WaitGroup
			wg.Go(func() { errs[0] = b.Disable(context.Background(), caller(one), two.ID) })
			wg.Go(func() { errs[1] = b.Disable(context.Background(), caller(two), one.ID) })
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), staff.ErrLastOfficer) {
				t.Errorf("%v, %v", errs[0], errs[1])
			}
		})
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a, other := b.active(t, "TELL", authz.Teller), b.active(t, "AUDI", authz.Auditor)
	operator := b.active(t, "OPER", authz.Operator)
	refused(t, "another's", b.EndSessions(ctx, caller(other), a.ID), authz.ErrForbidden)
	refused(t, "a customer", b.EndSessions(ctx, authz.Caller{Role: authz.Customer, ID: a.ID}, a.ID), authz.ErrForbidden)
	_, err := b.Current(ctx, a.ID, a.Epoch)
	do(t, err)
	for _, who := range []authz.Caller{caller(a), caller(operator)} {
		before, err := b.View(ctx, machine, a.ID)
		do(t, err)
		do(t, b.EndSessions(ctx, who, a.ID))
		b.audited(t, "ending", authz.EndStaffSessions, "staff:"+a.ID, audit.Done, nil)
		_, err = b.Current(ctx, a.ID, before.Epoch)
		refused(t, "ended everywhere", err, staff.ErrSessionOver)
	}
	for _, epoch := range []int64{-1, 0, 99} {
		_, err := b.Current(ctx, a.ID, epoch)
		refused(t, "an epoch that is not", err, staff.ErrSessionOver)
	}
	_, err = b.Current(ctx, "nobody", 0)
	refused(t, "nobody", err, staff.ErrSessionOver)
	do(t, b.LogOut(ctx, caller(a)))
	b.audited(t, "logging out", authz.LogOutStaff, "staff:"+a.ID, audit.Done, nil)
	refused(t, "nobody logs out", b.LogOut(ctx, anonymous), authz.ErrForbidden)
	do(t, b.Moved(ctx, "req", a.ID))
	b.audited(t, "moved", authz.EndStaffSessions, "staff:"+a.ID, audit.Done, nil)
	if e := b.last(t); e.Detail["why"] != "moved" || e.Caller.Request != "req" {
		t.Errorf("%+v", e)
	}
}

func TestNamesAndLists(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	one, two := b.active(t, "AAAA", authz.Teller), b.active(t, "BBBB", authz.Teller)
	names, err := b.Names(ctx, []string{one.ID, two.ID, "nobody", one.ID})
	if err != nil || len(names) != 2 || names[one.ID] != "이름 AAAA" || names[two.ID] != "이름 BBBB" {
		t.Errorf("%v, %v", names, err)
	}
	if names, err := b.Names(ctx, nil); err != nil || len(names) != 0 {
		t.Errorf("%v, %v", names, err)
	}
	page, err := b.List(ctx, machine, "", 1)
	if err != nil || len(page) != 1 || page[0].Number != "AAAA" {
		t.Errorf("%+v, %v", page, err)
	}
	b.audited(t, "list", authz.ViewStaff, "staff", audit.Done, nil)
	page, err = b.List(ctx, machine, "aaaa", 0)
	if err != nil || len(page) != 1 || page[0].Number != "BBBB" {
		t.Errorf("%+v, %v", page, err)
	}
	if page, err = b.List(ctx, machine, "BBBB", 1<<40); err != nil || len(page) != 0 {
		t.Errorf("%+v, %v", page, err)
	}
	_, err = b.ByNumber(ctx, machine, "nobody")
	refused(t, "nobody", err, staff.ErrNoAccount)
}
