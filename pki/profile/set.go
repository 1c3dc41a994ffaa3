package profile

import (
	"encoding/asn1"
	"slices"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Names of the profiles that no subscriber applies for. The others are named
// after their kind.
const (
	Root = "root" // the trust anchor, self-signed
	CA   = "ca"   // the issuing CA
	OCSP = "ocsp" // delegated OCSP signer (RFC 6960 4.2.2.2)
	KM   = "km"   // the CA's key management: R travels encrypted to it
)

// DefaultArc is the arc that ISO and ITU-T set aside for examples (X.660).
// Whoever issues certificates that mean something sets an arc of their own.
var DefaultArc = asn1.ObjectIdentifier{2, 999, 410, 1}

// Under the policy arc: 1.n for subscribers, with the n that the field uses for
// the same kind; 2.n for the CA's own helpers.
var (
	anyPolicy   = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
	ocspSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}
)

// Profiles is a set of profiles with unique names.
type Profiles []Profile

// Named finds a profile by its name.
func (s Profiles) Named(name string) (Profile, bool) {
	i := slices.IndexFunc(s, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return Profile{}, false
	}
	return s[i], true
}

// OfKind finds the profile of a subscriber's kind.
func (s Profiles) OfKind(kind npki.Kind) (Profile, bool) {
	i := slices.IndexFunc(s, func(p Profile) bool { return p.Kind == kind && kind != "" })
	if i < 0 {
		return Profile{}, false
	}
	return s[i], true
}

// Kinds gives the profiles that subscribers apply for.
func (s Profiles) Kinds() Profiles {
	return slices.DeleteFunc(slices.Clone(s), func(p Profile) bool { return p.Kind == "" })
}

// Set gives the profiles of a joint-certificate CA under a policy arc of its
// own: root, ca, ocsp, km and the four kinds of subscribers. What differs from
// bank to bank (CPS address, fees, key sizes) is changed in the copy.
func Set(arc asn1.ObjectIdentifier) Profiles {
	zero := func() *int { return new(int) }
	policy := func(tail ...int) asn1.ObjectIdentifier { return append(slices.Clone(arc), tail...) }
	const cps = "http://cps.ingam.example/cps.html"
	const notice = "이 인증서는 공동인증서입니다"

	root := Profile{
		Name: Root, Title: Text{"최상위 인증서", "Root certificate"},
		Validity: Period{Years: 20}, KeyBits: 4096, MinKeyBits: 2048,
		BasicConstraints: &BasicConstraints{},
	}
	ca := Profile{
		Name: CA, Title: Text{"인증기관 인증서", "Issuing CA"},
		Validity: Period{Years: 10}, KeyBits: 3072, MinKeyBits: 2048, SubjectOU: "AccreditedCA",
		PolicyOID: anyPolicy, PoliciesCritical: true, NoticeText: notice, CPSURI: cps, CPSFirst: true,
		AuthorityKeyID: true, KeyUsage: KeyCertSign | CRLSign, Identity: NameIdentity,
		BasicConstraints: &BasicConstraints{PathLen: zero()}, RequireExplicitPolicy: zero(),
		CRL: true, CAIssuers: true,
	}
	helper := Profile{
		KeyBits: 2048, MinKeyBits: 2048, SubjectOU: "AccreditedCA",
		PoliciesCritical: true, NoticeText: notice, CPSURI: cps,
		AuthorityKeyID: true, Identity: NameIdentity, CRL: true, CAIssuers: true,
	}
	ocsp := helper
	ocsp.Name, ocsp.Title = OCSP, Text{"OCSP 응답 서명용", "OCSP signer"}
	ocsp.Validity, ocsp.PolicyOID = Period{Years: 1}, policy(2, 1)
	ocsp.KeyUsage, ocsp.ExtKeyUsage = DigitalSignature|NonRepudiation, []asn1.ObjectIdentifier{ocspSigning}
	ocsp.OCSPNoCheck = true
	km := helper
	km.Name, km.Title = KM, Text{"인증기관 키분배용", "CA key management"}
	km.Validity, km.PolicyOID = Period{Years: 5}, policy(2, 2)
	km.KeyUsage = KeyEncipherment

	subscriber := helper
	subscriber.SubjectOU = ""
	subscriber.Validity, subscriber.RenewalDays = Period{Years: 1}, 30
	subscriber.KeyUsage, subscriber.Identity, subscriber.OCSP = DigitalSignature|NonRepudiation, VirtualIdentity, true
	kind := func(kind npki.Kind, ko, en, ou string, tail, fee int, online bool) Profile {
		p := subscriber
		p.Name, p.Kind, p.Title, p.SubjectOU = string(kind), kind, Text{ko, en}, ou
		p.PolicyOID, p.Fee, p.Online = policy(1, tail), fee, online
		return p
	}
	return Profiles{
		root, ca, ocsp, km,
		kind(npki.PersonalBank, "은행·신용카드·보험용 (개인)", "Personal: bank, card, insurance", "personal4IB", 4, 0, true),
		kind(npki.PersonalGeneral, "범용 (개인)", "Personal: general purpose", "personal", 1, 4400, true),
		kind(npki.CorporateBank, "기업뱅킹용 (법인·단체)", "Corporate: banking", "corporation4IB", 2, 4400, false),
		kind(npki.CorporateGeneral, "범용 (법인·단체)", "Corporate: general purpose", "corporation", 5, 110000, false),
	}
}
