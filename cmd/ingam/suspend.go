package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var suspendText = struct{ short, long, done, until, next fault.Text }{
	short: fault.Text{KO: "인증서 하나의 효력을 잠시 정지해요", EN: "suspend one certificate for a while"},
	long: fault.Text{
		KO: "인증서 하나를 아무도 쓸 수 없게 바로 정지해요. ingam resume으로 다시 쓸 수 있게 해요. 6개월 동안 회복하지 않으면 폐지돼요. 잃어버렸으면 ingam lost로 모두 정지하세요.",
		EN: "Suspends one certificate at once, so that nobody can use it; ingam resume makes it valid again. After six months it is revoked. If you lost it, suspend all that you hold: ingam lost."},
	done:  fault.Text{KO: "인증서({serial})의 효력을 정지했어요.", EN: "The certificate ({serial}) is suspended."},
	until: fault.Text{KO: "{until}까지 회복하지 않으면 폐지돼요.", EN: "If it is not resumed until {until}, it is revoked."},
	next:  fault.Text{KO: "다시 쓰기: ingam resume", EN: "Use it again: ingam resume"},
}

func (p *program) suspendCommand() *cobra.Command {
	var f issueFlags
	var cert string
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "suspend [C|SERIAL] [--server URL] [--login ID]",
		Short: p.say(suspendText.short), Long: p.say(suspendText.long), Args: p.oneArg(&cert),
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.suspend(cmd.Context(), &f, cert) },
		ValidArgsFunction: p.completeCertificates,
	}
	cmd.Flags().StringVar(&cert, "cert", "", p.say(changeText.certOrSerial))
	f.registerBank(p, cmd)
	mustComplete(cmd, "cert", p.completeCertificates)
	return cmd
}

func (p *program) suspend(ctx context.Context, f *issueFlags, selection string) error {
	_, server, bank, which, err := p.enter(ctx, f, selection, client.CertificateStateValid)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	made, err := bank.Suspend(ctx, which.serial)
	if err != nil {
		return wallet.FromBank(err, server)
	}
	if p.json {
		return p.printJSON(struct {
			Serial string                  `json:"serial"`
			State  client.CertificateState `json:"state"`
			Until  time.Time               `json:"until"`
		}{made.Serial, made.State, made.HeldUntil})
	}
	for _, line := range []string{
		p.style().Paint(terminal.Seal, p.say(suspendText.done, "serial", terminal.Clean(made.Serial))),
		p.say(suspendText.until, "until", terminal.Moment(made.HeldUntil, p.lang)), p.say(suspendText.next),
	} {
		if err := p.printLine(line); err != nil {
			return err
		}
	}
	return nil
}
