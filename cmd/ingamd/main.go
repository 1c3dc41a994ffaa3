// Command ingamd is a bank's joint-certificate (공동인증서) service: the
// certificate authority, the registration of customers over HTTP, and the
// answers to who asks how a certificate stands.
//
// "ingamd demo" opens a made-up bank to try things out; "ingamd init" makes a
// real authority and "ingamd serve" runs it. The other commands are for its
// operators and auditors. It speaks Korean and English by locale, and JSON to
// programs. Passphrases are asked for, or read from a file or from
// INGAM_PASSPHRASE; they are never arguments.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"os/user"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/ingam-pki/ingam/internal/terminal"
)

// version is set when the program is built (-ldflags "-X main.version=…").
var version string

func main() { os.Exit(start(systemProgram(), os.Args[1:])) }

// start runs the program until its command ends or a signal ends it. A second
// signal ends it at once.
func start(p *program, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return p.run(ctx, args)
}

// systemProgram is the program as it stands in a real process.
func systemProgram() *program {
	name := "operator"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return &program{
		stdout: os.Stdout, stderr: os.Stderr, outTTY: term.IsTerminal(int(os.Stdout.Fd())),
		openTTY: terminal.OpenTTY, env: os.Getenv, now: time.Now, user: name, version: buildVersion(),
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

// program is one run of ingamd: its streams, its surroundings, and what the
// flags that every command has settled. Tests fill it otherwise.
type program struct {
	stdout, stderr io.Writer
	outTTY         bool
	openTTY        func() (*os.File, error)
	env            func(string) string
	now            func() time.Time
	user           string // who runs it, as the audit log names them
	version        string

	lang    string
	json    bool
	verbose bool
}
