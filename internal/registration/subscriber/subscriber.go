// Package subscriber knows the bank's customers as far as certificates need
// it: who they are, how they log in, and whether they may apply at all.
package subscriber

import (
	"context"
	"time"
)

// Sort is what sort of person a subscriber is in law.
type Sort string

// The sorts.
const (
	Individual Sort = "individual" // resident registration number
	Foreigner  Sort = "foreigner"  // alien registration number
	Corporate  Sort = "corporate"  // business registration number
)

// Subscriber is a customer as the bank's core system knows them. Name,
// IdentityNumber, Phone and Mail are personal: the store encrypts them.
type Subscriber struct {
	ID             string // ours, random
	CustomerNumber string // the core bank's number; unique
	Sort           Sort
	Name           string
	RomanName      string // may be empty
	IdentityNumber string // digits only: 13, or 10 for a business
	Birth          string // yyyymmdd; empty for a business
	Phone          string // digits only
	Mail           string // may be empty
	Branch         string // that looks after them (관리점), three digits; empty when the core bank names none
	Deceased       bool
	UpdatedAt      time.Time
}

// Login is a customer's way into the demo bank.
type Login struct {
	LoginID      string // lower case
	SubscriberID string
	Password     string // argon2id, PHC string format
}

// Register keeps subscribers. The store implements it.
type Register interface {
	// Subscriber gives ErrUnknown when there is none.
	Subscriber(ctx context.Context, id string) (Subscriber, error)
	// ByIdentityNumber looks up by keyed hash.
	ByIdentityNumber(ctx context.Context, idn string) (Subscriber, error)
	ByCustomerNumber(ctx context.Context, number string) (Subscriber, error)
	// SaveSubscriber inserts or, by customer number, updates; it gives the id
	// that the subscriber has.
	SaveSubscriber(ctx context.Context, s Subscriber) (id string, err error)
	// FindSubscribers gives up to limit subscribers whom a query by name and birth
	// date or by phone fits, in order of customer number. It knows no accounts.
	FindSubscribers(ctx context.Context, q Query, limit int) ([]Subscriber, error)
}

// Logins keeps how customers log in. The store implements it.
type Logins interface {
	Login(ctx context.Context, loginID string) (Login, error)
	SaveLogin(ctx context.Context, l Login) error
}
