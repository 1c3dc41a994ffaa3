// Command ingam is the wallet of joint certificates (공동인증서) on a terminal:
// it lists and shows the certificates on this device, gets a new one from the
// bank, signs files and judges what others signed.
//
// Secrets are asked for, or read from a file or a file descriptor; they are
// never arguments. Every command speaks Korean and English and, with --json,
// to programs. Run "ingam help" for the rest.
package main

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/ingam-pki/ingam/internal/terminal"
)

// version is set when the program is built (-ldflags "-X main.version=…").
var version string

func main() { os.Exit(start(system(), os.Args[1:])) }

// start runs the program until its command ends or a signal ends it.
func start(p *program, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return p.run(ctx, args)
}

// system is the program as it stands in a real process.
func system() *program {
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	return &program{
		stdin:   os.Stdin,
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		outTTY:  term.IsTerminal(int(os.Stdout.Fd())),
		errTTY:  term.IsTerminal(int(os.Stderr.Fd())),
		openTTY: terminal.OpenTTY,
		env:     os.Getenv,
		now:     time.Now,
		random:  rand.Reader,
		goos:    runtime.GOOS,
		home:    home,
		version: buildVersion(),
	}
}

func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// program is one run of ingam: its streams, its surroundings, and what the
// flags that every command has settled. Tests fill it otherwise.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	outTTY, errTTY bool
	openTTY        func() (*os.File, error)
	env            func(string) string
	now            func() time.Time
	random         io.Reader
	goos, home     string
	version        string
	reached        func(step string) // told of each step of an issue; may be nil

	lang    string
	json    bool
	verbose bool
	roots   []string
}
