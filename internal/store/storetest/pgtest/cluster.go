//go:build unix

// Package pgtest starts real PostgreSQL servers for tests and benchmarks: a
// cluster of its own in a temporary folder, reachable by a unix socket only,
// never one that the user has.
//
//	url := pgtest.URL(t)                 // in a test: a fresh, empty database
//	c, err := pgtest.Start("/tmp/bench") // elsewhere: a cluster in a folder
//
// The server dies with the program that started it, even when that is killed.
// PostgreSQL refuses to run as root: there it runs as the user postgres.
package pgtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx" with database/sql
)

// ErrNoPostgres says that the programs of PostgreSQL are not installed.
var ErrNoPostgres = errors.New("pgtest: PostgreSQL is not here; on Debian: apt-get install postgresql-15")

const (
	superuser = "ingam"
	readyWait = 60 * time.Second
)

// Cluster is a running PostgreSQL server.
type Cluster struct {
	dir     string // holds data/ and log
	socket  string // folder of the unix socket
	process *os.Process
	ended   chan struct{} // closed when the server has ended
	fail    error         // why, once ended
	guard   *os.File      // the guard acts when this closes
	names   atomic.Int64
	options options
}

type options struct {
	noFsync bool
	remove  bool     // remove dir at the end
	lock    *os.File // held open as long as the cluster lives
}

// Option changes how a cluster runs.
type Option func(*options)

// NoFsync makes a cluster faster that nobody cuts the power of.
func NoFsync() Option { return func(o *options) { o.noFsync = true } }

// Start makes a cluster in a folder, or starts the one that is there. Stop it
// at the end; the folder stays.
func Start(dir string, opts ...Option) (*Cluster, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	return start(dir, o)
}

func start(dir string, o options) (_ *Cluster, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("pgtest: finding folder: %w", err)
	}
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	credential, err := runAs()
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, options: o, ended: make(chan struct{})}
	if err := c.folders(credential); err != nil {
		return nil, fmt.Errorf("pgtest: making folders: %w", err)
	}
	if _, err := os.Stat(filepath.Join(c.data(), "PG_VERSION")); err != nil {
		if err := c.initdb(bin, credential); err != nil {
			return nil, err
		}
	}
	if err := c.launch(bin, credential); err != nil {
		return nil, fmt.Errorf("pgtest: starting postgres: %w", err)
	}
	if err := c.await(); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// programs finds the folder of initdb and postgres, the newest when there are
// several.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is well formed
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", ErrNoPostgres
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 sorts first
	return n
}

// runAs says as whom the server runs: nil for the present user.
func runAs() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("pgtest: running as root needs the user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("pgtest: reading user id: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("pgtest: reading group id: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// folders makes dir/data and dir/socket, owned by the server's user.
func (c *Cluster) folders(as *syscall.Credential) error {
	c.socket = filepath.Join(c.dir, "socket")
	if len(c.socket) > 80 { // the address of a unix socket has 107 bytes at most
		short, err := os.MkdirTemp("/tmp", "ingam-pg-")
		if err != nil {
			return err
		}
		c.socket = short
	}
	for _, dir := range []string{c.dir, c.data(), c.socket} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if as != nil {
			if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Cluster) initdb(bin string, as *syscall.Credential) error {
	cmd := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), //nolint:gosec // programs found it
		"--pgdata", c.data(), "--username", superuser,
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions")
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// guardScript waits for the end of the program, which closes its input, and
// then ends the server; it removes the folder when told to.
const guardScript = `read _; kill -QUIT "$1" 2>/dev/null
n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
shift; [ $# -gt 0 ] && rm -rf "$@"`

func (c *Cluster) launch(bin string, as *syscall.Credential) error {
	fsync := "on"
	if c.options.noFsync {
		fsync = "off"
	}
	args := []string{"-D", c.data(), "-k", c.socket}
	for _, setting := range []string{
		"listen_addresses=", "max_connections=200", "fsync=" + fsync, "shared_buffers=64MB",
		"logging_collector=off", "deadlock_timeout=200ms",
	} {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()                                                        // the server has its own handle
	cmd := exec.CommandContext(context.Background(), filepath.Join(bin, "postgres"), args...) //nolint:gosec // programs found it
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true}
	dieWithParent(cmd.SysProcAttr)

	started := make(chan error)
	go func() {
		// The death signal comes when the thread dies that started the server,
		// so this thread stays with it.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		c.fail = cmd.Wait()
		close(c.ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	c.process = cmd.Process
	return c.startGuard()
}

func (c *Cluster) startGuard() error {
	in, out, err := os.Pipe()
	if err != nil {
		return errors.Join(err, c.process.Kill())
	}
	args := []string{"-c", guardScript, "guard", strconv.Itoa(c.process.Pid)}
	if c.options.remove {
		args = append(args, c.dir)
	}
	if filepath.Dir(c.socket) != c.dir {
		args = append(args, c.socket)
	}
	guard := exec.CommandContext(context.Background(), "/bin/sh", args...) //nolint:gosec // the arguments are ours
	guard.Stdin = in
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // ^C is not for it
	err = guard.Start()
	_ = in.Close() // the guard has its own handle
	if err != nil {
		return errors.Join(err, out.Close(), c.process.Kill())
	}
	go func() { _ = guard.Wait() }() // so that it leaves no zombie
	c.guard = out
	return nil
}

// await waits until the server answers.
func (c *Cluster) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), readyWait)
	defer cancel()
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-c.ended:
			log, _ := os.ReadFile(filepath.Join(c.dir, "log")) // it says why, if anything does
			return fmt.Errorf("pgtest: postgres ended: %w: %s", c.fail, log[max(0, len(log)-2000):])
		case <-ctx.Done():
			return fmt.Errorf("pgtest: postgres does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// URL gives the address of a database of the cluster.
func (c *Cluster) URL(database string) string {
	query := url.Values{"host": {c.socket}}
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Host: "", Path: "/" + database, RawQuery: query.Encode()}).String()
}

// NewDatabase makes an empty database and gives its name and address.
func (c *Cluster) NewDatabase(ctx context.Context) (name, address string, err error) {
	name = fmt.Sprintf("t%d_%d", os.Getpid(), c.names.Add(1))
	if err := c.admin(ctx, `CREATE DATABASE `+name); err != nil {
		return "", "", fmt.Errorf("pgtest: creating database: %w", err)
	}
	return name, c.URL(name), nil
}

// Drop removes a database, whoever is connected to it.
func (c *Cluster) Drop(ctx context.Context, name string) error {
	return c.admin(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
}

func (c *Cluster) admin(ctx context.Context, statement string) error {
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// Stop ends the server in order.
func (c *Cluster) Stop() error { return c.end(syscall.SIGINT) }

// Crash ends the server at once, as a power cut would: what was not written
// is lost, and the next Start recovers.
func (c *Cluster) Crash() error { return c.end(syscall.SIGQUIT) }

func (c *Cluster) end(signal syscall.Signal) error {
	select {
	case <-c.ended:
	default:
		if err := c.process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("pgtest: ending postgres: %w", err)
		}
		<-c.ended
	}
	return c.guard.Close()
}
