package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
)

// Log writes and checks the audit log.
type Log struct {
	chain Chain
	key   []byte
	now   func() time.Time
}

// New makes a log over a chain. The key seals the entries (keys.Ring.AuditKey,
// 32 bytes); with a shorter one every Record gives ErrKey.
func New(chain Chain, key []byte, now func() time.Time) *Log {
	return &Log{chain: chain, key: key, now: now}
}

// Record writes that an act is done. Call it in the transaction of the act, as
// its first statement: when it gives an error the act must not happen, and when
// the act rolls back its entry does too. Without a transaction in ctx it makes
// one of its own. detail is name, value pairs of short facts: never personal
// data, never a secret.
func (l *Log) Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error {
	return l.write(ctx, caller, act, object, Done, 0, detail)
}

// Refuse writes that an act was not done: Denied when the caller may not do it,
// Refused when a rule or a check said no. The entry holds the number of err's
// fault. Call it after the act was rolled back, with a context outside of its
// transaction, or the entry goes with it.
func (l *Log) Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome Outcome, err error) error {
	if outcome != Denied && outcome != Refused {
		return fmt.Errorf("%w: refusing with %q", ErrOutcome, outcome)
	}
	code := fault.Unexpected.Number
	if f := fault.Of(err); f != nil {
		code = f.Number
	}
	return l.write(ctx, caller, act, object, outcome, code, nil)
}

func (l *Log) write(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome Outcome, code int, detail []string) error {
	e, err := compose(l.now(), caller, act, object, outcome, code, detail)
	if err == nil {
		err = l.chain.AppendEntry(ctx, func(h Head) (Entry, error) { return e.follow(h, l.key) })
	}
	if err != nil {
		return fmt.Errorf("writing audit entry: %w", err)
	}
	return nil
}
