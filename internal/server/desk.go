package server

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"os"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/crl"
)

// Records is what the service keeps, opened: the database with its ring, the
// audit log in it, and the outbox of notices.
type Records struct {
	Store   *store.Store
	Ring    *keys.Ring
	Audit   *audit.Log
	Reader  *audit.Reader // for auditors
	Notices *notice.Service
	Staff   *staff.Service   // without the bank's provider
	Now     func() time.Time // the bank's time: that of a demo may be ahead of the real one
}

// OpenRecords opens the database of a configuration. With migrate it makes or
// updates the tables first; without, a database that is not up to date is
// ErrOldDatabase. A demo's time goes on where its audit log ends, when that is
// ahead of the real one.
func OpenRecords(ctx context.Context, c Config, o Options, migrate bool) (*Records, error) {
	o = o.inDemo(c)
	r, err := openRecords(ctx, c, o, migrate)
	if err == nil {
		err = r.follow(ctx, o.Clock)
	}
	return r, err
}

func openRecords(ctx context.Context, c Config, o Options, migrate bool) (_ *Records, err error) {
	c, o = c.withDefaults(), o.withDefaults()
	if err := c.Check(); err != nil {
		return nil, ErrConfig.With(err, "why", err.Error())
	}
	ring, err := openRing(c.Data, o.Passphrase)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, c.Database, ring)
	if err != nil {
		return nil, storeFault(err)
	}
	if migrate {
		err = db.Migrate(ctx)
	} else {
		err = db.Ready(ctx)
	}
	if err != nil {
		return nil, errors.Join(storeFault(err), db.Close())
	}
	log := audit.New(db, ring.AuditKey(), o.Now)
	notices := notice.New(notice.Config{Tx: db, Outbox: db, Subscribers: db, Log: log, Now: o.Now, Mail: c.Services.mails()})
	who := staffConfig(c, o, db, ring, log)
	if who.Branches, err = c.Branches(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	people, err := staff.NewService(who)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Records{Store: db, Ring: ring, Audit: log, Notices: notices, Staff: people, Reader: audit.NewReader(db, log), Now: o.Now}, nil
}

// Close closes the database.
func (r *Records) Close() error { return r.Store.Close() }

// Desk is the authority, opened, without any door: what a service and an
// operator's command work with.
type Desk struct {
	*Records
	Authority *ca.Authority
	Historian *lifecycle.Historian
	Publisher *status.Publisher

	config Config
	policy policy
	files  authorityFiles
}

// OpenDesk opens keys and database of a configuration. Time is as OpenRecords
// has it.
func OpenDesk(ctx context.Context, c Config, o Options, migrate bool) (*Desk, error) {
	o = o.inDemo(c)
	d, err := openDesk(ctx, c, o, migrate)
	if err == nil {
		err = d.follow(ctx, o.Clock)
	}
	return d, err
}

func openDesk(ctx context.Context, c Config, o Options, migrate bool) (_ *Desk, err error) {
	c, o = c.withDefaults(), o.withDefaults()
	records, err := openRecords(ctx, c, o, migrate)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, records.Close())
		}
	}()
	d := &Desk{Records: records, config: c}
	if d.files, err = openAuthority(c.Data, o.Passphrase); err != nil {
		return nil, err
	}
	if d.policy, err = policyOf(c); err != nil {
		return nil, err
	}
	d.Historian = lifecycle.NewHistorian(d.Store, d.Notices, d.Ring.Index)
	base := c.statusURL(c.Listen)
	d.Authority, err = ca.New(ca.Config{
		Root: d.files.root, Issuer: d.files.issuing, Signer: d.files.issuingKey,
		KM: d.files.km, KMKey: d.files.kmKey, Profiles: d.policy.profiles, Lint: d.policy.rules,
		BankName: c.Bank.Name, BankCode: c.Bank.Code, Branch: c.Bank.Branch,
		CRLURL: base + "/crl/issuing.crl", OCSPURL: base + "/ocsp", CAURL: base + "/ca/issuing.cer",
		Witness: redeem.NewSpender(d.Store, d.Historian), Now: o.Now,
	}, d.Store, d.Store, d.Audit)
	if err != nil {
		return nil, ErrKeys.With(err, "data", c.Data)
	}
	d.Publisher, err = status.NewPublisher(status.PublisherConfig{
		Issuer: d.files.issuing, Signer: d.files.issuingKey, Lasts: c.Status.CRLLasts, Now: o.Now,
	}, d.Store, d.Store, d.Audit)
	if err != nil {
		return nil, ErrKeys.With(err, "data", c.Data)
	}
	return d, nil
}

// Lifecycle is what an operator does with certificates. It can't check a
// one-time password: customers act through a service.
func (d *Desk) Lifecycle() *lifecycle.Service { return lifecycle.New(d.lifecycle()) }

// lifecycle is the part of a lifecycle.Service that needs no other systems.
func (d *Desk) lifecycle() lifecycle.Config {
	db := d.Store
	return lifecycle.Config{
		Tx: db, Authority: d.Authority, People: db, Clockwork: db, Proposals: db, Chronicle: db,
		Historian: d.Historian, Counter: db, Log: d.Audit, Index: d.Ring.Index, Now: d.Now,
	}
}

// Root gives the root's certificate.
func (d *Desk) Root() *x509.Certificate { return d.files.root }

// Issuing gives the issuing CA's certificate.
func (d *Desk) Issuing() *x509.Certificate { return d.files.issuing }

// rootList is the list that the root issued last, in the ceremony. The root's
// key is not here, so it is a file.
type rootList struct{ latest status.CRL }

func readRootList(der []byte) (rootList, error) {
	list, err := crl.Parse(der)
	if err != nil {
		return rootList{}, err
	}
	return rootList{status.CRL{ThisUpdate: list.ThisUpdate, NextUpdate: list.NextUpdate, DER: der, SHA256: sha256.Sum256(der)}}, nil
}

// Latest gives the list.
func (l rootList) Latest(context.Context) (status.CRL, error) { return l.latest, nil }

// syncFolder makes new names in a folder survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
