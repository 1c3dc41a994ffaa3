package proofing

import (
	"errors"
	"fmt"
	"testing"
)

// Numbers whose check digits are right are of people born in 1900, so that they
// are nobody's.
func TestPersonNumbers(t *testing.T) {
	t.Parallel()
	const resident, alien = "0001011000002", "0001015000005"
	for _, test := range []struct {
		name     string
		document Document
		number   string
		issued   string
		birth    string
		want     error
	}{
		{"a resident", ResidentCard, resident, "20190722", "19000101", nil},
		{"the last day on which check digits were given", ResidentCard, resident, "20201004", "19000101", nil},
		{"another last digit", ResidentCard, "0001011000003", "20201004", "", ErrNumberCheck},
		{"another last digit on a younger card", ResidentCard, "0001011000003", "20201005", "19000101", nil},
		{"two digits turned about", ResidentCard, "0010011000002", "20190722", "", ErrNumberCheck},
		{"a licence", DriversLicence, resident, "20190722", "19000101", nil},
		{"a licence of a foreigner", DriversLicence, alien, "20190722", "19000101", nil},
		{"an alien", AlienCard, alien, "20190722", "19000101", nil},
		{"an alien with a resident's check digit", AlienCard, "0001015000003", "20190722", "", ErrNumberCheck},
		{"an alien's number on a resident card", ResidentCard, alien, "20190722", "", ErrNumberKind},
		{"a resident's number on an alien card", AlienCard, resident, "20190722", "", ErrNumberKind},
		{"12 digits", ResidentCard, resident[:12], "20190722", "", ErrNumberForm},
		{"14 digits", ResidentCard, resident + "1", "20190722", "", ErrNumberForm},
		{"a letter", ResidentCard, "000101100000O", "20190722", "", ErrNumberForm},
		{"full-width digits", ResidentCard, "００01011000006", "20190722", "", ErrNumberForm},
		{"30 February", ResidentCard, "8502301000006", "20240722", "", ErrNumberDate},
		{"month 0", ResidentCard, "8500011000006", "20240722", "", ErrNumberDate},
		{"29 February of 1900", ResidentCard, "0002291000006", "20240722", "", ErrNumberDate},
		{"29 February of 2000", ResidentCard, "0002293000006", "20240722", "20000229", nil},
		{"born tomorrow", ResidentCard, "2611243000006", "20260101", "", ErrNumberDate},
		{"born in the 1800s", ResidentCard, "9901019000006", "20240101", "18990101", nil},
		{"a woman born in the 1800s", ResidentCard, "9901010000006", "20240101", "18990101", nil},
		{"a foreigner born in the 2000s", AlienCard, "0108237000006", "20240101", "20010823", nil},
		{"a card older than its holder", ResidentCard, "0108233000006", "20010101", "", ErrIssueBeforeBirth},
	} {
		birth, err := checkPersonNumber(test.document, test.number, test.issued, today, false)
		if birth != test.birth || !errors.Is(err, test.want) {
			t.Errorf("%s: %q, %v", test.name, birth, err)
		}
	}
}

// What an invented number has for its check digit no number has by the rules,
// and the other way round.
func TestInventedNumbers(t *testing.T) {
	t.Parallel()
	for n := range 4000 {
		for _, sex := range "12345678" {
			number := fmt.Sprintf("850101%c%05d0", sex, n*7%100000)
			if personCheck(number, true) == personCheck(number, false) {
				t.Fatalf("%s has one check digit under both rules", number)
			}
		}
		business := fmt.Sprintf("%09d0", n*7919)
		if businessCheck(business, true) == businessCheck(business, false) {
			t.Fatalf("%s has one check digit under both rules", business)
		}
	}
}

// Each digit that is mistyped, and each pair of neighbours turned about that
// differ by other than the rules can see, changes the check digit of a business.
func TestBusinessNumbers(t *testing.T) {
	t.Parallel()
	const number = "1208147521" // from the literature
	s := New(Config{})
	for _, written := range []string{number, "120-81-47521", " 120 81 47521 "} {
		if got, err := s.BusinessNumber(written); err != nil || got != number {
			t.Errorf("%q: %q, %v", written, got, err)
		}
	}
	for _, wrong := range []string{"", "120814752", "12081475211", "12O8147521", "１208147521"} {
		if _, err := s.BusinessNumber(wrong); !errors.Is(err, ErrBusinessForm) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	for i := range 8 { // the ninth digit's weight is such that some errors stay
		for c := byte('0'); c <= '9'; c++ {
			mistyped := number[:i] + string(c) + number[i+1:]
			if _, err := s.BusinessNumber(mistyped); mistyped != number && !errors.Is(err, ErrBusinessCheck) {
				t.Errorf("%q: %v", mistyped, err)
			}
		}
	}
	if _, err := New(Config{Invented: true}).BusinessNumber(number); !errors.Is(err, ErrBusinessCheck) {
		t.Errorf("a real number in a made-up bank: %v", err)
	}
}

func TestLicences(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		number, want string
		invented     bool
		err          error
	}{
		{"11-20-123456-78", "112012345678", false, nil}, {"282012345678", "282012345678", false, nil},
		{"서울 20-123456-78", "112012345678", false, nil}, {"경기북부-20-123456-78", "282012345678", false, nil},
		{"10-20-123456-78", "", false, ErrLicenceRegion}, {"29-20-123456-78", "", false, ErrLicenceRegion},
		{"평양 20-123456-78", "", false, ErrLicenceRegion}, {"99-20-123456-78", "", false, ErrLicenceRegion},
		{"99-20-123456-78", "992012345678", true, nil}, {"11-20-123456-7", "", false, ErrLicenceForm}, {"", "", false, ErrLicenceForm},
		{"서울", "", false, ErrLicenceForm}, {"1120123456A8", "", false, ErrLicenceForm},
	} {
		if got, err := checkLicence(test.number, test.invented); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%q: %q, %v", test.number, got, err)
		}
	}
	for serial, want := range map[string]string{"ab12c": "AB12C", "AB12CD": "AB12CD", "ab 12-cd": "AB12CD", "AB12": "", "AB12CDE": "", "가나다라마": "", "AB12<D": ""} {
		if got, err := checkSerial(serial); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", serial, got, err)
		}
	}
}
