package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/pki/npki"
)

var errNoCustomer = fault.Define(6060, "customer-not-found", fault.NotFound,
	fault.Text{KO: "고객번호가 {number}인 고객이 없어요.", EN: "There is no customer of number {number}."},
	fault.Text{KO: "고객번호를 확인해 주세요. 한 번도 로그인한 적이 없는 고객은 여기에 없어요.", EN: "Please check the number. A customer who has never logged in is not here."})

var kinds = []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank, npki.CorporateGeneral}

// maxWhy bounds the file with the reason of a proposal, in bytes.
const maxWhy = 4 << 10

// proposing is what both kinds of proposals are told.
type proposing struct {
	where
	why string
}

func (f *proposing) register(p *program, cmd *cobra.Command) {
	f.where.register(p, cmd)
	cmd.Flags().StringVar(&f.why, "why-file", "", p.say("사유를 적은 `파일` (-는 표준 입력)", "`file` with the reason (- for standard input)"))
}

func (p *program) proposeCommand() *cobra.Command {
	var ex, revoke proposing
	var customer, kind, reason, since string
	exception := &cobra.Command{
		Use: "exception --customer NUMBER --kind KIND --why-file FILE", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("같은 종류의 인증서를 하나 더 가질 수 있게 하자고 올려요", "propose that a customer may have one more certificate of a kind"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(kinds, npki.Kind(kind)) {
				return errCommandLine.With(nil, "reason", "--kind "+oneLine(kind), "help", cmd.CommandPath()+" --help")
			}
			return p.propose(cmd.Context(), &ex, func(ctx context.Context, d *server.Desk) (lifecycle.Proposal, error) {
				who, err := d.Store.ByCustomerNumber(ctx, customer)
				if errors.Is(err, subscriber.ErrUnknown) {
					err = errNoCustomer.With(err, "number", oneLine(customer))
				}
				return lifecycle.Proposal{Act: lifecycle.Exception, SubscriberID: who.ID, Kind: npki.Kind(kind)}, err
			})
		},
	}
	ex.register(p, exception)
	exception.Flags().StringVar(&customer, "customer", "", p.say("고객`번호`", "the customer's `number`"))
	exception.Flags().StringVar(&kind, "kind", "", p.say("인증서 `종류`", "`kind` of certificate"))
	ending := &cobra.Command{
		Use: "revoke SERIAL --reason REASON --why-file FILE", DisableFlagsInUseLine: true, Args: p.oneArg("SERIAL"),
		Short: p.say("고객이 신청하지 않은 폐지(직권 폐지)를 올려요", "propose to revoke a certificate that its owner did not ask to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			why, err := ca.ParseReason(reason)
			if err != nil {
				return err
			}
			invalidity, err := moment(since)
			if err != nil {
				return err
			}
			return p.propose(cmd.Context(), &revoke, func(context.Context, *server.Desk) (lifecycle.Proposal, error) {
				return lifecycle.Proposal{Act: lifecycle.ExOfficio, Serial: tidySerial(args[0]), Reason: why, Invalidity: invalidity}, nil
			})
		},
	}
	revoke.register(p, ending)
	ending.Flags().StringVar(&reason, "reason", "unspecified", p.say("폐지 `사유`: key-compromise, affiliation-changed, superseded, cessation, privilege-withdrawn, unspecified",
		"`reason`: key-compromise, affiliation-changed, superseded, cessation, privilege-withdrawn, unspecified"))
	ending.Flags().StringVar(&since, "since", "", p.say("키를 믿을 수 없게 된 `시각` (RFC 3339)", "`moment` since when the key is not to be trusted (RFC 3339)"))
	return p.group("propose", "두 사람이 필요한 일을 올려요", "what needs a second person", exception, ending)
}

// propose puts an act before a second person.
func (p *program) propose(ctx context.Context, f *proposing, what func(context.Context, *server.Desk) (lifecycle.Proposal, error)) (err error) {
	reason, err := p.readWhy(f.why)
	if err != nil {
		return err
	}
	d, err := p.desk(ctx, &f.where)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	proposal, err := what(ctx, d)
	if err != nil {
		return err
	}
	proposal.Why = reason
	if proposal, err = d.Lifecycle().Propose(ctx, server.Operator(p.user), proposal); err != nil {
		return err
	}
	if p.json {
		return p.printJSON(proposedOf(proposal))
	}
	return p.printf(p.say("올렸어요. 다른 사람이 %[2]s까지 승인하거나 거절해야 해요: ingamd decide %[1]s --approve\n",
		"Proposed. Somebody else has to approve or reject it until %[2]s: ingamd decide %[1]s --approve\n"),
		proposal.ID, terminal.Moment(proposal.ExpiresAt, p.lang))
}

// readWhy reads the reason. It is no flag: it may be about a person.
func (p *program) readWhy(path string) (string, error) {
	if path == "" {
		return "", errCommandLine.With(nil, "reason", "--why-file", "help", "ingamd propose --help")
	}
	var in io.Reader = os.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", errFile.With(err, "path", path)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	content, err := io.ReadAll(io.LimitReader(in, maxWhy+1))
	if err == nil && len(content) > maxWhy {
		err = fmt.Errorf("more than %d bytes", maxWhy)
	}
	if err != nil {
		return "", errFile.With(err, "path", path)
	}
	return strings.TrimSpace(string(content)), nil
}

// proposed is a proposal as programs see it.
type proposed struct {
	ID         string                  `json:"id"`
	Act        lifecycle.ProposalAct   `json:"act"`
	State      lifecycle.ProposalState `json:"state"`
	Subscriber string                  `json:"subscriber"`
	Kind       npki.Kind               `json:"kind"`
	Serial     string                  `json:"serial,omitempty"`
	Reason     string                  `json:"reason,omitempty"`
	Why        string                  `json:"why"`
	Maker      string                  `json:"maker"`
	MadeAt     time.Time               `json:"madeAt"`
	Decider    string                  `json:"decider,omitempty"`
	Until      time.Time               `json:"until"`
}

func proposedOf(q lifecycle.Proposal) proposed {
	out := proposed{ID: q.ID, Act: q.Act, State: q.State, Subscriber: q.SubscriberID, Kind: q.Kind, Serial: q.Serial,
		Why: q.Why, Maker: q.Maker, MadeAt: q.MadeAt, Decider: q.Decider, Until: q.ExpiresAt}
	if q.Act == lifecycle.ExOfficio {
		out.Reason = q.Reason.String()
	}
	return out
}

func (p *program) proposalsCommand() *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: "proposals", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("승인을 기다리는 건을 봐요", "show what waits for a second person"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.proposals(cmd.Context(), &w) },
	}
	w.register(p, cmd)
	return cmd
}

func (p *program) proposals(ctx context.Context, w *where) (err error) {
	d, err := p.desk(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	waiting, err := d.Lifecycle().Waiting(ctx, server.Operator(p.user))
	if err != nil {
		return err
	}
	if p.json {
		all := make([]proposed, 0, len(waiting))
		for _, q := range waiting {
			all = append(all, proposedOf(q))
		}
		return p.printJSON(map[string]any{"proposals": all})
	}
	if len(waiting) == 0 {
		return p.printf("%s\n", p.say("기다리는 건이 없어요.", "Nothing waits."))
	}
	for i, q := range waiting {
		what := p.say("직권 폐지", "revoke") + " " + q.Serial + " (" + q.Reason.String() + ")"
		if q.Act == lifecycle.Exception {
			what = p.say("하나 더", "one more") + ": " + string(q.Kind)
		}
		fields := []terminal.Field{
			{Label: p.say("번호", "id"), Value: q.ID},
			{Label: p.say("일", "what"), Value: what},
			{Label: p.say("누구의", "whose"), Value: q.SubscriberID},
			{Label: p.say("사유", "why"), Value: oneLine(q.Why)},
			{Label: p.say("올린 사람", "proposed by"), Value: oneLine(q.Maker) + ", " + terminal.Moment(q.MadeAt, p.lang)},
			{Label: p.say("기한", "until"), Value: terminal.Moment(q.ExpiresAt, p.lang)},
		}
		if i > 0 {
			if err := p.printf("\n"); err != nil {
				return err
			}
		}
		if err := terminal.WriteFields(p.stdout, terminal.Style{Colour: p.outTTY}, fields); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) decideCommand() *cobra.Command {
	var w where
	var approve, reject bool
	cmd := &cobra.Command{
		Use: "decide ID (--approve | --reject)", DisableFlagsInUseLine: true, Args: p.oneArg("ID"),
		Short: p.say("다른 사람이 올린 건을 승인하거나 거절해요", "approve or reject what somebody else has proposed"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if approve == reject {
				return errCommandLine.With(nil, "reason", "--approve | --reject", "help", cmd.CommandPath()+" --help")
			}
			return p.decide(cmd.Context(), &w, strings.ToUpper(args[0]), approve)
		},
	}
	w.register(p, cmd)
	cmd.Flags().BoolVar(&approve, "approve", false, p.say("승인해요; 폐지는 바로 이루어져요", "approve; a revocation is done at once"))
	cmd.Flags().BoolVar(&reject, "reject", false, p.say("거절해요", "reject"))
	return cmd
}

func (p *program) decide(ctx context.Context, w *where, id string, approve bool) (err error) {
	d, err := p.desk(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	caller := server.Operator(p.user)
	q, err := d.Lifecycle().Decide(ctx, caller, id, approve)
	if err != nil {
		return err
	}
	if q.Act == lifecycle.ExOfficio && approve {
		if _, _, err := d.Publisher.Due(ctx, caller); err != nil {
			return fmt.Errorf("issuing the revocation list: %w", err)
		}
	}
	if p.json {
		return p.printJSON(proposedOf(q))
	}
	return p.printf("%s: %s\n", q.ID, q.State)
}

func (p *program) historyCommand() *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: "history SERIAL", DisableFlagsInUseLine: true, Args: p.oneArg("SERIAL"),
		Short: p.say("인증서에 언제 누가 무엇을 했는지 봐요", "show what happened to a certificate, when and by whom"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.history(cmd.Context(), &w, tidySerial(args[0]))
		},
	}
	w.register(p, cmd)
	return cmd
}

func (p *program) history(ctx context.Context, w *where, serial string) (err error) {
	d, err := p.desk(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	caller := server.Operator(p.user)
	record, err := d.Authority.Certificate(ctx, caller, serial)
	if err != nil {
		return err
	}
	events, err := d.Lifecycle().History(ctx, caller, record.SubscriberID)
	if err != nil {
		return err
	}
	events = slices.DeleteFunc(events, func(e lifecycle.Event) bool { return e.Serial != record.Serial })
	if p.json {
		all := make([]map[string]any, 0, len(events))
		for _, e := range events {
			all = append(all, map[string]any{"at": e.At, "what": e.Act, "by": e.By(), "desk": e.Desk, "reason": e.Reason.String(), "other": e.Other})
		}
		return p.printJSON(map[string]any{"serial": record.Serial, "state": record.StateAt(d.Now()), "events": all})
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Title: p.say("때", "when")}, {Title: p.say("일", "what")}, {Title: p.say("누가", "by")}, {Title: p.say("어디서", "desk")},
		{Title: p.say("사유", "reason")}, {Title: p.say("다른 인증서", "other"), Min: 6},
	}}
	for _, e := range events {
		reason := ""
		if e.Act == lifecycle.Revoked || e.Act == lifecycle.Replaced {
			reason = e.Reason.String()
		}
		row := make([]terminal.Cell, 0, len(t.Columns))
		for _, text := range []string{e.At.In(terminal.Seoul).Format("2006-01-02 15:04"), string(e.Act), string(e.By()), e.Desk, reason, e.Other} {
			row = append(row, terminal.Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return t.Write(p.stdout, terminal.Style{Colour: p.outTTY})
}
