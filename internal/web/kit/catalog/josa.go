package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// particle chooses by the last letter or digit before it; quotes, brackets and
// blanks are not read. First follows a final consonant, second a vowel or
// nothing readable. 으로 alone cares which consonant: after ㄹ it is 로.
func particle(before, first, second string) string {
	switch c := final(before); {
	case c == 0:
		return second
	case c == rieul && strings.HasPrefix(first, "으로"):
		return second
	}
	return first
}

// rieul is ㄹ's place among the final consonants of a Hangul syllable
// (Unicode, chapter 3.12).
const rieul = 8

// other stands for any final consonant but ㄹ.
const other = 1

// final gives the final consonant with which a text is read aloud, 0 for none.
func final(s string) int {
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
		switch {
		case r >= '가' && r <= '힣':
			return int(r-'가') % 28
		case strings.ContainsRune("178lLrR", r): // 일 칠 팔 엘 알
			return rieul
		case strings.ContainsRune("036mMnN", r): // 영 삼 육 엠 엔
			return other
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return 0
		}
	}
	return 0
}
