package validation

import (
	"crypto/x509"
	"math"
	"slices"
)

const anyPolicy = "2.5.29.32.0"

// policyState is the policy part of RFC 5280 §6.1. Policy mappings are not
// processed (a critical one is refused, another ignored, which only ever
// narrows), so the valid policy tree is a set: any, or a finite one.
type policyState struct {
	any       bool
	set       []string
	wanted    []string // acceptable to the caller; none: any
	explicit  int      // certificates until an acceptable policy is required
	inhibited int      // certificates until anyPolicy counts no more
}

func newPolicyState(in Input) *policyState {
	s := &policyState{any: true, explicit: math.MaxInt, inhibited: math.MaxInt}
	for _, p := range in.Policies {
		if p.String() == anyPolicy {
			s.wanted = nil
			break
		}
		s.wanted = append(s.wanted, p.String())
	}
	if in.RequirePolicy || len(s.wanted) > 0 {
		s.explicit = 0
	}
	return s
}

// take processes one certificate, from below the root to the leaf (§6.1.3 d–f
// and §6.1.4 h–j).
func (s *policyState) take(cert *x509.Certificate, leaf bool) *failure {
	self := selfIssued(cert)
	s.narrow(cert, s.inhibited > 0 || (!leaf && self))
	if s.explicit == 0 && s.empty() {
		return fail(NoAcceptablePolicy, cert, "no policy is valid up to here and one is required")
	}
	if leaf {
		return nil
	}
	if !self {
		s.explicit = down(s.explicit)
		s.inhibited = down(s.inhibited)
	}
	if cert.RequireExplicitPolicy > 0 || cert.RequireExplicitPolicyZero {
		s.explicit = min(s.explicit, cert.RequireExplicitPolicy)
	}
	if cert.InhibitAnyPolicy > 0 || cert.InhibitAnyPolicyZero {
		s.inhibited = min(s.inhibited, cert.InhibitAnyPolicy)
	}
	return nil
}

func (s *policyState) narrow(cert *x509.Certificate, anyCounts bool) {
	var named []string
	hasAny := false
	for _, p := range cert.Policies {
		if id := p.String(); id == anyPolicy {
			hasAny = true
		} else {
			named = append(named, id)
		}
	}
	switch {
	case hasAny && anyCounts: // everything that was valid stays valid
	case s.any:
		s.any, s.set = false, named
	default:
		s.set = intersect(s.set, named)
	}
}

func (s *policyState) empty() bool { return !s.any && len(s.set) == 0 }

// finish is the wrap-up (§6.1.5): what the path stands for, of what the
// caller accepts.
func (s *policyState) finish(leaf *x509.Certificate) ([]string, *failure) {
	s.explicit = down(s.explicit)
	if leaf.RequireExplicitPolicyZero {
		s.explicit = 0
	}
	var result []string
	switch {
	case s.any && len(s.wanted) == 0:
		result = []string{anyPolicy}
	case s.any:
		result = s.wanted
	case len(s.wanted) == 0:
		result = s.set
	default:
		result = intersect(s.set, s.wanted)
	}
	if s.explicit == 0 && len(result) == 0 {
		return nil, fail(NoAcceptablePolicy, leaf, "the certificate's policies are not among those accepted")
	}
	return slices.Sorted(slices.Values(result)), nil
}

func down(n int) int {
	if n == 0 || n == math.MaxInt {
		return n
	}
	return n - 1
}

func intersect(a, b []string) []string {
	var out []string
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
