package wallet

import (
	"bytes"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// caPubs is the file of a certificate's folder that holds the certificates of
// the authorities above it: a SEQUENCE OF Certificate, root first (KCAC.TS.UI).
const caPubs = "CaPubs"

var errCAPubs = errors.New("wallet: malformed CaPubs")

// marshalCAPubs takes a chain that ends in the root.
func marshalCAPubs(chain []*x509.Certificate) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i := len(chain) - 1; i >= 0; i-- {
			b.AddBytes(chain[i].Raw)
		}
	})
	return b.Bytes()
}

func parseCAPubs(der []byte) ([]*x509.Certificate, error) {
	s := cryptobyte.String(der)
	var all cryptobyte.String
	if len(der) > maxCertificate || !s.ReadASN1(&all, cbasn1.SEQUENCE) || !s.Empty() {
		return nil, errCAPubs
	}
	var certs []*x509.Certificate
	for !all.Empty() {
		var one cryptobyte.String
		if len(certs) == maxCertificates || !all.ReadASN1Element(&one, cbasn1.SEQUENCE) {
			return nil, errCAPubs
		}
		cert, err := x509.ParseCertificate(one)
		if err != nil {
			return nil, errCAPubs
		}
		certs = append(certs, cert)
	}
	return certs, nil
}

// writeCAPubs puts the chain beside a certificate, whole or not at all.
func writeCAPubs(dir string, chain []*x509.Certificate) error {
	der, err := marshalCAPubs(chain)
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, "."+caPubs+".new")
	_ = os.Remove(tmp) // of a run that was broken off
	if err := writeSynced(tmp, der); err != nil {
		return err
	}
	return errors.Join(os.Rename(tmp, filepath.Join(dir, caPubs)), syncDir(dir))
}

// authoritiesIn gives the authorities' certificates that lie beside those
// below the NPKI roots. They help to build a chain and are trusted by nobody
// for lying there.
func authoritiesIn(roots []string) []*x509.Certificate {
	certs, _ := List(roots...)
	var found []*x509.Certificate
	for _, c := range certs {
		names, err := os.ReadDir(c.Dir)
		if err != nil {
			continue
		}
		for _, name := range names {
			if !strings.EqualFold(name.Name(), caPubs) || !name.Type().IsRegular() {
				continue
			}
			der, err := ReadFile(filepath.Join(c.Dir, name.Name()), maxCertificate)
			if err != nil {
				continue
			}
			if above, err := parseCAPubs(der); err == nil {
				found = append(found, above...)
			}
		}
	}
	return found
}

// maxBeside bounds the files that are looked at beside a root's.
const maxBeside = 256

// certificatesBeside gives the certificates that lie in the folder of a file.
// Like authoritiesIn they only help to build a chain.
func certificatesBeside(path string) []*x509.Certificate {
	dir := filepath.Dir(path)
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []*x509.Certificate
	for _, name := range names[:min(len(names), maxBeside)] {
		switch strings.ToLower(filepath.Ext(name.Name())) {
		case ".pem", ".cer", ".crt", ".der":
		default:
			continue
		}
		info, err := name.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxCertificate {
			continue
		}
		if certs, err := ReadCertificates(filepath.Join(dir, name.Name())); err == nil {
			found = append(found, certs...)
		}
	}
	return found
}

// maxHelperChecks bounds the signature checks in choosing helpers.
const maxHelperChecks = 32

// helping gives those of the helpers that did sign the certificate, or one
// another on the way up. A namesake that lies about must not make a chain look
// forged that is only incomplete.
func helping(cert *x509.Certificate, helpers []*x509.Certificate) []*x509.Certificate {
	var chosen []*x509.Certificate
	checks := 0
	for level := []*x509.Certificate{cert}; len(level) > 0; {
		var above []*x509.Certificate
		for _, below := range level {
			for _, h := range helpers {
				if !bytes.Equal(h.RawSubject, below.RawIssuer) || checks == maxHelperChecks || slices.ContainsFunc(chosen, h.Equal) {
					continue
				}
				checks++
				if h.CheckSignature(below.SignatureAlgorithm, below.RawTBSCertificate, below.Signature) == nil {
					above = append(above, h)
					chosen = append(chosen, h)
				}
			}
		}
		level = above
	}
	return chosen
}

// ReadTrust reads the files of roots to trust and of certificates in between.
// A file of roots may hold those in between, too: only what signs itself is a
// root. Authorities that lie beside the roots' files and in the NPKI folders
// help to build the chain.
func (j *Judging) ReadTrust(roots, between, npkiRoots []string) error {
	for _, path := range roots {
		certs, err := ReadCertificates(path)
		if err != nil {
			return err
		}
		for _, c := range certs {
			if bytes.Equal(c.RawSubject, c.RawIssuer) {
				j.Roots = append(j.Roots, c)
			} else {
				j.Intermediates = append(j.Intermediates, c)
			}
		}
	}
	for _, path := range between {
		certs, err := ReadCertificates(path)
		if err != nil {
			return err
		}
		j.Intermediates = append(j.Intermediates, certs...)
	}
	for _, path := range roots {
		j.Helpers = append(j.Helpers, certificatesBeside(path)...)
	}
	j.Helpers = append(j.Helpers, authoritiesIn(npkiRoots)...)
	return nil
}
