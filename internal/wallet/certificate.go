package wallet

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/npki/folder"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Certificate is one certificate on this device. KeyDER is empty for one that
// was opened as a single file without a key beside it.
type Certificate struct {
	folder.Entry
}

// State is where a certificate stands in its time.
type State string

// The states. Soon is from 30 days before the last day: it can be renewed.
const (
	Early   State = "not-yet-valid"
	Usable  State = "usable"
	Soon    State = "expires-soon"
	Expired State = "expired"
)

// renewalDays is how long before its last day in Seoul a certificate can be
// renewed.
const renewalDays = 30

// List finds the certificates below NPKI folders, the one that lasts longest
// first. The second result says which folders could not be read; a root that
// is not there is no error.
func List(roots ...string) ([]Certificate, []error) {
	entries, errs := folder.List(roots...)
	certs := make([]Certificate, 0, len(entries))
	for _, e := range entries {
		certs = append(certs, Certificate{Entry: e})
	}
	slices.SortStableFunc(certs, func(a, b Certificate) int {
		return cmp.Or(b.NotAfter().Compare(a.NotAfter()), strings.Compare(a.Dir, b.Dir))
	})
	return certs, slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, fs.ErrNotExist) })
}

// Choose finds the certificate that a person means: a number of the list, a
// folder, or a file. With an empty selection it is the only one that can be
// used at the time.
func Choose(selection string, certs []Certificate, at time.Time) (Certificate, error) {
	number, isNumber := ParseNumber(selection)
	switch {
	case selection == "":
		return onlyUsable(certs, at)
	case isNumber && len(certs) == 0:
		return Certificate{}, errNoCertificates.With(nil)
	case isNumber && (number < 1 || number > len(certs)):
		return Certificate{}, NoSuchNumber(selection, len(certs))
	case isNumber:
		return certs[number-1], nil
	}
	return openPath(selection)
}

// ChooseRenewable is Choose for a renewal: with an empty selection it is the
// only one with a key that is in its last 30 days.
func ChooseRenewable(selection string, certs []Certificate, at time.Time) (Certificate, error) {
	if selection != "" || len(certs) == 0 {
		return Choose(selection, certs, at)
	}
	var due []Certificate
	for _, c := range certs {
		if c.State(at) == Soon && len(c.KeyDER) > 0 {
			due = append(due, c)
		}
	}
	switch len(due) {
	case 0:
		return Certificate{}, errRenewEarly.With(nil)
	case 1:
		return due[0], nil
	}
	return Certificate{}, errNotOneCertificate.With(nil)
}

// Root is the NPKI folder that a certificate lies in; empty for one that lies
// elsewhere.
func (c Certificate) Root() string {
	user := filepath.Dir(c.Dir)
	if c.CA == "" || !strings.EqualFold(filepath.Base(user), "USER") {
		return ""
	}
	return filepath.Dir(filepath.Dir(user))
}

// NoSuchNumber refuses a selection that is no number of a list.
func NoSuchNumber(selection string, last int) error {
	return errNoSuchNumber.With(nil, "number", selection, "last", strconv.Itoa(last))
}

// IsAmbiguous says whether a person who sees the list could choose.
func IsAmbiguous(err error) bool { return errors.Is(err, errNotOneCertificate) }

// ParseNumber says whether a selection is a number of the list: one to four
// digits and nothing else. A folder of such a name is written ./12.
func ParseNumber(selection string) (int, bool) {
	if len(selection) == 0 || len(selection) > 4 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(selection) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

func onlyUsable(certs []Certificate, at time.Time) (Certificate, error) {
	if len(certs) == 0 {
		return Certificate{}, errNoCertificates.With(nil)
	}
	var usable []Certificate
	for _, c := range certs {
		if s := c.State(at); s == Usable || s == Soon {
			usable = append(usable, c)
		}
	}
	switch {
	case len(usable) == 1:
		return usable[0], nil
	case len(usable) == 0 && len(certs) == 1:
		return certs[0], nil // its own refusal says more
	}
	return Certificate{}, errNotOneCertificate.With(nil)
}

// openPath opens a certificate by its folder, by signCert.der within one, or
// as a certificate file of any name.
func openPath(path string) (Certificate, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Certificate{}, errUnreadable.With(err, "path", path)
	}
	dir := path
	if !info.IsDir() {
		if !strings.EqualFold(filepath.Base(path), "signCert.der") {
			return openFile(path)
		}
		dir = filepath.Dir(path)
	}
	entry, err := folder.Open(dir)
	switch {
	case err == nil:
		return Certificate{Entry: entry}, nil
	case !info.IsDir():
		return openFile(path)
	case errors.Is(err, fs.ErrPermission):
		return Certificate{}, errUnreadable.With(err, "path", path)
	}
	return Certificate{}, errNotACertificate.With(err, "path", path)
}

func openFile(path string) (Certificate, error) {
	der, err := ReadFile(path, maxCertificate)
	if err != nil {
		return Certificate{}, err
	}
	certs, err := parseCertificates(der)
	if err != nil || len(certs) == 0 {
		return Certificate{}, errNotACertificate.With(err, "path", path)
	}
	return Certificate{Entry: folder.Entry{Dir: path, CertDER: certs[0].Raw, Certificate: certs[0]}}, nil
}

// Limits on files from outside, in bytes.
const (
	maxCertificate  = 1 << 20 // a bundle, too
	maxCertificates = 64      // in one file
)

// ReadFile reads a file of at most limit bytes.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errUnreadable.With(err, "path", path)
	}
	defer func() { _ = f.Close() }()
	return ReadAll(f, path, limit)
}

// ReadAll reads at most limit bytes of what goes by a name.
func ReadAll(r io.Reader, name string, limit int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, errUnreadable.With(err, "path", name)
	}
	if int64(len(content)) > limit {
		return nil, errTooLarge.With(nil, "path", name, "limit", strconv.FormatInt(limit>>20, 10)+" MiB")
	}
	return content, nil
}

// ReadCertificates reads a file of one or more certificates, PEM or DER.
func ReadCertificates(path string) ([]*x509.Certificate, error) {
	content, err := ReadFile(path, maxCertificate)
	if err != nil {
		return nil, err
	}
	certs, err := parseCertificates(content)
	if err != nil || len(certs) == 0 {
		return nil, errNotACertificate.With(err, "path", path)
	}
	return certs, nil
}

// parseCertificates takes PEM blocks or certificates in DER one after another.
func parseCertificates(content []byte) ([]*x509.Certificate, error) {
	if !bytes.Contains(content, []byte("-----BEGIN ")) {
		return x509.ParseCertificates(content)
	}
	var certs []*x509.Certificate
	for len(certs) < maxCertificates {
		var block *pem.Block
		if block, content = pem.Decode(content); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" && block.Type != "X509 CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
	return certs, nil
}

// Owner gives the name of the person: the real name in the IdentifyData, else
// what stands before the bracket in the common name.
func (c Certificate) Owner() string { return OwnerOf(c.Certificate) }

// OwnerOf is Owner for a certificate that is not on this device.
func OwnerOf(cert *x509.Certificate) string {
	if data, err := npki.IdentifyDataOf(cert); err == nil && data.RealName != "" {
		return data.RealName
	}
	name, _, _ := strings.Cut(nameOf(cert.RawSubject).CommonName(), "(")
	return name
}

// Subject gives the distinguished name in the form of a folder.
func (c Certificate) Subject() string { return SubjectOf(c.Certificate) }

// SubjectOf is Subject for a certificate that is not on this device.
func SubjectOf(cert *x509.Certificate) string { return nameOf(cert.RawSubject).String() }

// IssuerName gives the issuer's distinguished name in the form of a folder.
func (c Certificate) IssuerName() string { return nameOf(c.Certificate.RawIssuer).String() }

// Authority names the authority shortly: the folder it lies in, else the
// issuer's organisation.
func (c Certificate) Authority() string {
	if c.CA != "" {
		return c.CA
	}
	return organisation(c.Certificate.RawIssuer)
}

// organisation is O of a name, or its CN.
func organisation(raw []byte) string {
	name := nameOf(raw)
	for _, a := range name {
		if a.Type.Equal(npki.OIDOrganization) {
			return a.Value
		}
	}
	return name.CommonName()
}

// nameOf reads a name that x509 has parsed already; one that npki can't read
// is empty.
func nameOf(raw []byte) npki.Name {
	name, err := npki.ParseName(raw)
	if err != nil {
		return nil
	}
	return name
}

// HasVID says whether the certificate can show whose it is by a virtual ID.
func (c Certificate) HasVID() bool {
	data, err := npki.IdentifyDataOf(c.Certificate)
	return err == nil && len(data.VIDs) > 0
}

// Serial gives the serial number in hexadecimal, as whole bytes.
func (c Certificate) Serial() string { return SerialOf(c.Certificate) }

// SerialOf is Serial for a certificate that is not on this device.
func SerialOf(cert *x509.Certificate) string {
	digits := cert.SerialNumber.Text(16)
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	return digits
}

// NotAfter is the last second of the certificate.
func (c Certificate) NotAfter() time.Time { return c.Certificate.NotAfter }

// State says where the certificate stands at a time.
func (c Certificate) State(at time.Time) State {
	switch {
	case at.Before(c.Certificate.NotBefore):
		return Early
	case at.After(c.NotAfter()):
		return Expired
	case seoul.DaysUntil(at, c.NotAfter()) <= renewalDays:
		return Soon
	}
	return Usable
}

// Fingerprint is the SHA-256 of the certificate.
func (c Certificate) Fingerprint() []byte { return FingerprintOf(c.Certificate) }

// FingerprintOf is Fingerprint for a certificate that is not on this device.
func FingerprintOf(cert *x509.Certificate) []byte {
	sum := sha256.Sum256(cert.Raw)
	return sum[:]
}
