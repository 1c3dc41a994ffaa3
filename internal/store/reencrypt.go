package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/keys"
)

// sealedTable names the sealed columns of a table and its key, which is the
// row they are bound to.
type sealedTable struct {
	name, key string
	columns   []string
	large     bool // values of megabytes: few at a time
}

// largeBatch is how many rows of a large table are taken at a time.
const largeBatch = 4

// sealedTables lists every sealed column there is; a test holds it against
// what the store seals.
func sealedTables() []sealedTable {
	return []sealedTable{
		{name: "subscriber", key: "id", columns: []string{"name", "roman_name", "identity_number", "birth", "phone", "mail"}},
		{name: "certificate", key: "serial", columns: []string{"subject", "tbs", "der"}},
		{name: "session", key: "token_hash", columns: []string{"data"}},
		{name: "proposal", key: "id", columns: []string{"why"}},
		{name: "counter_case", key: "id", columns: []string{"visitor_name", "why", "seen", "note"}},
		{name: "counter_card", key: "case_id", columns: []string{"entries"}, large: true},
		{name: "scan", key: "id", columns: []string{"file"}, large: true},
		{name: "passkey", key: "id", columns: []string{"name", "credential_id", "public_key", "transports"}},
		{name: "staff", key: "id", columns: []string{"name"}},
		{name: "staff_passkey", key: "id", columns: []string{"name", "credential_id", "public_key", "transports"}},
	}
}

// Reencrypt seals again, with the ring's current key, whatever an older key
// sealed, batch rows to a transaction, and says how many rows that were. It may
// be stopped and called again. Other instances must have the new ring before.
func (s *Store) Reencrypt(ctx context.Context, batch int) (rows int, err error) {
	for _, table := range sealedTables() {
		size := max(1, batch)
		if table.large {
			size = min(size, largeBatch)
		}
		for after, done := "", false; !done; {
			var n int
			if n, after, done, err = s.reencrypt(ctx, table, after, size); err != nil {
				return rows, fmt.Errorf("re-encrypting %s: %w", table.name, err)
			}
			rows += n
		}
	}
	return rows, nil
}

// reencrypt does the batch of rows whose keys follow after.
func (s *Store) reencrypt(ctx context.Context, t sealedTable, after string, batch int) (n int, last string, done bool, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		n, last, done = 0, after, true
		type row struct {
			key    string
			sealed [][]byte
		}
		var page []row
		err := s.each(ctx, `SELECT `+t.key+`, `+strings.Join(t.columns, ", ")+` FROM `+t.name+
			` WHERE `+t.key+` > $1 ORDER BY `+t.key+` LIMIT $2`+s.forUpdate(ctx), []any{after, batch},
			func(sc scanner) error {
				r := row{sealed: make([][]byte, len(t.columns))}
				into := []any{&r.key}
				for i := range r.sealed {
					into = append(into, &r.sealed[i])
				}
				err := sc.Scan(into...)
				page = append(page, r)
				return err
			})
		if err != nil {
			return err
		}
		for _, r := range page {
			last, done = r.key, false
			changed, err := s.reseal(t, r.key, r.sealed)
			if err != nil {
				return err
			}
			if !changed {
				continue
			}
			if err := s.writeSealed(ctx, t, r.key, r.sealed); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, last, done, err
}

// reseal replaces in place what another than the current key sealed.
func (s *Store) reseal(t sealedTable, key string, sealed [][]byte) (changed bool, err error) {
	current := s.ring.Current()
	x := s.sealer(t.name, key)
	for i, old := range sealed {
		if old == nil {
			continue
		}
		id, err := keys.KeyOf(old)
		if err != nil {
			return false, fmt.Errorf("%s of %s: %w", t.columns[i], key, err)
		}
		if id != current {
			sealed[i] = x.seal(t.columns[i], x.open(t.columns[i], old))
			changed = true
		}
	}
	return changed, x.err
}

func (s *Store) writeSealed(ctx context.Context, t sealedTable, key string, sealed [][]byte) error {
	set, args := make([]string, len(t.columns)), []any{key}
	for i, column := range t.columns {
		set[i] = fmt.Sprintf("%s = $%d", column, i+2)
		args = append(args, sealed[i])
	}
	return s.touchOne(ctx, `UPDATE `+t.name+` SET `+strings.Join(set, ", ")+` WHERE `+t.key+` = $1`, args...)
}

// SealedBy counts the sealed values by the key that sealed them. A key that is
// not in it may be dropped from the ring. It reads everything.
func (s *Store) SealedBy(ctx context.Context) (map[keys.KeyID]int64, error) {
	var parts []string
	for _, t := range sealedTables() {
		for _, column := range t.columns {
			parts = append(parts, `SELECT substr(`+column+`, 2, 4) AS id FROM `+t.name+` WHERE `+column+` IS NOT NULL`)
		}
	}
	counts := make(map[keys.KeyID]int64)
	err := s.each(ctx, `SELECT id, count(*) FROM (`+strings.Join(parts, ` UNION ALL `)+`) AS sealed GROUP BY id`, nil,
		func(row scanner) error {
			var id []byte
			var n int64
			if err := row.Scan(&id, &n); err != nil {
				return err
			}
			var key keys.KeyID
			copy(key[:], id)
			counts[key] += n
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("counting sealed values: %w", err)
	}
	return counts, nil
}
