package enrolment

import (
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Terms is one text that a customer is asked to agree to. The Korean text is
// the contract and the one that SHA256 is over, byte for byte; the English one
// is a courtesy.
type Terms struct {
	Name     string
	Version  string
	SHA256   string // hex
	Title    string
	Text     string
	TitleEN  string
	TextEN   string
	Required bool
}

// ConsentGiven names one text that a customer agreed to, as it was shown.
type ConsentGiven struct {
	Terms   string
	Version string
	SHA256  string
}

//go:embed terms/*.txt
var termsFiles embed.FS

// current lists the texts of today in the order in which they are shown. A
// text that changes gets a new version and new files; old files stay, since
// consents point to them.
var current = []struct {
	name, version, title, titleEN string
	required                      bool
}{
	{"service", "2026.2", "공동인증서비스 이용약관", "Terms of the joint certificate service", true},
	{"privacy", "2026.1", "개인정보 수집·이용 동의", "Consent to the collection and use of personal data", true},
	{"identity-number", "2026.1", "고유식별정보 처리 동의", "Consent to the processing of unique identification numbers", true},
	{"marketing", "2026.1", "혜택·상품 안내 수신 동의 (선택)", "Consent to receive offers (optional)", false},
}

// loadTerms reads the embedded texts once, when a Service is made.
func loadTerms() ([]Terms, error) {
	all := make([]Terms, 0, len(current))
	for _, c := range current {
		ko, err := termsFiles.ReadFile("terms/" + c.name + "-" + c.version + ".ko.txt")
		if err != nil {
			return nil, err
		}
		en, err := termsFiles.ReadFile("terms/" + c.name + "-" + c.version + ".en.txt")
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(ko)
		all = append(all, Terms{Name: c.name, Version: c.version, SHA256: hex.EncodeToString(sum[:]),
			Title: c.title, Text: string(ko), TitleEN: c.titleEN, TextEN: string(en), Required: c.required})
	}
	return all, nil
}

// Terms gives the texts for a kind, in the order in which they are shown; none
// for a kind that is not known. The same texts hold for every kind.
func (s *Service) Terms(kind npki.Kind) []Terms {
	if !slices.Contains(kinds, kind) {
		return nil
	}
	return slices.Clone(s.terms)
}

// agree checks what was agreed to against the texts of today and gives what is
// to be kept, in the order of the texts.
func agree(terms []Terms, given []ConsentGiven, at time.Time) ([]Consent, error) {
	if len(given) > len(terms) {
		return nil, ErrConsentUnknown
	}
	by := make(map[string]ConsentGiven, len(given))
	for _, g := range given {
		if _, twice := by[g.Terms]; twice || !slices.ContainsFunc(terms, func(t Terms) bool { return t.Name == g.Terms }) {
			return nil, ErrConsentUnknown
		}
		by[g.Terms] = g
	}
	var kept []Consent
	var missing, old []Terms
	for _, t := range terms {
		g, ok := by[t.Name]
		hash := strings.ToLower(g.SHA256)
		switch {
		case !ok && t.Required:
			missing = append(missing, t)
		case !ok:
		case g.Version != t.Version || subtle.ConstantTimeCompare([]byte(hash), []byte(t.SHA256)) == 0:
			old = append(old, t)
		default:
			kept = append(kept, Consent{Terms: t.Name, Version: t.Version, SHA256: t.SHA256, At: at})
		}
	}
	if len(old) > 0 {
		return nil, naming(ErrConsentOld, old)
	}
	if len(missing) > 0 {
		return nil, naming(ErrConsentMissing, missing)
	}
	return kept, nil
}

// naming gives a refusal that is about some terms: programs read their names,
// people their titles.
func naming(f *fault.Fault, some []Terms) error {
	var names, ko, en []string
	for _, t := range some {
		names, ko, en = append(names, t.Name), append(ko, t.Title), append(en, t.TitleEN)
	}
	return f.With(nil, "terms", strings.Join(names, ", ")).Word("terms", fault.Text{KO: strings.Join(ko, ", "), EN: strings.Join(en, ", ")})
}

// sameConsents says whether two lists name the same texts.
func sameConsents(a, b []Consent) bool {
	return slices.EqualFunc(a, b, func(x, y Consent) bool {
		return x.Terms == y.Terms && x.Version == y.Version && x.SHA256 == y.SHA256
	})
}
