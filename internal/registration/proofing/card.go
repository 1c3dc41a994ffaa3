package proofing

import (
	"crypto/subtle"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Document is a kind of identity document.
type Document string

// The documents that can be checked online.
const (
	ResidentCard   Document = "resident-card"           // 주민등록증
	DriversLicence Document = "drivers-licence"         // 운전면허증
	Passport       Document = "passport"                // 여권
	AlienCard      Document = "alien-registration-card" // 외국인등록증
)

// Card is what a customer shows of an identity document. Number is the
// person's own number (13 digits), or the passport's number. Licence is the
// licence number and stands only on a driver's licence. Image is the picture's
// file, JPEG or PNG; it is drawn again before anybody else sees it, and nothing
// but hash, size and type is kept. LicenceSerial, Expires and Channel are for
// the issuer when a teller has the document in hand; online they are empty.
type Card struct {
	Document      Document
	Number        string
	Name          string
	IssueDate     string // yyyymmdd; yyyy-mm-dd and yyyy.mm.dd are taken, too
	Licence       string
	LicenceSerial string
	Expires       string // yyyymmdd; empty when the document has no such date
	Image         []byte
	Channel       string // CounterChannel, or empty
}

// CounterChannel says to the issuer that somebody has the document in hand: a
// picture is not asked of them, the serial of a licence is.
const CounterChannel = "counter"

// Person is whom a factor is to prove: as the bank knows them, not as they
// say.
type Person struct {
	ID             string // subscriber id
	CustomerNumber string
	Foreigner      bool
	Name           string
	IdentityNumber string
	Birth          string // yyyymmdd
	Phone          string
}

// accepts says whether a document can prove a person of this sort.
func (p Person) accepts(d Document) bool {
	switch d {
	case ResidentCard, Passport:
		return !p.Foreigner
	case AlienCard:
		return p.Foreigner
	case DriversLicence:
		return true
	}
	return false
}

// tidy brings the card's fields into the form that the services take, and
// says which field is not in a form that it could have (empty when all are).
func (c Card) tidy(now time.Time) (Card, string) {
	c.Name = tidyName(c.Name)
	if n := utf8.RuneCountInString(c.Name); n < 1 || n > 60 {
		return c, "name"
	}
	c.Number = strings.ToUpper(strip(c.Number, "- "))
	if c.Document == Passport {
		if !passportNumber(c.Number) {
			return c, "number"
		}
	} else if !digits(c.Number, 13, 13) {
		return c, "number"
	}
	c.IssueDate = strip(c.IssueDate, "-. ")
	day, err := time.ParseInLocation("20060102", c.IssueDate, seoul)
	if err != nil || day.After(now) || day.Year() < 1950 {
		return c, "issueDate"
	}
	c.Licence = strip(c.Licence, "- ")
	if c.Document == DriversLicence && !digits(c.Licence, 12, 12) {
		return c, "licence"
	}
	if c.Document != DriversLicence && c.Licence != "" {
		return c, "licence"
	}
	return c, ""
}

// tidyName composes Hangul (macOS hands it back decomposed) and evens out
// blanks.
func tidyName(name string) string {
	if len(name) > 400 || !utf8.ValidString(name) {
		return ""
	}
	return strings.Join(strings.Fields(norm.NFC.String(name)), " ")
}

// NameKey gives the form in which names are compared and looked up, as a clerk
// would: composed, without blanks, in capitals. Empty when it can't be a name.
func NameKey(name string) string {
	return strings.ToUpper(strings.ToLower(strings.ReplaceAll(tidyName(name), " ", "")))
}

// sameName compares names: case and blanks don't matter.
func sameName(a, b string) bool {
	a, b = NameKey(a), NameKey(b)
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// passportNumber takes the forms of Korean passports: M12345678 (to 2021) and
// M123A4567 (since).
func passportNumber(s string) bool {
	if len(s) != 9 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i, c := range s[1:] {
		letter := c >= 'A' && c <= 'Z' && i == 3
		if !letter && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func digits(s string, shortest, longest int) bool {
	if len(s) < shortest || len(s) > longest {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// strip drops what people put between digits. Longer input than any number
// has comes back as it is and fails the check of its form.
func strip(s, cut string) string {
	if len(s) > 64 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(cut, r) {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}
