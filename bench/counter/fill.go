package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Who the customer with a number is, from 0. A name has some fifty thousand
// bearers where there are five million, who were born on different days.
func idOf(n int) string     { return fmt.Sprintf("person-%08d", n) }
func numberOf(n int) string { return fmt.Sprintf("%013d", n) }
func phoneOf(n int) string  { return fmt.Sprintf("010%08d", n) }
func birthOf(n int) string {
	return time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*7919%24_007).Format("20060102")
}

func nameOf(n int) string {
	families, syllables := []rune("김이박최정강조윤장임"), []rune("가나다라마바사아자차")
	return string([]rune{families[n%10], syllables[n/10%10], syllables[0]})
}

func serialOf(n int) string {
	sum := sha256.Sum256([]byte(idOf(n)))
	return "4" + hex.EncodeToString(sum[:])[:31]
}

// filler writes customers with all that they have, by COPY.
type filler struct {
	url  string
	ring *keys.Ring
	rows int
	now  time.Time
}

// table is how one is filled.
type table struct {
	name    string
	columns []string
	row     func(f filler, n int) ([]any, error)
}

var tables = []table{
	{"subscriber", []string{"id", "customer_number", "sort", "identity_index", "name", "roman_name", "identity_number", "birth", "phone", "mail",
		"deceased", "updated_at", "branch", "name_birth_index", "phone_index"}, filler.person},
	{"application", []string{"id", "subscriber_id", "kind", "state", "revision", "challenge", "consents", "proofs", "rejected_for", "serial",
		"created_at", "updated_at", "expires_at"}, filler.application},
	{"certificate", []string{"serial", "issuer", "application_id", "subscriber_id", "kind", "state", "subject_index", "key_hash", "subject", "tbs",
		"der", "not_before", "not_after", "created_at", "issued_at", "changed_at", "reason", "remind_at", "emergency_index"}, filler.certificate},
	{"counter_case", []string{"id", "branch", "subscriber_id", "act", "kind", "serial", "about", "visitor", "visitor_name", "why", "seen", "note",
		"reason", "consents", "proof", "finding", "failed", "check_id", "checks", "attached", "state", "revision", "maker", "handler", "submitter",
		"decider", "application", "created_at", "updated_at", "expires_at"}, filler.visit},
	{"certificate_event", []string{"id", "serial", "subscriber_id", "at", "act", "role", "desk", "reason", "other"}, filler.event},
}

// fill writes the rows, and the indexes after them.
func (f filler) fill(ctx context.Context) (err error) {
	db, err := pgx.Connect(ctx, f.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(context.WithoutCancel(ctx))) }()
	for _, t := range tables {
		if err := f.fillTable(ctx, db, t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	_, err = db.Exec(ctx, "CHECKPOINT")
	return err
}

func (f filler) fillTable(ctx context.Context, db *pgx.Conn, t table) error {
	found, err := db.Query(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1`, t.name)
	if err != nil {
		return err
	}
	type index struct{ Name, SQL string }
	indexes, err := pgx.CollectRows(found, pgx.RowToStructByPos[index])
	if err != nil {
		return err
	}
	key := map[string]string{"certificate": "serial"}[t.name]
	if key == "" {
		key = "id"
	}
	before := []string{"ALTER TABLE " + t.name + " DISABLE TRIGGER USER, DROP CONSTRAINT " + t.name + "_pkey"}
	after := []string{"SET maintenance_work_mem = '512MB'", "ALTER TABLE " + t.name + " ADD PRIMARY KEY (" + key + ")"}
	for _, i := range indexes {
		if i.Name != t.name+"_pkey" {
			before, after = append(before, "DROP INDEX "+pgx.Identifier{i.Name}.Sanitize()), append(after, i.SQL)
		}
	}
	after = append(after, "ALTER TABLE "+t.name+" ENABLE TRIGGER USER", "VACUUM (ANALYZE) "+t.name)
	if err := execAll(ctx, db, before); err != nil {
		return err
	}
	if err := f.copy(ctx, t); err != nil {
		return err
	}
	return execAll(ctx, db, after)
}

func execAll(ctx context.Context, db *pgx.Conn, statements []string) error {
	for _, sql := range statements {
		if _, err := db.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// copy writes a table's rows on two connections: sealing takes as long as writing.
func (f filler) copy(ctx context.Context, t table) error {
	const parts = 2
	problems := make([]error, parts)
	var wg sync.WaitGroup
	for part := range parts {
		wg.Go(func() {
			from, to := f.rows*part/parts, f.rows*(part+1)/parts
			db, err := pgx.Connect(ctx, f.url)
			if err == nil {
				_, err = db.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromSlice(to-from, func(i int) ([]any, error) { return t.row(f, from+i) }))
				err = errors.Join(err, db.Close(context.WithoutCancel(ctx)))
			}
			problems[part] = err
		})
	}
	wg.Wait()
	return errors.Join(problems...)
}

// seal seals the columns of a row, in order of name and value.
func (f filler) seal(table, row string, values ...string) ([]any, error) {
	var sealed []any
	for i := 0; i < len(values); i += 2 {
		value, err := f.ring.Seal(table, values[i], row, []byte(values[i+1]))
		if err != nil {
			return nil, err
		}
		sealed = append(sealed, value)
	}
	return sealed, nil
}

func (f filler) person(n int) ([]any, error) {
	id := idOf(n)
	sealed, err := f.seal("subscriber", id, "name", nameOf(n), "roman_name", "HONG GILDONG", "identity_number", numberOf(n), "birth", birthOf(n),
		"phone", phoneOf(n), "mail", "nobody@example.com")
	if err != nil {
		return nil, err
	}
	row := append([]any{id, numberOf(n), "individual", f.ring.Index("subscriber", "identity_number", []byte(numberOf(n)))}, sealed...)
	return append(row, int64(0), f.now.UnixMicro(), "012",
		f.ring.Index("subscriber", "name_birth", []byte(proofing.NameKey(nameOf(n))+"\x00"+birthOf(n))),
		f.ring.Index("subscriber", "phone", []byte(phoneOf(n)))), nil
}

func (f filler) application(n int) ([]any, error) {
	at := f.now.UnixMicro()
	return []any{"a" + idOf(n), idOf(n), string(npki.PersonalBank), "issued", int64(7), "challenge", "[]", "[]", int64(0), serialOf(n), at, at, at}, nil
}

func (f filler) certificate(n int) ([]any, error) {
	serial := serialOf(n)
	hash := sha256.Sum256([]byte(serial))
	sealed, err := f.seal("certificate", serial, "subject", "cn="+nameOf(n)+"()0001,ou=INGAM,o=yessign,c=kr", "tbs", "short", "der", "short")
	if err != nil {
		return nil, err
	}
	begin, end := f.now.UnixMicro(), seoul.LastSecond(f.now.AddDate(1, 0, 0)).UnixMicro()
	row := append([]any{serial, "issuer", "a" + idOf(n), idOf(n), string(npki.PersonalBank), "valid", hash[:], hash[:]}, sealed...)
	return append(row, begin, end, begin, begin, begin, int64(0), end, hash[:]), nil
}

// visit is a case at the counter that is over.
func (f filler) visit(n int) ([]any, error) {
	id := "c" + idOf(n)
	sealed, err := f.seal("counter_case", id, "visitor_name", "", "why", "", "seen", "[]", "note", "")
	if err != nil {
		return nil, err
	}
	at := f.now.UnixMicro()
	row := append([]any{id, "012", idOf(n), "issue", string(npki.PersonalBank), "", string(npki.PersonalBank), "self"}, sealed...)
	return append(row, int64(0), "[]", "[]", int64(0), int64(0), "", int64(0), "[]", "done", int64(5), "teller", "teller", "teller", "supervisor",
		"a"+idOf(n), at, at, at), nil
}

func (f filler) event(n int) ([]any, error) {
	return []any{"e" + idOf(n), serialOf(n), idOf(n), f.now.UnixMicro(), "issued", "customer", "", int64(0), ""}, nil
}
