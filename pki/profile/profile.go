// Package profile says what a certificate of the house looks like: certificate
// profiles as data, and the to-be-signed bytes that a profile and a request
// make.
//
// A Profile holds everything that is the same for all certificates of a sort:
// policy, key usage, extensions, how long, at what fee. A Request holds what
// differs: serial, name, key, whose it is. Prepare joins the two into the DER
// of a TBSCertificate; after that was linted, stored and signed once, Assemble
// makes the certificate:
//
//	p, _ := profile.Set(profile.DefaultArc).Named("personal-bank")
//	tbs, err := p.Prepare(request)
//	der, err := profile.Assemble(tbs, signature)
//
// Set gives the profiles of Korean joint certificates, extension for extension
// as the field has them (KCAC.TS.CERTPROF): one attribute in each RDN, issuer
// and serial in the authorityKeyIdentifier, critical policies with a BMPString
// notice, IdentifyData in the subjectAltName.
package profile

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"net/url"
	"unicode/utf16"

	"github.com/ingam-pki/ingam/pki/npki"
)

// ErrProfile says that a profile contradicts itself or can't be encoded.
var ErrProfile = errors.New("profile: not usable")

// Identity is what the IdentifyData in a certificate's subjectAltName holds
// (KCAC.TS.SIVID).
type Identity string

// The identities. A CA, an OCSP signer and a key-management certificate carry
// the name alone, a subscriber the name and the virtual ID.
const (
	NoIdentity      Identity = ""
	NameIdentity    Identity = "name"
	VirtualIdentity Identity = "vid"
)

// BasicConstraints makes a CA of a certificate (RFC 5280 4.2.1.9). A nil
// PathLen is no limit.
type BasicConstraints struct {
	PathLen *int `json:"pathLen,omitempty"`
}

// Text is the same text for a person in two languages.
type Text struct {
	KO string `json:"ko"`
	EN string `json:"en"`
}

// Profile is everything that certificates of one sort have in common. The zero
// value of a field leaves the thing out, so that a profile reads as the list of
// what its certificates have.
type Profile struct {
	Name  string    `json:"name"`            // "personal-bank", "ca", …
	Kind  npki.Kind `json:"kind,omitempty"`  // only for what subscribers apply for
	Title Text      `json:"title,omitempty"` // as a customer or an operator reads it

	Validity    Period `json:"validity"`
	Fee         int    `json:"fee,omitempty"`         // won, VAT included, for one period
	RenewalDays int    `json:"renewalDays,omitempty"` // renewal opens so many days before the end
	Online      bool   `json:"online,omitempty"`      // may be applied for without a visit
	KeyBits     int    `json:"keyBits"`               // RSA modulus bits to make
	MinKeyBits  int    `json:"minKeyBits"`            // and to accept
	SubjectOU   string `json:"subjectOU,omitempty"`   // the organizationalUnit that names the sort

	PolicyOID        asn1.ObjectIdentifier `json:"-"` // "policyOID", dotted; empty: no certificatePolicies
	PoliciesCritical bool                  `json:"policiesCritical,omitempty"`
	NoticeText       string                `json:"noticeText,omitempty"` // at most 200 characters of the BMP
	CPSURI           string                `json:"cpsURI,omitempty"`
	CPSFirst         bool                  `json:"cpsFirst,omitempty"` // cPSuri before userNotice, as KISA's root writes it

	AuthorityKeyID        bool                    `json:"authorityKeyID,omitempty"` // with issuer and serial
	KeyUsage              KeyUsage                `json:"keyUsage,omitempty"`       // critical; zero: no extension
	Identity              Identity                `json:"identity,omitempty"`
	BasicConstraints      *BasicConstraints       `json:"basicConstraints,omitempty"`      // critical
	RequireExplicitPolicy *int                    `json:"requireExplicitPolicy,omitempty"` // critical policyConstraints, skip certificates
	ExtKeyUsage           []asn1.ObjectIdentifier `json:"-"`                               // "extKeyUsage", dotted; critical
	OCSPNoCheck           bool                    `json:"ocspNoCheck,omitempty"`
	CRL                   bool                    `json:"crl,omitempty"`       // cRLDistributionPoints; the request has the URL
	OCSP                  bool                    `json:"ocsp,omitempty"`      // authorityInfoAccess; the request has the URL
	CAIssuers             bool                    `json:"caIssuers,omitempty"` // likewise, where the request has a URL
}

// Limits of what a profile may say.
const (
	maxNotice  = 200 // RFC 5280 4.2.1.4, characters
	maxURL     = 512
	maxName    = 64
	maxKeyBits = 8192
	floorBits  = 2048
)

// Validate says whether certificates can be made of the profile. Its errors
// wrap ErrProfile.
func (p Profile) Validate() error {
	for _, check := range []func(Profile) error{checkNaming, checkTerm, checkKeys, checkPolicy, checkRole} {
		if err := check(p); err != nil {
			return fmt.Errorf("%w: %q: %w", ErrProfile, p.Name, err)
		}
	}
	return nil
}

func checkNaming(p Profile) error {
	if p.Name == "" || len(p.Name) > maxName {
		return fmt.Errorf("a name has 1 to %d bytes", maxName)
	}
	for _, r := range p.Name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return errors.New("a name has lower-case letters, digits and hyphens")
		}
	}
	for _, text := range []string{string(p.Kind), p.SubjectOU, p.Title.KO, p.Title.EN} {
		if len(text) > 4*maxName {
			return errors.New("kind, title or organizational unit is too long")
		}
	}
	return nil
}

func checkTerm(p Profile) error {
	if err := p.Validity.check(); err != nil {
		return err
	}
	if p.Fee < 0 || p.Fee > 100_000_000 {
		return errors.New("a fee lies between 0 and 100,000,000 won")
	}
	if p.RenewalDays < 0 || p.RenewalDays > p.Validity.atLeastDays() {
		return errors.New("the renewal window is longer than the validity")
	}
	return nil
}

func checkKeys(p Profile) error {
	if p.MinKeyBits < floorBits || p.KeyBits < p.MinKeyBits || p.KeyBits > maxKeyBits {
		return fmt.Errorf("key sizes must satisfy %d ≤ minKeyBits ≤ keyBits ≤ %d", floorBits, maxKeyBits)
	}
	if p.KeyUsage&^allKeyUsages != 0 {
		return errors.New("there is no such key usage")
	}
	return nil
}

func checkPolicy(p Profile) error {
	if len(p.PolicyOID) == 0 {
		if p.NoticeText != "" || p.CPSURI != "" || p.PoliciesCritical || p.CPSFirst {
			return errors.New("policy qualifiers need a policy")
		}
		return nil
	}
	if !encodable(p.PolicyOID) {
		return errors.New("the policy is not an object identifier")
	}
	if n := len(utf16.Encode([]rune(p.NoticeText))); n > maxNotice {
		return fmt.Errorf("the notice has %d characters of at most %d", n, maxNotice)
	}
	if _, err := bmp(p.NoticeText); err != nil {
		return err
	}
	if p.CPSURI == "" {
		return nil
	}
	return checkURL(p.CPSURI)
}

func checkRole(p Profile) error {
	signs := p.KeyUsage&KeyCertSign != 0
	if signs && p.BasicConstraints == nil {
		return errors.New("keyCertSign needs basicConstraints")
	}
	if bc := p.BasicConstraints; bc != nil && bc.PathLen != nil && (*bc.PathLen < 0 || *bc.PathLen > 16) {
		return errors.New("a path length lies between 0 and 16")
	}
	if n := p.RequireExplicitPolicy; n != nil && (*n < 0 || *n > 16) {
		return errors.New("requireExplicitPolicy lies between 0 and 16")
	}
	if len(p.ExtKeyUsage) > 16 {
		return errors.New("too many extended key usages")
	}
	for _, oid := range p.ExtKeyUsage {
		if !encodable(oid) {
			return errors.New("an extended key usage is not an object identifier")
		}
	}
	switch p.Identity {
	case NoIdentity, NameIdentity, VirtualIdentity:
		return nil
	}
	return errors.New("there is no such identity")
}

// encodable says whether an object identifier can be written (X.660: the root
// arc is 0 to 2, and under 0 and 1 there are 40 arcs).
func encodable(oid asn1.ObjectIdentifier) bool {
	if len(oid) < 2 || len(oid) > 32 || oid[0] < 0 || oid[0] > 2 || oid[0] < 2 && oid[1] >= 40 {
		return false
	}
	for _, arc := range oid {
		if arc < 0 || arc > 1<<31-1-80 {
			return false
		}
	}
	return true
}

// checkURL accepts what an IA5String can hold and a stranger can fetch from:
// absolute, with a host. LDAP stays possible, the field has it.
func checkURL(s string) error {
	if len(s) > maxURL {
		return fmt.Errorf("a URL has at most %d bytes", maxURL)
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return errors.New("a URL has printable ASCII only")
		}
	}
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("not a URL")
	}
	switch u.Scheme {
	case "http", "https", "ldap":
	default:
		return errors.New("a URL has the scheme http, https or ldap")
	}
	if u.Hostname() == "" || u.User != nil {
		return errors.New("a URL has a host and no user")
	}
	return nil
}
