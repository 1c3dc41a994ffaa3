package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxFile bounds what is read: the largest file (an RSA 16384 key) is below
// 20 KiB.
const maxFile = 64 << 10

// writeNew writes a file that must not exist yet.
func writeNew(path string, content []byte) error {
	return write(path, content, func(temporary string) error {
		// A hard link fails when the name is taken; a rename would replace it.
		err := os.Link(temporary, path)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%w: %s", ErrExists, path)
		}
		return err
	})
}

// writeOver writes a file that may exist; after a crash the old or the new one
// stands there, whole.
func writeOver(path string, content []byte) error {
	return write(path, content, func(temporary string) error {
		return os.Rename(temporary, path)
	})
}

func write(path string, content []byte, place func(temporary string) error) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".ingam-*") // mode 0600
	if err != nil {
		return fmt.Errorf("creating key file: %w", err)
	}
	defer func() {
		// After a rename there is nothing left to remove.
		if e := os.Remove(f.Name()); err == nil && e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = fmt.Errorf("removing temporary key file: %w", e)
		}
	}()
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = place(f.Name())
	}
	if err != nil {
		return fmt.Errorf("writing key file: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes the new name itself survive a power cut.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such thing for folders
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening key folder: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("syncing key folder: %w", err)
	}
	return nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening key file: %w", err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading key file: %w", err)
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("%w: %s is too large", ErrFormat, path)
	}
	return content, nil
}
