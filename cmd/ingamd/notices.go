package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
)

var noticeStates = []notice.State{notice.Dead, notice.Waiting, notice.Sent, notice.Delivered, notice.Dropped}

func (p *program) noticesCommand() *cobra.Command {
	var listing, retrying where
	var state string
	var limit int
	var all bool
	list := &cobra.Command{
		Use: "list [--state STATE] [--limit N]", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("보내기를 포기한 알림이나 다른 상태의 알림을 봐요", "show notices that were given up, or those of another state"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.noticesList(cmd, &listing, state, limit) },
	}
	list.Flags().StringVar(&state, "state", string(notice.Dead), p.say("이 `상태`의 알림: dead, waiting, sent, delivered, dropped", "those in this `state`: dead, waiting, sent, delivered, dropped"))
	list.Flags().IntVar(&limit, "limit", 100, p.say("보여 줄 `개수` (최대 1000)", "how `many` (at most 1000)"))
	retry := &cobra.Command{
		Use: "retry (ID… | --all-dead)", DisableFlagsInUseLine: true,
		Short: p.say("포기한 알림을 다시 보내요", "send notices again that were given up"),
		Long: p.say("왜 포기했는지(‘ingamd notices list’의 이유)를 먼저 바로잡고 다시 보내 주세요.",
			"Mend first what “ingamd notices list” says went wrong."),
		RunE: func(cmd *cobra.Command, ids []string) error { return p.noticesRetry(cmd, &retrying, ids, all) },
	}
	retry.Flags().BoolVar(&all, "all-dead", false, p.say("포기한 알림을 모두", "all that were given up"))
	listing.register(p, list)
	retrying.register(p, retry)
	return p.group("notices", "고객에게 보내는 알림을 봐요", "notices to customers", list, retry)
}

// listedNotice is a notice as programs see it.
type listedNotice struct {
	ID         string         `json:"id"`
	State      notice.State   `json:"state"`
	Event      notice.Event   `json:"event"`
	Channel    notice.Channel `json:"channel"`
	Subscriber string         `json:"subscriber"`
	Serial     string         `json:"serial"`
	Urgent     bool           `json:"urgent"`
	At         time.Time      `json:"at"`
	Due        *time.Time     `json:"due,omitempty"`
	Tries      int            `json:"tries"`
	Failure    string         `json:"failure,omitempty"`
	CarrierID  string         `json:"carrierId,omitempty"`
	Sent       *time.Time     `json:"sent,omitempty"`
	Delivered  *time.Time     `json:"delivered,omitempty"`
}

func (p *program) noticesList(cmd *cobra.Command, w *where, state string, limit int) (err error) {
	if !slices.Contains(noticeStates, notice.State(state)) {
		return errCommandLine.With(nil, "reason", "--state "+oneLine(state), "help", cmd.CommandPath()+" --help")
	}
	r, err := p.records(cmd.Context(), w, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	entries, err := r.Notices.List(cmd.Context(), server.Operator(p.user), notice.State(state), limit)
	if err != nil {
		return err
	}
	if p.json {
		listed := make([]listedNotice, 0, len(entries))
		for _, e := range entries {
			listed = append(listed, listedNotice{e.ID, e.State, e.Event, e.Channel, e.SubscriberID, e.Serial, e.Urgent, e.At,
				set(e.DueAt), e.Tries, e.Failure, e.CarrierID, set(e.SentAt), set(e.DeliveredAt)})
		}
		return p.printJSON(map[string]any{"notices": listed})
	}
	if len(entries) == 0 {
		return p.printf("%s\n", p.say("그런 알림이 없어요.", "There are no such notices."))
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Title: p.say("번호", "id")}, {Title: p.say("때", "when")}, {Title: p.say("일", "event")},
		{Title: p.say("방법", "channel")}, {Title: p.say("시도", "tries")}, {Title: p.say("이유", "reason"), Min: 6},
	}}
	for _, e := range entries {
		row := make([]terminal.Cell, 0, len(t.Columns))
		for _, text := range []string{e.ID, e.At.In(terminal.Seoul).Format("2006-01-02 15:04"), string(e.Event), string(e.Channel),
			strconv.Itoa(e.Tries), e.Failure} {
			row = append(row, terminal.Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return t.Write(p.stdout, terminal.Style{Colour: p.outTTY})
}

// set gives a time that is not zero.
func set(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (p *program) noticesRetry(cmd *cobra.Command, w *where, ids []string, all bool) (err error) {
	if all == (len(ids) > 0) || len(ids) > 1000 {
		return errCommandLine.With(nil, "reason", oneLine(strings.Join(ids[:min(len(ids), 3)], " ")+" --all-dead"), "help", cmd.CommandPath()+" --help")
	}
	r, err := p.records(cmd.Context(), w, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	revived, err := p.revive(cmd.Context(), r.Notices, ids, all)
	if err != nil {
		return err
	}
	if p.json {
		return p.printJSON(map[string]int{"revived": revived})
	}
	return p.printf(p.say("알림 %d건을 다시 보내요.\n", "Notices to be sent again: %d\n"), revived)
}

func (p *program) revive(ctx context.Context, notices *notice.Service, ids []string, all bool) (int, error) {
	caller := server.Operator(p.user)
	if all {
		return notices.RetryAll(ctx, caller)
	}
	return len(ids), notices.Retry(ctx, caller, ids...)
}
