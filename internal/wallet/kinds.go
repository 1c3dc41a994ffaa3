package wallet

import (
	"crypto/x509"
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// Kind is what a certificate is for, as its policy says.
type Kind struct {
	Name   string     // "personal-bank", …, "tax-invoice"; empty when the policy is not known
	Title  fault.Text // as people call it
	Policy string     // dotted OID; empty when the certificate states none
}

// yessign's policies (its CPS); other authorities number theirs otherwise.
const yessignArc = "1.2.410.200005.1.1"

var yessignKinds = map[string]Kind{
	yessignArc + ".1":   {Name: string(npki.PersonalGeneral), Title: fault.Text{KO: "범용(개인)", EN: "personal, general purpose"}},
	yessignArc + ".2":   {Name: string(npki.CorporateBank), Title: fault.Text{KO: "은행·보험용(기업)", EN: "corporate, banking"}},
	yessignArc + ".4":   {Name: string(npki.PersonalBank), Title: fault.Text{KO: "은행·신용카드·보험용(개인)", EN: "personal, bank/card/insurance"}},
	yessignArc + ".5":   {Name: string(npki.CorporateGeneral), Title: fault.Text{KO: "범용(기업)", EN: "corporate, general purpose"}},
	yessignArc + ".6.2": {Name: "personal-card", Title: fault.Text{KO: "신용카드용(개인)", EN: "personal, credit card"}},
	yessignArc + ".6.8": {Name: "tax-invoice", Title: fault.Text{KO: "전자세금용", EN: "tax invoices"}},
}

// unknownKind is for policies that no table here knows.
var unknownKind = fault.Text{KO: "알려지지 않은 종류", EN: "unknown kind"}

// KindOf tells a certificate's kind by its first policy: of the field's
// policies those that are published, of ours those under the example arc.
func KindOf(cert *x509.Certificate) Kind {
	if len(cert.PolicyIdentifiers) == 0 {
		return Kind{Title: unknownKind}
	}
	policy := cert.PolicyIdentifiers[0].String()
	if k, known := yessignKinds[policy]; known {
		k.Policy = policy
		return k
	}
	for _, p := range profile.Set(profile.DefaultArc).Kinds() {
		if p.PolicyOID.String() == policy {
			return Kind{Name: string(p.Kind), Title: fault.Text{KO: p.Title.KO, EN: p.Title.EN}, Policy: policy}
		}
	}
	return Kind{Title: unknownKind, Policy: policy}
}

// KindTitle gives what people call a kind of this program's own bank.
func KindTitle(name string) fault.Text {
	for _, p := range profile.Set(profile.DefaultArc).Kinds() {
		if string(p.Kind) == name {
			return fault.Text{KO: p.Title.KO, EN: p.Title.EN}
		}
	}
	return unknownKind
}

// arcOwners names the authorities of the field by the arc of their policies,
// for certificates whose kind is not known.
var arcOwners = []struct{ arc, name string }{
	{yessignArc + ".", "yessign"},
	{"1.2.410.200004.5.1.1.", "SignKorea"},
	{"1.2.410.200004.5.2.1.", "KICA"},
	{"1.2.410.200004.5.3.1.", "NCASign"},
	{"1.2.410.200004.5.4.1.", "CrossCert"},
	{"1.2.410.200012.1.1.", "TradeSign"},
}

// ArcOwner names the authority whose policy arc a policy lies in, or is empty.
func ArcOwner(policy string) string {
	for _, o := range arcOwners {
		if strings.HasPrefix(policy, o.arc) {
			return o.name
		}
	}
	return ""
}
