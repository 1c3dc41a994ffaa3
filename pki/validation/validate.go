package validation

import (
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/ingam-pki/ingam/pki/npki"
)

// failure is why a path or a certificate was refused.
type failure struct {
	reason Reason
	cert   *x509.Certificate
	detail string
}

func fail(reason Reason, cert *x509.Certificate, format string, args ...any) *failure {
	return &failure{reason: reason, cert: cert, detail: fmt.Sprintf(format, args...)}
}

// Validate judges. The order is path and policy, revocation from the root
// down, then the person; the report names the first thing that is wrong. What
// is wrong for certain goes before what is unknown.
func Validate(in Input) Report {
	rep := Report{Verdict: Valid, Reason: OK, At: in.At, Evidence: []Evidence{}}
	if problem := in.check(); problem != "" {
		rep.Verdict, rep.Reason, rep.Detail = Invalid, BadInput, problem
		return rep
	}
	leaf, err := parseLeaf(in.Leaf)
	if err != nil {
		rep.Verdict, rep.Reason, rep.Detail = Invalid, MalformedCertificate, err.Error()
		return rep
	}
	path, f := newBuilder(in).build(leaf)
	rep.takePath(path)
	if f != nil {
		rep.refuse(Invalid, f)
		return rep
	}
	rep.Policies = path.policies

	unknown := rep.judgeRevocation(in)
	if rep.Verdict == Invalid {
		return rep
	}
	if f := rep.judgePerson(leaf, in.Person); f != nil {
		rep.refuse(Invalid, f)
		return rep
	}
	if unknown != nil {
		rep.refuse(Unknown, unknown)
	}
	return rep
}

func (in Input) check() string {
	switch {
	case in.At.IsZero():
		return "no time given"
	case len(in.Roots) == 0:
		return "no trusted root given"
	case len(in.Intermediates) > MaxGiven, len(in.Roots) > MaxGiven, len(in.CRLs) > MaxGiven, len(in.OCSP) > MaxGiven:
		return "more certificates, lists or responses than the limit"
	case in.Usage < Signing || in.Usage > AnyUsage, in.Revocation < IfGiven || in.Revocation > OfAll:
		return "usage or demand out of range"
	}
	for _, certs := range [][]*x509.Certificate{in.Intermediates, in.Roots} {
		for _, c := range certs {
			if c == nil || len(c.Raw) == 0 {
				return "an intermediate or root is empty"
			}
		}
	}
	return ""
}

func parseLeaf(der []byte) (*x509.Certificate, error) {
	if len(der) > MaxCertificate {
		return nil, errors.New("certificate is larger than the limit")
	}
	return x509.ParseCertificate(der)
}

func (r *Report) refuse(v Verdict, f *failure) {
	r.Verdict, r.Reason, r.Detail = v, f.reason, f.detail
	if f.cert != nil {
		r.Subject = nameOf(f.cert)
	}
}

func (r *Report) takePath(p *path) {
	if p == nil {
		return
	}
	r.Chain = p.certs
	for i, c := range p.certs {
		kind := "certificate"
		if i == len(p.certs)-1 {
			kind = "root"
		}
		r.Evidence = append(r.Evidence, Evidence{Kind: kind, SHA256: fingerprint(c.Raw), Subject: nameOf(c)})
	}
}

// judgePerson compares every virtual ID in the certificate.
func (r *Report) judgePerson(leaf *x509.Certificate, p *Person) *failure {
	if p == nil {
		return nil
	}
	data, err := npki.IdentifyDataOf(leaf)
	if err != nil || len(data.VIDs) == 0 {
		return fail(NoIdentityData, leaf, "the certificate carries no virtual ID")
	}
	for _, vid := range data.VIDs {
		r.PersonConfirmed = vid.Matches(p.IDN, p.R) || r.PersonConfirmed
	}
	if !r.PersonConfirmed {
		return fail(PersonDoesNotMatch, leaf, "R and identity number don't give the certificate's virtual ID")
	}
	return nil
}
