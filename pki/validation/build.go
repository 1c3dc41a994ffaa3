package validation

import (
	"bytes"
	"crypto/x509"
	"errors"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// path runs from the leaf to a root.
type path struct {
	certs    []*x509.Certificate
	policies []string
}

// builder tries ways from the leaf up to a root, deepest first, until one of
// them passes all checks. Signatures are checked once for each pair.
type builder struct {
	in     Input
	steps  int
	checks int
	pairs  map[pair]*failure

	first *path // the first complete path, with why it was refused
	why   *failure
	loose *failure // best guess when no path was complete
}

type pair struct{ child, parent *x509.Certificate }

func newBuilder(in Input) *builder {
	return &builder{in: in, pairs: make(map[pair]*failure)}
}

func (b *builder) build(leaf *x509.Certificate) (*path, *failure) {
	if p := b.extend([]*x509.Certificate{leaf}); p != nil {
		return p, nil
	}
	switch {
	case b.why != nil:
		return b.first, b.why
	case b.spent():
		return nil, fail(TooComplex, leaf, "too many ways to build a path")
	}
	return nil, b.loose
}

func (b *builder) spent() bool { return b.steps >= maxSteps || b.checks >= maxChecks }

// extend gives a complete path that is valid, or nil.
func (b *builder) extend(certs []*x509.Certificate) *path {
	last := certs[len(certs)-1]
	for _, root := range b.in.Roots {
		if bytes.Equal(root.Raw, last.Raw) {
			return b.complete(certs)
		}
	}
	found := false
	for _, c := range b.candidates(last) {
		if b.spent() {
			return nil
		}
		b.steps++
		if inPath(certs, c.cert) {
			continue
		}
		found = true
		if f := b.signed(last, c.cert); f != nil {
			b.note(f)
			continue
		}
		if len(certs) == MaxPath {
			b.note(fail(PathTooLong, last, "more than %d certificates", MaxPath))
			continue
		}
		longer := append(certs[:len(certs):len(certs)], c.cert)
		var p *path
		if c.root {
			p = b.complete(longer)
		} else {
			p = b.extend(longer)
		}
		if p != nil {
			return p
		}
	}
	if !found {
		b.note(fail(NoIssuer, last, "the certificate of its issuer is not there, or not trusted"))
	}
	return nil
}

// note keeps the failure that tells most when no path is complete: a wrong
// signature more than a missing issuer.
func (b *builder) note(f *failure) {
	if b.loose == nil || (b.loose.reason == NoIssuer && f.reason != NoIssuer) {
		b.loose = f
	}
}

func (b *builder) complete(certs []*x509.Certificate) *path {
	p := &path{certs: certs}
	f := p.check(b.in)
	if f == nil {
		return p
	}
	if b.why == nil {
		b.first, b.why = p, f
	}
	return nil
}

type candidate struct {
	cert *x509.Certificate
	root bool
}

// candidates are all certificates whose subject is the issuer's name to the
// byte: roots first, and before others those with the key identifier wanted.
func (b *builder) candidates(child *x509.Certificate) []candidate {
	var fitting, others []candidate
	add := func(certs []*x509.Certificate, root bool) {
		for _, c := range certs {
			if !bytes.Equal(c.RawSubject, child.RawIssuer) {
				continue
			}
			if len(child.AuthorityKeyId) == 0 || bytes.Equal(c.SubjectKeyId, child.AuthorityKeyId) {
				fitting = append(fitting, candidate{c, root})
			} else {
				others = append(others, candidate{c, root})
			}
		}
	}
	add(b.in.Roots, true)
	add(b.in.Intermediates, false)
	return append(fitting, others...)
}

// inPath stops loops of cross-signed certificates: a name and key once.
func inPath(certs []*x509.Certificate, c *x509.Certificate) bool {
	for _, have := range certs {
		if bytes.Equal(have.RawSubject, c.RawSubject) &&
			bytes.Equal(have.RawSubjectPublicKeyInfo, c.RawSubjectPublicKeyInfo) {
			return true
		}
	}
	return false
}

func (b *builder) signed(child, parent *x509.Certificate) *failure {
	key := pair{child, parent}
	if f, ok := b.pairs[key]; ok {
		return f
	}
	b.checks++
	f := weakKey(parent)
	if f == nil {
		switch err := sigalg.CheckCertificate(child, parent); {
		case errors.Is(err, sigalg.ErrWeak):
			f = fail(WeakAlgorithm, child, "signed with %s", child.SignatureAlgorithm)
		case err != nil:
			f = fail(BadSignature, child, "signature is not by %s", nameOf(parent))
		}
	}
	b.pairs[key] = f
	return f
}
