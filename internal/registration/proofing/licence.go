package proofing

import "strings"

// regions are the first two digits of a driver's licence by the words that
// licences before 2010 or so have instead of them.
var regions = map[string]string{
	"서울": "11", "부산": "12", "경기": "13", "경기남부": "13", "강원": "14", "충북": "15", "충남": "16", "전북": "17", "전남": "18", "경북": "19",
	"경남": "20", "제주": "21", "대구": "22", "인천": "23", "광주": "24", "대전": "25", "울산": "26", "경기북부": "28",
}

// inventedRegion is assigned to nobody: samples have it.
const inventedRegion = "99"

// checkLicence gives a driver's licence number as its 12 digits. The first two
// say where it was issued, 11 to 28; a place in letters is put into digits, as
// the issuer keeps it.
func checkLicence(number string, invented bool) (string, error) {
	number = strip(number, "-. ")
	if i := strings.IndexAny(number, "0123456789"); i > 0 {
		code, ok := regions[number[:i]]
		if !ok {
			return "", ErrLicenceRegion
		}
		number = code + number[i:]
	}
	if !digits(number, 12, 12) {
		return "", ErrLicenceForm
	}
	region := number[:2]
	if (region < "11" || region > "28") && (!invented || region != inventedRegion) {
		return "", ErrLicenceRegion
	}
	return number, nil
}

// checkSerial gives the characters beside the small portrait of a licence
// (암호일련번호) in capitals.
func checkSerial(serial string) (string, error) {
	serial = strings.ToUpper(strip(serial, "- "))
	if len(serial) < 5 || len(serial) > 6 || strings.ContainsFunc(serial, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
		return "", ErrLicenceSerial
	}
	return serial, nil
}
