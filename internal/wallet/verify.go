package wallet

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/validation"
)

// Reasons that a verdict can have beside those of package validation. The
// strings are stable.
const (
	ContentChanged  validation.Reason = "content-changed"
	SignatureBroken validation.Reason = "signature-does-not-match"
	NoSignerCert    validation.Reason = "signer-certificate-missing"
	SignatureForm   validation.Reason = "signature-not-supported"
	NoRoot          validation.Reason = "no-root-given"
	UntrustedRoot   validation.Reason = "root-not-trusted"
)

// Judging is what a signature is judged by.
type Judging struct {
	Name          string    // of the message, for refusals
	Content       io.Reader // what was signed, when it is not in the message; may be nil
	Roots         []*x509.Certificate
	Intermediates []*x509.Certificate
	Helpers       []*x509.Certificate     // lay about: used only where their signature fits
	Policies      []asn1.ObjectIdentifier // none: any
	CRLs          [][]byte
	Online        *Online // nil: nobody is asked
	At            time.Time
}

// Verification is the verdict over a message: that of the signer for whom it
// is worst.
type Verification struct {
	Verdict  validation.Verdict
	Reason   validation.Reason
	Attached bool
	Content  []byte // when it is attached
	Signers  []Signature
}

// Signature is what was found out about one signer.
type Signature struct {
	Certificate *x509.Certificate
	SignedAt    time.Time // the signer's own word; zero: not said
	Report      validation.Report
	Asked       string // address of the OCSP responder that answered
	AskProblem  error  // why it did not
}

// Verify judges a signed message. Errors are for what could not be read; that
// a signature does not hold is a verdict.
func Verify(ctx context.Context, message []byte, j Judging) (Verification, error) {
	signed, err := cms.Parse(fromPEM(message, "PKCS7", "CMS"))
	switch {
	case errors.Is(err, cms.ErrUnsupported):
		return Verification{Verdict: validation.Unknown, Reason: SignatureForm}, nil
	case err != nil:
		return Verification{}, errNotASignature.With(err, "path", j.Name)
	}
	content, attached := signed.Content()
	v := Verification{Attached: attached, Content: content}
	if !attached && j.Content == nil {
		return v, errContentMissing.With(nil)
	}
	signers, err := verifyBytes(signed, attached, j.Content)
	if err != nil {
		return v.broken(err)
	}
	v.Verdict, v.Reason = validation.Valid, validation.OK
	for _, s := range signers {
		one := j.judge(ctx, s, signed.Certificates)
		v.Signers = append(v.Signers, one)
		if worse(one.Report.Verdict, v.Verdict) {
			v.Verdict, v.Reason = one.Report.Verdict, one.Report.Reason
		}
	}
	return v, nil
}

// verifyBytes checks the signatures alone. Content that is given beside an
// attached one has to be the same.
func verifyBytes(signed *cms.SignedData, attached bool, content io.Reader) ([]cms.Signer, error) {
	switch {
	case !attached:
		return signed.VerifyReader(content)
	case content == nil:
		return signed.Verify(nil)
	}
	given, err := io.ReadAll(io.LimitReader(content, cms.MaxSize+1))
	if err != nil {
		return nil, err
	}
	return signed.Verify(given)
}

// broken makes a verdict of why a signature does not match.
func (v Verification) broken(err error) (Verification, error) {
	v.Verdict = validation.Invalid
	switch {
	case errors.Is(err, cms.ErrDigest), errors.Is(err, cms.ErrContent):
		v.Reason = ContentChanged
	case errors.Is(err, cms.ErrSignature), errors.Is(err, cms.ErrAttributes), errors.Is(err, cms.ErrSigningCert):
		v.Reason = SignatureBroken
	case errors.Is(err, cms.ErrNoCertificate):
		v.Verdict, v.Reason = validation.Unknown, NoSignerCert
	case errors.Is(err, cms.ErrUnsupported):
		v.Verdict, v.Reason = validation.Unknown, SignatureForm
	case errors.Is(err, cms.ErrNoSigner):
		v.Reason = SignatureForm
	default:
		return Verification{}, errUnreadable.With(err, "path", "content")
	}
	return v, nil
}

// worse orders verdicts: invalid before unknown before valid.
func worse(a, b validation.Verdict) bool {
	rank := map[validation.Verdict]int{validation.Valid: 0, validation.Unknown: 1, validation.Invalid: 2}
	return rank[a] > rank[b]
}

// judge asks for the path, and then for revocation along it.
func (j Judging) judge(ctx context.Context, s cms.Signer, inside []*x509.Certificate) Signature {
	out := Signature{Certificate: s.Certificate, SignedAt: s.SigningTime}
	if len(j.Roots) == 0 {
		out.Report = validation.Report{Verdict: validation.Unknown, Reason: NoRoot, At: j.At}
		return out
	}
	in := validation.Input{
		Leaf:          s.Certificate.Raw,
		Intermediates: bounded(bounded(j.Intermediates, inside), helping(s.Certificate, j.Helpers)),
		Roots:         j.Roots,
		At:            j.At,
		Policies:      j.Policies,
		RequirePolicy: len(j.Policies) > 0,
		CRLs:          j.CRLs,
	}
	if len(j.CRLs) > 0 {
		in.Revocation = validation.OfLeaf
	}
	out.Report = validation.Validate(in)
	if j.Online != nil {
		j.askOnline(ctx, in, &out)
	}
	out.Report = undecided(out.Report, s.Certificate, in.Intermediates)
	return out
}

// askOnline gets what is missing over the network: the issuer's certificate,
// then the status. Nothing is asked about a certificate whose path fails.
func (j Judging) askOnline(ctx context.Context, in validation.Input, out *Signature) {
	if out.Report.Reason == validation.NoIssuer {
		issuer, err := j.Online.issuerOf(ctx, out.Certificate)
		if err != nil {
			out.AskProblem = err
			return
		}
		in.Intermediates = bounded(in.Intermediates, []*x509.Certificate{issuer})
		out.Report = validation.Validate(in)
	}
	if out.Report.Verdict == validation.Invalid || len(out.Report.Chain) < 2 {
		return
	}
	answer, address, err := j.Online.status(ctx, out.Certificate, out.Report.Chain[1])
	in.Revocation = validation.OfLeaf
	if err == nil {
		in.OCSP = [][]byte{answer}
		out.Asked = address
	}
	out.AskProblem = err
	out.Report = validation.Validate(in)
}

// bounded joins certificates within what validation takes, the first first.
func bounded(a, b []*x509.Certificate) []*x509.Certificate {
	all := append(a[:len(a):len(a)], b...)
	return all[:min(len(all), validation.MaxGiven)]
}

// undecided tells a missing link from a wrong one: where the certificate of an
// issuer is not at hand nothing is known yet; where the chain ends in a root of
// its own that is not among those trusted, something is.
func undecided(r validation.Report, cert *x509.Certificate, known []*x509.Certificate) validation.Report {
	switch r.Reason {
	case validation.BadInput, validation.TooComplex, validation.NameConstraints, validation.PolicyMappings:
		r.Verdict = validation.Unknown // what is not handled here is not proven wrong
		return r
	case validation.NoIssuer:
	default:
		return r
	}
	for range validation.MaxPath {
		if bytes.Equal(cert.RawIssuer, cert.RawSubject) {
			r.Verdict, r.Reason = validation.Invalid, UntrustedRoot
			return r
		}
		above := slices.IndexFunc(known, func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, cert.RawIssuer) })
		if above < 0 {
			break
		}
		cert = known[above]
	}
	r.Verdict = validation.Unknown
	return r
}

// Revocation sums up what is known about the signer's own revocation.
type Revocation struct {
	Status     string // good, revoked, suspended, unknown, not-checked
	Source     string // ocsp, crl
	ThisUpdate time.Time
	NextUpdate time.Time
	Since      time.Time
	Reason     string
}

// Revocation finds, in the evidence used, the freshest about the signer.
func (s Signature) Revocation() Revocation {
	out := Revocation{Status: "not-checked"}
	r := s.Report
	leaf := nameOf(s.Certificate.RawSubject).String()
	for _, e := range r.Evidence {
		if (e.Kind != "ocsp" && e.Kind != "crl") || e.Problem != "" || e.Subject != leaf || e.ThisUpdate.Before(out.ThisUpdate) {
			continue
		}
		out.Status, out.Source, out.ThisUpdate, out.NextUpdate = "good", e.Kind, e.ThisUpdate, e.NextUpdate
	}
	switch r.Reason {
	case validation.RevocationMissing, validation.RevocationStale:
		out.Status = "unknown"
	case validation.Revoked:
		out.Status = "revoked"
	case validation.Suspended:
		out.Status = "suspended"
	default: // about something else
	}
	if r.Revocation != nil && r.Revocation.Subject == leaf {
		out.Since, out.Reason = r.Revocation.At, r.Revocation.Reason.String()
	}
	return out
}

// ReadCRL reads a revocation list, DER or PEM.
func ReadCRL(path string) ([]byte, error) {
	content, err := ReadFile(path, maxCRL)
	if err != nil {
		return nil, err
	}
	return fromPEM(content, "X509 CRL"), nil
}

const maxCRL = 256 << 20

// fromPEM gives the content of the first block of one of the types, or the
// bytes as they are.
func fromPEM(content []byte, types ...string) []byte {
	if !bytes.HasPrefix(bytes.TrimSpace(content[:min(len(content), 512)]), []byte("-----BEGIN ")) {
		return content
	}
	for rest := content; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return content
		}
		for _, t := range types {
			if block.Type == t {
				return block.Bytes
			}
		}
	}
}
