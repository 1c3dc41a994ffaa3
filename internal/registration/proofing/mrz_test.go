package proofing

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// specimen is the passport of Doc 9303-4, appendix B.
const specimen = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"

var anna = MRZ{Document: "P", Issuer: "UTO", Surname: "ERIKSSON", Given: "ANNA MARIA", Number: "L898902C3", Nationality: "UTO",
	Birth: "19740812", Sex: "F", Expires: "20120415", Optional: "ZE184226B"}

func TestSpecimen(t *testing.T) {
	t.Parallel()
	one, two, _ := strings.Cut(specimen, "\n")
	for name, text := range map[string]string{"as printed": specimen, "in one": one + two, "with blanks around": "  " + one + " \r\n\r\n\t" + two + "\n",
		"in small letters": strings.ToLower(specimen)} {
		if got, err := ParseMRZ(text, today); err != nil || got != anna {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if anna.String() != specimen {
		t.Errorf("written as\n%s", anna)
	}
}

// put replaces the characters of a line from a place on, counted from 1.
func put(line, place int, with string) string {
	lines := strings.Split(specimen, "\n")
	lines[line-1] = lines[line-1][:place-1] + with + lines[line-1][place-1+len(with):]
	return strings.Join(lines, "\n")
}

// sealed replaces characters of the second line and makes its check digits right.
func sealed(place int, with string) string {
	text := []byte(put(2, place, with))
	two := text[mrzLine+1:]
	for _, c := range mrzChecks {
		covered := ""
		for _, span := range c.over {
			covered += string(two[span[0]:span[1]])
		}
		two[c.at] = mrzDigit(covered)
	}
	return string(text)
}

func TestMRZRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text     string
		want           *fault.Fault
		line, position string
	}{
		{"nothing", "", ErrMRZLines, "1", ""},
		{"one line", specimen[:mrzLine], ErrMRZLines, "2", ""},
		{"a short second line", specimen[:len(specimen)-1], ErrMRZLines, "2", ""},
		{"a long first line", "P<" + specimen[1:], ErrMRZLines, "1", ""},
		{"three lines", specimen + "\n<", ErrMRZLines, "1", ""},
		{"endless", strings.Repeat(specimen, 9), ErrMRZLines, "1", ""},
		{"not ASCII, as long in letters", put(1, 6, "É")[:mrzLine+2] + specimen[mrzLine:], ErrMRZLines, "1", ""},
		{"a visa", put(1, 1, "V"), ErrMRZCharacter, "1", "1"},
		{"a digit in a name", put(1, 9, "0"), ErrMRZCharacter, "1", "9"},
		{"a blank", put(1, 14, " "), ErrMRZCharacter, "1", "14"},
		{"O for 0 in the birth date", put(2, 19, "O"), ErrMRZCharacter, "2", "19"},
		{"a letter for a check digit", put(2, 10, "G"), ErrMRZCharacter, "2", "10"},
		{"a filler for the last check digit", put(2, 44, "<"), ErrMRZCharacter, "2", "44"},
		{"a digit in the nationality", put(2, 12, "7"), ErrMRZCharacter, "2", "12"},
		{"another sex", put(2, 21, "X"), ErrMRZCharacter, "2", "21"},
		{"the number mistyped", put(2, 3, "7"), ErrMRZCheck, "2", "10"},
		{"its check digit mistyped", put(2, 10, "7"), ErrMRZCheck, "2", "10"},
		{"the birth date mistyped", put(2, 15, "5"), ErrMRZCheck, "2", "20"},
		{"the expiry mistyped", put(2, 26, "2"), ErrMRZCheck, "2", "28"},
		{"the rest mistyped", put(2, 31, "2"), ErrMRZCheck, "2", "43"},
		{"a filler for a check digit over something", put(2, 43, "<"), ErrMRZCheck, "2", "43"},
		{"the last check digit mistyped", put(2, 44, "1"), ErrMRZCheck, "2", "44"},
		{"13th month", sealed(14, "741312"), ErrMRZDate, "2", "14"},
		{"29 February of no leap year", sealed(22, "290229"), ErrMRZDate, "2", "22"},
		{"a filler within the number", sealed(1, "L8<8902C3"), ErrMRZFiller, "2", "3"},
		{"no number", sealed(1, "<<<<<<<<<"), ErrMRZFiller, "2", "1"},
		{"a filler within the nationality", put(2, 11, "U<O"), ErrMRZFiller, "2", "12"},
		{"no issuer", put(1, 3, "<<<"), ErrMRZFiller, "1", "3"},
		{"no name", put(1, 6, strings.Repeat("<", 39)), ErrMRZFiller, "1", "6"},
		{"a name that begins with a filler", put(1, 6, "<"), ErrMRZFiller, "1", "6"},
		{"three fillers after the surname", put(1, 16, "<"), ErrMRZFiller, "1", "16"},
		{"two fillers in given names", put(1, 19, "<<"), ErrMRZFiller, "1", "19"},
	} {
		_, err := ParseMRZ(test.text, today)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		f := fault.Of(err)
		if f.Params["line"] != test.line || f.Params["position"] != test.position {
			t.Errorf("%s: line %s, position %s", test.name, f.Params["line"], f.Params["position"])
		}
		for _, lang := range []string{"ko", "en"} {
			if what, todo := f.Public(lang); strings.ContainsAny(what+todo, "{}") {
				t.Errorf("%s: %s %s", test.name, what, todo)
			}
		}
	}
}

// Years have two digits.
func TestMRZCenturies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ at, want string }{
		{"birth 261123", "20261123"}, {"birth 261124", "19261124"}, {"birth 000229", "20000229"}, {"birth 271231", "19271231"},
		{"expires 761231", "20761231"}, {"expires 770101", "19770101"}, {"expires 261123", "20261123"}, {"expires 000229", "20000229"},
	} {
		field, date, _ := strings.Cut(test.at, " ")
		place := map[string]int{"birth": 14, "expires": 22}[field]
		m, err := ParseMRZ(sealed(place, date), today)
		if got := map[string]string{"birth": m.Birth, "expires": m.Expires}[field]; err != nil || got != test.want {
			t.Errorf("%s is %s, %v", test.at, got, err)
		}
	}
}

// Whatever is written is read again as it was.
func TestMRZThereAndBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	from := func(letters string, least, most int) string {
		b := make([]byte, least+r.IntN(most-least+1))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		return string(b)
	}
	const capitals, all = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	words := func(n int) string {
		var w []string
		for range n {
			w = append(w, from(capitals, 1, 5))
		}
		return strings.Join(w, " ")
	}
	date := func(least, days int) string {
		return today.In(seoul).AddDate(0, 0, least+r.IntN(days)).Format("20060102")
	}
	for range 3000 {
		want := MRZ{Document: "P" + from(capitals, 0, 1), Issuer: from(capitals, 1, 3), Surname: words(1 + r.IntN(3)), Given: words(r.IntN(4)),
			Number: from(all, 1, 9), Nationality: from(capitals, 1, 3), Birth: date(-36000, 36000), Sex: []string{"", "M", "F"}[r.IntN(3)],
			Expires: date(-10000, 20000), Optional: from(all, 0, 14)}
		got, err := ParseMRZ(want.String(), today)
		if err != nil || got != want {
			t.Fatalf("%+v\n%s\ncame back as %+v, %v", want, want, got, err)
		}
	}
}

// Each single character that is mistyped among those that a check digit is over
// is found: a difference of ten in value is what the rule can't see.
func TestMRZFindsEachTypingError(t *testing.T) {
	t.Parallel()
	value := func(c byte) int {
		if c >= 'A' {
			return int(c-'A') + 10
		}
		return int(c-'0') % 60 // a filler is 0 below
	}
	two := specimen[mrzLine+1:]
	for at := range mrzLine {
		if at >= 10 && at < 13 || at == 20 {
			continue // nationality and sex have no check digit
		}
		for _, c := range []byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			old := two[at]
			oldValue := value(old)
			if old == '<' {
				oldValue = 0
			}
			if c == old || (value(c)-oldValue)%10 == 0 {
				continue
			}
			if _, err := ParseMRZ(put(2, at+1, string(c)), today); err == nil {
				t.Errorf("%c for %c at %d was taken", c, old, at+1)
			}
		}
	}
}

func TestMRZWritesNames(t *testing.T) {
	t.Parallel()
	long := MRZ{Document: "PM", Issuer: "KOR", Surname: "O'Neill-van der Berg", Given: "Anna  Maria Leopoldina Konstanze", Number: "M123A4567",
		Nationality: "KOR", Birth: "19850314", Sex: "M", Expires: "20300101"}
	lines := strings.Split(long.String(), "\n")
	if want := "PMKORONEILL<VAN<DER<BERG<<ANNA<MARIA<LEOPOLD"; lines[0] != want {
		t.Errorf("%s\n%s", lines[0], want)
	}
	if m, err := ParseMRZ(long.String(), today); err != nil || m.Optional != "" || !strings.HasSuffix(lines[1][28:43], "<") {
		t.Errorf("%+v, %v", m, err)
	}
}

func FuzzParseMRZ(f *testing.F) {
	f.Add(specimen)
	f.Add(strings.ReplaceAll(specimen, "\n", ""))
	f.Add(put(2, 19, "O"))
	f.Add("P<KOR\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMRZ(text, today)
		if err != nil {
			if f := fault.Of(err); f.Fault == fault.Unexpected {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		again, err := ParseMRZ(m.String(), today)
		if err != nil || again.Number != m.Number || again.Birth != m.Birth || again.Expires != m.Expires || again.Surname != m.Surname || again.Given != m.Given {
			t.Errorf("%+v came back as %+v, %v", m, again, err)
		}
		for _, date := range []string{m.Birth, m.Expires} {
			if _, err := time.Parse("20060102", date); err != nil {
				t.Error(fmt.Errorf("date: %w", err))
			}
		}
	})
}
