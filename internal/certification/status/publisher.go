package status

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/crl"
)

// transactor puts a number, its list and its audit entry into one transaction.
// The store implements it.
type transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// PublisherConfig is what a Publisher is made of.
type PublisherConfig struct {
	Issuer *x509.Certificate
	Signer crypto.Signer // the issuer's key

	Lasts  time.Duration // nextUpdate after thisUpdate; zero is 24 hours
	Before time.Duration // a new list comes so long before nextUpdate; zero is a quarter of Lasts

	Now func() time.Time
}

// Publisher issues an issuer's revocation lists. Any number of them may work
// on one register: a number is taken once, and two that find a list due at the
// same time issue one.
type Publisher struct {
	config   PublisherConfig
	issuerID string
	register Register
	tx       transactor
	log      *audit.Log
	kept     keptList
}

// NewPublisher makes a Publisher. Register, transactions and audit log are
// kept by the same database.
func NewPublisher(c PublisherConfig, register Register, tx transactor, log *audit.Log) (*Publisher, error) {
	if register == nil || tx == nil || log == nil || c.Now == nil {
		return nil, errors.New("status: register, transactions, audit log and clock are needed")
	}
	if c.Issuer == nil || c.Signer == nil || c.Issuer.KeyUsage&x509.KeyUsageCRLSign == 0 && c.Issuer.KeyUsage != 0 {
		return nil, errors.New("status: an issuer that may sign lists and its key are needed")
	}
	public, ok := c.Issuer.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(c.Signer.Public()) {
		return nil, errors.New("status: the key is not that of the issuer's certificate")
	}
	if c.Lasts <= 0 {
		c.Lasts = 24 * time.Hour
	}
	if c.Before <= 0 || c.Before >= c.Lasts {
		c.Before = c.Lasts / 4
	}
	return &Publisher{
		config: c, issuerID: hex.EncodeToString(c.Issuer.SubjectKeyId), register: register, tx: tx, log: log, kept: newKeptList(),
	}, nil
}

// clocksDiffer is by how much the clocks of instances and of those who check may
// differ before a list counts as one from the future.
const clocksDiffer = 5 * time.Minute

// errOvertaken ends a transaction whose list somebody else has just issued.
var errOvertaken = errors.New("status: another instance has issued the list")

// Publish issues a list now, in one transaction with its number and its audit
// entry.
func (p *Publisher) Publish(ctx context.Context, caller authz.Caller) (CRL, error) {
	list, err := p.publish(ctx, caller, func(context.Context) error { return nil })
	if errors.Is(err, authz.ErrForbidden) {
		return CRL{}, errors.Join(err, p.log.Refuse(context.WithoutCancel(ctx), caller, authz.IssueCRL, "crl:"+p.issuerID, audit.Denied, err))
	}
	return list, err
}

// Due issues a list when there is none, when the latest comes near its
// nextUpdate or is from the future, or when a certificate was revoked,
// suspended or released since. To know that costs the same however long the
// list is. Called every half minute it keeps the promise that a revocation is on the
// list within a minute. It gives the latest list and whether it is new.
func (p *Publisher) Due(ctx context.Context, caller authz.Caller) (latest CRL, issued bool, err error) {
	head, err := p.register.CRLHead(ctx, p.issuerID)
	if err != nil {
		return CRL{}, false, fmt.Errorf("reading the latest list: %w", err)
	}
	if !p.outdated(head) {
		latest, err = p.kept.at(ctx, head, p.read)
		return latest, false, err
	}
	latest, err = p.publish(ctx, caller, func(ctx context.Context) error {
		now, err := p.register.CRLHead(ctx, p.issuerID)
		if err == nil && now.Number != head.Number {
			return errOvertaken
		}
		return err
	})
	if errors.Is(err, errOvertaken) {
		latest, err = p.Latest(ctx)
		return latest, false, err
	}
	return latest, err == nil, err
}

// Latest gives the latest list that any instance has issued; ErrNoCRL when none
// was issued yet. Its bytes are read from the database once and then shared:
// don't change them.
func (p *Publisher) Latest(ctx context.Context) (CRL, error) {
	head, err := p.register.CRLHead(ctx, p.issuerID)
	if err != nil {
		return CRL{}, err
	}
	return p.kept.at(ctx, head, p.read)
}

func (p *Publisher) read(ctx context.Context) (CRL, error) {
	return p.register.LatestCRL(ctx, p.issuerID)
}

// publish issues a list unless still says, with the number taken and so with
// all others waiting, that it need not be.
func (p *Publisher) publish(ctx context.Context, caller authz.Caller, still func(context.Context) error) (CRL, error) {
	var list CRL
	err := p.tx.InTx(ctx, func(ctx context.Context) error {
		if err := authz.Allow(caller, authz.IssueCRL, ""); err != nil {
			return err
		}
		number, err := p.register.NextCRLNumber(ctx, p.issuerID)
		if err != nil {
			return fmt.Errorf("taking a list's number: %w", err)
		}
		if err := still(ctx); err != nil {
			return err
		}
		// What is read after the number was taken holds all that a list with a
		// lower number holds.
		at := p.config.Now().UTC().Truncate(time.Second)
		list = CRL{Issuer: p.issuerID, Number: number, ThisUpdate: at, NextUpdate: at.Add(p.config.Lasts)}
		err = p.log.Record(ctx, caller, authz.IssueCRL, "crl:"+p.issuerID, "number", strconv.FormatInt(number, 10))
		if err != nil {
			return fmt.Errorf("recording a list: %w", err)
		}
		if list.DER, err = p.encode(ctx, list); err != nil {
			return err
		}
		return p.register.SaveCRL(ctx, list)
	})
	if err != nil {
		return CRL{}, fmt.Errorf("issuing a revocation list: %w", err)
	}
	return p.kept.put(list), nil
}

func (p *Publisher) encode(ctx context.Context, list CRL) ([]byte, error) {
	var der bytes.Buffer
	err := crl.Encode(&der, crl.Header{
		RawIssuer: p.config.Issuer.RawSubject, KeyID: p.config.Issuer.SubjectKeyId,
		Number: big.NewInt(list.Number), ThisUpdate: list.ThisUpdate, NextUpdate: list.NextUpdate,
	}, p.entries(ctx, list.ThisUpdate), p.config.Signer)
	if err != nil {
		return nil, fmt.Errorf("encoding a list: %w", err)
	}
	return der.Bytes(), nil
}

// entries gives what a list of a moment names. A certificate stays for the
// time of two lists after its end, so that it is on one that was issued later
// (RFC 5280 §3.3).
func (p *Publisher) entries(ctx context.Context, at time.Time) iter.Seq2[crl.Entry, error] {
	return func(yield func(crl.Entry, error) bool) {
		stopped := errors.New("stopped")
		err := p.register.EachRevoked(ctx, p.issuerID, at.Add(-2*p.config.Lasts), func(e Entry) error {
			serial, err := hex.DecodeString(e.Serial)
			if err != nil {
				return fmt.Errorf("reading serial %q: %w", e.Serial, err)
			}
			entry := crl.Entry{
				Serial: serial, RevokedAt: toSecond(e.At),
				Reason: crl.Reason(e.Reason), InvalidityDate: toSecond(e.InvalidityDate),
			}
			if !yield(entry, nil) {
				return stopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, stopped) {
			yield(crl.Entry{}, err)
		}
	}
}

// outdated says whether a list should be followed by another: because of its
// age, or because the register has changed since.
func (p *Publisher) outdated(latest Head) bool {
	now := p.config.Now()
	return latest.Number == 0 || latest.Changed || !now.Before(latest.NextUpdate.Add(-p.config.Before)) ||
		// A clock that had gone ahead made a list that nobody accepts yet.
		now.Add(clocksDiffer).Before(latest.ThisUpdate)
}

func toSecond(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
