package store

import (
	"context"

	"github.com/ingam-pki/ingam/internal/control/audit"
)

// LookThrough is how many entries Find reads for what has no index.
const LookThrough = lookThrough

// ExplainFind says how PostgreSQL finds what a query of one object asks for, and
// where a search without an index ends.
func (s *Store) ExplainFind(ctx context.Context, q audit.Query) (plan string, err error) {
	w := whereOf(q)
	if q.Object != "" {
		w.add("object = ", q.Object)
	}
	for _, query := range []string{w.newest(q.Limit), w.boundary()} {
		err = s.each(ctx, "EXPLAIN "+query, w.args, func(row scanner) error {
			var line string
			err := row.Scan(&line)
			plan += line + "\n"
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return plan, nil
}
