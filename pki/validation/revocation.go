package validation

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// maxAge is how long a list without nextUpdate counts.
const maxAge = 24 * time.Hour

var errNotCovered = errors.New("list may have dropped the certificate, which had expired")

// statement is what one list or response says about one certificate.
type statement struct {
	this    time.Time
	stale   bool
	silent  bool // authentic, and says nothing of this certificate
	revoked bool
	at      time.Time
	reason  crl.Reason
	invalid time.Time
}

// judgeRevocation goes from below the root to the leaf. It refuses what was
// revoked or suspended at the time, and gives the first certificate whose
// demanded evidence is not there.
func (r *Report) judgeRevocation(in Input) (unknown *failure) {
	if len(r.Chain) < 2 {
		return nil
	}
	g := gather(in)
	r.Evidence = append(r.Evidence, g.unread...)
	for i := len(r.Chain) - 2; i >= 0; i-- {
		cert := r.Chain[i]
		said := g.about(r, cert, r.Chain[i+1], in.At)
		f, known := r.decide(cert, said, in.At)
		if f != nil {
			r.refuse(Invalid, f)
			return nil
		}
		demanded := in.Revocation == OfAll || (in.Revocation == OfLeaf && i == 0)
		if known || !demanded || unknown != nil {
			continue
		}
		unknown = fail(RevocationMissing, cert, "no usable list or response about it")
		if slices.ContainsFunc(said, func(s statement) bool { return s.stale }) {
			unknown = fail(RevocationStale, cert, "what is known about it is out of date")
		}
	}
	return unknown
}

// decide weighs all statements. Revocation is for good, so any statement of it
// counts, even an old one; a suspension can be lifted, so the newest counts.
func (r *Report) decide(cert *x509.Certificate, said []statement, at time.Time) (f *failure, known bool) {
	slices.SortStableFunc(said, func(a, b statement) int { return b.this.Compare(a.this) })
	newest := true
	for _, s := range said {
		if s.revoked && r.Revocation == nil {
			r.Revocation = &Withdrawal{Subject: nameOf(cert), At: s.at, Reason: s.reason, InvalidityDate: s.invalid}
		}
		switch {
		case s.silent:
			continue
		case s.revoked && s.reason != crl.CertificateHold && !s.at.After(at):
			r.Revocation = &Withdrawal{Subject: nameOf(cert), At: s.at, Reason: s.reason, InvalidityDate: s.invalid}
			return fail(Revoked, cert, "revoked %s, %s", s.at.Format(time.RFC3339), s.reason), true
		case newest && s.revoked && !s.at.After(at):
			// Even from old evidence: nothing newer says that it was lifted.
			f = fail(Suspended, cert, "suspended since %s", s.at.Format(time.RFC3339))
		case s.stale:
			continue
		}
		newest, known = false, true
	}
	return f, known
}

// gathered is the evidence that could be read.
type gathered struct {
	lists     []readList
	responses []readResponse
	unread    []Evidence
}

type readList struct {
	*crl.List
	sha256 string
}

type readResponse struct {
	*ocsp.Response
	sha256 string
}

func gather(in Input) *gathered {
	g := new(gathered)
	for _, der := range in.CRLs {
		list, err := crl.Parse(der)
		if err != nil {
			g.unread = append(g.unread, Evidence{Kind: "crl", SHA256: fingerprint(der), Problem: err.Error()})
			continue
		}
		g.lists = append(g.lists, readList{list, fingerprint(der)})
	}
	for _, der := range in.OCSP {
		resp, err := ocsp.ParseResponse(der)
		if err != nil {
			g.unread = append(g.unread, Evidence{Kind: "ocsp", SHA256: fingerprint(der), Problem: err.Error()})
			continue
		}
		g.responses = append(g.responses, readResponse{resp, fingerprint(der)})
	}
	return g
}

func (g *gathered) about(r *Report, cert, issuer *x509.Certificate, at time.Time) []statement {
	var said []statement
	for _, l := range g.lists {
		if !bytes.Equal(l.RawIssuer, issuer.RawSubject) || !covers(l.Distribution, cert) {
			continue
		}
		s, err := fromList(l, cert, issuer, at)
		said = r.keep(said, s, err, Evidence{Kind: "crl", SHA256: l.sha256, Subject: nameOf(cert),
			ThisUpdate: l.ThisUpdate, NextUpdate: l.NextUpdate})
	}
	for _, resp := range g.responses {
		single, err := resp.Find(issuer, cert.SerialNumber)
		if err != nil {
			continue
		}
		s, err := fromResponse(resp, single, issuer, at)
		said = r.keep(said, s, err, Evidence{Kind: "ocsp", SHA256: resp.sha256, Subject: nameOf(cert),
			ThisUpdate: single.ThisUpdate, NextUpdate: single.NextUpdate})
	}
	return said
}

func (r *Report) keep(said []statement, s statement, err error, e Evidence) []statement {
	switch {
	case err != nil:
		e.Problem = err.Error()
	case s.stale:
		e.Problem = "out of date"
	}
	r.Evidence = append(r.Evidence, e)
	if err != nil {
		return said
	}
	return append(said, s)
}

func fromList(l readList, cert, issuer *x509.Certificate, at time.Time) (statement, error) {
	if err := l.CheckSignature(issuer); err != nil {
		return statement{}, err
	}
	s := statement{this: l.ThisUpdate, stale: outdated(l.ThisUpdate, l.NextUpdate, at)}
	entry, listed := l.Find(cert.SerialNumber)
	switch {
	case listed && entry.Reason != crl.RemoveFromCRL:
		s.revoked, s.at, s.reason, s.invalid = true, entry.RevokedAt, entry.Reason, entry.InvalidityDate
	case l.ThisUpdate.After(cert.NotAfter) && (l.KeepsExpired.IsZero() || l.KeepsExpired.After(cert.NotAfter)):
		return statement{}, errNotCovered
	}
	return s, nil
}

// fromResponse judges the responder at the later of the time asked for and
// the time of the answer: a delegate whose certificate ran out can't make old
// answers any more, and a later answer also tells about earlier.
func fromResponse(resp readResponse, single ocsp.Single, issuer *x509.Certificate, at time.Time) (statement, error) {
	signedBy := at
	if resp.ProducedAt.After(at) {
		signedBy = resp.ProducedAt
	}
	if err := resp.VerifySignature(issuer, signedBy); err != nil {
		return statement{}, err
	}
	s := statement{this: single.ThisUpdate, stale: outdated(single.ThisUpdate, single.NextUpdate, at)}
	switch single.Status {
	case ocsp.Revoked:
		s.revoked, s.at, s.reason = true, single.RevokedAt, crl.Reason(single.Reason)
	case ocsp.Unknown:
		s.silent = true
	case ocsp.Good:
	}
	return s, nil
}

// outdated says whether evidence is too old for a time. Evidence from after
// that time is not: what was revoked before is in it.
func outdated(this, next, at time.Time) bool {
	if next.IsZero() {
		next = this.Add(maxAge)
	}
	return next.Before(at)
}

var oidDistributionPoints = asn1.ObjectIdentifier{2, 5, 29, 31}

// covers says whether a list that is limited by its issuingDistributionPoint
// speaks of this certificate (RFC 5280 §6.3.3 b 2).
func covers(d *crl.Distribution, cert *x509.Certificate) bool {
	if d == nil {
		return true
	}
	isCA := cert.BasicConstraintsValid && cert.IsCA
	if d.Indirect || d.OnlyAttributes || d.SomeReasons || d.RelativeName || (d.OnlyUsers && isCA) || (d.OnlyCAs && !isCA) {
		return false
	}
	if len(d.Names) == 0 {
		return true
	}
	for _, ext := range cert.Extensions {
		if ext.Id.Equal(oidDistributionPoints) {
			return anyName(ext.Value, d.Names)
		}
	}
	return false
}

// anyName looks for one of the names in the fullNames of cRLDistributionPoints.
func anyName(der []byte, names [][]byte) bool {
	s := cryptobyte.String(der)
	var points cryptobyte.String
	if !s.ReadASN1(&points, cbasn1.SEQUENCE) || !s.Empty() {
		return false
	}
	explicit := cbasn1.Tag(0).ContextSpecific().Constructed()
	for !points.Empty() {
		var point, outer, full cryptobyte.String
		var present bool
		if !points.ReadASN1(&point, cbasn1.SEQUENCE) || !point.ReadOptionalASN1(&outer, &present, explicit) {
			return false
		}
		if !present || !outer.ReadASN1(&full, explicit) {
			continue
		}
		for !full.Empty() {
			var name cryptobyte.String
			var tag cbasn1.Tag
			if !full.ReadAnyASN1Element(&name, &tag) {
				return false
			}
			if slices.ContainsFunc(names, func(n []byte) bool { return bytes.Equal(n, name) }) {
				return true
			}
		}
	}
	return false
}
