// Package staff knows who works at the bank, and as what: their accounts, how
// they log in (a passkey, or the bank's own OpenID provider), and their
// sessions. Nobody shares an account, and nobody changes their own.
package staff

import (
	"context"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// State says whether an account can be used.
type State string

// The states. An account is invited until its owner has logged in once.
const (
	Invited  State = "invited"
	Active   State = "active"
	Disabled State = "disabled" // left, on leave, or under inquiry; for good or until enabled again
)

// Account is one person who works here, in one role.
type Account struct {
	ID           string     // ours, random; stands in the audit log
	Number       string     // employee number (사번): 4 to 12 letters or digits, upper case; unique
	Name         string     // personal: the store encrypts it
	Role         authz.Role // one of authz.Staff
	Branch       string     // three digits; empty for a role at headquarters
	SubscriberID string     // if they are a customer, too: they never handle their own matters
	State        State
	Epoch        int64 // sessions of an earlier one are over; grows when all are ended
	CreatedBy    string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	LastLogin    time.Time // zero: never
}

// Caller names an account's owner to the services.
func (a Account) Caller(request string) authz.Caller {
	return authz.Caller{Role: a.Role, ID: a.ID, Request: request, Branch: a.Branch, Self: a.SubscriberID}
}

// AtBranch says whether a role has its place at a branch.
func AtBranch(role authz.Role) bool { return role == authz.Teller || role == authz.Supervisor }

// Register keeps accounts. The store implements it.
type Register interface {
	// Account gives ErrUnknown when there is none; within a transaction it locks.
	Account(ctx context.Context, id string) (Account, error)
	AccountByNumber(ctx context.Context, number string) (Account, error)
	// CreateAccount gives ErrNumberTaken when somebody has the number.
	CreateAccount(ctx context.Context, a Account) error
	SaveAccount(ctx context.Context, a Account) error
	// Accounts gives up to limit accounts in order of number, from after on.
	Accounts(ctx context.Context, after string, limit int) ([]Account, error)
}
