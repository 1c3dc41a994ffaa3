package wallet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// PendingSuffix is what the folder of unfinished keys adds to the name of the
// NPKI root that it stands beside.
const PendingSuffix = ".pending"

// Names within the folder of one pending key.
const (
	pendingNote    = "request.json"
	pendingRequest = "request.p10"
	pendingKey     = "signPri.key"
)

// Limits on what is read back.
const (
	maxPending     = 256 // folders
	maxPendingFile = 64 << 10
)

// pending is a key that was made and has no certificate yet. It is on the
// disk, encrypted, before the bank hears of it.
type pending struct {
	dir     string
	note    note
	request []byte // DER of the certification request
	spki    []byte // DER of its public key
	key     []byte // encrypted PKCS#8 with R
}

// note says what a pending key is for.
type note struct {
	Version     int       `json:"version"`
	Server      string    `json:"server"`
	Application string    `json:"application"`
	Kind        string    `json:"kind"`
	CA          string    `json:"ca"`
	Challenge   string    `json:"challenge"`
	MadeAt      time.Time `json:"madeAt"`
}

// keep writes a pending key beside the root so that a crash leaves all of it
// or nothing.
func keep(root string, n note, request, key []byte) (*pending, error) {
	parsed, err := pkcs10.Parse(request)
	if err != nil {
		return nil, fmt.Errorf("reading own request: %w", err)
	}
	area := root + PendingSuffix
	if err := os.MkdirAll(area, 0o700); err != nil {
		return nil, errStoring.With(err, "path", area)
	}
	n.Version = 1
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding note: %w", err)
	}
	sum := sha256.Sum256(parsed.RawPublicKey)
	p := &pending{
		dir:  filepath.Join(area, hex.EncodeToString(sum[:10])),
		note: n, request: request, spki: parsed.RawPublicKey, key: key,
	}
	files := []struct {
		name    string
		content []byte
	}{{pendingKey, key}, {pendingRequest, request}, {pendingNote, text}}
	tmp, err := os.MkdirTemp(area, ".new-") // 0700
	if err != nil {
		return nil, errStoring.With(err, "path", area)
	}
	for _, f := range files {
		if err := writeSynced(filepath.Join(tmp, f.name), f.content); err != nil {
			_ = os.RemoveAll(tmp)
			return nil, errStoring.With(err, "path", area)
		}
	}
	if err := errors.Join(syncDir(tmp), os.Rename(tmp, p.dir), syncDir(area)); err != nil {
		_ = os.RemoveAll(tmp)
		return nil, errStoring.With(err, "path", area)
	}
	return p, nil
}

func writeSynced(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncDir makes the names in a folder durable. Some systems can't; there the
// rename is as durable as it gets.
func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// pendingKeys finds the keys beside a root that wait for a certificate from a
// server. One that can't be read is an error: it may be the only copy.
func pendingKeys(root, server string) ([]*pending, error) {
	area := root + PendingSuffix
	entries, err := os.ReadDir(area)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errUnreadable.With(err, "path", area)
	}
	var found []*pending
	for _, e := range entries {
		if !e.IsDir() || e.Name()[0] == '.' { // half-written: the bank never heard of it
			continue
		}
		if len(found) == maxPending {
			return nil, errPendingDamaged.With(nil, "path", area)
		}
		p, err := readPending(filepath.Join(area, e.Name()))
		if err != nil {
			return nil, errPendingDamaged.With(err, "path", filepath.Join(area, e.Name()))
		}
		if p.note.Server == server {
			found = append(found, p)
		}
	}
	return found, nil
}

func readPending(dir string) (*pending, error) {
	p := &pending{dir: dir}
	text, err := ReadFile(filepath.Join(dir, pendingNote), maxPendingFile)
	if err != nil {
		return nil, err
	}
	if p.request, err = ReadFile(filepath.Join(dir, pendingRequest), maxPendingFile); err != nil {
		return nil, err
	}
	if p.key, err = ReadFile(filepath.Join(dir, pendingKey), maxPendingFile); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &p.note); err != nil {
		return nil, err
	}
	parsed, err := pkcs10.Parse(p.request)
	if err != nil {
		return nil, err
	}
	p.spki = parsed.RawPublicKey
	return p, nil
}

// fits says whether a certificate's key is the pending one.
func (p *pending) fits(spki []byte) bool { return bytes.Equal(p.spki, spki) }

// drop removes the pending key, after its certificate was stored or when there
// can't be one any more.
func (p *pending) drop() error {
	err := os.RemoveAll(p.dir)
	_ = os.Remove(filepath.Dir(p.dir)) // goes only when nothing is left in it
	return err
}
