package server

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ingam-pki/ingam/internal/keys"
)

// Where things are in the data folder.
const (
	ConfigFile     = "config.yaml"
	ringFile       = "ring.json"
	caFolder       = "ca"
	offlineFolder  = "offline"
	rootKeyFile    = "root.key"
	rootListFile   = "root.crl"
	chainFile      = "issuing.chain.pem"
	passphraseFile = "passphrase" // of a demo only
)

// maxFile is the size of the largest certificate file, in bytes.
const maxFile = 1 << 20

// authorityFiles is what the folder ca holds, opened.
type authorityFiles struct {
	root, issuing, km, ocsp    *x509.Certificate
	issuingKey, kmKey, ocspKey *rsa.PrivateKey
	rootList                   []byte // DER
}

// hasAuthority says whether a data folder holds an authority, or a part of
// one.
func hasAuthority(data string) bool {
	for _, name := range []string{caFolder, ringFile, offlineFolder} {
		if _, err := os.Lstat(filepath.Join(data, name)); err == nil {
			return true
		}
	}
	return false
}

// openRing opens the ring of the data keys.
func openRing(data string, passphrase []byte) (*keys.Ring, error) {
	if !hasAuthority(data) {
		return nil, ErrNoAuthority.With(nil, "data", data)
	}
	ring, err := keys.ReadRing(filepath.Join(data, ringFile), passphrase)
	return ring, keyFault(err, data)
}

// openAuthority opens what ca holds. Opening a key takes a while on purpose,
// so the three are opened side by side.
func openAuthority(data string, passphrase []byte) (authorityFiles, error) {
	var a authorityFiles
	if !hasAuthority(data) {
		return a, ErrNoAuthority.With(nil, "data", data)
	}
	dir := filepath.Join(data, caFolder)
	signer, err := latestOCSP(dir)
	if err != nil {
		return a, keyFault(err, data)
	}
	var wg sync.WaitGroup
	problems := make([]error, 8)
	certificate := func(i int, name string, into **x509.Certificate) {
		wg.Go(func() { *into, problems[i] = readCertificate(filepath.Join(dir, name+".pem")) })
	}
	key := func(i int, name string, into **rsa.PrivateKey) {
		wg.Go(func() { *into, problems[i] = keys.ReadSigner(filepath.Join(dir, name+".key"), passphrase) })
	}
	certificate(0, "root", &a.root)
	certificate(1, "issuing", &a.issuing)
	certificate(2, "km", &a.km)
	certificate(3, signer, &a.ocsp)
	key(4, "issuing", &a.issuingKey)
	key(5, "km", &a.kmKey)
	key(6, signer, &a.ocspKey)
	wg.Go(func() { a.rootList, problems[7] = readBounded(filepath.Join(dir, rootListFile)) })
	wg.Wait()
	return a, keyFault(errors.Join(problems...), data)
}

// latestOCSP names the OCSP signer that lasts longest: ocsp, or one that was
// made later, ocsp-SERIAL.
func latestOCSP(dir string) (string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "ocsp*.pem"))
	if err != nil {
		return "", err
	}
	best := ""
	var bestCertificate *x509.Certificate
	for _, path := range names {
		name := strings.TrimSuffix(filepath.Base(path), ".pem")
		if _, err := os.Stat(filepath.Join(dir, name+".key")); err != nil {
			continue // a renewal that did not come to its end
		}
		c, err := readCertificate(path)
		if err != nil {
			return "", err
		}
		if bestCertificate == nil || c.NotAfter.After(bestCertificate.NotAfter) {
			best, bestCertificate = name, c
		}
	}
	if best == "" {
		return "", fmt.Errorf("finding OCSP signer in %s: %w", dir, os.ErrNotExist)
	}
	return best, nil
}

func readCertificate(path string) (*x509.Certificate, error) {
	content, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(content)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("%s: no certificate in PEM", path)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = fmt.Errorf("%s is larger than %d bytes", path, maxFile)
	}
	return content, err
}

func certificatePEM(certificates ...*x509.Certificate) []byte {
	var all []byte
	for _, c := range certificates {
		all = append(all, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return all
}

// writeOCSP keeps a renewed OCSP signer beside the first one. The key comes
// last, and whole or not at all: without it latestOCSP passes the certificate by.
func writeOCSP(data string, c *x509.Certificate, key *rsa.PrivateKey, passphrase []byte, options []keys.Option) error {
	base := filepath.Join(data, caFolder, "ocsp-"+c.SerialNumber.Text(16))
	if err := writeFile(base+".pem", certificatePEM(c)); err != nil {
		return err
	}
	return keys.WriteSigner(base+".key", key, passphrase, options...)
}

// writeFile makes a new file that is on the disk when it returns.
func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
