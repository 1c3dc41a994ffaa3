package store

import (
	"context"
	"fmt"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

var (
	_ subscriber.Register = (*Store)(nil)
	_ subscriber.Logins   = (*Store)(nil)
)

const subscriberColumns = `id, customer_number, sort, name, roman_name, identity_number, birth, phone, mail, branch,
	deceased, updated_at`

// Subscriber finds a subscriber by id.
func (s *Store) Subscriber(ctx context.Context, id string) (subscriber.Subscriber, error) {
	return s.subscriber(ctx, "id", id)
}

// ByCustomerNumber finds a subscriber by the core bank's number.
func (s *Store) ByCustomerNumber(ctx context.Context, number string) (subscriber.Subscriber, error) {
	return s.subscriber(ctx, "customer_number", number)
}

// ByIdentityNumber finds a subscriber by the keyed hash of an identity number.
func (s *Store) ByIdentityNumber(ctx context.Context, idn string) (subscriber.Subscriber, error) {
	return s.subscriber(ctx, "identity_index", s.identityIndex(idn))
}

func (s *Store) identityIndex(idn string) []byte {
	return s.ring.Index("subscriber", "identity_number", []byte(idn))
}

// subscriber finds by one of our own column names.
func (s *Store) subscriber(ctx context.Context, column string, value any) (subscriber.Subscriber, error) {
	var row subscriberRow
	found, err := s.get(ctx, `SELECT `+subscriberColumns+` FROM subscriber WHERE `+column+` = $1`, []any{value}, row.into()...)
	if err != nil {
		return subscriber.Subscriber{}, fmt.Errorf("finding subscriber: %w", err)
	}
	if !found {
		return subscriber.Subscriber{}, subscriber.ErrUnknown
	}
	return row.open(s)
}

// subscriberRow is a row of subscriberColumns as it is stored.
type subscriberRow struct {
	subscriber.Subscriber
	name, roman, idn, birth, phone, mail []byte
	deceased                             int64
}

func (r *subscriberRow) into() []any {
	return []any{&r.ID, &r.CustomerNumber, &r.Sort, &r.name, &r.roman, &r.idn, &r.birth, &r.phone, &r.mail, &r.Branch, &r.deceased, clock{&r.UpdatedAt}}
}

func (r *subscriberRow) open(s *Store) (subscriber.Subscriber, error) {
	p, x := r.Subscriber, s.sealer("subscriber", r.ID)
	p.Name = string(x.open("name", r.name))
	p.RomanName = string(x.open("roman_name", r.roman))
	p.IdentityNumber = string(x.open("identity_number", r.idn))
	p.Birth = string(x.open("birth", r.birth))
	p.Phone = string(x.open("phone", r.phone))
	p.Mail = string(x.open("mail", r.mail))
	p.Deceased = r.deceased != 0
	if x.err != nil {
		return subscriber.Subscriber{}, x.err
	}
	return p, nil
}

// SaveSubscriber inserts a subscriber or, when the customer number is known,
// updates the one that has it. ErrSamePerson when another customer number has
// the identity number already: one person is one subscriber.
func (s *Store) SaveSubscriber(ctx context.Context, p subscriber.Subscriber) (id string, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		var known string
		find := `SELECT id FROM subscriber WHERE customer_number = $1` + s.forUpdate(ctx)
		found, err := s.get(ctx, find, []any{p.CustomerNumber}, &known)
		if err != nil {
			return fmt.Errorf("finding subscriber: %w", err)
		}
		if !found {
			id = p.ID
			inserted, err := s.writeSubscriber(ctx, insertSubscriber, p)
			if inserted || err != nil {
				return err
			}
			// Another one was faster with the number, or has the identity.
			if found, err = s.get(ctx, find, []any{p.CustomerNumber}, &known); err != nil {
				return fmt.Errorf("finding subscriber: %w", err)
			}
			if !found {
				return ErrSamePerson
			}
		}
		id, p.ID = known, known
		var other int
		taken, err := s.get(ctx, `SELECT 1 FROM subscriber WHERE identity_index = $1 AND id <> $2`,
			[]any{s.identityIndex(p.IdentityNumber), known}, &other)
		if err != nil {
			return fmt.Errorf("finding subscriber: %w", err)
		}
		if taken {
			return ErrSamePerson
		}
		_, err = s.writeSubscriber(ctx, updateSubscriber, p)
		if s.engine.unique(err) {
			return ErrSamePerson // someone took it since we looked
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

const (
	insertSubscriber = `INSERT INTO subscriber (id, customer_number, sort, identity_index, name, roman_name,
		identity_number, birth, phone, mail, deceased, updated_at, branch, name_birth_index, phone_index)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING`
	updateSubscriber = `UPDATE subscriber SET customer_number = $2, sort = $3, identity_index = $4, name = $5,
		roman_name = $6, identity_number = $7, birth = $8, phone = $9, mail = $10, deceased = $11,
		updated_at = $12, branch = $13, name_birth_index = $14, phone_index = $15 WHERE id = $1`
)

func (s *Store) writeSubscriber(ctx context.Context, query string, p subscriber.Subscriber) (bool, error) {
	x := s.sealer("subscriber", p.ID)
	deceased := 0
	if p.Deceased {
		deceased = 1
	}
	args := []any{
		p.ID, p.CustomerNumber, string(p.Sort), s.identityIndex(p.IdentityNumber),
		x.seal("name", []byte(p.Name)), x.seal("roman_name", []byte(p.RomanName)),
		x.seal("identity_number", []byte(p.IdentityNumber)), x.seal("birth", []byte(p.Birth)),
		x.seal("phone", []byte(p.Phone)), x.seal("mail", []byte(p.Mail)), deceased, p.UpdatedAt.UnixMicro(),
		p.Branch, s.nameIndex(p.Name, p.Birth), s.phoneIndex(p.Phone),
	}
	if x.err != nil {
		return false, x.err
	}
	n, err := s.exec(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("saving subscriber: %w", err)
	}
	return n == 1, nil
}

// Login finds how someone logs in. The login name itself is not kept, only its
// keyed hash.
func (s *Store) Login(ctx context.Context, loginID string) (subscriber.Login, error) {
	l := subscriber.Login{LoginID: loginID}
	found, err := s.get(ctx, `SELECT subscriber_id, password FROM login WHERE login_index = $1`,
		[]any{s.loginIndex(loginID)}, &l.SubscriberID, &l.Password)
	if err != nil {
		return subscriber.Login{}, fmt.Errorf("finding login: %w", err)
	}
	if !found {
		return subscriber.Login{}, subscriber.ErrUnknown
	}
	return l, nil
}

// SaveLogin inserts a login or replaces the one of the same name.
func (s *Store) SaveLogin(ctx context.Context, l subscriber.Login) error {
	_, err := s.exec(ctx, `INSERT INTO login (login_index, subscriber_id, password) VALUES ($1, $2, $3)
		ON CONFLICT (login_index) DO UPDATE SET subscriber_id = excluded.subscriber_id, password = excluded.password`,
		s.loginIndex(l.LoginID), l.SubscriberID, l.Password)
	if err != nil {
		return fmt.Errorf("saving login: %w", err)
	}
	return nil
}

func (s *Store) loginIndex(loginID string) []byte {
	return s.ring.Index("login", "login_id", []byte(loginID))
}
