package verification

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/validation"
)

// Verify judges a signed message: DER or BER, its base64, or PEM. content is
// nil unless the message comes without it; what is given beside a message that
// carries its content has to be the same.
func (s *Service) Verify(ctx context.Context, message, content []byte) (Report, error) {
	if len(message) > 2*MaxMessage || len(content) > MaxContent {
		return Report{}, ErrTooLarge.With(nil)
	}
	der := unwrap(message)
	if len(der) > MaxMessage {
		return Report{}, ErrTooLarge.With(nil)
	}
	rep := Report{At: s.config.Now().UTC().Truncate(time.Microsecond)}
	signed, err := cms.Parse(der)
	if err != nil {
		return rep.because(reasonOf(err)), nil
	}
	inside, attached := signed.Content()
	rep.Attached = attached
	signers, err := signed.Verify(content)
	if err != nil {
		return rep.because(reasonOf(err)), nil
	}
	if rep.Content = content; attached {
		rep.Content = inside
	}
	reason := OK
	for _, signer := range signers {
		judged, err := s.judge(ctx, signer, signed.Certificates, rep.At)
		if err != nil {
			return Report{}, fmt.Errorf("judging a signer: %w", err)
		}
		rep.Signers = append(rep.Signers, judged)
		reason = worse(reason, judged.Reason)
	}
	return rep.because(reason), nil
}

// because gives the report its verdict.
func (r Report) because(reason Reason) Report {
	said := reasons[reason]
	r.Verdict, r.Reason, r.Title, r.Detail = said.verdict, reason, said.title, said.detail
	return r
}

// worse gives the reason that decides: the first one that is wrong for certain,
// else the first one that is unknown.
func worse(a, b Reason) Reason {
	rank := map[Verdict]int{Valid: 0, Unknown: 1, Invalid: 2}
	if rank[reasons[b].verdict] > rank[reasons[a].verdict] {
		return b
	}
	return a
}

// judge says how far one signature that is right can be relied on.
func (s *Service) judge(ctx context.Context, signed cms.Signer, given []*x509.Certificate, now time.Time) (Signer, error) {
	cert := signed.Certificate
	who := Signer{
		Owner: ownerOf(cert), Subject: nameOf(cert.RawSubject, cert.Subject.String()),
		Issuer: nameOf(cert.RawIssuer, cert.Issuer.String()), IssuerName: shortName(cert.Issuer), Serial: ca.SerialOf(cert.SerialNumber),
		NotBefore: cert.NotBefore, NotAfter: cert.NotAfter, SigningTime: signed.SigningTime,
		Bound: signed.CertificateBound, Digest: signed.Digest.String(), Certificate: cert.Raw,
	}
	path := validation.Validate(validation.Input{
		Leaf: cert.Raw, Roots: s.roots, Intermediates: append(s.between[:len(s.between):len(s.between)], given...),
		At: who.pathTime(now), Usage: validation.Signing, CRLs: s.config.Lists,
	})
	who.Evidence, who.Chain = path.Evidence, path.Chain
	who.Ours = path.Verdict == validation.Valid && len(path.Chain) > 1 && bytes.Equal(path.Chain[1].Raw, s.config.Issuing.Raw)
	var err error
	switch {
	case len(path.Chain) == 0 && !s.names(cert.RawIssuer):
		// A CA that is not ours may have had several keys under one name, so
		// what does not fit there says nothing against the certificate.
		who.Reason = UnknownIssuer
	case path.Verdict != validation.Valid:
		who.Reason = ofPath(path.Reason)
	case !who.Ours:
		who.Reason = who.withdrawn(now, StandingUnknown)
	default:
		who.Kind = s.kindOf(cert)
		err = s.stand(ctx, &who, now)
	}
	said := reasons[who.Reason]
	who.Verdict, who.Title, who.Detail = said.verdict, said.title, said.detail
	return who, err
}

// names says whether an issuer's name is that of a CA or root that is known
// here.
func (s *Service) names(issuer []byte) bool {
	is := func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, issuer) }
	return slices.ContainsFunc(s.roots, is) || slices.ContainsFunc(s.between, is)
}

// stand asks our own register.
func (s *Service) stand(ctx context.Context, who *Signer, now time.Time) error {
	found, err := s.register.Standings(ctx, s.issuer, []string{who.Serial})
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return errors.New("the register gave no answer about a serial")
	}
	standing := found[0]
	who.Evidence = append(who.Evidence, validation.Evidence{Kind: "register", Subject: who.Subject, ThisUpdate: now})
	if !standing.Known {
		who.Reason = NotIssued
		return nil
	}
	who.State = stateOf(standing, who.NotAfter, now)
	if standing.Revoked {
		who.Since = standing.RevokedAt
	}
	who.Reason = who.withdrawn(now, OK)
	return nil
}

func stateOf(s status.Standing, notAfter, now time.Time) State {
	switch {
	case s.Revoked && s.Reason != int(crl.CertificateHold):
		return StateRevoked
	case now.After(notAfter):
		return StateExpired
	case s.Revoked:
		return StateSuspended
	}
	return StateValid
}

// withdrawn weighs what happened to the certificate against the time that the
// signature claims; otherwise is the reason when nothing did.
func (who *Signer) withdrawn(now time.Time, otherwise Reason) Reason {
	claimed := who.SigningTime
	early := !claimed.IsZero() && !claimed.Before(who.NotBefore) && !claimed.After(who.NotAfter) &&
		(who.Since.IsZero() || claimed.Before(who.Since))
	pick := func(surely, perhaps Reason) Reason {
		if early {
			return perhaps
		}
		return surely
	}
	switch {
	case who.State == StateRevoked:
		return pick(Revoked, RevokedLater)
	case now.After(who.NotAfter):
		return pick(Expired, ExpiredLater)
	case who.State == StateSuspended:
		return pick(Suspended, SuspendedLater)
	}
	return otherwise
}

// pathTime is when the path has to hold: now, or, when the certificate has
// expired, the last moment at which it can have.
func (who *Signer) pathTime(now time.Time) time.Time {
	if !now.After(who.NotAfter) {
		return now
	}
	if t := who.SigningTime; !t.IsZero() && !t.Before(who.NotBefore) && t.Before(who.NotAfter) {
		return t
	}
	return who.NotAfter
}

func (s *Service) kindOf(cert *x509.Certificate) fault.Text {
	for _, policy := range cert.PolicyIdentifiers {
		if title, ok := s.kinds[policy.String()]; ok {
			return title
		}
	}
	return fault.Text{}
}

func beforeParenthesis(name string) string {
	owner, _, _ := strings.Cut(name, "(")
	return strings.TrimSpace(owner)
}

// unwrap takes a message out of PEM or base64; what is neither it gives as it
// is.
func unwrap(message []byte) []byte {
	trimmed := bytes.TrimSpace(message)
	if len(trimmed) == 0 || trimmed[0] == 0x30 && !printable(trimmed) {
		return message
	}
	if bytes.HasPrefix(trimmed, []byte("-----BEGIN ")) {
		if block, _ := pem.Decode(trimmed); block != nil {
			return block.Bytes
		}
		return message
	}
	text := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, string(trimmed))
	if der, err := base64.RawStdEncoding.DecodeString(text); err == nil {
		return der
	}
	return message
}

// printable says whether the start of something is text: '0' begins base64 and
// DER alike.
func printable(b []byte) bool {
	for _, c := range b[:min(len(b), 64)] {
		if c >= 0x7f || c < 0x20 && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}
