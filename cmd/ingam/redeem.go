package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var redeemText = struct{ ref, code, connecting, alone, needed fault.Text }{
	ref:        fault.Text{KO: "영업점에서 받은 참조`번호` (로그인하지 않고 인가코드로 받아요)", EN: "reference `number` of a branch (no login: its authorization code is asked for)"},
	code:       fault.Text{KO: "인가코드", EN: "authorization code"},
	connecting: fault.Text{KO: "참조번호와 인가코드를 확인하고 있어요", EN: "Checking reference number and code"},
	alone:      fault.Text{KO: "--ref와 {flag}는 함께 쓸 수 없어요", EN: "--ref does not go with {flag}"},
	needed:     fault.Text{KO: "인가코드에는 --ref로 참조번호도 필요해요", EN: "an authorization code needs its reference number: --ref"},
}

// redeemFlags are those of who fetches a certificate with codes of a branch.
type redeemFlags struct {
	ref  string
	code secretFlags
}

func (f *redeemFlags) register(p *program, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.ref, "ref", "", p.say(redeemText.ref))
	f.code.register(p, cmd, "code", redeemText.code)
}

// check refuses flags that would be of no use.
func (f *redeemFlags) check(p *program, cmd *cobra.Command) error {
	if f.ref == "" && !f.code.given() {
		return nil
	}
	if f.ref == "" {
		return errCommandLine.With(nil, "reason", p.say(redeemText.needed), "help", helpLine(cmd))
	}
	for _, flag := range []string{"login", "kind"} {
		if cmd.Flags().Changed(flag) {
			return errCommandLine.With(nil, "reason", p.say(redeemText.alone, "flag", "--"+flag), "help", helpLine(cmd))
		}
	}
	return nil
}

// referenceForm is the bank's refusal of what can't be a reference number.
const referenceForm = 2501

// redeem fetches a certificate that was applied for at a branch. No login is
// needed.
func (p *program) redeem(ctx context.Context, f *issueFlags, codes *redeemFlags) error {
	q, err := p.asking(f)
	if err != nil {
		return err
	}
	server, bank, err := p.open(ctx, q)
	if err != nil {
		return err
	}
	issue := wallet.Issue{
		Bank: bank, Server: server, Root: p.issueRoot(f.out),
		Ask: q, Watch: q, Now: p.now, Random: p.random, Reached: p.reached,
	}
	issued, app, err := issue.Redeem(ctx, func(ctx context.Context, keys [][]byte) (client.Application, error) {
		return p.enterCodes(ctx, q, bank, codes, keys)
	})
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	o := outcome{done: issueText.done, resumed: issueText.resumed, code: p.emergencyCode(ctx, bank, issued), old: app.Replaces}
	switch app.Way {
	case client.WayRenew:
		o.done = changeText.renewed
	case client.WayReissue:
		o.done = changeText.reissued
	case client.WayIssue, client.WayResume:
	}
	local, _ := wallet.List(p.npkiRoots()...)
	if i := slices.IndexFunc(local, func(c wallet.Certificate) bool { return c.Serial() == app.Replaces }); i >= 0 {
		o.oldDir = local[i].Dir
	}
	return p.issued(issued, o)
}

// enterCodes shows the codes to the bank. A person who mistypes the code may type
// it again.
func (p *program) enterCodes(ctx context.Context, q *questions, bank *client.Client, codes *redeemFlags, keys [][]byte) (client.Application, error) {
	for {
		code, err := q.secret(ctx, "", &codes.code)
		if err != nil {
			return client.Application{}, err
		}
		spinner := p.spin(p.say(redeemText.connecting))
		app, err := bank.Redeem(ctx, strings.TrimSpace(codes.ref), strings.TrimSpace(string(code)), keys...)
		spinner.Stop()
		clear(code)
		var said *client.Problem
		if err == nil || errors.As(err, &said) && said.Code == referenceForm || !q.Refused("", err) {
			return app, err
		}
	}
}
