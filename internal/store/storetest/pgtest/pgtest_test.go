//go:build unix

package pgtest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestURLGivesFreshDatabases(t *testing.T) {
	t.Parallel()
	a, b := URL(t), URL(t)
	if a == b {
		t.Fatalf("two calls gave the same database %s", a)
	}
	for _, address := range []string{a, b} {
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(`CREATE TABLE mine (n INTEGER)`); err != nil {
			t.Errorf("using a fresh database: %v", err)
		}
		var fsync string
		if err := db.QueryRow(`SHOW fsync`).Scan(&fsync); err != nil || fsync != "on" {
			t.Errorf("fsync is %q (%v), want on", fsync, err)
		}
	}
}

// A crash keeps what was committed; the same folder starts again.
func TestCrashAndStartAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// The folders above belong to root in a test that root runs.
	for d := dir; d != filepath.Dir(os.TempDir()) && strings.HasPrefix(d, os.TempDir()); d = filepath.Dir(d) {
		if d != os.TempDir() {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	cluster := filepath.Join(dir, "cluster")
	c, err := Start(cluster, NoFsync())
	if err != nil {
		t.Fatal(err)
	}
	name, address, err := c.NewDatabase(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE kept AS SELECT 42 AS n`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := c.Crash(); err != nil {
		t.Fatal(err)
	}
	if c, err = Start(cluster, NoFsync()); err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	if db, err = sql.Open("pgx", c.URL(name)); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow(`SELECT n FROM kept`).Scan(&n); err != nil || n != 42 {
		t.Errorf("after the crash: %d, %v", n, err)
	}
}

// A killed test binary leaves neither a server nor a folder.
func TestKilledProgramLeavesNothing(t *testing.T) {
	if os.Getenv("PGTEST_CHILD") != "" {
		c, err := temporary(options{remove: true})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("\nCLUSTER %s %d\n", c.dir, c.process.Pid)
		select {} // until killed
	}
	t.Parallel()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledProgramLeavesNothing$")
	child.Env = append(os.Environ(), "PGTEST_CHILD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	var pid int
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if n, _ := fmt.Sscanf(lines.Text(), "CLUSTER %s %d", &dir, &pid); n == 2 {
			break
		}
	}
	if dir == "" {
		t.Fatal("child started no cluster")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed: that is the point
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := os.Stat(dir)
		_, alive := os.Stat(fmt.Sprintf("/proc/%d", pid))
		if os.IsNotExist(err) && os.IsNotExist(alive) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after 30 s folder: %v, server: %v; want %v for both", err, alive, fs.ErrNotExist)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestReapRemovesStaleFoldersOnly(t *testing.T) {
	if _, err := shared(); err != nil { // a live one that must stay
		t.Fatal(err)
	}
	live, _ := shared()
	stale, err := os.MkdirTemp("", prefix)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(stale, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	reap()
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("stale folder is still there: %v", err)
	}
	if _, err := os.Stat(live.dir); err != nil {
		t.Errorf("live folder: %v", err)
	}
}
