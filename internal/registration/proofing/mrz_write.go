package proofing

import "strings"

// String writes the two lines as they are printed, with a line break between
// them. Hyphens and blanks in names become fillers; what is neither they nor one
// of the 26 letters is left out, and what is too long is cut off.
func (m MRZ) String() string {
	names := mrzWords(m.Surname)
	if given := mrzWords(m.Given); given != "" {
		names += "<<" + given
	}
	sex := m.Sex
	if sex == "" {
		sex = "<"
	}
	two := mrzPad(m.Number, 9)
	two += string(mrzDigit(two)) + mrzPad(m.Nationality, 3)
	birth, expires, optional := mrzPad(tail(m.Birth, 6), 6), mrzPad(tail(m.Expires, 6), 6), mrzPad(m.Optional, 14)
	two += birth + string(mrzDigit(birth)) + sex + expires + string(mrzDigit(expires))
	if m.Optional == "" {
		two += optional + "<"
	} else {
		two += optional + string(mrzDigit(optional))
	}
	two += string(mrzDigit(two[0:10] + two[13:20] + two[21:43]))
	return mrzPad(m.Document, 2) + mrzPad(m.Issuer, 3) + mrzPad(names, mrzNames) + "\n" + two
}

func mrzWords(name string) string {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == ' ' || r == '-' })
	for i := range words {
		words[i] = strings.Map(func(r rune) rune {
			if r < 'A' || r > 'Z' {
				return -1
			}
			return r
		}, words[i])
	}
	return strings.Join(strings.FieldsFunc(strings.Join(words, "<"), func(r rune) bool { return r == '<' }), "<")
}

func mrzPad(s string, n int) string {
	return (s + strings.Repeat("<", n))[:n]
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }
