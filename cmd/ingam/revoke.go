package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var revokeText = struct {
	short, long, reason, since, yes, askReason, sure, sureHow, done, next, badReason, badSince, kept fault.Text
}{
	short: fault.Text{KO: "인증서를 폐지해요 (되돌릴 수 없어요)", EN: "revoke a certificate for good"},
	long: fault.Text{
		KO: "인증서를 영구히 폐지해요. 되돌릴 수 없어요. 잃어버렸는데 찾을 수도 있으면 폐지 대신 ingam lost로 정지하세요. OTP 번호를 물어봐요.",
		EN: "Ends a certificate for good; nothing brings it back. If it is lost and may turn up again, suspend it instead: ingam lost. The one-time password is asked for."},
	reason:    fault.Text{KO: "폐지하는 `이유` (key-compromise, cessation, affiliation-changed, unspecified)", EN: "`reason` (key-compromise, cessation, affiliation-changed, unspecified)"},
	since:     fault.Text{KO: "키를 믿을 수 없게 된 `날` (2027-03-14; 모르면 빼세요)", EN: "`day` since when the key is not to be trusted (2027-03-14; leave it out if not known)"},
	yes:       fault.Text{KO: "확인을 묻지 않고 폐지해요", EN: "revoke without asking whether you are sure"},
	askReason: fault.Text{KO: "폐지하는 이유", EN: "Reason"},
	sure:      fault.Text{KO: "인증서({serial})를 폐지할까요? 되돌릴 수 없어요. (y/n) ", EN: "Revoke the certificate ({serial})? Nothing brings it back. (y/n) "},
	sureHow:   fault.Text{KO: "확실하면 --yes를 붙여 주세요.", EN: "If you are sure, add --yes."},
	kept:      fault.Text{KO: "폐지하지 않았어요.", EN: "It was not revoked."},
	done:      fault.Text{KO: "인증서({serial})를 폐지했어요. 이제 쓸 수 없어요.", EN: "The certificate ({serial}) is revoked. It can't be used any more."},
	next:      fault.Text{KO: "새로 받기: ingam issue", EN: "Get a new one: ingam issue"},
	badReason: fault.Text{KO: "--reason 뒤의 '{value}' 값은 정해진 이유가 아니에요", EN: "--reason '{value}' is none of the reasons"},
	badSince:  fault.Text{KO: "--since 뒤의 '{value}' 값은 2027-03-14 같은 날짜가 아니에요", EN: "--since '{value}' is no day like 2027-03-14"},
}

// reasons are those for which a customer revokes, the most urgent first.
var reasons = []client.CustomerReason{client.CustomerReasonKeyCompromise, client.CustomerReasonCessation,
	client.CustomerReasonAffiliationChanged, client.CustomerReasonUnspecified}

var revokeReasons = map[client.CustomerReason]fault.Text{
	client.CustomerReasonKeyCompromise:      {KO: "키가 새어 나갔거나 그럴 수 있어요", EN: "the key is, or may be, in other hands"},
	client.CustomerReasonCessation:          {KO: "더 쓰지 않아요", EN: "it is no longer used"},
	client.CustomerReasonAffiliationChanged: {KO: "이름이나 소속이 바뀌었어요", EN: "name or affiliation changed"},
	client.CustomerReasonUnspecified:        {KO: "다른 이유예요", EN: "another reason"},
}

type revokeFlags struct {
	issueFlags
	cert, reason, since string
	yes                 bool
}

func (p *program) revokeCommand() *cobra.Command {
	var f revokeFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "revoke [C|SERIAL] [--reason R] [--since DAY]",
		Short: p.say(revokeText.short), Long: p.say(revokeText.long), Args: p.oneArg(&f.cert),
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.revoke(cmd, &f) },
		ValidArgsFunction: p.completeCertificates,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.cert, "cert", "", p.say(changeText.certOrSerial))
	flags.StringVar(&f.reason, "reason", "", p.say(revokeText.reason))
	flags.StringVar(&f.since, "since", "", p.say(revokeText.since))
	flags.BoolVar(&f.yes, "yes", false, p.say(revokeText.yes))
	f.registerBank(p, cmd)
	f.otp.register(p, cmd, "otp", issueText.otp)
	names := make([]cobra.Completion, len(reasons))
	for i, r := range reasons {
		names[i] = cobra.CompletionWithDesc(string(r), p.say(revokeReasons[r]))
	}
	mustComplete(cmd, "reason", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	mustComplete(cmd, "cert", p.completeCertificates)
	return cmd
}

func (p *program) revoke(cmd *cobra.Command, f *revokeFlags) error {
	ctx := cmd.Context()
	request := client.RevocationRequest{Reason: client.CustomerReason(f.reason), InvalidityDate: f.since}
	if f.reason != "" && !request.Reason.Valid() {
		return errCommandLine.With(nil, "reason", p.say(revokeText.badReason, "value", f.reason), "help", helpLine(cmd))
	}
	if _, err := time.Parse(time.DateOnly, f.since); f.since != "" && err != nil {
		return errCommandLine.With(err, "reason", p.say(revokeText.badSince, "value", f.since), "help", helpLine(cmd))
	}
	q, server, bank, which, err := p.enter(ctx, &f.issueFlags, f.cert,
		client.CertificateStateValid, client.CertificateStateSuspended, client.CertificateStateHeld)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	if f.reason == "" {
		if request.Reason, err = p.pickReason(ctx, q); err != nil {
			return err
		}
	}
	if sure, err := p.sure(ctx, f.yes, which.serial); err != nil || !sure {
		return err
	}
	made, err := p.revokeAtBank(ctx, q, bank, which.serial, request)
	if err != nil {
		return wallet.FromBank(err, server)
	}
	if p.json {
		return p.printJSON(struct {
			Serial string                  `json:"serial"`
			State  client.CertificateState `json:"state"`
			Reason client.RevocationReason `json:"reason"`
			At     time.Time               `json:"at"`
		}{made.Serial, made.State, made.Reason, made.ChangedAt})
	}
	if err := p.printLine(p.style().Paint(terminal.Seal, p.say(revokeText.done, "serial", terminal.Clean(made.Serial)))); err != nil {
		return err
	}
	return p.printLine(p.say(revokeText.next))
}

func (p *program) pickReason(ctx context.Context, q *questions) (client.CustomerReason, error) {
	labels := make([]string, len(reasons))
	for i, r := range reasons {
		labels[i] = p.say(revokeReasons[r])
	}
	i, err := q.pick(ctx, labels, "--reason", revokeText.askReason)
	if err != nil {
		return "", err
	}
	return reasons[i], nil
}

// sure asks once more before what can't be undone.
func (p *program) sure(ctx context.Context, yes bool, serial string) (bool, error) {
	if yes {
		return true, nil
	}
	what, how := strings.TrimSpace(p.say(revokeText.sure, "serial", serial)), p.say(revokeText.sureHow)
	ask, err := p.prompter(what, how)
	if err != nil {
		return false, err
	}
	answer, err := yesOrNo(ctx, ask, p.say(revokeText.sure, "serial", serial))
	if err != nil {
		return false, nobody(err, what, how)
	}
	if !answer {
		p.note(p.say(revokeText.kept))
	}
	return answer, nil
}

// revokeAtBank asks for the one-time password, again while a person types it
// wrong.
func (p *program) revokeAtBank(ctx context.Context, q *questions, bank *client.Client, serial string, r client.RevocationRequest) (client.Certificate, error) {
	for {
		code, err := q.Code(ctx, client.FactorOTP, "")
		if err != nil {
			return client.Certificate{}, err
		}
		r.OTP = code
		made, err := bank.Revoke(ctx, serial, r)
		if err == nil || !q.Refused(client.NeedOTP, err) {
			return made, err
		}
	}
}
