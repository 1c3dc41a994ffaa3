package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var questionText = struct {
	step, required, optional, agree, agreeHow, yes, document, sent, otp, again, bits, prompt fault.Text
	numberPrompt, noNumber                                                                   fault.Text
}{
	step:         fault.Text{KO: "[{n}/{m}] {what}", EN: "[{n}/{m}] {what}"},
	required:     fault.Text{KO: "(필수)", EN: "(required)"},
	optional:     fault.Text{KO: "(선택)", EN: "(optional)"},
	agree:        fault.Text{KO: "동의하시나요? (y/n) ", EN: "Do you agree? (y/n) "},
	agreeHow:     fault.Text{KO: "약관을 읽고 --agree-required를 붙이거나 --answers 파일에 agreeRequired를 적어 주세요.", EN: "Read the terms and add --agree-required, or agreeRequired in an --answers file."},
	yes:          fault.Text{KO: "약관 동의", EN: "agreement to the terms"},
	document:     fault.Text{KO: "신분증 종류", EN: "Identity document"},
	sent:         fault.Text{KO: "{phone} 번호로 인증번호를 보냈어요. 다시 받으려면 빈 줄을 입력하세요.", EN: "A code was sent to {phone}. To get another one, enter an empty line."},
	otp:          fault.Text{KO: "OTP 기기나 앱에 보이는 번호예요.", EN: "The number that your token or app shows."},
	again:        fault.Text{KO: "다시 입력해 주세요.", EN: "Please enter it again."},
	bits:         fault.Text{KO: "이 기기에서 키를 만들고 있어요 (RSA {bits}비트)", EN: "The key is being made on this device (RSA, {bits} bits)"},
	prompt:       fault.Text{KO: "{what}: ", EN: "{what}: "},
	numberPrompt: fault.Text{KO: "{what} (번호): ", EN: "{what} (number): "},
	noNumber:     fault.Text{KO: "1부터 {last}까지의 번호를 입력해 주세요.", EN: "Please enter a number from 1 to {last}."},
}

// stepTexts names the steps of an issue.
var stepTexts = map[client.Need]fault.Text{
	client.NeedConsent: {KO: "약관 동의", EN: "Terms"},
	client.NeedIDCard:  {KO: "본인확인: 신분증", EN: "Proof of identity: identity card"},
	client.NeedAccount: {KO: "본인확인: 계좌", EN: "Proof of identity: account"},
	client.NeedOTP:     {KO: "본인확인: OTP", EN: "Proof of identity: one-time password"},
	client.NeedPhone:   {KO: "본인확인: 휴대폰", EN: "Proof of identity: phone"},
	client.NeedKey:     {KO: "저장 매체와 암호", EN: "Place and password"},
	client.NeedResume:  {KO: "효력 회복", EN: "Resumption"},
}

var documents = []string{"resident-card", "drivers-licence", "passport", "alien-registration-card"}

var documentTexts = map[string]fault.Text{
	"resident-card":           {KO: "주민등록증", EN: "resident registration card"},
	"drivers-licence":         {KO: "운전면허증", EN: "driver's licence"},
	"passport":                {KO: "여권", EN: "passport"},
	"alien-registration-card": {KO: "외국인등록증", EN: "alien registration card"},
}

// questions answers what the bank needs from flags, the answers file or the
// person at the terminal, in this order.
type questions struct {
	*program
	flags   *issueFlags
	answers wallet.Answers
	asked   bool // the last answer was typed: it can be typed again
}

// line gives a value that may be seen, or asks for it.
func (q *questions) line(ctx context.Context, given, flag string, what fault.Text) (string, error) {
	if q.asked = given == ""; !q.asked {
		return given, nil
	}
	how := q.say(issueText.flagHow, "flag", flag)
	ask, err := q.prompter(q.say(what), how)
	if err != nil {
		return "", err
	}
	line, err := ask.Line(ctx, q.say(questionText.prompt, "what", q.say(what)))
	return line, nobody(err, q.say(what), how)
}

// secret gives a secret of the answers file, or from where its flags say, or
// asks for it.
func (q *questions) secret(ctx context.Context, given string, s *secretFlags) ([]byte, error) {
	if given != "" && !s.given() {
		q.asked = false
		return []byte(given), nil
	}
	q.asked = !s.given()
	return q.program.secret(ctx, *s)
}

// pick lets a person choose one of several.
func (q *questions) pick(ctx context.Context, labels []string, flag string, what fault.Text) (int, error) {
	how := q.say(issueText.flagHow, "flag", flag)
	ask, err := q.prompter(q.say(what), how)
	if err != nil {
		return 0, err
	}
	for i, label := range labels {
		q.note(fmt.Sprintf("%d  %s", i+1, label))
	}
	for {
		line, err := ask.Line(ctx, q.say(questionText.numberPrompt, "what", q.say(what)))
		if err != nil {
			return 0, nobody(err, q.say(what), how)
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(labels) {
			return n - 1, nil
		}
		q.note(q.say(questionText.noNumber, "last", strconv.Itoa(len(labels))))
	}
}

// Consent prints each text and takes the agreement to each.
func (q *questions) Consent(ctx context.Context, terms []client.Terms) ([]client.Terms, error) {
	var agreed []client.Terms
	byScript := q.flags.agree || q.answers.AgreeRequired
	for _, t := range terms {
		mark := questionText.optional
		if t.Required {
			mark = questionText.required
		}
		q.note("\n" + terminal.Clean(t.Title) + " " + q.say(mark))
		for paragraph := range strings.SplitSeq(t.Text, "\n") {
			q.note(terminal.Clean(paragraph))
		}
		yes := byScript && t.Required
		if !byScript {
			var err error
			if yes, err = q.agree(ctx); err != nil {
				return nil, err
			}
		}
		if yes {
			agreed = append(agreed, t)
		}
	}
	return agreed, nil
}

func (q *questions) agree(ctx context.Context) (bool, error) {
	what, how := q.say(questionText.yes), q.say(questionText.agreeHow)
	ask, err := q.prompter(what, how)
	if err != nil {
		return false, err
	}
	q.asked = true
	yes, err := yesOrNo(ctx, ask, q.say(questionText.agree))
	return yes, nobody(err, what, how)
}

// yesOrNo asks until it is one of the two.
func yesOrNo(ctx context.Context, ask *terminal.Prompter, question string) (bool, error) {
	for {
		line, err := ask.Line(ctx, question)
		if err != nil {
			return false, err
		}
		switch strings.ToLower(line) {
		case "y", "yes", "예", "네", "ㅛ": // the last is y with the Korean layout on
			return true, nil
		case "n", "no", "아니요", "아니오", "ㅜ":
			return false, nil
		}
	}
}

// IDCard takes what stands on the identity card and its picture.
func (q *questions) IDCard(ctx context.Context) (client.IDCardProof, error) {
	given := q.flags.card
	number := ""
	if a := q.answers.Card; a != nil {
		given, number = fillCard(given, *a), a.Number
	}
	typed := false
	if given.Document == "" {
		labels := make([]string, len(documents))
		for i, d := range documents {
			labels[i] = q.say(documentTexts[d])
		}
		i, err := q.pick(ctx, labels, "--document", questionText.document)
		if err != nil {
			return client.IDCardProof{}, err
		}
		given.Document, typed = documents[i], true
	}
	for _, field := range []struct {
		value *string
		flag  string
		what  fault.Text
		need  bool
	}{
		{&given.Name, "--name", cardText.name, true},
		{&given.IssueDate, "--issue-date", cardText.issueDate, true},
		{&given.Licence, "--licence", cardText.licence, given.Document == "drivers-licence"},
		{&given.Image, "--image", cardText.image, true},
	} {
		if !field.need {
			continue
		}
		value, err := q.line(ctx, *field.value, field.flag, field.what)
		if err != nil {
			return client.IDCardProof{}, err
		}
		*field.value, typed = value, typed || q.asked
	}
	secret, err := q.secret(ctx, number, &q.flags.cardNumber)
	if err != nil {
		return client.IDCardProof{}, err
	}
	q.asked = q.asked || typed
	image, err := wallet.ReadFile(given.Image, maxImage)
	if err != nil {
		return client.IDCardProof{}, err
	}
	return client.IDCardProof{
		Document: client.Document(given.Document), Number: string(secret), Name: given.Name,
		IssueDate: given.IssueDate, Licence: given.Licence, Image: image,
	}, nil
}

// maxImage bounds the picture of a card, in bytes: with its base64 form the
// bank takes 8 MiB.
const maxImage = 6 << 20

var cardText = struct{ name, issueDate, licence, image fault.Text }{
	name:      fault.Text{KO: "신분증에 적힌 이름", EN: "Name as it stands on the card"},
	issueDate: fault.Text{KO: "신분증 발급일 (예: 2019-07-22)", EN: "Date of issue of the card (like 2019-07-22)"},
	licence:   fault.Text{KO: "운전면허 번호", EN: "Driver's licence number"},
	image:     fault.Text{KO: "신분증 사진 파일", EN: "File with a picture of the card"},
}

// fillCard takes from the answers what the flags leave open.
func fillCard(c, a wallet.CardAnswers) wallet.CardAnswers {
	for _, pair := range [][2]*string{
		{&c.Document, &a.Document}, {&c.Name, &a.Name}, {&c.IssueDate, &a.IssueDate},
		{&c.Licence, &a.Licence}, {&c.Image, &a.Image},
	} {
		if *pair[0] == "" {
			*pair[0] = *pair[1]
		}
	}
	return c
}

// Account takes an account and its password.
func (q *questions) Account(ctx context.Context) (client.AccountProof, error) {
	number, password := q.flags.account, ""
	if a := q.answers.Account; a != nil {
		password = a.Password
		if number == "" {
			number = a.Account
		}
	}
	number, err := q.line(ctx, number, "--account", accountText)
	if err != nil {
		return client.AccountProof{}, err
	}
	typed := q.asked
	secret, err := q.secret(ctx, password, &q.flags.accountPassword)
	q.asked = q.asked || typed
	return client.AccountProof{Account: number, Password: string(secret)}, err
}

var accountText = fault.Text{KO: "본인 계좌번호", EN: "Number of an account of yours"}

// Code takes a one-time password or the code sent to the phone.
func (q *questions) Code(ctx context.Context, factor client.Factor, sentTo string) (string, error) {
	given, demo, source := q.answers.OTP, q.answers.OTPURL, &q.flags.otp
	hint := q.say(questionText.otp)
	if factor == client.FactorPhone {
		given, demo, source = q.answers.PhoneCode, q.answers.PhoneCodeURL, &q.flags.phoneCode
		hint = q.say(questionText.sent, "phone", terminal.Clean(sentTo))
	}
	if given == "" && demo != "" && !source.given() {
		q.asked = false
		return wallet.DemoCode(ctx, demo)
	}
	if given == "" && !source.given() {
		q.note(hint)
	}
	code, err := q.secret(ctx, given, source)
	return strings.TrimSpace(string(code)), err
}

// NewPassword takes the password of the key that is about to be made.
func (q *questions) NewPassword(ctx context.Context) ([]byte, error) {
	if given := q.answers.KeyPassword; given != "" && !q.flags.password.given() {
		return []byte(given), wallet.CheckNewPassword([]byte(given), q.lang)
	}
	return q.newPassword(ctx, q.flags.password)
}

// Step tells which step begins.
func (q *questions) Step(need client.Need, n, m int) {
	what := q.say(stepTexts[need])
	if what == "" {
		what = string(need)
	}
	q.note(q.say(questionText.step, "n", strconv.Itoa(n), "m", strconv.Itoa(m), "what", what))
}

// finalRefusals are those after which typing again makes no sense now.
var finalRefusals = []fault.Kind{fault.Locked, fault.TooMany, fault.Gone, fault.Forbidden, fault.NotFound, fault.Conflict}

// Refused shows the bank's no. A person may answer again; a script may not,
// its answer would be the same.
func (q *questions) Refused(_ client.Need, refusal error) bool {
	pr, exit := q.publicFace(refusal)
	if !q.asked || pr.RetryAfter > 0 || slices.ContainsFunc(finalRefusals, func(k fault.Kind) bool {
		return k.Exit() == exit && exit != fault.Unauthenticated.Exit()
	}) {
		return false
	}
	q.printProblem(pr)
	q.note(q.say(questionText.again))
	return true
}

// Making shows that the key is made here.
func (q *questions) Making(bits int) (done func()) {
	return q.spin(q.say(questionText.bits, "bits", strconv.Itoa(bits))).Stop
}
