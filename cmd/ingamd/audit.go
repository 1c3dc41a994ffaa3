package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
)

func (p *program) auditCommand() *cobra.Command {
	var verifying, exporting, listing where
	var against, out, object string
	var limit int
	verify := &cobra.Command{
		Use: "verify [--against FILE]", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("감사 기록이 바뀌거나 빠지지 않았는지 모두 봐요", "look for changes and gaps in the audit log"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.auditVerify(cmd.Context(), &verifying, against) },
	}
	verify.Flags().StringVar(&against, "against", "", p.say("전에 ‘audit heads’로 내보낸 `파일`", "`file` that “audit heads” exported before"))
	heads := &cobra.Command{
		Use: "heads [--out FILE]", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("감사 기록의 끝을 내보내요 (다른 곳에 보관하세요)", "export the ends of the audit log (to be kept elsewhere)"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.auditHeads(cmd.Context(), &exporting, out) },
	}
	heads.Flags().StringVar(&out, "out", "", p.say("남길 `파일` (없으면 표준 출력)", "`file` to write (default: standard output)"))
	list := &cobra.Command{
		Use: "list [--limit N] [--object TEXT]", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("감사 기록의 끝부분을 보여요", "show the newest entries of the audit log"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.auditList(cmd.Context(), &listing, limit, object) },
	}
	list.Flags().IntVar(&limit, "limit", 50, p.say("보여 줄 `개수` (최대 10000)", "how `many` (at most 10000)"))
	list.Flags().StringVar(&object, "object", "", p.say("이 `대상`의 기록만: application:…, certificate:…, subscriber:…", "only entries about this `object`: application:…, certificate:…, subscriber:…"))
	verifying.register(p, verify)
	exporting.register(p, heads)
	listing.register(p, list)
	return p.group("audit", "감사 기록을 검증하고 봐요", "verify and read the audit log", verify, heads, list)
}

func (p *program) auditVerify(ctx context.Context, w *where, against string) (err error) {
	caller := server.Operator(p.user)
	if err := authz.Allow(caller, authz.VerifyAudit, ""); err != nil {
		return err
	}
	r, err := p.records(ctx, w, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	const most = 1000 // problems that are shown
	problems := []audit.Problem{}
	collect := func(found audit.Problem) {
		if len(problems) < most {
			problems = append(problems, found)
		}
	}
	summary, err := p.verifyLog(ctx, r.Audit, against, collect)
	if err != nil {
		return err
	}
	err = r.Audit.Record(ctx, caller, authz.VerifyAudit, "audit",
		"entries", strconv.FormatInt(summary.Entries, 10), "problems", strconv.FormatInt(summary.Problems, 10))
	if err != nil {
		return err
	}
	if err := p.tellVerified(summary, problems); err != nil {
		return err
	}
	if summary.Problems == 0 {
		return nil
	}
	refusal := errAuditFlaws.With(nil, "count", strconv.FormatInt(summary.Problems, 10))
	if p.json { // the answer has said it; only the exit code is left
		return told{refusal}
	}
	return refusal
}

// told is an error that the answer has shown already.
type told struct{ error }

func (t told) Unwrap() error { return t.error }

func (p *program) verifyLog(ctx context.Context, log *audit.Log, against string, report func(audit.Problem)) (audit.Summary, error) {
	if against == "" {
		return log.Verify(ctx, report)
	}
	content, err := readFile(against)
	if err != nil {
		return audit.Summary{}, errFile.With(err, "path", against)
	}
	var heads audit.Heads
	if err := json.Unmarshal(content, &heads); err != nil {
		return audit.Summary{}, errHeadsFile.With(err, "path", against)
	}
	summary, err := log.VerifyAgainst(ctx, heads, report)
	if errors.Is(err, audit.ErrHeads) {
		return summary, errHeadsFile.With(err, "path", against)
	}
	return summary, err
}

func (p *program) tellVerified(s audit.Summary, problems []audit.Problem) error {
	if p.json {
		return p.printJSON(struct {
			audit.Summary
			Found []audit.Problem `json:"found"`
		}{s, problems})
	}
	for _, found := range problems {
		if err := p.printf("%s  %s\n", found.Flaw, found.Text); err != nil {
			return err
		}
	}
	if s.Problems > 0 {
		return nil
	}
	if s.Entries == 0 {
		return p.printf("%s\n", p.say("감사 기록이 비어 있어요.", "The audit log is empty."))
	}
	return p.printf(p.say("감사 기록 %d건이 %d개 줄에 빠짐없이 이어져 있어요. (%s ~ %s)\n", "%d entries in %d lanes hang together without a gap. (%s to %s)\n"),
		s.Entries, s.Lanes, terminal.Day(s.From), terminal.Day(s.To))
}

func (p *program) auditHeads(ctx context.Context, w *where, out string) (err error) {
	r, err := p.records(ctx, w, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	heads, err := r.Audit.ExportHeads(ctx)
	if err != nil {
		return err
	}
	if out == "" {
		return p.printJSON(heads)
	}
	content, err := json.MarshalIndent(heads, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding heads: %w", err)
	}
	if err := os.WriteFile(out, append(content, '\n'), 0o600); err != nil {
		return errFile.With(err, "path", out)
	}
	return nil
}

// entry is one line of the log as programs see it.
type entry struct {
	At      time.Time         `json:"at"`
	Role    authz.Role        `json:"role"`
	Caller  string            `json:"caller"`
	Request string            `json:"request"`
	Act     authz.Act         `json:"act"`
	Object  string            `json:"object"`
	Outcome audit.Outcome     `json:"outcome"`
	Code    int               `json:"code,omitempty"`
	Detail  map[string]string `json:"detail,omitempty"`
	Lane    int               `json:"lane"`
	Seq     int64             `json:"seq"`
}

func (p *program) auditList(ctx context.Context, w *where, limit int, object string) (err error) {
	r, err := p.records(ctx, w, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	entries, err := newest(ctx, r, min(max(limit, 1), 10000), object)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if p.json {
			line, err := json.Marshal(entry{e.At, e.Caller.Role, e.Caller.ID, e.Caller.Request, e.Act, e.Object, e.Outcome, e.Code, e.Detail, e.Lane, e.Seq})
			if err != nil {
				return fmt.Errorf("encoding entry: %w", err)
			}
			if err := p.printf("%s\n", line); err != nil {
				return err
			}
			continue
		}
		if err := p.printf("%s\n", entryLine(e)); err != nil {
			return err
		}
	}
	return nil
}

func entryLine(e audit.Entry) string {
	parts := []string{e.At.In(terminal.Seoul).Format("2006-01-02 15:04:05"), string(e.Outcome), string(e.Act), e.Object,
		string(e.Caller.Role) + ":" + e.Caller.ID}
	if e.Code != 0 {
		parts = append(parts, strconv.Itoa(e.Code))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		parts = append(parts, name+"="+e.Detail[name])
	}
	return oneLine(strings.Join(parts, "  "))
}

// newest gives the newest entries over all lanes, oldest first; those about one
// object when one is named, for which the whole log is read.
func newest(ctx context.Context, r *server.Records, limit int, object string) ([]audit.Entry, error) {
	heads, err := r.Store.Heads(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	var found []audit.Entry
	for _, h := range heads {
		after := int64(0)
		if object == "" {
			after = max(0, h.Seq-int64(limit))
		}
		for {
			const batch = 1000
			page, err := r.Store.Entries(ctx, h.Lane, after, batch)
			if err != nil {
				return nil, fmt.Errorf("reading the audit log: %w", err)
			}
			for _, e := range page {
				after = e.Seq
				if object == "" || e.Object == object {
					found = append(found, e)
				}
			}
			if len(page) < batch {
				break
			}
		}
	}
	slices.SortStableFunc(found, func(a, b audit.Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.Seq, b.Seq))
	})
	return found[max(0, len(found)-limit):], nil
}
