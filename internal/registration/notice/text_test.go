package notice

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

var (
	letterhead = Letterhead{Bank: "인감은행", URL: "https://bank.example", Name: "홍길동"}
	happened   = time.Date(2027, 3, 14, 15, 4, 59, 0, seoul.Zone)
)

func sample(event Event, channel Channel, facts map[string]string) Entry {
	return Entry{Channel: channel, Notice: Notice{Event: event, Serial: "00112233445566778899aabb9f3a77c2",
		Kind: npki.PersonalBank, Facts: facts, At: happened}}
}

// Whatever is told by whatever way in whatever language says what, when, to
// which certificate and what to do, with nothing left to fill in.
func TestEveryTextIsWhole(t *testing.T) {
	t.Parallel()
	all := map[string]string{"until": "2027-09-14", "days": "30", "by": "desk", "desk": "041", "reason": "key-compromise", "more": "{x}"}
	for _, event := range Events() {
		for _, channel := range Channels() {
			for _, lang := range []string{"ko", "en"} {
				for _, facts := range []map[string]string{nil, all, {"by": "stranger", "reason": "whim", "days": "-1"}} {
					name := fmt.Sprint(event, " ", channel, " ", lang, " ", len(facts))
					text := Compose(sample(event, channel, facts), lang, letterhead, happened)
					whole := text.Subject + "\n" + text.Body
					if strings.ContainsAny(whole, "{}") {
						t.Errorf("%s: a blank is not filled:\n%s", name, whole)
					}
					if !utf8.ValidString(whole) || strings.Contains(text.Subject, "\n") {
						t.Errorf("%s: no text, or a subject of two lines", name)
					}
					for _, part := range []string{"인감은행", "9f3a 77c2", "https://bank.example/lost", "1588-0000"} {
						if !strings.Contains(whole, part) {
							t.Errorf("%s does not say %q:\n%s", name, part, whole)
						}
					}
					if strings.Contains(whole, "778899") || strings.Contains(whole, "!") {
						t.Errorf("%s: more of the serial than its end, or an exclamation mark", name)
					}
					when := map[string]string{"ko": "2027년 3월 14일 (일) 15:04", "en": "Sunday 14 March 2027, 15:04"}[lang]
					if event != Reminder && !strings.Contains(whole, when) {
						t.Errorf("%s does not say when:\n%s", name, whole)
					}
					korean := strings.ContainsFunc(strings.ReplaceAll(strings.ReplaceAll(whole, "인감은행", ""), "홍길동", ""), hangul)
					if korean != (lang == "ko") {
						t.Errorf("%s: mixed languages:\n%s", name, whole)
					}
					if channel == Message && (text.Subject != "" || utf8.RuneCountInString(text.Body) > 400 || strings.Contains(text.Body, "\n") || strings.Contains(text.Body, "홍길동")) {
						t.Errorf("%s is no short message:\n%s", name, whole)
					}
					if code.MatchString(text.Body) {
						t.Errorf("%s looks as if it had a one-time code:\n%s", name, whole)
					}
					if channel == Mail && (text.Subject == "" || !strings.Contains(text.Body, "홍길동")) {
						t.Errorf("%s is no mail:\n%s", name, whole)
					}
				}
			}
		}
	}
}

// code is how one-time codes look.
var code = regexp.MustCompile(`\b[0-9]{6}\b`)

func hangul(r rune) bool { return r >= '가' && r <= '힣' }

func TestReminderCountsTheDaysThatAreLeft(t *testing.T) {
	t.Parallel()
	facts := map[string]string{"until": "2027-03-14", "days": "30"}
	for _, test := range []struct {
		at     time.Time
		ko, en string
	}{
		{time.Date(2027, 2, 12, 8, 0, 0, 0, seoul.Zone), "30일 뒤", "in thirty days"},
		{time.Date(2027, 2, 28, 23, 59, 59, 0, seoul.Zone), "2주 뒤", "in fourteen days"},
		{time.Date(2027, 3, 7, 0, 0, 0, 0, seoul.Zone), "일주일 뒤", "in seven days"},
		{time.Date(2027, 3, 13, 20, 0, 0, 0, seoul.Zone), "내일", "tomorrow"},
		{time.Date(2027, 3, 14, 8, 0, 0, 0, seoul.Zone), "오늘", "today"},
		{time.Date(2026, 12, 14, 8, 0, 0, 0, seoul.Zone), "90일 뒤", "in 90 days"},
	} {
		for _, channel := range Channels() {
			ko := Compose(sample(Reminder, channel, facts), "ko", letterhead, test.at)
			en := Compose(sample(Reminder, channel, facts), "en", letterhead, test.at)
			if !strings.Contains(ko.Body, test.ko) || !strings.Contains(ko.Body, "2027년 3월 14일 (일) 23:59") || !strings.Contains(ko.Body, "잃는 것이 없어요") {
				t.Errorf("%v, %s: %s", test.at, channel, ko.Body)
			}
			if !strings.Contains(en.Body, test.en) || !strings.Contains(en.Body, "Sunday 14 March 2027, 23:59") || !strings.Contains(en.Body, "lose nothing") {
				t.Errorf("%v, %s: %s", test.at, channel, en.Body)
			}
		}
	}
	if text := Compose(sample(Reminder, Message, map[string]string{"days": "7"}), "ko", letterhead, happened); !strings.Contains(text.Body, "일주일 뒤") {
		t.Errorf("without a day: %s", text.Body)
	}
}

// A name or title can't begin a line of its own, nor fill a blank.
func TestTextsTakeNoOrders(t *testing.T) {
	t.Parallel()
	head := letterhead
	head.Name, head.Bank = "홍\r\n길동\u202e{url}", "은행\nBcc: x"
	e := sample(Issued, Mail, nil)
	e.Serial = "9f3a\r\n77c2"
	text := Compose(e, "ko", head, happened)
	if strings.Contains(text.Subject, "\n") || !strings.HasPrefix(text.Body, "홍길동{url} 님") || !strings.Contains(text.Body, "9f3a 77c2") {
		t.Errorf("%q", text)
	}
}
