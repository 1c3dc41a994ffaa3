package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
)

func (p *program) revokeCommand() *cobra.Command {
	var w where
	var reason, invalidity string
	cmd := &cobra.Command{
		Use: "revoke SERIAL --reason REASON", DisableFlagsInUseLine: true, Args: p.oneArg("SERIAL"),
		Short: p.say("인증서를 폐지해요 (되돌릴 수 없어요)", "revoke a certificate (for good)"),
		RunE: func(cmd *cobra.Command, args []string) error {
			why, err := ca.ParseReason(reason)
			if err != nil {
				return err
			}
			since, err := moment(invalidity)
			if err != nil {
				return err
			}
			return p.change(cmd.Context(), &w, args[0], func(ctx context.Context, d *server.Desk, caller authz.Caller, serial string) error {
				if since.After(d.Now()) {
					return errMoment.With(nil, "value", oneLine(invalidity))
				}
				return d.Authority.Revoke(ctx, caller, serial, why, since)
			})
		},
	}
	w.register(p, cmd)
	cmd.Flags().StringVar(&reason, "reason", "unspecified", p.say("폐지 `사유`: key-compromise, affiliation-changed, superseded, cessation, privilege-withdrawn, unspecified",
		"`reason`: key-compromise, affiliation-changed, superseded, cessation, privilege-withdrawn, unspecified"))
	cmd.Flags().StringVar(&invalidity, "since", "", p.say("키를 믿을 수 없게 된 `시각` (RFC 3339)", "`moment` since when the key is not to be trusted (RFC 3339)"))
	return cmd
}

func (p *program) holdCommand() *cobra.Command {
	return p.changeCommand("hold", "인증서의 효력을 정지해요", "suspend a certificate",
		func(ctx context.Context, d *server.Desk, caller authz.Caller, serial string) error {
			return d.Authority.Hold(ctx, caller, serial, ca.DeskBank)
		})
}

func (p *program) releaseCommand() *cobra.Command {
	return p.changeCommand("release", "정지한 인증서의 효력을 회복해요", "let a suspended certificate be valid again",
		func(ctx context.Context, d *server.Desk, caller authz.Caller, serial string) error {
			return d.Authority.Release(ctx, caller, serial, ca.DeskBank)
		})
}

type deskAct func(ctx context.Context, d *server.Desk, caller authz.Caller, serial string) error

func (p *program) changeCommand(name, ko, en string, act deskAct) *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: name + " SERIAL", DisableFlagsInUseLine: true, Args: p.oneArg("SERIAL"), Short: p.say(ko, en),
		RunE: func(cmd *cobra.Command, args []string) error { return p.change(cmd.Context(), &w, args[0], act) },
	}
	w.register(p, cmd)
	return cmd
}

// change moves a certificate between its states and issues the list that says
// so.
func (p *program) change(ctx context.Context, w *where, serial string, act deskAct) (err error) {
	serial = tidySerial(serial)
	d, err := p.desk(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	caller := server.Operator(p.user)
	if err := act(ctx, d, caller, serial); err != nil {
		return err
	}
	record, err := d.Authority.Certificate(ctx, caller, serial)
	if err != nil {
		return err
	}
	list, _, err := d.Publisher.Due(ctx, caller)
	if err != nil {
		return fmt.Errorf("issuing the revocation list: %w", err)
	}
	if p.json {
		return p.printJSON(map[string]any{"serial": serial, "state": record.State, "at": record.ChangedAt, "crlNumber": list.Number})
	}
	return p.printf("%s: %s (%s %d)\n", serial, record.State, p.say("폐지 목록", "revocation list"), list.Number)
}

// tidySerial takes a serial as people copy it: with 0x, colons, blanks, in
// capitals, with or without leading zeros.
func tidySerial(s string) string {
	s = strings.ToLower(strings.NewReplacer(":", "", " ", "", "-", "").Replace(strings.TrimSpace(s)))
	s = strings.TrimLeft(strings.TrimPrefix(s, "0x"), "0")
	if len(s)%2 == 1 {
		s = "0" + s
	}
	return oneLine(s)
}

func moment(value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil || at.UTC().Year() < 1950 { // what a list can hold
		return time.Time{}, errMoment.With(err, "value", oneLine(value))
	}
	return at, nil
}

func (p *program) crlCommand() *cobra.Command {
	var w where
	var out string
	issue := &cobra.Command{
		Use: "issue [--out FILE]", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("폐지 목록을 지금 새로 발급해요", "issue a revocation list now"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.issueCRL(cmd.Context(), &w, out) },
	}
	w.register(p, issue)
	issue.Flags().StringVar(&out, "out", "", p.say("목록(DER)을 남길 `파일`", "`file` to leave the list (DER) in"))
	return p.group("crl", "폐지 목록을 다뤄요", "revocation lists", issue)
}

func (p *program) issueCRL(ctx context.Context, w *where, out string) (err error) {
	d, err := p.desk(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	list, err := d.Publisher.Publish(ctx, server.Operator(p.user))
	if err != nil {
		return err
	}
	if out != "" {
		if err := os.WriteFile(out, list.DER, 0o644); err != nil { //nolint:gosec // a list is for everybody
			return errFile.With(err, "path", out)
		}
	}
	return p.tellCRL(list)
}

func (p *program) tellCRL(list status.CRL) error {
	if p.json {
		return p.printJSON(map[string]any{"number": list.Number, "thisUpdate": list.ThisUpdate, "nextUpdate": list.NextUpdate, "bytes": len(list.DER)})
	}
	return p.printf("%s %d, %s %s\n", p.say("폐지 목록", "revocation list"), list.Number,
		p.say("다음 발급", "next by"), terminal.Moment(list.NextUpdate, p.lang))
}
