package notice

import (
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Text is what is sent: a message has no subject.
type Text struct{ Subject, Body string }

// callCentre is the bank's number, for those who can't reach a page.
const callCentre = "1588-0000"

// Letterhead is who writes, and to whom.
type Letterhead struct {
	Bank string // title of the bank
	URL  string // of the service, without a slash at its end
	Name string // of the person; mails only
}

// frame is what surrounds a wording. The parts of a mail that have no value
// are left out with their line.
type frame struct {
	dear, certificate, when, by, reason, door, notYou, notYours, secret, message fault.Text
}

var frames = frame{
	dear:        fault.Text{KO: "{name} 님, 안녕하세요.", EN: "Dear {name},"},
	certificate: fault.Text{KO: "인증서: {kind} (일련번호 끝자리 {tail})", EN: "Certificate: {kind} (serial number ends in {tail})"},
	when:        fault.Text{KO: "일시: {when} (서울 시각)", EN: "When: {when} (Seoul time)"},
	by:          fault.Text{KO: "처리: ", EN: "Done by: "},
	reason:      fault.Text{KO: "사유: ", EN: "Reason: "},
	door:        fault.Text{KO: "내 인증서 보기: {url}/certificates", EN: "My certificates: {url}/certificates"},
	notYou:      fault.Text{KO: "본인이 하신 일이 아니라면 바로 {url}/lost 에서 인증서를 모두 정지하거나 고객센터 {phone}으로 전화해 주세요.", EN: "If this was not you, stop all your certificates at once at {url}/lost or call {phone}."},
	notYours:    fault.Text{KO: "모르는 인증서라면 바로 {url}/lost 에서 신고하거나 고객센터 {phone}으로 전화해 주세요.", EN: "If you know nothing of this certificate, report it at once at {url}/lost or call {phone}."},
	secret:      fault.Text{KO: "은행은 메일이나 문자로 비밀번호를 묻지 않아요. 이 메일에는 답장할 수 없어요.", EN: "The bank never asks for a password by mail or message. Nobody reads answers to this mail."},
	message:     fault.Text{KO: "[{bank}] {what} (끝자리 {tail}, {when}) {also}{not} {url}/lost 또는 {phone}", EN: "[{bank}] {what} (No. …{tail}, {when} in Seoul) {also}{not} {url}/lost or {phone}"},
}

// A message has room for one question.
var (
	notYou   = fault.Text{KO: "본인이 아니면 바로", EN: "Not you?"}
	notYours = fault.Text{KO: "모르는 인증서라면", EN: "Not yours?"}
)

// reminder is a message's frame for what has not happened yet.
var reminder = fault.Text{
	KO: "[{bank}] {what} (끝자리 {tail}, {until}까지) 지금 갱신하면 잃는 것이 없어요: {url}/certificates {not} {url}/lost 또는 {phone}",
	EN: "[{bank}] {what} (No. …{tail}, until {until} in Seoul) Renew now and lose nothing: {url}/certificates {not} {url}/lost or {phone}",
}

// Compose writes a notice for a channel in a language, "ko" or "en". at is the
// moment of sending, from which the days that are left are counted.
func Compose(e Entry, lang string, head Letterhead, at time.Time) Text {
	w := wordings[e.Event]
	kind, known := kindWords[e.Kind]
	if !known {
		kind = anyKind
	}
	until, days := e.until(at)
	fill := strings.NewReplacer(
		"{kind}", kind.In(lang), "{tail}", tail(e.Serial), "{when}", moment(e.At).In(lang), "{until}", until.In(lang),
		"{left}", left(days).In(lang), "{bank}", clean(head.Bank), "{name}", clean(head.Name), "{url}", head.URL, "{phone}", callCentre,
	).Replace
	what := fill(w.what.In(lang))
	question, stranger := notYou, frames.notYou
	if w.clock {
		question, stranger = notYours, frames.notYours
	}
	if e.Channel == Message {
		text := frames.message
		if e.Event == Reminder && until != (fault.Text{}) {
			text = reminder
		}
		also := w.also.In(lang)
		if also != "" {
			also += " "
		}
		return Text{Body: fill(strings.NewReplacer("{what}", what, "{also}", also, "{not}", question.In(lang)).Replace(text.In(lang)))}
	}
	facts := []string{fill(frames.certificate.In(lang))}
	if e.Event != Reminder {
		facts = append(facts, fill(frames.when.In(lang)))
	}
	if label := w.until.In(lang); label != "" && until != (fault.Text{}) {
		facts = append(facts, label+": "+until.In(lang))
	}
	if by, known := byWords[e.Facts["by"]]; known {
		facts = append(facts, frames.by.In(lang)+by.In(lang))
	}
	if reason, known := reasonWords[e.Facts["reason"]]; known {
		facts = append(facts, frames.reason.In(lang)+reason.In(lang))
	}
	paragraphs := []string{what, strings.Join(facts, "\n"), w.next.In(lang) + "\n" + fill(frames.door.In(lang)),
		fill(stranger.In(lang)), fill(frames.secret.In(lang)), clean(head.Bank)}
	if head.Name != "" {
		paragraphs = append([]string{fill(frames.dear.In(lang))}, paragraphs...)
	}
	return Text{Subject: fill("[{bank}] " + w.title.In(lang)), Body: strings.Join(paragraphs, "\n\n") + "\n"}
}

// until gives the day of the fact "until" in words, and how many days are left:
// counted from at where the day is known, as the fact "days" says where not.
func (e Entry) until(at time.Time) (text fault.Text, days int) {
	end, err := parseDay(e.Facts["until"])
	if err != nil || end.Year() < 2000 { // a time that nobody set is no day either
		days, err = strconv.Atoi(e.Facts["days"])
		if err != nil || days < 0 || days > 400 {
			days = 0
		}
		return fault.Text{}, days
	}
	return moment(end), seoul.DaysUntil(at, end)
}
