package notice

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// kindWords are the kinds as a customer knows them.
var kindWords = map[npki.Kind]fault.Text{
	npki.PersonalBank:     {KO: "은행·신용카드·보험용 인증서", EN: "certificate for banks, cards and insurance"},
	npki.PersonalGeneral:  {KO: "범용(개인) 인증서", EN: "general-purpose certificate (personal)"},
	npki.CorporateBank:    {KO: "기업뱅킹용 인증서", EN: "certificate for corporate banking"},
	npki.CorporateGeneral: {KO: "범용(법인·단체) 인증서", EN: "general-purpose certificate (corporate)"},
}

var anyKind = fault.Text{KO: "공동인증서", EN: "joint certificate"}

// byWords say who did it, by the fact "by".
var byWords = map[string]fault.Text{
	"customer":       {KO: "본인", EN: "you"},
	"emergency-code": {KO: "비상 코드로 한 분실 신고", EN: "a report of loss by emergency code"},
	"desk":           {KO: "영업점", EN: "a branch"},
	"bank":           {KO: "은행", EN: "the bank"},
	"clock":          {KO: "정해진 기간이 지나 자동으로", EN: "by itself, when the time was over"},
}

// reasonWords say why, by the fact "reason", as the authority's Reason writes it
// (RFC 5280 §5.3.1).
var reasonWords = map[string]fault.Text{
	"key-compromise":      {KO: "개인키가 새어 나갔거나 그럴 염려", EN: "the private key is, or may be, in other hands"},
	"affiliation-changed": {KO: "이름이나 소속이 바뀜", EN: "name or affiliation changed"},
	"superseded":          {KO: "새 인증서로 바꿈", EN: "a new certificate took its place"},
	"cessation":           {KO: "더 쓰지 않음", EN: "it is no longer used"},
	"on-hold":             {KO: "효력정지", EN: "suspension"},
	"privilege-withdrawn": {KO: "쓸 자격이 없어짐", EN: "the right to use it ended"},
}

var (
	weekdaysKO = [...]string{"일", "월", "화", "수", "목", "금", "토"}
	numbersEN  = [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
		"twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "twenty-one",
		"twenty-two", "twenty-three", "twenty-four", "twenty-five", "twenty-six", "twenty-seven", "twenty-eight", "twenty-nine", "thirty"}
)

// moment writes a time to the minute as it is read in Seoul.
func moment(t time.Time) fault.Text {
	t = t.In(seoul.Zone)
	return fault.Text{
		KO: t.Format("2006년 1월 2일") + " (" + weekdaysKO[t.Weekday()] + ") " + t.Format("15:04"),
		EN: t.Format("Monday 2 January 2006, 15:04"),
	}
}

// parseDay reads a day in Seoul, 2027-03-14, and gives its last second.
func parseDay(text string) (time.Time, error) {
	day, err := seoul.ParseDay(text)
	if err != nil {
		return time.Time{}, err
	}
	return seoul.LastSecond(day), nil
}

// left says in words when a day comes that is so many days ahead.
func left(days int) fault.Text {
	switch {
	case days <= 0:
		return fault.Text{KO: "오늘", EN: "today"}
	case days == 1:
		return fault.Text{KO: "내일", EN: "tomorrow"}
	case days == 7:
		return fault.Text{KO: "일주일 뒤에", EN: "in seven days"}
	case days == 14:
		return fault.Text{KO: "2주 뒤에", EN: "in fourteen days"}
	}
	number := strconv.Itoa(days)
	en := number
	if days < len(numbersEN) {
		en = numbersEN[days]
	}
	return fault.Text{KO: number + "일 뒤에", EN: "in " + en + " days"}
}

// tail gives the last eight digits of a serial number in groups of four.
func tail(serial string) string {
	serial = clean(serial)
	serial = serial[max(0, len(serial)-8):]
	if len(serial) <= 4 {
		return serial
	}
	return serial[:len(serial)-4] + " " + serial[len(serial)-4:]
}

// clean leaves nothing in a text that could begin a line of its own or turn
// its direction.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
}
