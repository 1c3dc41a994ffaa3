package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/term"

	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
)

// openPTY gives the two ends of a pseudo-terminal.
func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = master.Close() })
	ioctl := func(request uintptr, value *int32) {
		if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(unsafe.Pointer(value))); no != 0 {
			t.Fatal(no)
		}
	}
	var unlock, number int32
	ioctl(syscall.TIOCSPTLCK, &unlock)
	ioctl(syscall.TIOCGPTN, &number)
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(int(number)), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slave.Close() })
	return master, slave
}

// screen keeps what a program has printed and says when a text has come.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	more *sync.Cond
}

func watch(r io.Reader) *screen {
	s := &screen{}
	s.more = sync.NewCond(&s.mu)
	go func() {
		buf := make([]byte, 1024)
		for {
			n, err := r.Read(buf)
			s.mu.Lock()
			s.text.Write(buf[:n])
			s.more.Broadcast()
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *screen) waitFor(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !strings.Contains(s.text.String(), text) {
		s.more.Wait()
	}
}

// atTerminal starts ingam sign on a terminal and waits until it asks for the
// password.
func atTerminal(t *testing.T) (master, slave *os.File, shown *screen, cmd *exec.Cmd, before *term.State) {
	t.Helper()
	dir := t.TempDir()
	cert, err := world().Certify(wallettest.Customer{Name: "홍길동", NotBefore: scriptNow.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := world().Store(filepath.Join(dir, "NPKI"), "ingam", cert); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content.txt"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	master, slave = openPTY(t)
	if before, err = term.GetState(int(slave.Fd())); err != nil {
		t.Fatal(err)
	}
	cmd = exec.CommandContext(t.Context(), self)
	cmd.Args = []string{"ingam", "sign", "--npki", "NPKI", "--in", "content.txt", "--out", "signed.p7"}
	cmd.Dir = dir
	cmd.Env = []string{"LANG=en_US.UTF-8", "TERM=xterm", "PATH=" + os.Getenv("PATH")}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	shown = watch(master)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	shown.waitFor("certificate password: ")
	return master, slave, shown, cmd, before
}

// TestInterruptedPrompt sees that Ctrl-C, and a signal from elsewhere, end a
// prompt with code 130 and leave the terminal as it was.
func TestInterruptedPrompt(t *testing.T) {
	t.Parallel()
	for name, interrupt := range map[string]func(master *os.File, p *os.Process) error{
		"Ctrl-C":  func(master *os.File, _ *os.Process) error { _, err := master.WriteString("demo-\x03"); return err },
		"SIGTERM": func(_ *os.File, p *os.Process) error { return p.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			master, slave, shown, cmd, before := atTerminal(t)
			asking, err := term.GetState(int(slave.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			if reflect.DeepEqual(before, asking) {
				t.Error("the terminal still echoes while the password is asked for")
			}
			if err := interrupt(master, cmd.Process); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitInterrupt {
				t.Errorf("ended with %v, want exit code %d", err, exitInterrupt)
			}
			after, err := term.GetState(int(slave.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(before, after) {
				t.Error("the terminal is not as it was")
			}
			shown.waitFor("Stopped.")
			if _, err := os.Stat(filepath.Join(cmd.Dir, "signed.p7")); err == nil {
				t.Error("it signed all the same")
			}
		})
	}
}

// TestTypedPassword types a password with a slip, unseen, and sees colour on
// the terminal.
func TestTypedPassword(t *testing.T) {
	t.Parallel()
	master, _, shown, cmd, _ := atTerminal(t)
	if _, err := master.WriteString("x가\x7f\x7f" + wallettest.Password + "\r"); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	shown.waitFor("signed.p7")
	shown.mu.Lock()
	defer shown.mu.Unlock()
	if strings.Contains(shown.text.String(), wallettest.Password) {
		t.Error("the password was shown")
	}
	if !strings.Contains(shown.text.String(), "\x1b[1;31m") {
		t.Error("the result has no colour on a terminal")
	}
}
