package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ingam-pki/ingam/internal/terminal"
)

// note tells beside the answer what a person should know, on standard error.
func (p *program) note(text string) {
	for _, line := range terminal.Wrap(text, terminal.MaxColumns) {
		_, _ = io.WriteString(p.stderr, line+"\n") // nowhere left to tell
	}
}

// printLine writes one line of the answer.
func (p *program) printLine(s string) error {
	_, err := io.WriteString(p.stdout, s+"\n")
	return err
}

// standardStream is the name of standard input or output in --in and --out.
const standardStream = "-"

// input opens a file to read, or standard input. What is read of it stops
// when the run is broken off.
func (p *program) input(ctx context.Context, name string) (io.Reader, func(), error) {
	if name == standardStream {
		return &interruptible{ctx, p.stdin}, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, errReading.With(err, "path", name)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		_ = f.Close()
		return nil, nil, errReading.With(err, "path", name)
	}
	return &interruptible{ctx, f}, func() { _ = f.Close() }, nil
}

// interruptible is a reader that ends with the run.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i *interruptible) Read(b []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b)
}

// output writes a whole file or none, owner-readable for all: what is written
// is no secret. Standard output takes it as it is.
func (p *program) output(name string, content []byte, force bool) error {
	if name == standardStream {
		if _, err := p.stdout.Write(content); err != nil {
			return errWriting.With(err, "path", name)
		}
		return nil
	}
	if err := p.writable(name, force); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".ingam-")
	if err != nil {
		return errWriting.With(err, "path", name)
	}
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return errWriting.With(err, "path", name)
	}
	return nil
}

// writable refuses to write over a file that nobody said may go.
func (p *program) writable(name string, force bool) error {
	if name == standardStream || force {
		return nil
	}
	_, err := os.Lstat(name)
	switch {
	case err == nil:
		return errFileExists.With(nil, "path", name)
	case !errors.Is(err, fs.ErrNotExist):
		return errWriting.With(err, "path", name)
	}
	return nil
}
