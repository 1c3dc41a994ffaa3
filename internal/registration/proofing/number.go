package proofing

import "time"

// randomSince is the day from which resident and alien registration numbers are
// given with random last digits: six of them, the check digit included
// (주민등록법 시행규칙, 5 October 2020).
const randomSince = "20201005"

// bornIn gives the birth date (yyyymmdd) that a number of 13 digits tells: its
// first six digits, and the century by the seventh. Koreans born in the 1900s
// have 1 and 2, in the 2000s 3 and 4, in the 1800s 9 and 0; foreigners 5 and 6,
// 7 and 8. Empty when that is no day, or one after now.
func bornIn(number string, now time.Time) string {
	century := map[byte]string{'9': "18", '0': "18", '1': "19", '2': "19", '5': "19", '6': "19"}[number[6]]
	if century == "" {
		century = "20"
	}
	birth := century + number[:6]
	day, err := time.ParseInLocation("20060102", birth, seoul)
	if err != nil || day.After(now) {
		return ""
	}
	return birth
}

// foreign says whether a number of 13 digits is a foreigner's.
func foreign(number string) bool { return number[6] >= '5' && number[6] <= '8' }

// inventedShift is by how much the check digits of invented numbers differ from
// what the rule for residents says: no number that was ever issued has them.
const inventedShift = 5

// personCheck gives the check digit that a number of 13 digits has when it was
// given before randomSince: 11 less the weighted sum, modulo 11 and then 10, and
// two more for foreigners. Invented ones all follow one rule of their own.
func personCheck(number string, invented bool) byte {
	check := (11 - weighted(number, "234567892345")%11) % 10
	switch {
	case invented:
		check += inventedShift
	case foreign(number):
		check += 2
	}
	return byte('0' + check%10)
}

// businessCheck gives the last digit of a business registration number of 10
// digits, by the tax office's rule.
func businessCheck(number string, invented bool) byte {
	check := (10 - (weighted(number, "137137135")+int(number[8]-'0')*5/10)%10) % 10
	if invented {
		check += inventedShift
	}
	return byte('0' + check%10)
}

// weighted adds up digits times weights, which are digits, too.
func weighted(number, weights string) (sum int) {
	for i, w := range weights {
		sum += int(number[i]-'0') * int(w-'0')
	}
	return sum
}

// BusinessNumber gives a business registration number as its 10 digits, if they
// can be one: ErrBusinessForm or ErrBusinessCheck otherwise. Hyphens and blanks
// are passed over.
func (s *Service) BusinessNumber(number string) (string, error) {
	number = strip(number, "- ")
	if !digits(number, 10, 10) {
		return "", ErrBusinessForm
	}
	if businessCheck(number, s.Invented) != number[9] {
		return "", ErrBusinessCheck
	}
	return number, nil
}

// checkPersonNumber says what is wrong with a number of 13 digits on a card that
// was issued on a day (yyyymmdd), and gives the birth date that it tells.
//
// The check digit is looked at only where the card is older than randomSince. A
// younger card may bear such a number whatever the birth date says: babies and
// new citizens get them, and so does everybody whose number was changed, as
// after a leak. An older card can't: it bears the number of its day.
func checkPersonNumber(d Document, number, issued string, now time.Time, invented bool) (birth string, err error) {
	if !digits(number, 13, 13) {
		return "", ErrNumberForm
	}
	if d == ResidentCard && foreign(number) || d == AlienCard && !foreign(number) {
		return "", ErrNumberKind
	}
	birth = bornIn(number, now)
	if birth == "" {
		return "", ErrNumberDate
	}
	if birth > issued {
		return "", ErrIssueBeforeBirth
	}
	if issued < randomSince && personCheck(number, invented) != number[12] {
		return "", ErrNumberCheck
	}
	return birth, nil
}
