package wallet

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// Word is how a certificate stands, in a word.
type Word string

// The words. What the clock says goes before what the authority says: an
// authority need not know of certificates that are over.
const (
	StandsEarly     Word = "not-yet-valid"
	StandsValid     Word = "valid"
	StandsSuspended Word = "suspended"
	StandsRevoked   Word = "revoked"
	StandsExpired   Word = "expired"
	StandsUnknown   Word = "unknown" // nobody could be asked, or the authority does not know it
)

// Saying is what one source says of a certificate.
type Saying struct {
	Address    string // where it came from
	Status     string // good, revoked, suspended, unknown; empty when there was no answer to rely on
	ThisUpdate time.Time
	NextUpdate time.Time // zero: not said
	Since      time.Time // when it was revoked or suspended
	Reason     string    // as RFC 5280 names it
	Problem    error     // why there was no answer
}

// OtherTime says that an answer came, and that it is from another time than the
// device's clock shows.
func (s Saying) OtherTime() bool {
	for _, err := range []error{ocsp.ErrNotYetValid, ocsp.ErrStale, crl.ErrNotYetValid, crl.ErrStale} {
		if errors.Is(s.Problem, err) {
			return true
		}
	}
	return false
}

// Standing is what an authority says of one of its certificates.
type Standing struct {
	Word Word
	OCSP Saying
	CRL  *Saying // nil when the list was not asked for
}

var (
	errNoList      = errors.New("wallet: certificate names no http revocation list")
	errPartialList = errors.New("wallet: revocation list does not cover everything")
)

// maxFetchedCRL bounds a revocation list from the network, in bytes: one of a
// million entries has some 40 MiB.
const maxFetchedCRL = 64 << 20

// Stand asks the authority how a certificate stands: by OCSP and, when the
// list is wanted, by the revocation list that the certificate names. helpers
// are certificates among which its issuer's may be; else that is fetched. What
// is answered is judged by the key that signed the certificate: whether that
// is to be trusted Verify says.
func (o *Online) Stand(ctx context.Context, cert *x509.Certificate, helpers []*x509.Certificate, list bool, at time.Time) Standing {
	var s Standing
	issuer, err := o.signerOf(ctx, cert, helpers)
	if err != nil {
		s.OCSP.Problem = err
		if list {
			s.CRL = &Saying{Problem: err}
		}
	} else {
		s.OCSP = o.askResponder(ctx, cert, issuer, at)
		if list {
			said := o.readList(ctx, cert, issuer, at)
			s.CRL = &said
		}
	}
	s.Word = s.word(cert, at)
	return s
}

// signerOf finds the certificate whose key signed cert.
func (o *Online) signerOf(ctx context.Context, cert *x509.Certificate, helpers []*x509.Certificate) (*x509.Certificate, error) {
	if found := helping(cert, helpers); len(found) > 0 {
		return found[0], nil
	}
	issuer, err := o.issuerOf(ctx, cert)
	if err != nil {
		return nil, err
	}
	return issuer, issuer.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature)
}

func (o *Online) askResponder(ctx context.Context, cert, issuer *x509.Certificate, at time.Time) (said Saying) {
	der, address, err := o.status(ctx, cert, issuer)
	said.Address, said.Problem = address, err
	if err != nil {
		return said
	}
	response, err := ocsp.ParseResponse(der)
	if err == nil {
		err = response.Verify(issuer, at)
	}
	var single ocsp.Single
	if err == nil {
		single, err = response.Find(issuer, cert.SerialNumber)
	}
	if err == nil {
		err = single.Current(at)
	}
	if err != nil {
		said.Problem = err
		return said
	}
	said.Status, said.ThisUpdate, said.NextUpdate = "unknown", single.ThisUpdate, single.NextUpdate
	switch single.Status {
	case ocsp.Good:
		said.Status = "good"
	case ocsp.Revoked:
		said.listed(single.RevokedAt, crl.Reason(single.Reason))
	case ocsp.Unknown:
	}
	return said
}

func (s *Saying) listed(since time.Time, reason crl.Reason) {
	s.Status, s.Since, s.Reason = "revoked", since, reason.String()
	if reason == crl.CertificateHold {
		s.Status = "suspended"
	}
}

func (o *Online) readList(ctx context.Context, cert, issuer *x509.Certificate, at time.Time) (said Saying) {
	said.Problem = errNoList
	for _, address := range cert.CRLDistributionPoints[:min(len(cert.CRLDistributionPoints), maxAddresses)] {
		if !plainHTTP(address) {
			continue
		}
		said = Saying{Address: address}
		der, err := o.fetch(ctx, http.MethodGet, address, "", nil, maxFetchedCRL)
		if err == nil {
			err = said.read(der, cert, issuer, at)
		}
		if said.Problem = err; err == nil {
			break
		}
	}
	return said
}

// read finds a certificate on a list of its issuer.
func (s *Saying) read(der []byte, cert, issuer *x509.Certificate, at time.Time) error {
	list, err := crl.Parse(der)
	if err != nil {
		return err
	}
	if err := errors.Join(list.CheckSignature(issuer), list.CheckTime(at)); err != nil {
		return err
	}
	if d := list.Distribution; len(list.Critical) > 0 || d != nil && (d.OnlyCAs || d.OnlyAttributes || d.SomeReasons || d.Indirect) {
		return errPartialList
	}
	s.Status, s.ThisUpdate, s.NextUpdate = "good", list.ThisUpdate, list.NextUpdate
	if entry, listed := list.Find(cert.SerialNumber); listed {
		s.listed(entry.RevokedAt, entry.Reason)
	}
	return nil
}

// word sums up. OCSP tells at once what a list tells some time later, so a list
// counts only where OCSP does not say good.
func (s Standing) word(cert *x509.Certificate, at time.Time) Word {
	switch {
	case at.Before(cert.NotBefore):
		return StandsEarly
	case at.After(cert.NotAfter):
		return StandsExpired
	}
	said := []string{s.OCSP.Status}
	if s.CRL != nil && s.OCSP.Status != "good" {
		said = append(said, s.CRL.Status)
	}
	switch {
	case slices.Contains(said, "revoked"):
		return StandsRevoked
	case slices.Contains(said, "suspended"):
		return StandsSuspended
	case slices.Contains(said, "good") && !slices.Contains(said, "unknown"):
		return StandsValid
	}
	return StandsUnknown
}

// Authorities gives the authorities' certificates that lie beside those below
// NPKI roots: helpers for Stand.
func Authorities(roots []string) []*x509.Certificate { return authoritiesIn(roots) }

// Next is what a certificate's owner should do.
type Next string

// The steps, each a command but for nothing and wait.
const (
	NextNothing          Next = "nothing"
	NextRenew            Next = "renew"
	NextReissue          Next = "reissue"
	NextReissueThenRenew Next = "reissue-then-renew"
	NextResume           Next = "resume"
	NextIssue            Next = "issue"
	NextWait             Next = "wait" // ask again later
)

// NextFor says what to do about a certificate that stands in a word. hasKey is
// whether its key lies on this device; soon whether it can be renewed by now.
func NextFor(w Word, hasKey, soon bool) Next {
	switch {
	case w == StandsRevoked, w == StandsExpired:
		return NextIssue
	case w == StandsSuspended:
		return NextResume
	case w != StandsValid:
		return NextWait
	case hasKey && soon:
		return NextRenew
	case hasKey:
		return NextNothing
	case soon:
		return NextReissueThenRenew
	}
	return NextReissue
}
