package staff

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
)

// New is somebody who begins to work here.
type New struct {
	Number string
	Name   string
	Role   authz.Role
	Branch string // three digits; empty for a role at headquarters
}

// Change is what an account is to be from now on.
type Change struct {
	Name         string
	Role         authz.Role
	Branch       string
	SubscriberID string // who they are as a customer, by the core bank's number or by our id; empty: none
}

// MaxList is how many accounts List gives at most.
const MaxList = 200

// maxName is how long names of people and passkeys are, in characters.
const maxName = 40

// List gives accounts in order of number, those that follow the number after.
func (s *Service) List(ctx context.Context, caller authz.Caller, after string, limit int) ([]Account, error) {
	const everybody = "staff"
	err := authz.Allow(caller, authz.ViewStaff, "")
	if err == nil {
		err = s.Log.Record(ctx, caller, authz.ViewStaff, everybody)
	}
	if err != nil {
		return nil, s.refused(ctx, caller, authz.ViewStaff, everybody, err)
	}
	found, err := s.Register.Accounts(ctx, Tidy(after), min(max(limit, 1), MaxList))
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	return found, nil
}

// View gives one account: one's own, or another's to who manages them.
func (s *Service) View(ctx context.Context, caller authz.Caller, id string) (Account, error) {
	act := authz.ViewStaff
	if id == caller.ID {
		act = authz.ViewOwnAccount
	}
	var a Account
	err := authz.Allow(caller, act, id)
	if err == nil {
		a, err = s.account(ctx, id)
	}
	if err == nil && act == authz.ViewStaff {
		err = s.Log.Record(ctx, caller, act, object(id))
	}
	if err != nil {
		return Account{}, s.refused(ctx, caller, act, object(id), err)
	}
	return a, nil
}

// ByNumber is View by employee number, for whom the number is at hand.
func (s *Service) ByNumber(ctx context.Context, caller authz.Caller, number string) (Account, error) {
	if err := authz.Allow(caller, authz.ViewStaff, ""); err != nil {
		return Account{}, s.refused(ctx, caller, authz.ViewStaff, "staff", err)
	}
	a, err := s.Register.AccountByNumber(ctx, Tidy(number))
	if errors.Is(err, ErrUnknown) {
		return Account{}, s.refused(ctx, caller, authz.ViewStaff, "staff", ErrNoAccount.With(err))
	}
	if err != nil {
		return Account{}, fmt.Errorf("reading an account: %w", err)
	}
	return s.View(ctx, caller, a.ID)
}

// Create makes an account, invited, and the one-time code with which its owner
// comes in. The code is not to be had again.
func (s *Service) Create(ctx context.Context, caller authz.Caller, n New) (Account, string, error) {
	a := Account{ID: rand.Text(), Number: Tidy(n.Number), Name: strings.TrimSpace(n.Name), Role: n.Role, Branch: n.Branch,
		State: Invited, CreatedBy: caller.ID, CreatedAt: s.now(), UpdatedAt: s.now()}
	code, err := s.create(ctx, caller, a)
	if err != nil {
		return Account{}, "", s.refused(ctx, caller, authz.ManageStaff, "staff", err)
	}
	return a, code, nil
}

func (s *Service) create(ctx context.Context, caller authz.Caller, a Account) (code string, err error) {
	if err := authz.Allow(caller, authz.ManageStaff, ""); err != nil {
		return "", err
	}
	if err := mayGive(caller, a.Role); err != nil {
		return "", err
	}
	if err := s.check(a); err != nil {
		return "", err
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		err := s.Log.Record(ctx, caller, authz.ManageStaff, object(a.ID), "step", "create", "role", string(a.Role), "branch", a.Branch)
		if err != nil {
			return err
		}
		code, err = s.enter(ctx, a)
		return err
	})
	return code, err
}

// enter stores a new account with its code.
func (s *Service) enter(ctx context.Context, a Account) (code string, err error) {
	err = s.Register.CreateAccount(ctx, a)
	if errors.Is(err, ErrNumberTaken) {
		return "", ErrTaken.With(err)
	}
	if err != nil {
		return "", fmt.Errorf("saving an account: %w", err)
	}
	return s.newCode(ctx, a.ID)
}

// act does one act of management on another's account: fn changes it. Officers
// are locked first and in one order, so that two who would disable each other
// at once don't both get their way.
func (s *Service) act(ctx context.Context, caller authz.Caller, id, step string, fn func(ctx context.Context, a *Account) (detail []string, err error)) (Account, error) {
	var out Account
	err := authz.Allow(caller, authz.ManageStaff, id)
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			officers, err := s.Roster.ActiveOfficers(ctx)
			if err != nil {
				return fmt.Errorf("counting officers: %w", err)
			}
			a, err := s.account(ctx, id)
			if err != nil {
				return err
			}
			before := a
			detail, err := fn(ctx, &a)
			if err != nil {
				return err
			}
			stays := a.Role == authz.Security && a.State == Active
			if before.Role == authz.Security && before.State == Active && !stays && len(officers) < 2 {
				return ErrLastOfficer.With(nil)
			}
			if err := s.alone(ctx, a); err != nil {
				return err
			}
			if err := s.Log.Record(ctx, caller, authz.ManageStaff, object(id), append([]string{"step", step}, detail...)...); err != nil {
				return err
			}
			out = a
			return s.save(ctx, a)
		})
	}
	if err != nil {
		return Account{}, s.refused(ctx, caller, authz.ManageStaff, object(id), err)
	}
	return out, nil
}

// Change changes an account. Another role or branch ends its sessions. A customer
// whom nobody knows is refused (ErrNoCustomer): the rule that nobody handles their
// own matters would be for nothing.
func (s *Service) Change(ctx context.Context, caller authz.Caller, id string, c Change) (Account, error) {
	var err error
	if c.SubscriberID, err = s.customer(ctx, caller, id, strings.TrimSpace(c.SubscriberID)); err != nil {
		return Account{}, s.refused(ctx, caller, authz.ManageStaff, object(id), err)
	}
	return s.act(ctx, caller, id, "change", func(_ context.Context, a *Account) ([]string, error) {
		if err := mayGive(caller, a.Role, c.Role); err != nil {
			return nil, err
		}
		detail := []string{"role", string(c.Role), "branch", c.Branch}
		if a.Role != c.Role || a.Branch != c.Branch {
			a.Epoch++
			detail = append(detail, "old-role", string(a.Role), "old-branch", a.Branch)
		}
		if a.SubscriberID != c.SubscriberID {
			detail = append(detail, "customer", map[bool]string{true: "none", false: "set"}[c.SubscriberID == ""])
		}
		a.Name, a.Role, a.Branch, a.SubscriberID = strings.TrimSpace(c.Name), c.Role, c.Branch, c.SubscriberID
		return detail, s.check(*a)
	})
}

// Disable shuts an account: every session is over, its code too, and no way in
// works until it is enabled.
func (s *Service) Disable(ctx context.Context, caller authz.Caller, id string) error {
	_, err := s.act(ctx, caller, id, "disable", func(ctx context.Context, a *Account) ([]string, error) {
		if a.State == Disabled {
			return nil, stateFault(a.State)
		}
		a.State = Disabled
		a.Epoch++
		return nil, s.dropCode(ctx, id)
	})
	return err
}

// Enable opens an account that was disabled. Whoever has logged in before does
// so as before; who never has needs a new invitation.
func (s *Service) Enable(ctx context.Context, caller authz.Caller, id string) error {
	_, err := s.act(ctx, caller, id, "enable", func(_ context.Context, a *Account) ([]string, error) {
		if a.State != Disabled {
			return nil, stateFault(a.State)
		}
		a.State = Active
		if a.LastLogin.IsZero() {
			a.State = Invited
		}
		return nil, mayGive(caller, a.Role)
	})
	return err
}

// Invite makes a new one-time code for an account. Everything else by which its
// owner could come in is worthless from then on, and its sessions are over: a
// device that was lost opens nothing any more.
func (s *Service) Invite(ctx context.Context, caller authz.Caller, id string) (code string, err error) {
	_, err = s.act(ctx, caller, id, "invite", func(ctx context.Context, a *Account) ([]string, error) {
		if err := mayGive(caller, a.Role); err != nil {
			return nil, err
		}
		code, err = s.invite(ctx, a)
		return nil, err
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

func (s *Service) invite(ctx context.Context, a *Account) (code string, err error) {
	if a.State == Disabled {
		return "", stateFault(a.State)
	}
	a.State = Invited
	a.Epoch++
	if _, err := s.Config.Passkeys.RemoveStaffPasskeys(ctx, a.ID, ""); err != nil {
		return "", fmt.Errorf("removing passkeys: %w", err)
	}
	if err := s.Keyring.UnbindIdentities(ctx, a.ID); err != nil {
		return "", fmt.Errorf("unbinding from the provider: %w", err)
	}
	return s.newCode(ctx, a.ID)
}

// InviteOfficer is for who has the service's keys in hand: it makes the first
// security officer, or invites one anew when none can come in any more. No door
// leads here.
func (s *Service) InviteOfficer(ctx context.Context, caller authz.Caller, number string) (_ Account, code string, err error) {
	a := Account{ID: rand.Text(), Number: Tidy(number), Name: Tidy(number), Role: authz.Security, State: Invited,
		CreatedBy: caller.ID, CreatedAt: s.now(), UpdatedAt: s.now()}
	err = authz.Allow(caller, authz.InviteOfficer, "")
	if err == nil {
		err = s.check(a)
	}
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			known, err := s.Register.AccountByNumber(ctx, a.Number)
			there := err == nil
			if err != nil && !errors.Is(err, ErrUnknown) {
				return fmt.Errorf("reading an account: %w", err)
			}
			if there {
				a = known
			}
			if err := s.Log.Record(ctx, caller, authz.InviteOfficer, object(a.ID)); err != nil {
				return err
			}
			switch {
			case !there:
				code, err = s.enter(ctx, a)
				return err
			case a.Role != authz.Security:
				return ErrTaken.With(nil)
			}
			if code, err = s.invite(ctx, &a); err != nil {
				return err
			}
			return s.save(ctx, a)
		})
	}
	if err != nil {
		return Account{}, "", s.refused(ctx, caller, authz.InviteOfficer, "staff", err)
	}
	return a, code, nil
}

// mayGive says whether a caller may give or take roles: those who say who works
// here, and those who run the machines, are a security officer's to name.
func mayGive(caller authz.Caller, roles ...authz.Role) error {
	if caller.Role == authz.Security || caller.Role == authz.System {
		return nil
	}
	if slices.Contains(roles, authz.Security) || slices.Contains(roles, authz.Operator) {
		return ErrRoleGiving.With(authz.ErrForbidden)
	}
	return nil
}

// Tidy writes an employee number as accounts have it.
func Tidy(number string) string { return strings.ToUpper(strings.TrimSpace(number)) }

// CheckNumber says whether somebody can have an employee number: ErrForm.
func CheckNumber(number string) error {
	number = Tidy(number)
	if len(number) < 4 || len(number) > 12 || strings.Trim(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return ErrForm.With(nil, "field", "number").Word("field", fields["number"])
	}
	return nil
}

// check says whether an account is one that can be.
func (s *Service) check(a Account) error {
	if err := CheckNumber(a.Number); err != nil {
		return err
	}
	wrong := ""
	switch {
	case !Nameable(a.Name):
		wrong = "name"
	case !slices.Contains(authz.Staff, a.Role):
		wrong = "role"
	case AtBranch(a.Role) != (a.Branch != ""):
		wrong = "branch"
	case len(a.SubscriberID) > maxCustomer:
		wrong = "customer"
	}
	if wrong != "" {
		return ErrForm.With(nil, "field", wrong).Word("field", fields[wrong])
	}
	if a.Branch == "" {
		return nil
	}
	if len(a.Branch) != 3 || strings.Trim(a.Branch, "0123456789") != "" {
		return ErrForm.With(nil, "field", "branch").Word("field", fields["branch"])
	}
	if !s.Branches.Branch(a.Branch) {
		return ErrNoBranch.With(nil, "branch", a.Branch)
	}
	return nil
}

var fields = map[string]fault.Text{
	"number": {KO: "사번", EN: "employee number"}, "name": {KO: "이름", EN: "name"}, "role": {KO: "역할", EN: "role"},
	"branch": {KO: "영업점", EN: "branch"}, "customer": {KO: "고객", EN: "customer"},
}

var states = map[State]fault.Text{
	Invited: {KO: "초대됨", EN: "invited"}, Active: {KO: "사용 중", EN: "active"}, Disabled: {KO: "중지됨", EN: "disabled"},
}

func stateFault(state State) error {
	return ErrState.With(nil, "state", string(state)).Word("state", states[state])
}

// Nameable says whether people and passkeys can be called so: 1 to 40 visible
// characters.
func Nameable(name string) bool {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !utf8.ValidString(name) || strings.TrimSpace(name) != name {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}
