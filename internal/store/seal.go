package store

import (
	"fmt"

	"github.com/ingam-pki/ingam/internal/keys"
)

// sealer seals several columns of one row; the first error stays.
type sealer struct {
	ring       *keys.Ring
	table, row string
	err        error
}

func (s *Store) sealer(table, row string) *sealer {
	return &sealer{ring: s.ring, table: table, row: row}
}

func (x *sealer) seal(column string, plain []byte) []byte {
	if x.err != nil {
		return nil
	}
	sealed, err := x.ring.Seal(x.table, column, x.row, plain)
	x.err = x.wrap("sealing", column, err)
	return sealed
}

func (x *sealer) open(column string, sealed []byte) []byte {
	if x.err != nil {
		return nil
	}
	plain, err := x.ring.Open(x.table, column, x.row, sealed)
	x.err = x.wrap("opening", column, err)
	return plain
}

func (x *sealer) wrap(doing, column string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s.%s: %w", doing, x.table, column, err)
}
