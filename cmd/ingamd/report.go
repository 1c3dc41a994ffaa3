package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
)

// Exit codes that are no kind of fault.
const (
	exitOK        = 0
	exitUsage     = 2
	exitInterrupt = 130
)

// Refusals of the program itself.
var (
	errUnexpected = fault.Define(6100, "service-unexpected", fault.Internal,
		fault.Text{KO: "ingamd 안에서 예상하지 못한 문제가 생겼어요.", EN: "Something unexpected went wrong inside ingamd."},
		fault.Text{KO: "--verbose를 붙여 다시 실행하면 원인이 보여요.", EN: "Run it again with --verbose to see the cause."})
	errCommandLine = fault.Define(6101, "service-command-line", fault.Invalid,
		fault.Text{KO: "명령을 이해하지 못했어요: {reason}", EN: "The command line can't be understood: {reason}"},
		fault.Text{KO: "‘{help}’로 쓰는 법을 볼 수 있어요.", EN: "See how it is used by “{help}”."})
	errNoPassphrase = fault.Define(6102, "no-passphrase", fault.Invalid,
		fault.Text{KO: "키 파일의 암호문구가 필요한데 물어볼 터미널이 없어요.", EN: "The passphrase of the key files is needed, and there is no terminal to ask on."},
		fault.Text{KO: "--passphrase-file 파일로 알려 주거나 INGAM_PASSPHRASE 환경변수에 넣어 주세요.", EN: "Give it by --passphrase-file FILE or in INGAM_PASSPHRASE."})
	errPassphraseFile = fault.Define(6103, "passphrase-unreadable", fault.NotFound,
		fault.Text{KO: "{path}에서 암호문구를 읽지 못했어요.", EN: "The passphrase can't be read from {path}."},
		fault.Text{KO: "파일이 있고 비어 있지 않은지, 읽을 권한이 있는지 확인해 주세요.", EN: "Please check that the file exists, is not empty and may be read."})
	errPassphraseDiffers = fault.Define(6104, "passphrase-differs", fault.Invalid,
		fault.Text{KO: "두 번 입력한 암호문구가 서로 달라요.", EN: "The two passphrases differ."},
		fault.Text{KO: "다시 실행해 주세요. 아무것도 만들지 않았어요.", EN: "Please run it again; nothing was made."})
	errPassphraseShort = fault.Define(6105, "passphrase-short", fault.Invalid,
		fault.Text{KO: "암호문구가 너무 짧아요.", EN: "The passphrase is too short."},
		fault.Text{KO: "인증기관의 키를 지키는 암호문구예요. 12자가 넘게 정해 주세요.", EN: "It guards the authority's keys: please choose one of 12 letters or more."})
	errFile = fault.Define(6106, "file-unusable", fault.NotFound,
		fault.Text{KO: "{path} 파일을 쓸 수 없어요.", EN: "The file {path} can't be used."},
		fault.Text{KO: "이름과 권한을 확인해 주세요.", EN: "Please check its name and your rights."})
	errAuditFlaws = fault.Define(6107, "audit-flaws", fault.Refused,
		fault.Text{KO: "감사 기록에서 문제를 {count}건 찾았어요.", EN: "The audit log has {count} flaws."},
		fault.Text{KO: "위에 적힌 곳을 백업과 비교하고, 데이터베이스에 쓸 수 있는 사람을 확인해 주세요.", EN: "Compare the places named above with your backup, and find out who could write to the database."})
	errHeadsFile = fault.Define(6108, "audit-heads", fault.Refused,
		fault.Text{KO: "{path}는 이 감사 기록에서 내보낸 것이 아니거나 바뀌었어요.", EN: "{path} was not exported from this audit log, or it was changed."},
		fault.Text{KO: "내보낸 파일을 다시 확인해 주세요.", EN: "Please check the file."})
	errMoment = fault.Define(6109, "moment", fault.Invalid,
		fault.Text{KO: "‘{value}’는 시각이 아니거나 아직 오지 않았어요.", EN: "“{value}” is no moment, or it is still to come."},
		fault.Text{KO: "2027-03-14T09:00:00+09:00처럼 적어 주세요.", EN: "Please write it like 2027-03-14T09:00:00+09:00."})
)

// problem is an error as programs see it.
type problem struct {
	Code   int    `json:"code"`
	Name   string `json:"name"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Cause  string `json:"cause,omitempty"`
}

// report tells how the command ended and gives the exit code.
func (p *program) report(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exitInterrupt
	}
	occurrence := fault.Of(err)
	if occurrence.Fault == fault.Unexpected {
		occurrence = errUnexpected.With(err)
	}
	exit := occurrence.Kind.Exit()
	if errors.Is(err, errCommandLine) {
		exit = exitUsage
	}
	what, todo := occurrence.Public(p.lang)
	shown := problem{Code: occurrence.Number, Name: occurrence.Name, Title: what, Detail: todo}
	if p.verbose {
		shown.Cause = terminal.Clean(err.Error())
	}
	if errors.As(err, new(told)) {
		return exit
	}
	if p.json {
		if p.printJSON(struct {
			Error problem `json:"error"`
		}{shown}) == nil {
			return exit
		}
	}
	p.note(fmt.Sprintf("%s (%d)", what, shown.Code))
	p.note(todo)
	if shown.Cause != "" {
		p.note(shown.Cause)
	}
	return exit
}

// note tells beside the answer what a person should know, on standard error.
func (p *program) note(text string) {
	for _, line := range terminal.Wrap(text, terminal.MaxColumns) {
		_, _ = io.WriteString(p.stderr, line+"\n") // nowhere left to tell
	}
}

// printf writes a part of the answer.
func (p *program) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(p.stdout, format, args...)
	return err
}

// printJSON writes the answer for programs.
func (p *program) printJSON(v any) error {
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
