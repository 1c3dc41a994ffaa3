package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/passkey"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Every column that holds a sealed value is one that Reencrypt knows: the
// others would be lost with an old key.
func TestSealedTablesAreComplete(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, "sqlite:"+t.TempDir()+"/ingam.db", keys.NewRing())
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	steps := []error{
		s.Migrate(ctx),
		func() error { _, err := s.SaveSubscriber(ctx, subscriber.Subscriber{ID: "s"}); return err }(),
		s.Reserve(ctx, ca.Record{Serial: "0a", KeyHash: []byte("k"), CreatedAt: now, NotAfter: now, NotBefore: now}),
		second(s.Complete(ctx, "0a", []byte("der"), ca.Valid, now)),
		s.Sessions(func() time.Time { return now }).Commit("token", []byte("x"), now),
		s.CreateProposal(ctx, lifecycle.Proposal{ID: "p", State: lifecycle.Open, Why: "because", MadeAt: now, ExpiresAt: now}),
		s.CreateCase(ctx, counter.Case{ID: "c", State: counter.Open, CreatedAt: now, UpdatedAt: now, ExpiresAt: now}),
		s.SaveCard(ctx, "c", []byte("card")),
		s.AddScan(ctx, counter.Picture{ID: "i", File: []byte("picture"), At: now}),
		s.CreateAccount(ctx, staff.Account{ID: "t", Number: "1", Name: "name", CreatedAt: now, UpdatedAt: now}),
		s.AddStaffPasskey(ctx, staff.Passkey{ID: "k", StaffID: "t", Name: "key", CreatedAt: now,
			Credential: passkey.Credential{ID: []byte("c")}}, 1),
		s.AddPasskey(ctx, login.Passkey{ID: "p", CredentialID: []byte("c"), CreatedAt: now}, 1),
	}
	for _, err := range steps {
		if err != nil {
			t.Fatal(err)
		}
	}
	var listed, found []string
	for _, table := range sealedTables() {
		for _, column := range table.columns {
			listed = append(listed, table.name+"."+column)
		}
	}
	columns, _ := schema(t, s)
	for _, c := range columns {
		if c.Type != "bytes" {
			continue
		}
		err := s.each(ctx, `SELECT `+c.Name+` FROM `+c.Table, nil, func(row scanner) error {
			var value []byte
			err := row.Scan(&value)
			if id, kerr := keys.KeyOf(value); kerr == nil && id == s.ring.Current() {
				found = append(found, c.Table+"."+c.Name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(listed)
	slices.Sort(found)
	if !slices.Equal(listed, found) {
		t.Errorf("sealed are %v\nbut listed are %v", found, listed)
	}
}

func second[T any](_ T, err error) error { return err }
