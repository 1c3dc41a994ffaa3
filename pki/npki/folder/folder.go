// Package folder reads and writes the NPKI folder, in which the programs of
// the field keep joint certificates on a disk (KCAC.TS.UI):
//
//	NPKI/<CA>/USER/<DN>/signCert.der   the certificate
//	                    signPri.key    its key, encrypted with a password
//
// Will it find what other programs wrote, and harm nothing of it? List takes
// names in any case and in either Unicode form, PEM as well as DER, and passes
// over what it has no use for (kmCert.der, kmPri.key, CaPubs). Write makes a
// certificate appear whole or not at all, readable by its owner alone, and
// never in the place of another unless it is told to. The name of a folder is
// only a label: what counts is the certificate in it.
package folder

import (
	"crypto/x509"
	"errors"
	"strings"
)

var (
	// ErrNotCertificate says that a folder does not hold both a certificate
	// and a key.
	ErrNotCertificate = errors.New("folder: not a certificate folder")
	// ErrFormat says that a file of the folder is not what its name says.
	ErrFormat = errors.New("folder: malformed file")
	// ErrTooBig says that a file or a folder is beyond what is read.
	ErrTooBig = errors.New("folder: too big")
	// ErrExists says that there is a certificate in that place already.
	ErrExists = errors.New("folder: a certificate is there already")
	// ErrCA says that the name of a CA can't be a folder's.
	ErrCA = errors.New("folder: not a name for a CA's folder")
	// ErrNotEncrypted says that a key to be written is not encrypted.
	ErrNotEncrypted = errors.New("folder: key is not an encrypted key file")
)

// Bounds on what is read.
const (
	maxFile    = 64 << 10 // bytes of a file
	maxNames   = 4096     // names in a folder
	maxEntries = 1024     // certificates in all
)

// The files of a certificate.
const (
	certFile = "signCert.der"
	keyFile  = "signPri.key"
	userDir  = "USER"
)

// Entry is a certificate in an NPKI folder.
type Entry struct {
	Dir         string // its folder
	CA          string // name of the CA's folder, NFC; empty from Open where there is none
	DN          string // subject in the folder form (npki.Name.String), NFC
	CertDER     []byte
	KeyDER      []byte // EncryptedPrivateKeyInfo, not yet looked into
	Certificate *x509.Certificate
}

// DefaultRoots are the places where the programs of the field keep their NPKI
// folder, on the operating system goos (as runtime.GOOS names it) for the
// user whose home folder is home. The first is where to write. They need not
// exist.
func DefaultRoots(goos, home string) []string {
	switch goos {
	case "windows":
		roots := []string{
			strings.TrimRight(home, `\/`) + `\AppData\LocalLow\NPKI`,
			`C:\Program Files\NPKI`,
			`C:\Program Files (x86)\NPKI`,
		}
		for drive := 'C'; drive <= 'Z'; drive++ { // sticks and other disks
			roots = append(roots, string(drive)+`:\NPKI`)
		}
		return roots
	case "darwin":
		home = strings.TrimRight(home, "/")
		return []string{home + "/Library/Preferences/NPKI", home + "/Documents/NPKI", home + "/NPKI"}
	default:
		return []string{strings.TrimRight(home, "/") + "/NPKI"}
	}
}
