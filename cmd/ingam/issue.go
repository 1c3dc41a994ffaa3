package main

import (
	"context"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki"
)

var issueText = struct {
	short, long, server, login, kind, out, answers, agree, document, number, name, issueDate, licence, image, account fault.Text
	accountPassword, otp, askServer, askLogin, askKind, connecting, done, resumed, stored, hint, welcome              fault.Text
	flagHow                                                                                                           fault.Text
}{
	short: fault.Text{KO: "은행에서 인증서를 발급받아요", EN: "get a certificate from the bank"},
	long: fault.Text{
		KO: "은행에 로그인해서 약관 동의, 본인확인을 거쳐 인증서를 발급받아요. 키는 이 기기에서 만들고, 암호화하지 않은 채로는 기기를 떠나지 않아요. 필요한 것은 그때그때 물어봐요.\n\n영업점에서 신청했으면 --ref에 참조번호를 적으세요. 인가코드를 물어보고, 로그인과 본인확인은 하지 않아요.\n\n멈추었거나 끊겼으면 같은 명령을 다시 실행하세요. 이미 한 단계는 건너뛰고, 만든 키를 그대로 써요.",
		EN: "Logs in to the bank, agrees to the terms, proves who you are and gets a certificate. The key is made on this device and never leaves it in clear. What is missing is asked for.\n\nIf you applied at a branch, give the reference number with --ref: its authorization code is asked for, and no login and no proof are needed.\n\nIf it stops or breaks off, run the same command again: what is done is skipped, and a key that was made is used."},
	server:          fault.Text{KO: "은행의 `주소` (https://…)", EN: "the bank's `address` (https://…)"},
	login:           fault.Text{KO: "은행 로그인 `아이디`", EN: "`login` name at the bank"},
	kind:            fault.Text{KO: "인증서 `종류` (personal-bank, personal-general, …)", EN: "`kind` of certificate (personal-bank, personal-general, …)"},
	out:             fault.Text{KO: "저장할 NPKI `폴더` (없으면 NPKI_HOME, 그다음 기본 위치)", EN: "NPKI `folder` to store in (default: NPKI_HOME, then the usual place)"},
	answers:         fault.Text{KO: "물어볼 것에 미리 답한 JSON `파일` (ingam help answers)", EN: "JSON `file` that answers what would be asked (ingam help answers)"},
	agree:           fault.Text{KO: "필수 약관에 동의해요 (약관은 화면에 나와요)", EN: "agree to the required terms (which are printed)"},
	document:        fault.Text{KO: "신분증 `종류` (resident-card, drivers-licence, passport, alien-registration-card)", EN: "identity `document` (resident-card, drivers-licence, passport, alien-registration-card)"},
	number:          fault.Text{KO: "신분증의 식별번호", EN: "number on the card"},
	name:            fault.Text{KO: "신분증의 `이름`", EN: "`name` on the card"},
	issueDate:       fault.Text{KO: "신분증 발급`일` (2019-07-22)", EN: "`date` of issue of the card (2019-07-22)"},
	licence:         fault.Text{KO: "운전면허 `번호`", EN: "driver's licence `number`"},
	image:           fault.Text{KO: "신분증 사진 `파일` (JPEG, PNG)", EN: "`file` with a picture of the card (JPEG, PNG)"},
	account:         fault.Text{KO: "본인 계좌`번호`", EN: "`number` of an account of yours"},
	accountPassword: fault.Text{KO: "계좌 비밀번호", EN: "account password"},
	otp:             fault.Text{KO: "OTP 번호", EN: "one-time password"},
	askServer:       fault.Text{KO: "은행 주소", EN: "Bank's address"},
	askLogin:        fault.Text{KO: "은행 로그인 아이디", EN: "Login name at the bank"},
	askKind:         fault.Text{KO: "인증서 종류", EN: "Kind of certificate"},
	connecting:      fault.Text{KO: "은행에 로그인하고 있어요", EN: "Logging in to the bank"},
	welcome:         fault.Text{KO: "{name} 님, 안녕하세요.", EN: "Hello, {name}."},
	done:            fault.Text{KO: "{owner} 님의 인증서를 발급받았어요. {until}까지 쓸 수 있어요.", EN: "Your certificate was issued, {owner}. It can be used until {until}."},
	resumed:         fault.Text{KO: "전에 만들어 둔 키로 발급을 마쳤어요.", EN: "The issue was finished with the key made earlier."},
	stored:          fault.Text{KO: "저장한 곳: {dir}", EN: "Stored in: {dir}"},
	hint:            fault.Text{KO: "보기: ingam list    서명하기: ingam sign --in 파일 --out 파일", EN: "See it: ingam list    Sign: ingam sign --in FILE --out FILE"},
	flagHow:         fault.Text{KO: "{flag} 또는 --answers 파일로 알려 주세요.", EN: "Give it with {flag} or in an --answers file."},
}

type issueFlags struct {
	server, login, kind, out, answers string
	agree                             bool
	card                              wallet.CardAnswers
	account                           string

	loginPassword, password, oldPassword, accountPassword, cardNumber, otp, phoneCode secretFlags
}

func (p *program) issueCommand() *cobra.Command {
	var f issueFlags
	var codes redeemFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "issue [--server URL] [--login ID] [--kind KIND | --ref N]",
		Short:                 p.say(issueText.short),
		Long:                  p.say(issueText.long),
		Args:                  p.noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := codes.check(p, cmd); err != nil {
				return err
			}
			if codes.ref != "" {
				return p.redeem(cmd.Context(), &f, &codes)
			}
			return p.issue(cmd, &f)
		},
	}
	f.registerBank(p, cmd)
	f.registerAnswers(p, cmd, true)
	codes.register(p, cmd)
	cmd.Flags().StringVar(&f.kind, "kind", "", p.say(issueText.kind))
	cmd.Flags().StringVar(&f.out, "out", "", p.say(issueText.out))
	mustComplete(cmd, "kind", cobra.FixedCompletions([]string{string(npki.PersonalBank), string(npki.PersonalGeneral),
		string(npki.CorporateBank), string(npki.CorporateGeneral)}, cobra.ShellCompDirectiveNoFileComp))
	mustComplete(cmd, "out", completeFolders)
	return cmd
}

// registerBank gives a command the flags to log in with.
func (f *issueFlags) registerBank(p *program, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.server, "server", "", p.say(issueText.server))
	flags.StringVar(&f.login, "login", "", p.say(issueText.login))
	flags.StringVar(&f.answers, "answers", "", p.say(issueText.answers))
	f.loginPassword.register(p, cmd, "login-password", secretText.loginPassword)
}

// registerAnswers gives a command the flags that answer an application; with an
// identity card where one is asked for.
func (f *issueFlags) registerAnswers(p *program, cmd *cobra.Command, card bool) {
	flags := cmd.Flags()
	flags.BoolVar(&f.agree, "agree-required", false, p.say(issueText.agree))
	flags.StringVar(&f.account, "account", "", p.say(issueText.account))
	f.password.register(p, cmd, "password", secretText.newPassword)
	f.accountPassword.register(p, cmd, "account-password", issueText.accountPassword)
	f.otp.register(p, cmd, "otp", issueText.otp)
	f.phoneCode.register(p, cmd, "phone-code", secretText.phoneCode)
	if !card {
		return
	}
	flags.StringVar(&f.card.Document, "document", "", p.say(issueText.document))
	flags.StringVar(&f.card.Name, "name", "", p.say(issueText.name))
	flags.StringVar(&f.card.IssueDate, "issue-date", "", p.say(issueText.issueDate))
	flags.StringVar(&f.card.Licence, "licence", "", p.say(issueText.licence))
	flags.StringVar(&f.card.Image, "image", "", p.say(issueText.image))
	f.cardNumber.register(p, cmd, "card-number", issueText.number)
	mustComplete(cmd, "document", cobra.FixedCompletions(documents, cobra.ShellCompDirectiveNoFileComp))
}

// asking makes the one who answers, with the answers of the file if one is
// named.
func (p *program) asking(f *issueFlags) (*questions, error) {
	q := &questions{program: p, flags: f}
	if f.answers == "" {
		return q, nil
	}
	content, err := wallet.ReadFile(f.answers, wallet.MaxAnswers)
	if err != nil {
		return nil, err
	}
	if q.answers, err = wallet.ParseAnswers(content); err != nil {
		return nil, err
	}
	p.warnOfOthers(f.answers)
	return q, nil
}

func (p *program) issue(cmd *cobra.Command, f *issueFlags) error {
	ctx := cmd.Context()
	q, err := p.asking(f)
	if err != nil {
		return err
	}
	server, bank, err := p.logIn(ctx, q)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	kind, err := p.issueKind(ctx, q, bank, server)
	if err != nil {
		return err
	}
	issue := wallet.Issue{
		Bank: bank, Server: server, Kind: kind, Root: p.issueRoot(f.out),
		Ask: q, Watch: q, Now: p.now, Random: p.random, Reached: p.reached,
	}
	issued, err := issue.Run(ctx)
	if err != nil {
		return err
	}
	return p.issued(issued, outcome{done: issueText.done, resumed: issueText.resumed, code: p.emergencyCode(ctx, bank, issued)})
}

// warnOfOthers tells when a file with secrets can be read by others.
func (p *program) warnOfOthers(name string) {
	if info, err := os.Stat(name); err == nil && p.goos != "windows" && info.Mode().Perm()&0o077 != 0 {
		p.note(p.say(fault.Text{
			KO: "{file} 파일을 다른 사람도 읽을 수 있어요. chmod 600 {file} 로 막아 주세요.",
			EN: "Others can read {file}. Better run: chmod 600 {file}"}, "file", name))
	}
}

func (p *program) issueRoot(out string) string {
	if out != "" {
		return strings.TrimRight(out, `/\`)
	}
	return strings.TrimRight(p.npkiRoots()[0], `/\`)
}

// requestTimeout bounds one request to the bank. Issuing waits for outside
// services of the bank's.
const requestTimeout = 60 * time.Second

// logInTries is how often a login is asked for before the command gives up;
// the bank locks on its own count.
const logInTries = 3

func (p *program) logIn(ctx context.Context, q *questions) (string, *client.Client, error) {
	server, bank, err := p.open(ctx, q)
	if err != nil {
		return "", nil, err
	}
	login, err := q.line(ctx, q.flags.login, "--login", issueText.askLogin)
	if err != nil {
		return "", nil, err
	}
	for left := logInTries - 1; ; left-- {
		password, err := q.secret(ctx, q.answers.LoginPassword, &q.flags.loginPassword)
		if err != nil {
			return "", nil, err
		}
		spinner := p.spin(p.say(issueText.connecting))
		who, err := bank.LogIn(ctx, login, string(password))
		spinner.Stop()
		clear(password)
		if err == nil {
			p.note(p.say(issueText.welcome, "name", terminal.Clean(who.Name)))
			return server, bank, nil
		}
		if left == 0 || !q.Refused("", err) {
			return "", nil, wallet.FromBank(err, server)
		}
	}
}

// logOut ends the session; that it could not changes nothing any more.
func (p *program) logOut(ctx context.Context, bank *client.Client) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = bank.LogOut(ctx)
}

// issueKind is the kind that was named, or one chosen of what the bank issues.
func (p *program) issueKind(ctx context.Context, q *questions, bank *client.Client, server string) (npki.Kind, error) {
	if q.flags.kind != "" {
		return npki.Kind(q.flags.kind), nil
	}
	kinds, err := bank.Kinds(ctx)
	if err != nil {
		return "", wallet.FromBank(err, server)
	}
	kinds = slices.DeleteFunc(kinds, func(k client.KindInfo) bool { return !k.Online })
	if len(kinds) == 1 {
		return npki.Kind(kinds[0].Kind), nil
	}
	labels := make([]string, len(kinds))
	for i, k := range kinds {
		labels[i] = terminal.Clean(k.Title) + " (" + string(k.Kind) + ")"
	}
	i, err := q.pick(ctx, labels, "--kind", issueText.askKind)
	if err != nil {
		return "", err
	}
	return npki.Kind(kinds[i].Kind), nil
}

// outcome is what is said of a certificate that was made.
type outcome struct {
	done, resumed fault.Text
	code          string // the emergency code; empty when it could not be had
	old           string // serial number of the one that it replaced; empty for a first one
	oldDir        string // where that lies on this device; may be empty
}

// emergencyCode asks for the code that reports the loss of what was just made.
// That it can't be had takes nothing away from the certificate.
func (p *program) emergencyCode(ctx context.Context, bank *client.Client, i wallet.Issued) string {
	code, err := bank.EmergencyCode(ctx, wallet.SerialOf(i.Certificate))
	if err != nil {
		p.note(p.say(codeText.missing))
		return ""
	}
	return terminal.Clean(code)
}

// codeText is about emergency codes.
var codeText = struct{ missing, code, keep, replaced, replacedAt fault.Text }{
	missing:    fault.Text{KO: "비상 코드는 지금 받지 못했어요. 은행 웹의 ‘내 인증서’에서 볼 수 있어요.", EN: "The emergency code could not be had now. See it under “My certificates” at the bank's web page."},
	code:       fault.Text{KO: "비상 코드: {code}", EN: "Emergency code: {code}"},
	keep:       fault.Text{KO: "종이에 적어 인증서와 다른 곳에 두세요. 인증서를 잃어버리면 로그인하지 않고 ingam lost로 바로 정지할 수 있어요.", EN: "Write it down on paper and keep it apart from the certificate. If the certificate is lost, it stops it at once without logging in: ingam lost"},
	replaced:   fault.Text{KO: "전에 쓰던 인증서({serial})는 폐지되어 더 쓸 수 없어요.", EN: "The one before ({serial}) is revoked and can't be used any more."},
	replacedAt: fault.Text{KO: "전에 쓰던 인증서({serial})는 폐지되어 더 쓸 수 없어요. 그 폴더는 지워도 돼요:", EN: "The one before ({serial}) is revoked and can't be used any more. Its folder can be deleted:"},
}

// issued says what came of it.
func (p *program) issued(i wallet.Issued, o outcome) error {
	cert := i.Certificate
	if p.json {
		out := struct {
			certificateJSON
			Application string `json:"application"`
			Fingerprint string `json:"fingerprintSHA256"`
			Resumed     bool   `json:"resumed"`
			Code        string `json:"emergencyCode,omitempty"`
			Replaced    string `json:"replaced,omitempty"`
		}{p.describe(cert), i.Application, hex.EncodeToString(wallet.FingerprintOf(cert)), i.Resumed, o.code, o.old}
		out.Kind, out.Folder = string(i.Kind), i.Dir
		return p.printJSON(out)
	}
	line := p.say(o.done, "owner", terminal.Clean(wallet.OwnerOf(cert)), "until", terminal.Moment(cert.NotAfter, p.lang))
	for _, part := range terminal.Wrap(line, terminal.MaxColumns) {
		if err := p.printLine(p.style().Paint(terminal.Seal, part)); err != nil {
			return err
		}
	}
	lines := []string{p.say(issueText.stored, "dir", terminal.Clean(i.Dir)), p.say(issueText.hint)}
	if i.Resumed {
		lines = slices.Insert(lines, 0, p.say(o.resumed))
	}
	switch {
	case o.oldDir != "":
		lines = append(append(lines, ""), terminal.Wrap(p.say(codeText.replacedAt, "serial", o.old), terminal.MaxColumns)...)
		lines = append(lines, terminal.Clean(o.oldDir))
	case o.old != "":
		lines = append(append(lines, ""), terminal.Wrap(p.say(codeText.replaced, "serial", o.old), terminal.MaxColumns)...)
	}
	if o.code != "" {
		lines = append(lines, "", p.style().Paint(terminal.Seal, p.say(codeText.code, "code", o.code)))
		lines = append(lines, terminal.Wrap(p.say(codeText.keep), terminal.MaxColumns)...)
	}
	return p.printLine(strings.Join(lines, "\n"))
}
