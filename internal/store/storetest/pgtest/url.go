//go:build unix

package pgtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// prefix begins the names of temporary clusters' folders.
const prefix = "ingam-pgtest-"

// shared and sharedFast are the clusters of a test binary; most have one.
var (
	shared     = sync.OnceValues(func() (*Cluster, error) { return temporary(options{remove: true}) })
	sharedFast = sync.OnceValues(func() (*Cluster, error) { return temporary(options{remove: true, noFsync: true}) })
)

// URL gives the address of a fresh, empty database that is dropped when the
// test ends. All tests of a binary share one cluster, or another one with
// NoFsync. Without PostgreSQL the test fails and says what to install.
func URL(t testing.TB, opts ...Option) string {
	t.Helper()
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	get := shared
	if o.noFsync {
		get = sharedFast
	}
	c, err := get()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	name, address, err := c.NewDatabase(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Drop(ctx, name); err != nil {
			t.Errorf("dropping test database: %v", err)
		}
	})
	return address
}

// temporary starts a cluster in a new temporary folder that goes away with
// this program.
func temporary(o options) (*Cluster, error) {
	reap()
	// The folder gets its final name only when its lock is held, so that the
	// reaper of another program never takes it for a stale one.
	made, err := os.MkdirTemp("", "new-"+prefix)
	if err != nil {
		return nil, fmt.Errorf("pgtest: making temporary folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(made, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("pgtest: locking temporary folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, fmt.Errorf("pgtest: locking temporary folder: %w", err)
	}
	o.lock = lock
	dir := filepath.Join(filepath.Dir(made), strings.TrimPrefix(filepath.Base(made), "new-"))
	if err := os.Rename(made, dir); err != nil {
		return nil, fmt.Errorf("pgtest: naming temporary folder: %w", err)
	}
	return start(dir, o)
}

// reap removes folders of programs that are gone and whose guard is gone too.
// What can't be removed is somebody else's.
func reap() {
	stale, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*")) // the pattern is well formed
	for _, dir := range stale {
		lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(dir)
		}
		_ = lock.Close()
	}
}
