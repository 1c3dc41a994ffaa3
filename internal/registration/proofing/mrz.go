package proofing

import (
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// MRZ is what the two lines at the foot of a passport say (ICAO Doc 9303 parts 3
// and 4: TD3, two lines of 44).
type MRZ struct {
	Document    string // "P", or "P" and a letter: Korea has PM, PS, PO, PD, PR
	Issuer      string // up to three letters
	Surname     string // words with blanks between them
	Given       string // likewise; may be empty
	Number      string // of the passport, up to 9 letters and digits
	Nationality string // up to three letters
	Birth       string // yyyymmdd
	Sex         string // "M", "F", or empty: not said
	Expires     string // yyyymmdd
	Optional    string // what the issuer adds, up to 14; may be empty
}

// Shape of the lines.
const (
	mrzLine  = 44
	mrzNames = 39 // of the first line
	maxMRZ   = 400
	// mrzShape says what each place of the second line can hold: n a letter, digit
	// or filler, d a digit, a a letter or filler, s a sex, c a digit or filler.
	mrzShape = "nnnnnnnnn" + "d" + "aaa" + "dddddd" + "d" + "s" + "dddddd" + "d" + "nnnnnnnnnnnnnn" + "c" + "d"
)

// places are how people read the letters of mrzShape.
var places = map[byte]fault.Text{
	'P': {KO: "여권을 뜻하는 P", EN: "P, for passport"},
	'n': {KO: "영문 대문자나 숫자, <", EN: "a letter, a digit or <"},
	'd': {KO: "숫자", EN: "a digit"},
	'a': {KO: "영문 대문자나 <", EN: "a letter or <"},
	's': {KO: "M, F 또는 <", EN: "M, F or <"},
	'c': {KO: "숫자나 <", EN: "a digit or <"},
}

// mrzCheck is one of the five check digits: over which places of the second line
// it is, and where it stands, counted from 0.
type mrzCheck struct {
	field string
	word  fault.Text
	at    int
	over  [][2]int
}

var mrzChecks = []mrzCheck{
	{"number", fault.Text{KO: "여권번호", EN: "passport number"}, 9, [][2]int{{0, 9}}},
	{"birth", fault.Text{KO: "생년월일", EN: "date of birth"}, 19, [][2]int{{13, 19}}},
	{"expires", fault.Text{KO: "만료일", EN: "date of expiry"}, 27, [][2]int{{21, 27}}},
	{"optional", fault.Text{KO: "29~42번째 자리", EN: "places 29 to 42"}, 42, [][2]int{{28, 42}}},
	{"all", fault.Text{KO: "2번째 줄 전체", EN: "second line as a whole"}, 43, [][2]int{{0, 10}, {13, 20}, {21, 43}}},
}

// ParseMRZ reads the two lines, with a line break between them or none. Blanks
// around them and small letters are passed over. The refusals say line and
// place, so that a typing error is found: ErrMRZLines, ErrMRZCharacter,
// ErrMRZCheck, ErrMRZFiller, ErrMRZDate.
//
// Years have two digits: a birth is the latest such day up to now, so that of
// somebody older than a hundred comes out too late; an expiry is within fifty
// years of now. Dates that are not wholly known, which ICAO lets
// others write with fillers, are refused: Korea writes none.
func ParseMRZ(text string, now time.Time) (MRZ, error) {
	one, two, err := mrzLines(text)
	if err != nil {
		return MRZ{}, err
	}
	if err := mrzCharacters(one, two); err != nil {
		return MRZ{}, err
	}
	for _, c := range mrzChecks {
		if err := c.verify(two); err != nil {
			return MRZ{}, err
		}
	}
	m := MRZ{Sex: strings.Trim(two[20:21], "<"), Optional: strings.TrimRight(two[28:42], "<")}
	if m.Surname, m.Given, err = mrzName(one[5:]); err != nil {
		return MRZ{}, err
	}
	for _, field := range []struct {
		into           *string
		line, from, to int
	}{{&m.Document, 1, 0, 2}, {&m.Issuer, 1, 2, 5}, {&m.Number, 2, 0, 9}, {&m.Nationality, 2, 10, 13}} {
		line := []string{one, two}[field.line-1]
		*field.into = strings.TrimRight(line[field.from:field.to], "<")
		if i := strings.IndexByte(*field.into, '<'); i >= 0 || *field.into == "" {
			return MRZ{}, mrzAt(ErrMRZFiller, field.line, field.from+max(0, i))
		}
	}
	if m.Birth = mrzBirth(two[13:19], now); m.Birth == "" {
		return MRZ{}, mrzAt(ErrMRZDate, 2, 13)
	}
	if m.Expires = mrzExpiry(two[21:27], now); m.Expires == "" {
		return MRZ{}, mrzAt(ErrMRZDate, 2, 21)
	}
	return m, nil
}

// mrzAt says line and place, which people count from 1.
func mrzAt(f *fault.Fault, line, at int) *fault.Error {
	return f.With(nil, "line", strconv.Itoa(line), "position", strconv.Itoa(at+1))
}

// mrzLines takes the text apart.
func mrzLines(text string) (one, two string, err error) {
	if len(text) > maxMRZ {
		return "", "", ErrMRZLines.With(nil, "line", "1", "length", strconv.Itoa(len(text)))
	}
	lines := strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	if len(lines) == 1 && len(lines[0]) == 2*mrzLine {
		lines = []string{lines[0][:mrzLine], lines[0][mrzLine:]}
	}
	for i := range 2 {
		length := 0
		if i < len(lines) {
			length = len([]rune(lines[i]))
		}
		if length != mrzLine || len(lines) > 2 {
			return "", "", ErrMRZLines.With(nil, "line", strconv.Itoa(i+1), "length", strconv.Itoa(length))
		}
	}
	return lines[0], lines[1], nil
}

// mrzCharacters sees that each place holds what it can.
func mrzCharacters(one, two string) error {
	shapes := []string{"P" + strings.Repeat("a", mrzLine-1), mrzShape}
	for i, line := range []string{one, two} {
		at := 0
		for _, c := range line { // there are mrzLine of them, not all in ASCII
			if !mrzHolds(shapes[i][at], c) {
				return mrzAt(ErrMRZCharacter, i+1, at).Word("expected", places[shapes[i][at]])
			}
			at++
		}
	}
	return nil
}

func mrzHolds(place byte, c rune) bool {
	letter, digit, filler := c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '<'
	switch place {
	case 'P':
		return c == 'P'
	case 'd':
		return digit
	case 'a':
		return letter || filler
	case 's':
		return c == 'M' || c == 'F' || filler
	case 'c':
		return digit || filler
	}
	return letter || digit || filler
}

// verify compares a check digit with what it is over. Nothing but fillers may
// have a filler for its check digit.
func (c mrzCheck) verify(line string) error {
	covered := ""
	for _, span := range c.over {
		covered += line[span[0]:span[1]]
	}
	if line[c.at] == mrzDigit(covered) || line[c.at] == '<' && strings.Trim(covered, "<") == "" {
		return nil
	}
	return mrzAt(ErrMRZCheck, 2, c.at).Word("field", c.word)
}

// mrzDigit gives the check digit over a field: weights 7, 3, 1; letters count
// from 10, a filler is 0 (Doc 9303-3, 4.9).
func mrzDigit(field string) byte {
	sum := 0
	for i, c := range []byte(field) {
		value := 0
		switch {
		case c >= '0' && c <= '9':
			value = int(c - '0')
		case c >= 'A' && c <= 'Z':
			value = int(c-'A') + 10
		}
		sum += value * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}

// mrzName takes the names apart: two fillers once between surname and given
// names, one between words, the rest at the end.
func mrzName(field string) (surname, given string, err error) {
	field = strings.TrimRight(field, "<")
	surname, given, _ = strings.Cut(field, "<<")
	for _, part := range []struct {
		name string
		from int
	}{{surname, 5}, {given, 5 + len(surname) + 2}} {
		wrong := strings.Index(part.name, "<<")
		if strings.HasPrefix(part.name, "<") {
			wrong = 0
		}
		if wrong >= 0 {
			return "", "", mrzAt(ErrMRZFiller, 1, part.from+wrong)
		}
	}
	if surname == "" {
		return "", "", mrzAt(ErrMRZFiller, 1, 5)
	}
	return strings.ReplaceAll(surname, "<", " "), strings.ReplaceAll(given, "<", " "), nil
}

func mrzBirth(yymmdd string, now time.Time) string {
	this := now.In(seoul).Year()
	for _, century := range []int{this / 100, this/100 - 1} {
		date := strconv.Itoa(century) + yymmdd
		day, err := time.ParseInLocation("20060102", date, seoul)
		if err == nil && !day.After(now) {
			return date
		}
	}
	return ""
}

func mrzExpiry(yymmdd string, now time.Time) string {
	this := now.In(seoul).Year()
	for _, century := range []int{this/100 - 1, this / 100, this/100 + 1} {
		date := strconv.Itoa(century) + yymmdd
		day, err := time.ParseInLocation("20060102", date, seoul)
		if err == nil && day.Year() > this-50 && day.Year() <= this+50 {
			return date
		}
	}
	return ""
}
