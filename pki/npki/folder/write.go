package folder

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Folders that a write is at work in begin with these.
const (
	newPrefix = ".ingam-new-"
	oldPrefix = ".ingam-old-"
)

// Options says how Write goes about it.
type Options struct {
	// Replace allows Write to take the place of a certificate whose folder
	// has the same name. Other files of that folder are kept. If it is the
	// same certificate, as when its password was changed, only the key's file
	// is exchanged.
	Replace bool
}

// Write puts a certificate and its encrypted key into the NPKI folder root
// under a CA's name and gives the folder it made. Folders that are missing
// are made for the owner alone (0700, files 0600; Windows has no such rights,
// there the user's folder protects it).
//
// The certificate appears whole or not at all, and after Write has returned it
// survives a power cut. When a different certificate is replaced there is a
// moment with two folders, of which the old one is named .ingam-old-…: if the
// machine stops just then, List still finds what was there.
//
// Errors: ErrExists (and not told to replace), ErrNotEncrypted, ErrFormat (no
// certificate, or a subject without a name), ErrCA.
func Write(root, ca string, certDER, keyDER []byte, o Options) (string, error) {
	cert, err := x509.ParseCertificate(certDER)
	if err != nil {
		return "", fmt.Errorf("%w: certificate: %w", ErrFormat, err)
	}
	if _, err := npki.EncryptionOf(keyDER); err != nil {
		return "", fmt.Errorf("%w: %w", ErrNotEncrypted, err)
	}
	name, err := folderName(cert.RawSubject)
	if err != nil {
		return "", err
	}
	if err := checkCA(ca); err != nil {
		return "", err
	}
	user, err := makeUserFolder(root, ca)
	if err != nil {
		return "", fmt.Errorf("making NPKI folder: %w", err)
	}
	names, err := list(user)
	if err != nil {
		return "", fmt.Errorf("reading NPKI folder: %w", err)
	}
	w := writer{user: user, cert: certDER, key: keyDER}
	there := findName(names, name)
	switch {
	case there == "":
		err = w.create(filepath.Join(user, name))
		return filepath.Join(user, name), err
	case !o.Replace:
		return "", ErrExists
	default:
		err = w.replace(filepath.Join(user, there))
		return filepath.Join(user, there), err
	}
}

// makeUserFolder makes root/ca/USER, taking those that are there in another
// spelling.
func makeUserFolder(root, ca string) (string, error) {
	if err := makeFolder(root); err != nil {
		return "", err
	}
	dir := root
	for _, want := range []string{ca, userDir} {
		names, err := subfolders(dir)
		if err != nil {
			return "", err
		}
		name := findName(names, want)
		if name == "" {
			name = want
		}
		dir = filepath.Join(dir, name)
		if err := makeFolder(dir); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func makeFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

type writer struct {
	user      string // the USER folder
	cert, key []byte
}

// create lets the certificate appear at dir, where nothing is yet.
func (w writer) create(dir string) (err error) {
	temp, err := w.prepare(nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(temp)
		}
	}()
	// Renaming a folder never takes the place of one that holds something:
	// two writers at once can't overwrite each other.
	if err := os.Rename(temp, dir); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return ErrExists
		}
		return fmt.Errorf("placing certificate: %w", err)
	}
	return syncFolder(w.user)
}

// replace takes the place of the certificate at dir.
func (w writer) replace(dir string) (err error) {
	names, err := list(dir)
	if err != nil {
		return fmt.Errorf("reading certificate to be replaced: %w", err)
	}
	if there, err := open(dir); err == nil && bytes.Equal(there.CertDER, w.cert) {
		return replaceFile(filepath.Join(dir, findName(names, keyFile)), w.key)
	}
	others, err := otherFiles(dir, names)
	if err != nil {
		return err
	}
	temp, err := w.prepare(others)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(temp)
		}
	}()
	aside := filepath.Join(w.user, oldPrefix+rand.Text())
	if err := os.Rename(dir, aside); err != nil {
		return fmt.Errorf("setting old certificate aside: %w", err)
	}
	if err := os.Rename(temp, dir); err != nil {
		return fmt.Errorf("placing certificate: %w", errors.Join(err, os.Rename(aside, dir)))
	}
	if err := syncFolder(w.user); err != nil {
		return err
	}
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("removing old certificate: %w", err)
	}
	return nil
}

// otherFiles reads what else is in a certificate's folder, so that it can be
// kept. What is no plain file makes it refuse: better to leave the folder as
// it is than to lose something.
func otherFiles(dir string, names []string) (map[string][]byte, error) {
	others := make(map[string][]byte)
	for _, name := range names {
		if name == findName(names, certFile) || name == findName(names, keyFile) {
			continue
		}
		b, err := readFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("keeping %s: %w", name, err)
		}
		others[name] = b
	}
	return others, nil
}

// prepare writes the files into a new folder beside the final one.
func (w writer) prepare(others map[string][]byte) (temp string, err error) {
	temp, err = os.MkdirTemp(w.user, newPrefix) // 0700
	if err != nil {
		return "", fmt.Errorf("making certificate folder: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(temp)
		}
	}()
	files := map[string][]byte{certFile: w.cert, keyFile: w.key}
	for name, b := range others {
		files[name] = b
	}
	for name, b := range files {
		if err := writeFile(filepath.Join(temp, name), b); err != nil {
			return "", fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return temp, syncFolder(temp)
}

// writeFile writes a new file for the owner alone and waits until it is on
// the disk.
func writeFile(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// replaceFile exchanges one file's content in one step.
func replaceFile(path string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), newPrefix) // 0600
	if err != nil {
		return fmt.Errorf("writing key: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing key: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("placing key: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder waits until the names in a folder are on the disk. Windows can't
// and need not.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
