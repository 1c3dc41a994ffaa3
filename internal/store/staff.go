package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
)

var (
	_ staff.Register = (*Store)(nil)
	_ staff.Roster   = (*Store)(nil)
)

const staffColumns = `id, number, name, role, branch, subscriber_id, state, epoch, created_by, created_at, updated_at, last_login`

// Account gives an account by id. Within a transaction its row is locked.
func (s *Store) Account(ctx context.Context, id string) (staff.Account, error) {
	return s.oneAccount(ctx, `SELECT `+staffColumns+` FROM staff WHERE id = $1`+s.forUpdate(ctx), id)
}

// AccountByNumber gives an account by employee number. Within a transaction its
// row is locked.
func (s *Store) AccountByNumber(ctx context.Context, number string) (staff.Account, error) {
	return s.oneAccount(ctx, `SELECT `+staffColumns+` FROM staff WHERE number = $1`+s.forUpdate(ctx), number)
}

func (s *Store) oneAccount(ctx context.Context, query string, arg string) (staff.Account, error) {
	found, err := s.accounts(ctx, query, arg)
	if err != nil {
		return staff.Account{}, err
	}
	if len(found) == 0 {
		return staff.Account{}, staff.ErrUnknown
	}
	return found[0], nil
}

// Accounts gives up to limit accounts in order of number, those that follow the
// number after.
func (s *Store) Accounts(ctx context.Context, after string, limit int) ([]staff.Account, error) {
	return s.accounts(ctx, `SELECT `+staffColumns+` FROM staff WHERE number > $1 ORDER BY number LIMIT $2`, after, limit)
}

// AccountsOf gives the accounts that are linked to a customer. Who works here are few:
// it goes through all of them.
func (s *Store) AccountsOf(ctx context.Context, subscriberID string) ([]staff.Account, error) {
	return s.accounts(ctx, `SELECT `+staffColumns+` FROM staff WHERE subscriber_id = $1 ORDER BY id`, subscriberID)
}

func (s *Store) accounts(ctx context.Context, query string, args ...any) ([]staff.Account, error) {
	var all []staff.Account
	err := s.each(ctx, query, args, func(row scanner) error {
		var a staff.Account
		var name []byte
		var role, state string
		if err := row.Scan(&a.ID, &a.Number, &name, &role, &a.Branch, &a.SubscriberID, &state, &a.Epoch,
			&a.CreatedBy, clock{&a.CreatedAt}, clock{&a.UpdatedAt}, clock{&a.LastLogin}); err != nil {
			return err
		}
		x := s.sealer("staff", a.ID)
		a.Name, a.Role, a.State = string(x.open("name", name)), authz.Role(role), staff.State(state)
		all = append(all, a)
		return x.err
	})
	if err != nil {
		return nil, fmt.Errorf("finding staff: %w", err)
	}
	return all, nil
}

// CreateAccount stores a new account.
func (s *Store) CreateAccount(ctx context.Context, a staff.Account) error {
	x := s.sealer("staff", a.ID)
	name := x.seal("name", []byte(a.Name))
	if x.err != nil {
		return x.err
	}
	n, err := s.exec(ctx, `INSERT INTO staff (id, number, name, role, branch, subscriber_id, state, epoch, created_by,
		created_at, updated_at, last_login) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (number) DO NOTHING`, a.ID, a.Number, name, string(a.Role), a.Branch, a.SubscriberID, string(a.State), a.Epoch,
		a.CreatedBy, a.CreatedAt.UnixMicro(), a.UpdatedAt.UnixMicro(), micros(a.LastLogin))
	if err != nil {
		return fmt.Errorf("saving staff: %w", err)
	}
	if n == 0 {
		return staff.ErrNumberTaken
	}
	return nil
}

// SaveAccount stores what of an account can change.
func (s *Store) SaveAccount(ctx context.Context, a staff.Account) error {
	x := s.sealer("staff", a.ID)
	name := x.seal("name", []byte(a.Name))
	if x.err != nil {
		return x.err
	}
	n, err := s.exec(ctx, `UPDATE staff SET name = $2, role = $3, branch = $4, subscriber_id = $5, state = $6, epoch = $7,
		updated_at = $8, last_login = $9 WHERE id = $1`, a.ID, name, string(a.Role), a.Branch, a.SubscriberID, string(a.State),
		a.Epoch, a.UpdatedAt.UnixMicro(), micros(a.LastLogin))
	if err != nil {
		return fmt.Errorf("saving staff: %w", err)
	}
	if n == 0 {
		return staff.ErrUnknown
	}
	return nil
}

// ActiveOfficers gives the ids of the security officers who can act, in order,
// and locks their rows.
func (s *Store) ActiveOfficers(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.each(ctx, `SELECT id FROM staff WHERE role = $1 AND state = $2 ORDER BY id`+s.forUpdate(ctx),
		[]any{string(authz.Security), string(staff.Active)}, func(row scanner) error {
			var id string
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("finding officers: %w", err)
	}
	return ids, nil
}

// maxNames is how many names are asked for at once.
const maxNames = 200

// StaffNames gives names by id.
func (s *Store) StaffNames(ctx context.Context, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	for len(ids) > 0 {
		some := ids[:min(len(ids), maxNames)]
		ids = ids[len(some):]
		args, places := make([]any, len(some)), make([]string, len(some))
		for i, id := range some {
			args[i], places[i] = id, fmt.Sprintf("$%d", i+1)
		}
		err := s.each(ctx, `SELECT id, name FROM staff WHERE id IN (`+strings.Join(places, ", ")+`)`, args, func(row scanner) error {
			var id string
			var name []byte
			if err := row.Scan(&id, &name); err != nil {
				return err
			}
			x := s.sealer("staff", id)
			names[id] = string(x.open("name", name))
			return x.err
		})
		if err != nil {
			return nil, fmt.Errorf("finding names of staff: %w", err)
		}
	}
	return names, nil
}
