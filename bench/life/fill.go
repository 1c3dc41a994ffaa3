package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// filler makes persons with a certificate each, by COPY.
type filler struct {
	url      string
	ring     *keys.Ring
	n        int
	openable int // so many certificates can be opened, as those of which something is done
	now      time.Time
	issuer   string
}

func subscriberID(n int) string { return fmt.Sprintf("person-%07d", n) }

func serial(n int) string {
	hash := sha256.Sum256([]byte(subscriberID(n)))
	return "4" + hex.EncodeToString(hash[:])[:31]
}

func (f filler) fill(ctx context.Context) error {
	db, err := pgx.Connect(ctx, f.url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(ctx) }() // all that it wrote is committed
	_, err = db.CopyFrom(ctx, pgx.Identifier{"subscriber"}, []string{"id", "customer_number", "sort", "identity_index", "name", "roman_name",
		"identity_number", "birth", "phone", "mail", "deceased", "updated_at"}, pgx.CopyFromSlice(f.n, f.person))
	if err != nil {
		return err
	}
	_, err = db.CopyFrom(ctx, pgx.Identifier{"certificate"}, []string{"serial", "issuer", "application_id", "subscriber_id", "kind", "state",
		"subject_index", "key_hash", "subject", "tbs", "der", "not_before", "not_after", "created_at", "issued_at", "changed_at", "reason",
		"remind_at"}, pgx.CopyFromSlice(f.n, f.certificate))
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, "ANALYZE")
	return err
}

func (f filler) person(n int) ([]any, error) {
	id, number := subscriberID(n), fmt.Sprintf("%013d", n)
	row := []any{id, number, "individual", f.ring.Index("subscriber", "identity_number", []byte(number))}
	for _, c := range []struct{ column, plain string }{
		{"name", "홍길동"}, {"roman_name", "HONG GILDONG"}, {"identity_number", number}, {"birth", "19850314"},
		{"phone", fmt.Sprintf("010%08d", n)}, {"mail", "nobody@example.com"},
	} {
		sealed, err := f.ring.Seal("subscriber", c.column, id, []byte(c.plain))
		if err != nil {
			return nil, err
		}
		row = append(row, sealed)
	}
	return append(row, int64(0), f.now.UnixMicro()), nil
}

// content is as long as what certificates are.
var content = make([]byte, 1400)

func (f filler) certificate(n int) ([]any, error) {
	s, id := serial(n), subscriberID(n)
	hash := sha256.Sum256([]byte(s))
	subject, tbs, der := hash[:], hash[:], hash[:]
	if n < f.openable {
		var err error
		for column, into := range map[string]*[]byte{"subject": &subject, "tbs": &tbs, "der": &der} {
			if *into, err = f.ring.Seal("certificate", column, s, content); err != nil {
				return nil, err
			}
		}
	}
	end := seoul.LastSecond(f.now.AddDate(0, 0, 30))
	begin := end.AddDate(-1, 0, 0)
	due := lifecycle.NextReminder(end, begin)
	return []any{s, f.issuer, "application-" + id, id, string(npki.PersonalBank), "valid", hash[:], hash[:], subject, tbs, der,
		begin.UnixMicro(), end.UnixMicro(), begin.UnixMicro(), begin.UnixMicro(), begin.UnixMicro(), int64(0), due.UnixMicro()}, nil
}
