package proofing

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/fault"
)

// readCounterCard brings what a teller entered into the form that the issuers
// take, and says what is wrong with it.
func (s *Service) readCounterCard(p Person, c CounterCard) (card Card, birth string, err error) {
	now := s.now()
	card = Card{Document: Document(c.Document), Name: tidyName(c.Name), Channel: CounterChannel}
	visitor := p.IdentityNumber == ""
	switch {
	case card.Document != ResidentCard && card.Document != DriversLicence && card.Document != Passport && card.Document != AlienCard,
		!visitor && !p.accepts(card.Document):
		return Card{}, "", ErrCounterDocument
	}
	if n := utf8.RuneCountInString(card.Name); n < 1 || n > 60 {
		return Card{}, "", ErrCounterNameForm
	}
	if field := c.superfluous(card.Document); field != "" {
		return Card{}, "", ErrCardForm.With(nil, "field", field)
	}
	issued, ok := day(c.IssueDate)
	if !ok || issued.After(now) || issued.Year() < 1950 {
		return Card{}, "", ErrIssueDate
	}
	card.IssueDate = issued.Format("20060102")
	if card.Document == Passport {
		return c.readPassport(card, now)
	}
	if card.Expires, err = expiry(c.Expires, issued, now); err != nil {
		return Card{}, "", err
	}
	card.Number = strip(c.Number, "- ")
	if birth, err = checkPersonNumber(card.Document, card.Number, card.IssueDate, now, s.Invented); err != nil {
		return Card{}, "", err
	}
	if said := strip(c.Birth, "-. "); said != "" && said != birth {
		return Card{}, "", ErrBirthDiffers
	}
	if card.Document == DriversLicence {
		if card.Licence, err = checkLicence(c.Licence, s.Invented); err != nil {
			return Card{}, "", err
		}
		if card.LicenceSerial, err = checkSerial(c.LicenceSerial); err != nil {
			return Card{}, "", err
		}
	}
	return card, birth, nil
}

// superfluous names what was entered though such a document has none.
func (c CounterCard) superfluous(d Document) string {
	switch {
	case d != DriversLicence && c.Licence != "":
		return "licence"
	case d != DriversLicence && c.LicenceSerial != "":
		return "licenceSerial"
	case d != Passport && c.MRZ != "":
		return "mrz"
	case d != Passport && c.Nationality != "":
		return "nationality"
	}
	return ""
}

// day reads a date: yyyymmdd, yyyy-mm-dd or yyyy.mm.dd.
func day(s string) (time.Time, bool) {
	t, err := time.ParseInLocation("20060102", strip(s, "-. "), seoul)
	return t, err == nil
}

// expiry reads until when a card is valid: to the end of that day. Most have no
// such date.
func expiry(s string, issued, now time.Time) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	until, ok := day(s)
	if !ok || !until.After(issued) {
		return "", ErrExpiryDate
	}
	if !now.Before(until.AddDate(0, 0, 1)) {
		return "", ErrCounterExpired.With(nil)
	}
	return until.Format("20060102"), nil
}

// readPassport compares what was entered of a passport with its MRZ, which is
// enough for all but name in Hangul and date of issue. The MRZ has the name in
// Roman letters only: a name in Hangul stands beside it unread, and the issuer
// knows both.
func (c CounterCard) readPassport(card Card, now time.Time) (Card, string, error) {
	if strings.TrimSpace(c.MRZ) == "" {
		return Card{}, "", ErrMRZMissing
	}
	m, err := ParseMRZ(c.MRZ, now)
	if err != nil {
		return Card{}, "", err
	}
	if m.Nationality != "KOR" || m.Issuer != "KOR" {
		return Card{}, "", ErrForeignPassport
	}
	if !passportNumber(m.Number) {
		return Card{}, "", ErrPassportNumber
	}
	if said := strip(c.Birth, "-. "); said != "" {
		born, ok := day(said)
		if !ok || born.After(now) || said[2:] != m.Birth[2:] {
			return Card{}, "", differs("birth")
		}
		m.Birth = said // whose century the MRZ leaves open
	}
	for _, field := range []struct{ name, said, printed string }{
		{"number", strings.ToUpper(strip(c.Number, "- ")), m.Number}, {"expires", strip(c.Expires, "-. "), m.Expires},
		{"nationality", strings.ToUpper(strip(c.Nationality, " ")), m.Nationality},
	} {
		if field.said != "" && field.said != field.printed {
			return Card{}, "", differs(field.name)
		}
	}
	if !m.named(card.Name) {
		return Card{}, "", differs("name")
	}
	if m.Birth > card.IssueDate {
		return Card{}, "", ErrIssueBeforeBirth
	}
	issued, _ := day(card.IssueDate)
	card.Number = m.Number
	card.Expires, err = expiry(m.Expires, issued, now)
	return card, m.Birth, err
}

// named says whether a name in Roman letters is the MRZ's, in either order.
// One in other letters can't be compared.
func (m MRZ) named(name string) bool {
	if strings.ContainsFunc(name, func(r rune) bool { return r > 0x7f }) {
		return true
	}
	name = mrzWords(name)
	surname, given := mrzWords(m.Surname), mrzWords(m.Given)
	squash := func(s string) string { return strings.ReplaceAll(s, "<", "") }
	for _, printed := range []string{surname + given, given + surname} {
		if squash(name) == squash(printed) {
			return true
		}
	}
	// A name that fills its field was cut off there.
	return len(surname)+len(given) >= mrzNames-3 && strings.HasPrefix(squash(name), squash(surname+given))
}

// differs says that a field is not what the MRZ says.
func differs(field string) error {
	return ErrMRZDiffers.With(nil, "field", field).Word("field", passportFields[field])
}

var passportFields = map[string]fault.Text{
	"number": {KO: "여권번호", EN: "passport number"}, "birth": {KO: "생년월일", EN: "date of birth"},
	"expires": {KO: "만료일", EN: "date of expiry"}, "nationality": {KO: "국적", EN: "nationality"}, "name": {KO: "영문 이름", EN: "name"},
}
