package counter

import (
	"slices"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Paper is something that is shown or handed over at the counter.
type Paper string

// The papers.
const (
	IdentityCard    Paper = "identity-card"         // 신분증: of who stands at the counter
	Application     Paper = "application-form"      // 신청서, signed
	BusinessLicence Paper = "business-registration" // 사업자등록증
	SealCertificate Paper = "corporate-seal"        // 법인인감증명서, at most three months old
	PowerOfAttorney Paper = "power-of-attorney"     // 위임장, with the corporate seal
	Registry        Paper = "corporate-registry"    // 법인등기사항증명서
	Further         Paper = "further"               // whatever else the teller deems needed
)

// Papers are all of them, in the order in which they are asked for.
var Papers = []Paper{IdentityCard, Application, BusinessLicence, SealCertificate, PowerOfAttorney, Registry, Further}

// Needed is one paper that a case asks for.
type Needed struct {
	Paper Paper
	Scan  bool // a picture has to be attached; else it is enough that the original was seen
}

// rule says for whom, at which acts, what is needed.
type rule struct {
	sorts    []subscriber.Sort // empty: all
	visitors []Visitor         // empty: all
	acts     []Act             // empty: all
	needs    []Needed
}

// rules are the table of papers; what several rules ask for counts once.
var rules = []rule{
	{acts: []Act{Issue, Renew, Reissue, Revoke, Resume, Exception}, needs: []Needed{{IdentityCard, true}, {Application, false}}},
	// Who protects is not held up by papers; the identity is proven all the same.
	{acts: []Act{Suspend, Lost}, needs: []Needed{{IdentityCard, false}}},
	{sorts: []subscriber.Sort{subscriber.Corporate}, acts: []Act{Issue, Renew, Reissue, Revoke, Resume, Exception},
		needs: []Needed{{BusinessLicence, true}}},
	{sorts: []subscriber.Sort{subscriber.Corporate}, visitors: []Visitor{Representative}, acts: []Act{Issue, Exception},
		needs: []Needed{{Registry, false}}},
	{sorts: []subscriber.Sort{subscriber.Corporate}, visitors: []Visitor{Proxy},
		needs: []Needed{{SealCertificate, true}, {PowerOfAttorney, true}}},
}

func in[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// NeededFor gives the papers that are needed of a sort of customer, by who comes
// for them and what for, in the order of Papers.
func NeededFor(sort subscriber.Sort, visitor Visitor, act Act) []Needed {
	scan := make(map[Paper]bool)
	for _, r := range rules {
		if !in(r.sorts, sort) || !in(r.visitors, visitor) || !in(r.acts, act) {
			continue
		}
		for _, n := range r.needs {
			scan[n.Paper] = scan[n.Paper] || n.Scan
		}
	}
	var needed []Needed
	for _, p := range Papers {
		if s, ok := scan[p]; ok {
			needed = append(needed, Needed{p, s})
		}
	}
	return needed
}

// Visitors gives who can come for a sort of customer.
func Visitors(sort subscriber.Sort) []Visitor {
	if sort == subscriber.Corporate {
		return []Visitor{Representative, Proxy}
	}
	return []Visitor{Oneself}
}
