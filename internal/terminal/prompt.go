package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// Errors of prompts and of reading secrets.
var (
	ErrNoTerminal  = errors.New("terminal: there is nobody to ask")
	ErrSecretEmpty = errors.New("terminal: the secret is empty")
	ErrSecretLong  = errors.New("terminal: the secret is longer than 4096 bytes")
)

// MaxAnswer bounds a typed line and a secret read from a file, in bytes.
const MaxAnswer = 4096

// Prompter asks on a terminal.
type Prompter struct {
	tty *os.File
	out io.Writer
}

// NewPrompter asks on tty, showing the questions on out. A tty that is no
// terminal gives ErrNoTerminal: a program never reads secrets from a pipe
// that was not named as one.
func NewPrompter(tty *os.File, out io.Writer) (*Prompter, error) {
	if tty == nil || !term.IsTerminal(int(tty.Fd())) {
		return nil, ErrNoTerminal
	}
	return &Prompter{tty: tty, out: out}, nil
}

// Line asks for something that may be seen while it is typed.
func (p *Prompter) Line(ctx context.Context, question string) (string, error) {
	line, err := p.ask(ctx, question)
	return strings.TrimSpace(string(line)), err
}

// Secret asks for something that nobody may see. The terminal is put back as
// it was before the function returns, also when ctx ends or Ctrl-C is typed;
// both give context.Canceled.
func (p *Prompter) Secret(ctx context.Context, question string) ([]byte, error) {
	fd := int(p.tty.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	secret, err := p.ask(ctx, question)
	if restoring := term.Restore(fd, before); err == nil {
		err = restoring
	}
	_, _ = io.WriteString(p.out, "\n") // the end of the line was typed unseen, too
	return secret, err
}

type answer struct {
	line []byte
	err  error
}

func (p *Prompter) ask(ctx context.Context, question string) ([]byte, error) {
	if _, err := io.WriteString(p.out, question); err != nil {
		return nil, err
	}
	got := make(chan answer, 1)
	// The read itself can't be broken off; when ctx ends the program ends too.
	go func() {
		line, err := readLine(p.tty)
		got <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-got:
		return a.line, a.err
	}
}

// Keys that edit a line that the terminal does not edit for us.
const (
	keyInterrupt = 0x03
	keyEnd       = 0x04
	keyBackspace = 0x08
	keyClear     = 0x15
	keyDelete    = 0x7f
)

// readLine reads to the end of the line, a byte at a time: what is typed
// ahead belongs to the next question.
func readLine(r io.Reader) ([]byte, error) {
	line := make([]byte, 0, MaxAnswer+1) // never moved: no copy of a secret stays behind
	for one := make([]byte, 1); ; {
		if _, err := io.ReadFull(r, one); err != nil {
			clear(line)
			if errors.Is(err, io.EOF) {
				return nil, ErrNoTerminal
			}
			return nil, err
		}
		switch c := one[0]; c {
		case '\n', '\r':
			return line, nil
		case keyInterrupt:
			return nil, context.Canceled
		case keyEnd:
			if len(line) == 0 {
				return nil, context.Canceled
			}
		case keyBackspace, keyDelete:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case keyClear:
			line = line[:0]
		default:
			if line = append(line, c); len(line) > MaxAnswer {
				return nil, ErrSecretLong
			}
		}
	}
}

// ReadSecret reads a secret from a file or a pipe: everything up to the end,
// without one line end. It is bounded by MaxAnswer.
func ReadSecret(r io.Reader) ([]byte, error) {
	all, err := io.ReadAll(io.LimitReader(r, MaxAnswer+3))
	if err != nil {
		return nil, err
	}
	secret := endOfLine(all)
	switch {
	case len(secret) == 0:
		return nil, ErrSecretEmpty
	case len(secret) > MaxAnswer:
		return nil, ErrSecretLong
	}
	return secret, nil
}

func endOfLine(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}
