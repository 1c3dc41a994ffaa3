package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var lostText = struct{ short, long, code, suspended, before, stopped, nothing, next fault.Text }{
	short: fault.Text{KO: "분실 신고: 가진 인증서를 모두 바로 정지해요", EN: "report a loss: suspend all your certificates at once"},
	long: fault.Text{
		KO: "가진 인증서를 모두 바로 정지하고, 하던 신청도 멈춰요. 로그인하지 않아도 발급받을 때 적어 둔 비상 코드가 있으면 돼요. --login을 쓰면 로그인해서 신고해요. 나중에 ingam resume으로 회복하거나 ingam reissue로 재발급받을 수 있어요.",
		EN: "Suspends all your certificates at once and stops what is under way. No login is needed with the emergency code that you wrote down when one was issued; with --login you log in instead. Later ingam resume makes one valid again, or ingam reissue gets a new one."},
	code:      fault.Text{KO: "비상 코드", EN: "emergency code"},
	suspended: fault.Text{KO: "인증서 {n}개를 정지했어요: {kinds}", EN: "{n} suspended now: {kinds}"},
	before:    fault.Text{KO: "전부터 정지되어 있던 인증서 {n}개: {kinds}", EN: "{n} suspended before: {kinds}"},
	stopped:   fault.Text{KO: "하던 신청 {n}건을 멈췄어요.", EN: "Applications stopped: {n}"},
	nothing:   fault.Text{KO: "정지할 인증서가 없어요.", EN: "There is no certificate to suspend."},
	next:      fault.Text{KO: "재발급받기: ingam reissue    찾았으면 회복하기: ingam resume", EN: "Get a new one: ingam reissue    Found it: ingam resume"},
}

func (p *program) lostCommand() *cobra.Command {
	var f issueFlags
	var code secretFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "lost [--server URL] [--code-file FILE | --login ID]",
		Short: p.say(lostText.short), Long: p.say(lostText.long), Args: p.noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.lost(cmd.Context(), &f, &code) },
	}
	f.registerBank(p, cmd)
	code.register(p, cmd, "code", lostText.code)
	return cmd
}

func (p *program) lost(ctx context.Context, f *issueFlags, code *secretFlags) error {
	q, err := p.asking(f)
	if err != nil {
		return err
	}
	var loss client.Loss
	var server string
	if f.login != "" {
		loss, server, err = p.lostByLogin(ctx, q)
	} else {
		loss, server, err = p.lostByCode(ctx, q, code)
	}
	if err != nil {
		return wallet.FromBank(err, server)
	}
	if p.json {
		return p.printJSON(struct {
			Suspended []client.Kind `json:"suspended"`
			Before    []client.Kind `json:"before"`
			Stopped   int           `json:"stopped"`
		}{loss.Suspended, loss.Before, loss.Stopped})
	}
	return p.told(loss)
}

func (p *program) lostByLogin(ctx context.Context, q *questions) (client.Loss, string, error) {
	server, bank, err := p.logIn(ctx, q)
	if err != nil {
		return client.Loss{}, server, err
	}
	defer p.logOut(ctx, bank)
	loss, err := bank.ReportLoss(ctx)
	return loss, server, err
}

// lostByCode needs no login. A person who mistypes the code may type it again.
func (p *program) lostByCode(ctx context.Context, q *questions, source *secretFlags) (client.Loss, string, error) {
	server, bank, err := p.open(ctx, q)
	if err != nil {
		return client.Loss{}, server, err
	}
	for {
		code, err := q.secret(ctx, "", source)
		if err != nil {
			return client.Loss{}, server, err
		}
		loss, err := bank.ReportLossByCode(ctx, strings.TrimSpace(string(code)))
		clear(code)
		if err == nil || !q.Refused("", err) {
			return loss, server, err
		}
	}
}

// told says what came of a report.
func (p *program) told(loss client.Loss) error {
	var lines []string
	for _, part := range []struct {
		text  fault.Text
		kinds []client.Kind
	}{{lostText.suspended, loss.Suspended}, {lostText.before, loss.Before}} {
		if len(part.kinds) > 0 {
			lines = append(lines, p.say(part.text, "n", strconv.Itoa(len(part.kinds)), "kinds", p.kindNames(part.kinds)))
		}
	}
	if loss.Stopped > 0 {
		lines = append(lines, p.say(lostText.stopped, "n", strconv.Itoa(loss.Stopped)))
	}
	if len(loss.Suspended)+len(loss.Before) == 0 {
		return p.printLine(strings.Join(append(lines, p.say(lostText.nothing)), "\n"))
	}
	for i, line := range lines {
		for _, part := range terminal.Wrap(line, terminal.MaxColumns) {
			if i == 0 {
				part = p.style().Paint(terminal.Seal, part)
			}
			if err := p.printLine(part); err != nil {
				return err
			}
		}
	}
	return p.printLine(p.say(lostText.next))
}

func (p *program) kindNames(kinds []client.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = p.say(wallet.KindTitle(string(k)))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
