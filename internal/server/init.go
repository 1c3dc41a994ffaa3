package server

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
)

// Made is what Init made.
type Made struct {
	Data          string
	Root, Issuing *x509.Certificate
	RootKey       string // file to be moved away
	Config        string // file

	Officer, Code string // employee number of the first security officer and their one-time code
}

// Init makes a new authority in c.Data: root, issuing CA, key management and
// OCSP signer, the ring of the data keys, an empty database, and a
// configuration. Everything secret is sealed under o.Passphrase, the root's
// key under o.RootPassphrase (the same when nil). It never touches an
// authority that is there: ErrAuthorityExists.
//
// The folder appears whole: files are written beside it and moved in at the
// end, in the transaction that records the act.
func Init(ctx context.Context, caller authz.Caller, c Config, o Options) (made Made, err error) {
	if c.Data == "" {
		return Made{}, ErrConfig.With(nil, "why", "data: empty")
	}
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return Made{}, ErrFolder.With(err, "data", c.Data)
	}
	database := c.Database // in the file, a default stays one
	c, o = c.withDefaults(), o.withDefaults()
	if err := c.Check(); err != nil {
		return Made{}, ErrConfig.With(err, "why", err.Error())
	}
	if err := authz.Allow(caller, authz.MakeAuthority, ""); err != nil {
		return Made{}, err
	}
	if len(o.Passphrase) == 0 {
		return Made{}, ErrPassphrase.With(keys.ErrNoPassphrase)
	}
	if o.Officer != "" {
		if err := staff.CheckNumber(o.Officer); err != nil {
			return Made{}, err
		}
	}
	if hasAuthority(c.Data) {
		return Made{}, ErrAuthorityExists.With(nil, "data", c.Data)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return Made{}, ErrFolder.With(err, "data", c.Data)
	}
	ceremony, err := hold(c, o)
	if err != nil {
		return Made{}, err
	}
	ring := keys.NewRing()
	staging, err := os.MkdirTemp(c.Data, ".making-")
	if err != nil {
		return Made{}, ErrFolder.With(err, "data", c.Data)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	if err := writeAuthority(staging, c, database, o, ceremony, ring); err != nil {
		return Made{}, ErrFolder.With(err, "data", c.Data)
	}
	officer, code, err := settle(ctx, caller, c, o, ceremony, ring, staging)
	if err != nil {
		return Made{}, err
	}
	return Made{Officer: officer, Code: code, Data: c.Data, Root: ceremony.Root, Issuing: ceremony.Issuing,
		RootKey: filepath.Join(c.Data, offlineFolder, rootKeyFile), Config: filepath.Join(c.Data, ConfigFile)}, nil
}

// hold makes keys and certificates in memory.
func hold(c Config, o Options) (*ca.Ceremony, error) {
	p, err := policyOf(c)
	if err != nil {
		return nil, err
	}
	base := c.statusURL(c.Listen)
	ceremony, err := ca.Init(ca.InitConfig{
		CAName: c.Authority.Name, Profiles: p.profiles, Lint: p.rules,
		RootCRLURL: base + "/crl/root.crl", RootURL: base + "/ca/root.cer",
		CRLURL: base + "/crl/issuing.crl", CAURL: base + "/ca/issuing.cer",
		RootBits: c.Authority.Bits.Root, IssuingBits: c.Authority.Bits.Issuing,
		KMBits: c.Authority.Bits.KM, OCSPBits: c.Authority.Bits.OCSP, RootCRLLasts: o.rootListLasts, Now: o.Now,
	})
	if err != nil {
		return nil, ErrConfig.With(err, "why", err.Error())
	}
	return ceremony, nil
}

func writeAuthority(dir string, c Config, database string, o Options, made *ca.Ceremony, ring *keys.Ring) error {
	for _, sub := range []string{caFolder, offlineFolder} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			return err
		}
	}
	c.Database = database
	config, err := c.file()
	if err != nil {
		return err
	}
	in := func(name string) string { return filepath.Join(dir, caFolder, name) }
	for path, content := range map[string][]byte{
		in("root.pem"): certificatePEM(made.Root), in("issuing.pem"): certificatePEM(made.Issuing),
		in("km.pem"): certificatePEM(made.KM), in("ocsp.pem"): certificatePEM(made.OCSP),
		in(chainFile): certificatePEM(made.Issuing, made.Root), in(rootListFile): made.RootCRL,
		filepath.Join(dir, ConfigFile): config,
	} {
		if err := writeFile(path, content); err != nil {
			return err
		}
	}
	rootPassphrase := o.RootPassphrase
	if len(rootPassphrase) == 0 {
		rootPassphrase = o.Passphrase
	}
	for _, k := range []struct {
		path       string
		key        *rsa.PrivateKey
		passphrase []byte
	}{
		{in("issuing.key"), made.IssuingKey, o.Passphrase}, {in("km.key"), made.KMKey, o.Passphrase},
		{in("ocsp.key"), made.OCSPKey, o.Passphrase},
		{filepath.Join(dir, offlineFolder, rootKeyFile), made.RootKey, rootPassphrase},
	} {
		if err := keys.WriteSigner(k.path, k.key, k.passphrase, o.Sealing...); err != nil {
			return err
		}
	}
	return keys.WriteRing(filepath.Join(dir, ringFile), ring, o.Passphrase, o.Sealing...)
}

// settle makes the database with the first security officer in it and moves the
// files in, in one transaction with the audit entries. When it comes to nothing, a database file that was not
// there before goes again: without the ring nobody could use it.
func settle(ctx context.Context, caller authz.Caller, c Config, o Options, made *ca.Ceremony, ring *keys.Ring, staging string) (officer, code string, err error) {
	path, isFile := strings.CutPrefix(c.Database, "sqlite:")
	if isFile {
		if _, missing := os.Lstat(path); errors.Is(missing, os.ErrNotExist) {
			defer func() {
				if err != nil {
					_ = os.Remove(path) // what went wrong is the thing to tell
				}
			}()
		}
	}
	db, err := store.Open(ctx, c.Database, ring)
	if err != nil {
		return "", "", storeFault(err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return "", "", storeFault(err)
	}
	log := audit.New(db, ring.AuditKey(), o.Now)
	people, err := staff.NewService(staffConfig(c, o, db, ring, log))
	if err != nil {
		return "", "", err
	}
	var moved []string
	err = db.InTx(ctx, func(ctx context.Context) error {
		sum := sha256.Sum256(made.Root.Raw)
		if err := log.Record(ctx, caller, authz.MakeAuthority, "authority:"+hex.EncodeToString(made.Issuing.SubjectKeyId),
			"root-sha256", hex.EncodeToString(sum[:])); err != nil {
			return storeFault(err)
		}
		if o.Officer != "" {
			var a staff.Account
			if a, code, err = people.InviteOfficer(ctx, caller, o.Officer); err != nil {
				return err
			}
			officer = a.Number
		}
		moved, err = moveIn(staging, c.Data, moved)
		return err
	})
	if err != nil {
		for _, path := range moved {
			err = errors.Join(err, os.RemoveAll(path))
		}
		return "", "", fmt.Errorf("making the authority: %w", err)
	}
	return officer, code, nil
}

// moveIn moves what was made into the data folder and says what it moved, also
// when it fails half way. What was moved before stays: the database may have
// us begin again.
func moveIn(staging, data string, moved []string) ([]string, error) {
	// ca comes last: whoever sees it sees the rest.
	for _, name := range []string{ringFile, offlineFolder, ConfigFile, caFolder} {
		to := filepath.Join(data, name)
		if slices.Contains(moved, to) {
			continue
		}
		if _, err := os.Lstat(to); err == nil {
			if name == ConfigFile {
				continue // the operator's own stays
			}
			return moved, ErrAuthorityExists.With(nil, "data", data)
		}
		if err := os.Rename(filepath.Join(staging, name), to); err != nil {
			return moved, ErrFolder.With(err, "data", data)
		}
		moved = append(moved, to)
	}
	if err := syncFolder(data); err != nil {
		return moved, ErrFolder.With(err, "data", data)
	}
	return moved, nil
}

// Operator gives the caller for acts of the one who runs a command.
func Operator(name string) authz.Caller {
	if name == "" {
		name = "operator"
	}
	return authz.Caller{Role: authz.Operator, ID: name, Request: rand.Text()}
}

// system is the caller for the service's own work.
func system(component string) authz.Caller {
	return authz.Caller{Role: authz.System, ID: component, Request: rand.Text()}
}
