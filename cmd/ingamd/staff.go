package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
)

// roleNames are how people read roles.
var roleNames = map[authz.Role]fault.Text{
	authz.Teller: {KO: "창구직원", EN: "teller"}, authz.Supervisor: {KO: "책임자", EN: "supervisor"}, authz.Operator: {KO: "운영자", EN: "operator"},
	authz.Security: {KO: "보안책임자", EN: "security officer"}, authz.Auditor: {KO: "감사자", EN: "auditor"},
}

var staffStates = map[staff.State]fault.Text{
	staff.Invited: {KO: "초대됨", EN: "invited"}, staff.Active: {KO: "사용 중", EN: "active"}, staff.Disabled: {KO: "중지됨", EN: "disabled"},
}

func (p *program) staffCommand() *cobra.Command {
	return p.group("staff", "은행 직원의 계정을 다뤄요", "accounts of those who work at the bank",
		p.staffListCommand(), p.staffAddCommand(), p.staffOfficerCommand(),
		p.staffActCommand("code", "새 일회용 코드를 줘요; 전에 쓰던 패스키는 못 쓰게 돼요", "give a new one-time code; earlier passkeys are worthless then", p.staffCode),
		p.staffActCommand("disable", "계정을 중지하고 로그인을 모두 끝내요", "disable an account and end its sessions", p.staffDisable),
		p.staffActCommand("enable", "중지한 계정을 다시 켜요", "enable an account again", p.staffEnable))
}

// withStaff does something with the accounts of a service.
func (p *program) withStaff(ctx context.Context, w *where, do func(*staff.Service) error) (err error) {
	r, err := p.records(ctx, w, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return do(r.Staff)
}

// listedStaff is an account as programs see it.
type listedStaff struct {
	Number    string      `json:"number"`
	Name      string      `json:"name"`
	Role      authz.Role  `json:"role"`
	Branch    string      `json:"branch,omitempty"`
	State     staff.State `json:"state"`
	ID        string      `json:"id"`
	LastLogin *time.Time  `json:"lastLogin,omitempty"`
}

func (p *program) staffListCommand() *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: "list", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("직원 계정을 봐요", "list the accounts"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withStaff(cmd.Context(), &w, func(s *staff.Service) error { return p.staffList(cmd.Context(), s) })
		},
	}
	w.register(p, cmd)
	return cmd
}

func (p *program) staffList(ctx context.Context, s *staff.Service) error {
	var all []staff.Account
	for after := ""; ; {
		page, err := s.List(ctx, server.Operator(p.user), after, staff.MaxList)
		if err != nil {
			return err
		}
		if all = append(all, page...); len(page) < staff.MaxList {
			break
		}
		after = page[len(page)-1].Number
	}
	if p.json {
		listed := make([]listedStaff, 0, len(all))
		for _, a := range all {
			listed = append(listed, listedStaff{a.Number, a.Name, a.Role, a.Branch, a.State, a.ID, set(a.LastLogin)})
		}
		return p.printJSON(map[string]any{"staff": listed})
	}
	if len(all) == 0 {
		return p.printf("%s\n", p.say("계정이 없어요. ‘ingamd staff officer 사번’으로 첫 보안책임자를 초대해 주세요.", "There are no accounts. Invite the first security officer by “ingamd staff officer NUMBER”."))
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Title: p.say("사번", "number")}, {Title: p.say("이름", "name"), Min: 6}, {Title: p.say("역할", "role")},
		{Title: p.say("영업점", "branch")}, {Title: p.say("상태", "state")}, {Title: p.say("마지막 로그인", "last login")},
	}}
	for _, a := range all {
		last := "-"
		if !a.LastLogin.IsZero() {
			last = a.LastLogin.In(terminal.Seoul).Format("2006-01-02 15:04")
		}
		row := make([]terminal.Cell, 0, len(t.Columns))
		for _, text := range []string{a.Number, oneLine(a.Name), roleNames[a.Role].In(p.lang), a.Branch, staffStates[a.State].In(p.lang), last} {
			row = append(row, terminal.Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return t.Write(p.stdout, terminal.Style{Colour: p.outTTY})
}

func (p *program) staffAddCommand() *cobra.Command {
	var w where
	var n staff.New
	var role string
	cmd := &cobra.Command{
		Use: "add NUMBER --name NAME --role ROLE", DisableFlagsInUseLine: true, Args: p.oneArg("NUMBER"),
		Short: p.say("직원을 초대해요", "invite somebody who works here"),
		Long: p.say("계정을 만들고 일회용 코드를 보여 줘요. 보안책임자와 운영자는 보안책임자가 콘솔에서 초대해요.",
			"Makes an account and shows its one-time code. Security officers and operators are invited by a security officer, in the console."),
		RunE: func(cmd *cobra.Command, args []string) error {
			n.Number, n.Role = args[0], authz.Role(role)
			return p.withStaff(cmd.Context(), &w, func(s *staff.Service) error {
				a, code, err := s.Create(cmd.Context(), server.Operator(p.user), n)
				if err != nil {
					return err
				}
				return p.tellCode(a.Number, code)
			})
		},
	}
	w.register(p, cmd)
	cmd.Flags().StringVar(&n.Name, "name", "", p.say("`이름`", "`name`"))
	cmd.Flags().StringVar(&role, "role", "", p.say("`역할`: teller, supervisor, auditor", "`role`: teller, supervisor, auditor"))
	cmd.Flags().StringVar(&n.Branch, "branch", "", p.say("창구직원과 책임자의 `영업점` (세 자리)", "`branch` of tellers and supervisors (three digits)"))
	return cmd
}

func (p *program) staffOfficerCommand() *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: "officer NUMBER", DisableFlagsInUseLine: true, Args: p.oneArg("NUMBER"),
		Short: p.say("보안책임자를 초대해요 (처음이거나, 아무도 들어올 수 없을 때)", "invite a security officer (the first, or when none can come in)"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStaff(cmd.Context(), &w, func(s *staff.Service) error {
				a, code, err := s.InviteOfficer(cmd.Context(), server.Operator(p.user), args[0])
				if err != nil {
					return err
				}
				return p.tellCode(a.Number, code)
			})
		},
	}
	w.register(p, cmd)
	return cmd
}

// staffActCommand is a command that does something to one account.
func (p *program) staffActCommand(name, ko, en string, do func(ctx context.Context, s *staff.Service, a staff.Account) error) *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: name + " NUMBER", DisableFlagsInUseLine: true, Args: p.oneArg("NUMBER"), Short: p.say(ko, en),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStaff(cmd.Context(), &w, func(s *staff.Service) error {
				a, err := s.ByNumber(cmd.Context(), server.Operator(p.user), args[0])
				if err != nil {
					return err
				}
				return do(cmd.Context(), s, a)
			})
		},
	}
	w.register(p, cmd)
	return cmd
}

func (p *program) staffCode(ctx context.Context, s *staff.Service, a staff.Account) error {
	code, err := s.Invite(ctx, server.Operator(p.user), a.ID)
	if err != nil {
		return err
	}
	return p.tellCode(a.Number, code)
}

func (p *program) staffDisable(ctx context.Context, s *staff.Service, a staff.Account) error {
	if err := s.Disable(ctx, server.Operator(p.user), a.ID); err != nil {
		return err
	}
	return p.tellState(a.Number, staff.Disabled)
}

func (p *program) staffEnable(ctx context.Context, s *staff.Service, a staff.Account) error {
	if err := s.Enable(ctx, server.Operator(p.user), a.ID); err != nil {
		return err
	}
	state := staff.Active
	if a.LastLogin.IsZero() {
		state = staff.Invited
	}
	return p.tellState(a.Number, state)
}

func (p *program) tellState(number string, state staff.State) error {
	if p.json {
		return p.printJSON(map[string]string{"number": number, "state": string(state)})
	}
	return p.printf("%s: %s\n", number, staffStates[state].In(p.lang))
}

// tellCode shows a one-time code, which nobody can show again.
func (p *program) tellCode(number, code string) error {
	if p.json {
		return p.printJSON(map[string]string{"number": number, "code": code})
	}
	err := terminal.WriteFields(p.stdout, terminal.Style{Colour: p.outTTY}, []terminal.Field{
		{Label: p.say("사번", "number"), Value: number}, {Label: p.say("일회용 코드", "one-time code"), Value: code},
	})
	if err != nil {
		return err
	}
	p.note(p.say("콘솔(/console)에서 72시간 안에 한 번 쓸 수 있어요. 다시 보여 드릴 수 없으니 본인에게 직접 건네주세요.",
		"It works once, within 72 hours, in the console (/console). It can't be shown again: hand it to its owner in person."))
	return nil
}
