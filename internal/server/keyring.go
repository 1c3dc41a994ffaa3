package server

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
)

// KeyRing is the ring of a service, opened to be changed.
type KeyRing struct {
	*Records
	path    string
	options Options
	found   []keys.KeyID // in the file, as it was opened
}

// OpenKeyRing opens the records of a configuration to change the data keys.
func OpenKeyRing(ctx context.Context, c Config, o Options) (*KeyRing, error) {
	c, o = c.withDefaults(), o.withDefaults()
	records, err := OpenRecords(ctx, c, o, false)
	if err != nil {
		return nil, err
	}
	return &KeyRing{Records: records, path: filepath.Join(c.Data, ringFile), options: o, found: records.Ring.Keys()}, nil
}

// Rotate adds a data key, with which everything is sealed from then on by
// whoever opens the ring anew.
func (k *KeyRing) Rotate(ctx context.Context, caller authz.Caller) (id keys.KeyID, err error) {
	if err := authz.Allow(caller, authz.RotateKeys, ""); err != nil {
		return id, err
	}
	if id, err = k.Ring.Rotate(); err != nil {
		return id, fmt.Errorf("rotating data keys: %w", err)
	}
	err = k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Audit.Record(ctx, caller, authz.RotateKeys, "ring", "step", "rotate", "key", id.String()); err != nil {
			return err
		}
		return k.save()
	})
	return id, err
}

// Reencrypt seals by the newest key what older ones sealed, and drops keys that
// nothing needed any more when it began. It may be broken off and run again.
//
// So a key goes with the second run at the earliest: an instance that was not
// restarted after Rotate still seals by the old key, and what it sealed during
// the first run would be lost with it. The time between the two is the
// operator's to choose.
func (k *KeyRing) Reencrypt(ctx context.Context, caller authz.Caller) (rows, dropped int, err error) {
	if err := authz.Allow(caller, authz.RotateKeys, ""); err != nil {
		return 0, 0, err
	}
	if err := k.Audit.Record(ctx, caller, authz.RotateKeys, "ring", "step", "reencrypt", "key", k.Ring.Current().String()); err != nil {
		return 0, 0, err
	}
	before, err := k.Store.SealedBy(ctx)
	if err != nil {
		return 0, 0, err
	}
	const batch = 200
	if rows, err = k.Store.Reencrypt(ctx, batch); err != nil {
		return rows, 0, err
	}
	after, err := k.Store.SealedBy(ctx)
	if err != nil {
		return rows, 0, err
	}
	for _, id := range k.Ring.Keys() {
		if id == k.Ring.Current() || before[id] > 0 || after[id] > 0 {
			continue
		}
		if err := k.Ring.Drop(id); err != nil {
			return rows, dropped, fmt.Errorf("dropping a data key: %w", err)
		}
		dropped++
	}
	if dropped == 0 {
		return rows, 0, nil
	}
	err = k.Store.InTx(ctx, func(ctx context.Context) error {
		if err := k.Audit.Record(ctx, caller, authz.RotateKeys, "ring", "step", "drop", "dropped", strconv.Itoa(dropped)); err != nil {
			return err
		}
		return k.save()
	})
	return rows, dropped, err
}

// save writes the ring over its file. Sealing everything anew takes its time: a
// key that another command added meanwhile may have sealed something already,
// and would be lost with its file.
func (k *KeyRing) save() error {
	there, err := keys.ReadRing(k.path, k.options.Passphrase)
	if err != nil {
		return keyFault(err, filepath.Dir(k.path))
	}
	// The transaction that this runs in may be run again.
	if ids := there.Keys(); !slices.Equal(ids, k.found) && !slices.Equal(ids, k.Ring.Keys()) {
		return ErrRingChanged.With(nil, "data", filepath.Dir(k.path))
	}
	if err := keys.ReplaceRing(k.path, k.Ring, k.options.Passphrase, k.options.Sealing...); err != nil {
		return ErrFolder.With(err, "data", filepath.Dir(k.path))
	}
	k.found = k.Ring.Keys()
	return nil
}
