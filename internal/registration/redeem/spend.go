package redeem

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
)

// spender marks pairs as spent; the store does.
type spender interface {
	SpendPairs(ctx context.Context, applicationID string, at time.Time) error
}

// Spender is a witness of the authority (ca.Witness): in the transaction in which
// a certificate is made it spends the pairs of its application, whoever finishes
// it. Then it tells the next one.
type Spender struct {
	pairs spender
	next  ca.Witness
}

// NewSpender makes a witness that tells next, too.
func NewSpender(pairs spender, next ca.Witness) *Spender { return &Spender{pairs, next} }

// Witness implements ca.Witness.
func (s *Spender) Witness(ctx context.Context, c ca.Change) error {
	if c.From == ca.Pending {
		if err := s.pairs.SpendPairs(ctx, c.Record.ApplicationID, c.At); err != nil {
			return fmt.Errorf("spending codes: %w", err)
		}
	}
	return s.next.Witness(ctx, c)
}
