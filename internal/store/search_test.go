package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Subscribers of a program that could not search are found once they have been
// given what they are searched by, and are given it once.
func TestOlderSubscribersAreIndexed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, address := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, address, keys.NewRing())
			if err := s.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			const people = 7
			for n := range people {
				p := subscriber.Subscriber{ID: fmt.Sprint("s", n), CustomerNumber: fmt.Sprint(n), Sort: subscriber.Individual, Name: fmt.Sprint("홍길동", n),
					Birth: "19900101", IdentityNumber: fmt.Sprint("900101100000", n), Phone: fmt.Sprint("0100000000", n), UpdatedAt: time.UnixMicro(1).UTC()}
				if n == 3 {
					p.Phone = ""
				}
				if _, err := s.SaveSubscriber(ctx, p); err != nil {
					t.Fatal(err)
				}
			}
			// The last one came after the upgrade.
			if _, err := s.exec(ctx, `UPDATE subscriber SET name_birth_index = NULL, phone_index = NULL WHERE id <> 's6'`); err != nil {
				t.Fatal(err)
			}
			found := func() (n int) {
				for i := range people {
					for _, q := range []subscriber.Query{{Name: fmt.Sprint("홍길동", i), Birth: "19900101"}, {Phone: fmt.Sprint("0100000000", i)}} {
						list, err := s.FindSubscribers(ctx, q, 9)
						if err != nil {
							t.Fatal(err)
						}
						n += len(list)
					}
				}
				return n
			}
			if n := found(); n != 2 {
				t.Fatalf("before: %d found", n)
			}
			if n, err := s.IndexSubscribers(ctx, 4); n != people-1 || err != nil {
				t.Errorf("indexed %d, %v", n, err)
			}
			if n := found(); n != 2*people-1 {
				t.Errorf("after: %d found", n)
			}
			if n, err := s.IndexSubscribers(ctx, 4); n != 0 || err != nil {
				t.Errorf("again: indexed %d, %v", n, err)
			}
		})
	}
}

// Each search goes by an index also where there are millions.
func TestSearchesGoByIndex(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := open(t, engines(t)["postgres"], keys.NewRing())
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`INSERT INTO subscriber (id, customer_number, sort, identity_index, name, roman_name, identity_number, birth, phone, mail,
			deceased, updated_at, branch, name_birth_index, phone_index)
		SELECT 's' || i, 'c' || i, 'individual', decode(md5('i' || i), 'hex'), '', '', '', '', '', '', 0, 0, '', decode(md5('n' || i), 'hex'),
			decode(md5('p' || i), 'hex') FROM generate_series(1, 20000) i`, `ANALYZE subscriber`} {
		if _, err := s.exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	for index, where := range map[string]string{
		"subscriber_name_birth": `name_birth_index = '\x01' ORDER BY customer_number LIMIT 21`,
		"subscriber_phone":      `phone_index = '\x01' ORDER BY customer_number LIMIT 21`,
		"subscriber_unindexed":  `name_birth_index IS NULL AND id > '' ORDER BY id LIMIT 500`,
		"subscriber_customer":   `customer_number = 'c1'`,
	} {
		var plan strings.Builder
		err := s.each(ctx, `EXPLAIN SELECT `+subscriberColumns+` FROM subscriber WHERE `+where, nil, func(row scanner) error {
			var line string
			err := row.Scan(&line)
			plan.WriteString(line + "\n")
			return err
		})
		if err != nil || !strings.Contains(plan.String(), index) {
			t.Errorf("%s: %v\n%s", index, err, plan.String())
		}
	}
}
