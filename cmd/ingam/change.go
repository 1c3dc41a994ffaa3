package main

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki"
)

var changeText = struct {
	renewShort, renewLong, renewed, renewResumed, oldPassword fault.Text
	reissueShort, reissueLong, reissued                       fault.Text
	resumeShort, resumeLong, resumedNow                       fault.Text
	cert, certOrSerial, pick, entry                           fault.Text
}{
	renewShort: fault.Text{KO: "인증서를 1년 더 쓰게 갱신해요", EN: "renew a certificate for another year"},
	renewLong: fault.Text{
		KO: "만료 30일 전부터 만료일까지, 지금 인증서로 서명해서 새 인증서를 받아요. 남은 날은 새 인증서에 그대로 더해져요. 새 키는 이 기기에서 만들고, 새 인증서는 전의 것 옆에 저장해요. 전의 인증서는 그 순간 폐지돼요.\n\n멈추었거나 끊겼으면 같은 명령을 다시 실행하세요. 만든 키를 그대로 써요. 암호를 잊었거나 키가 없으면 ingam reissue를 쓰세요.",
		EN: "From 30 days before its last day the present certificate signs for a new one. The days that are left are added to it. The new key is made on this device, and the new certificate is stored beside the old one, which is revoked at that moment.\n\nIf it stops or breaks off, run the same command again: a key that was made is used. If the password is forgotten or the key is gone, use ingam reissue."},
	renewed:      fault.Text{KO: "{owner} 님의 인증서를 갱신했어요. {until}까지 쓸 수 있어요.", EN: "Your certificate was renewed, {owner}. It can be used until {until}."},
	renewResumed: fault.Text{KO: "전에 만들어 둔 키로 마쳤어요.", EN: "It was finished with the key made earlier."},
	oldPassword:  fault.Text{KO: "갱신할 인증서의 암호", EN: "password of the certificate to renew"},
	reissueShort: fault.Text{KO: "암호를 잊었거나 잃어버린 인증서를 재발급받아요", EN: "have a lost certificate reissued, or one whose password is forgotten"},
	reissueLong: fault.Text{
		KO: "새 키로 인증서를 다시 받아요. 만료일은 그대로이고, 전의 인증서는 그 순간 폐지돼요. 이 기기에 전의 인증서가 없어도 돼요: 일련번호로 고르거나, 아무것도 적지 않으면 은행에 있는 것 가운데 골라요.",
		EN: "Gets a certificate again with a new key. It ends on the same day, and the one before is revoked at that moment. That one need not be on this device: name its serial number, or nothing, to choose from those that the bank knows."},
	reissued:    fault.Text{KO: "{owner} 님의 인증서를 재발급받았어요. {until}까지 쓸 수 있어요.", EN: "Your certificate was reissued, {owner}. It can be used until {until}."},
	resumeShort: fault.Text{KO: "정지된 인증서를 다시 쓸 수 있게 해요", EN: "make a suspended certificate valid again"},
	resumeLong: fault.Text{
		KO: "본인확인을 다시 하고 효력을 회복해요. 온라인에서 정지했거나 분실 신고로 정지한 인증서만 돼요. 다른 사람이 썼을 수 있으면 회복하지 말고 ingam reissue로 재발급을 받으세요.",
		EN: "Proves the identity anew and resumes the certificate. It goes for those that were suspended online or by a report of loss. If somebody else may have used it, have it reissued instead: ingam reissue."},
	resumedNow:   fault.Text{KO: "효력을 회복했어요. 인증서({serial})를 다시 쓸 수 있어요.", EN: "It is resumed: the certificate ({serial}) can be used again."},
	cert:         fault.Text{KO: "인증서: 목록의 `번호`, 폴더 또는 파일", EN: "the certificate: `number` from list, folder or file"},
	certOrSerial: fault.Text{KO: "인증서: 목록의 `번호`, 폴더, 파일 또는 일련번호", EN: "the certificate: `number` from list, folder, file or serial number"},
	pick:         fault.Text{KO: "어느 인증서인가요", EN: "Which certificate"},
	entry:        fault.Text{KO: "{until}까지, {state}, {serial}", EN: "until {until}, {state}, {serial}"},
}

var errNothingToChange = fault.Define(5061, "nothing-to-change", fault.NotFound,
	fault.Text{KO: "그렇게 할 수 있는 인증서가 은행에 없어요.", EN: "The bank knows no certificate of yours for which that can be done."},
	fault.Text{KO: "ingam status로 이 기기의 인증서를 보고, 인증서가 필요하면 ingam issue로 새로 받아 주세요.", EN: "See with ingam status what is on this device; if you need a certificate, get a new one with ingam issue."})

func (p *program) renewCommand() *cobra.Command {
	var f issueFlags
	var cert string
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "renew [C] [--server URL] [--login ID]",
		Short: p.say(changeText.renewShort), Long: p.say(changeText.renewLong), Args: p.oneArg(&cert),
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.renew(cmd.Context(), &f, cert) },
		ValidArgsFunction: p.completeCertificates,
	}
	cmd.Flags().StringVar(&cert, "cert", "", p.say(changeText.cert))
	f.registerBank(p, cmd)
	f.registerAnswers(p, cmd, false)
	f.oldPassword.register(p, cmd, "old-password", changeText.oldPassword)
	mustComplete(cmd, "cert", p.completeCertificates)
	return cmd
}

func (p *program) renew(ctx context.Context, f *issueFlags, selection string) error {
	q, err := p.asking(f)
	if err != nil {
		return err
	}
	cert, err := p.chooseOf(ctx, selection, wallet.ChooseRenewable)
	if err != nil {
		return err
	}
	server, bank, err := p.logIn(ctx, q)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	issue := p.changing(q, bank, server, client.ChangeWayRenew, cert.Serial(), cert.Root())
	issue.Old = func(ctx context.Context) (wallet.Certificate, *npki.PrivateKey, error) {
		if err := cert.CheckSigning(p.now(), p.lang); err != nil {
			return cert, nil, err
		}
		if given := q.answers.OldPassword; given != "" && !f.oldPassword.given() {
			key, err := cert.OpenKey([]byte(given))
			return cert, key, err
		}
		key, err := p.openKey(ctx, cert, f.oldPassword)
		return cert, key, err
	}
	issued, err := issue.Run(ctx)
	if err != nil {
		return err
	}
	return p.issued(issued, outcome{done: changeText.renewed, resumed: changeText.renewResumed,
		code: p.emergencyCode(ctx, bank, issued), old: cert.Serial(), oldDir: cert.Dir})
}

// changing is what renewals, reissues and resumptions share.
func (p *program) changing(q *questions, bank *client.Client, server string, way client.ChangeWay, serial, root string) *wallet.Issue {
	return &wallet.Issue{
		Bank: bank, Server: server, Way: way, Replaces: serial, Root: cmp.Or(root, p.issueRoot(q.flags.out)),
		Ask: q, Watch: q, Now: p.now, Random: p.random, Reached: p.reached,
	}
}

// target is a certificate that something is to be done with: one that the bank
// knows, which may also lie on this device.
type target struct {
	serial string
	local  *wallet.Certificate
}

func (t target) root() string {
	if t.local == nil {
		return ""
	}
	return t.local.Root()
}

func (t target) dir() string {
	if t.local == nil {
		return ""
	}
	return t.local.Dir
}

// serialLike is how a serial number is written; blanks and colons may be
// between the digits.
var serialLike = regexp.MustCompile(`^[0-9a-f]{8,40}$`)

// aim finds the certificate that a person means: of the list, a folder or a
// file, a serial number, or one that they pick of what the bank knows in one of
// the states.
func (p *program) aim(ctx context.Context, q *questions, bank *client.Client, server, selection string, states ...client.CertificateState) (target, error) {
	local, _ := wallet.List(p.npkiRoots()...)
	known := func(serial string) target {
		if i := slices.IndexFunc(local, func(c wallet.Certificate) bool { return c.Serial() == serial }); i >= 0 {
			return target{serial, &local[i]}
		}
		return target{serial: serial}
	}
	if selection != "" {
		tidy := strings.ToLower(strings.NewReplacer(" ", "", ":", "").Replace(selection))
		if _, err := os.Stat(selection); err != nil && serialLike.MatchString(tidy) {
			return known(tidy), nil
		}
		cert, err := wallet.Choose(selection, local, p.now())
		if err != nil {
			return target{}, err
		}
		return target{cert.Serial(), &cert}, nil
	}
	all, err := bank.Certificates(ctx)
	if err != nil {
		return target{}, wallet.FromBank(err, server)
	}
	all = slices.DeleteFunc(all, func(c client.Certificate) bool { return !slices.Contains(states, c.State) })
	switch len(all) {
	case 0:
		return target{}, errNothingToChange.With(nil)
	case 1:
		return known(all[0].Serial), nil
	}
	labels := make([]string, len(all))
	for i, c := range all {
		labels[i] = p.say(changeText.entry, "until", terminal.Day(c.NotAfter), "state", p.say(bankStates[c.State]), "serial", terminal.Clean(c.Serial))
	}
	i, err := q.pick(ctx, labels, "--cert", changeText.pick)
	if err != nil {
		return target{}, err
	}
	return known(all[i].Serial), nil
}

// bankStates says the states in which a bank has certificates in a word.
var bankStates = map[client.CertificateState]fault.Text{
	client.CertificateStateHeld:      {KO: "보류", EN: "held"},
	client.CertificateStateValid:     {KO: "유효", EN: "valid"},
	client.CertificateStateSuspended: {KO: "효력정지", EN: "suspended"},
	client.CertificateStateRevoked:   {KO: "폐지", EN: "revoked"},
	client.CertificateStateExpired:   {KO: "만료", EN: "expired"},
}

func (p *program) reissueCommand() *cobra.Command {
	var f issueFlags
	var cert string
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "reissue [C|SERIAL] [--server URL] [--login ID]",
		Short: p.say(changeText.reissueShort), Long: p.say(changeText.reissueLong), Args: p.oneArg(&cert),
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.reissue(cmd.Context(), &f, cert) },
		ValidArgsFunction: p.completeCertificates,
	}
	cmd.Flags().StringVar(&cert, "cert", "", p.say(changeText.certOrSerial))
	cmd.Flags().StringVar(&f.out, "out", "", p.say(issueText.out))
	f.registerBank(p, cmd)
	f.registerAnswers(p, cmd, true)
	mustComplete(cmd, "cert", p.completeCertificates)
	mustComplete(cmd, "out", completeFolders)
	return cmd
}

func (p *program) reissue(ctx context.Context, f *issueFlags, selection string) error {
	q, server, bank, which, err := p.enter(ctx, f, selection, client.CertificateStateValid, client.CertificateStateSuspended)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	root := which.root()
	if f.out != "" {
		root = p.issueRoot(f.out)
	}
	issued, err := p.changing(q, bank, server, client.ChangeWayReissue, which.serial, root).Run(ctx)
	if err != nil {
		return err
	}
	return p.issued(issued, outcome{done: changeText.reissued, resumed: changeText.renewResumed,
		code: p.emergencyCode(ctx, bank, issued), old: which.serial, oldDir: which.dir()})
}

// enter logs in and finds the certificate that is meant.
func (p *program) enter(ctx context.Context, f *issueFlags, selection string, states ...client.CertificateState) (
	q *questions, server string, bank *client.Client, which target, err error) {
	if q, err = p.asking(f); err != nil {
		return nil, "", nil, target{}, err
	}
	if server, bank, err = p.logIn(ctx, q); err != nil {
		return nil, "", nil, target{}, err
	}
	if which, err = p.aim(ctx, q, bank, server, selection, states...); err != nil {
		p.logOut(ctx, bank)
		return nil, "", nil, target{}, err
	}
	return q, server, bank, which, nil
}

func (p *program) resumeCommand() *cobra.Command {
	var f issueFlags
	var cert string
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "resume [C|SERIAL] [--server URL] [--login ID]",
		Short: p.say(changeText.resumeShort), Long: p.say(changeText.resumeLong), Args: p.oneArg(&cert),
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.resume(cmd.Context(), &f, cert) },
		ValidArgsFunction: p.completeCertificates,
	}
	cmd.Flags().StringVar(&cert, "cert", "", p.say(changeText.certOrSerial))
	f.registerBank(p, cmd)
	f.registerAnswers(p, cmd, true)
	mustComplete(cmd, "cert", p.completeCertificates)
	return cmd
}

func (p *program) resume(ctx context.Context, f *issueFlags, selection string) error {
	q, server, bank, which, err := p.enter(ctx, f, selection, client.CertificateStateSuspended)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	if err := p.changing(q, bank, server, client.ChangeWayResume, which.serial, which.root()).Resume(ctx); err != nil {
		return err
	}
	if p.json {
		return p.printJSON(struct {
			Serial string                  `json:"serial"`
			State  client.CertificateState `json:"state"`
		}{which.serial, client.CertificateStateValid})
	}
	return p.printLine(p.style().Paint(terminal.Seal, p.say(changeText.resumedNow, "serial", which.serial)))
}

// open makes a client of a bank for one who does not log in.
func (p *program) open(ctx context.Context, q *questions) (string, *client.Client, error) {
	address, err := q.line(ctx, q.flags.server, "--server", issueText.askServer)
	if err != nil {
		return "", nil, err
	}
	server, err := wallet.CheckServer(address)
	if err != nil {
		return "", nil, err
	}
	bank, err := client.New(server, &http.Client{Timeout: requestTimeout}, p.lang)
	if err != nil {
		return "", nil, wallet.FromBank(err, server)
	}
	return server, bank, nil
}
