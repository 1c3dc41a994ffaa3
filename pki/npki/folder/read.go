package folder

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/pki/npki"
)

// List finds the certificates under some NPKI folders, in the order of their
// names. What can't be read is reported and does not keep the others from
// being found; a root that does not exist is no error.
func List(roots ...string) ([]Entry, []error) {
	var l lister
	for _, root := range roots {
		l.root(root)
	}
	return l.entries, l.errs
}

type lister struct {
	entries []Entry
	errs    []error
}

func (l *lister) root(root string) {
	names, err := subfolders(root)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	l.report(root, err)
	for _, ca := range names {
		caDir := filepath.Join(root, ca)
		users, err := subfolders(caDir)
		l.report(caDir, err)
		for _, user := range users {
			if strings.EqualFold(user, userDir) {
				l.user(filepath.Join(caDir, user))
			}
		}
	}
}

func (l *lister) user(dir string) {
	names, err := subfolders(dir)
	l.report(dir, err)
	for _, name := range names {
		if strings.HasPrefix(name, newPrefix) {
			continue // left by a Write that was cut off: never complete
		}
		if len(l.entries) == maxEntries {
			l.report(dir, fmt.Errorf("%w: more than %d certificates", ErrTooBig, maxEntries))
			return
		}
		path := filepath.Join(dir, name)
		e, err := Open(path)
		if errors.Is(err, ErrNotCertificate) {
			continue
		}
		if err != nil {
			l.errs = append(l.errs, err)
			continue
		}
		l.entries = append(l.entries, e)
	}
}

func (l *lister) report(dir string, err error) {
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("reading %s: %w", dir, err))
	}
}

// Open reads one certificate's folder. ErrNotCertificate when either file is
// missing, ErrFormat or ErrTooBig when one is not what it should be.
func Open(dir string) (Entry, error) {
	e, err := open(dir)
	if err != nil {
		return Entry{}, fmt.Errorf("reading %s: %w", dir, err)
	}
	return e, nil
}

func open(dir string) (Entry, error) {
	names, err := list(dir)
	if err != nil {
		return Entry{}, err
	}
	cert, key := findName(names, certFile), findName(names, keyFile)
	if cert == "" || key == "" {
		return Entry{}, ErrNotCertificate
	}
	certBytes, err := readFile(filepath.Join(dir, cert))
	if err != nil {
		return Entry{}, err
	}
	keyBytes, err := readFile(filepath.Join(dir, key))
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Dir: dir, CA: caOf(dir)}
	if e.Certificate, err = sniffCertificate(certBytes); err != nil {
		return Entry{}, err
	}
	e.CertDER = e.Certificate.Raw
	if e.KeyDER, err = sniffKey(keyBytes); err != nil {
		return Entry{}, err
	}
	subject, err := npki.ParseName(e.Certificate.RawSubject)
	if err != nil {
		return Entry{}, fmt.Errorf("%w: subject: %w", ErrFormat, err)
	}
	e.DN = norm.NFC.String(subject.String())
	return e, nil
}

// caOf is the CA's folder above USER, if that is where dir is.
func caOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	user := filepath.Dir(abs)
	if !strings.EqualFold(filepath.Base(user), userDir) {
		return ""
	}
	return norm.NFC.String(filepath.Base(filepath.Dir(user)))
}

// sniffCertificate reads a certificate from DER or PEM, whatever the file's
// name says.
func sniffCertificate(b []byte) (*x509.Certificate, error) {
	der, err := sniff(b, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%w: certificate: %w", ErrFormat, err)
	}
	return c, nil
}

// sniffKey gives the DER of a key file. Which encryption it has is left to
// npki: a certificate whose key can't be opened is still worth listing.
func sniffKey(b []byte) ([]byte, error) {
	der, err := sniff(b, "ENCRYPTED PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	if len(der) > npki.MaxKeySize {
		return nil, fmt.Errorf("%w: key of %d bytes", ErrTooBig, len(der))
	}
	return der, nil
}

// sniff gives the DER in b, which is DER or the first PEM block of a type.
func sniff(b []byte, typ string) ([]byte, error) {
	if len(b) > 0 && b[0] == 0x30 { // SEQUENCE
		return b, nil
	}
	for rest := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, fmt.Errorf("%w: neither DER nor PEM %s", ErrFormat, strings.ToLower(typ))
		}
		if block.Type == typ && len(block.Bytes) > 0 {
			return block.Bytes, nil
		}
	}
}

// list gives the names in a folder, sorted, up to maxNames.
func list(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	names, err := f.Readdirnames(maxNames + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(names) > maxNames {
		return nil, fmt.Errorf("%w: more than %d names", ErrTooBig, maxNames)
	}
	slices.Sort(names)
	return names, nil
}

// subfolders gives the names of the folders in a folder, sorted.
func subfolders(dir string) ([]string, error) {
	names, err := list(dir)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(names, func(name string) bool {
		info, err := os.Stat(filepath.Join(dir, name))
		return err != nil || !info.IsDir()
	}), nil
}

// findName finds a name whatever its case and Unicode form, the exact one
// first; empty when there is none.
func findName(names []string, want string) string {
	if slices.Contains(names, want) {
		return want
	}
	want = norm.NFC.String(want)
	for _, name := range names {
		if strings.EqualFold(norm.NFC.String(name), want) {
			return name
		}
	}
	return ""
}

// readFile reads a regular file up to maxFile bytes.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is no regular file", ErrFormat, filepath.Base(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("%w: %s", ErrTooBig, filepath.Base(path))
	}
	return b, nil
}
