package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
)

// Exit codes that are no kind of fault.
const (
	exitOK        = 0
	exitUsage     = 2
	exitInterrupt = 130
)

// exitCode ends a command that said all it had to say with a code of its own.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Refusals of the program itself.
var (
	errUnexpected = fault.Define(5000, "wallet-unexpected", fault.Internal,
		fault.Text{KO: "ingam 안에서 예상하지 못한 문제가 생겼어요.", EN: "Something unexpected went wrong inside ingam."},
		fault.Text{KO: "--verbose를 붙여 다시 실행하면 원인이 보여요. 그 내용을 알려 주시면 고칠게요.", EN: "Run it again with --verbose to see the cause, and please report it."})
	errCommandLine = fault.Define(5001, "command-line", fault.Invalid,
		fault.Text{KO: "명령을 이해하지 못했어요: {reason}", EN: "The command line can't be understood: {reason}"},
		fault.Text{KO: "{help} 로 쓰는 법을 볼 수 있어요.", EN: "See how it is used with: {help}"})
	errPasswordArgument = fault.Define(5002, "password-argument", fault.Invalid,
		fault.Text{KO: "암호는 명령줄에 적을 수 없어요. 다른 사람에게 보일 수 있어서예요.", EN: "Passwords can't stand on the command line, where others could see them."},
		fault.Text{KO: "물어볼 때 입력하거나 --password-file 파일, --password-fd 번호를 쓰세요. 방금 적은 암호는 바꾸는 게 좋아요.", EN: "Type it when asked, or use --password-file FILE or --password-fd N. Better change the one just typed."})
	errInterrupted = fault.Define(5003, "interrupted", fault.Unavailable,
		fault.Text{KO: "멈췄어요.", EN: "Stopped."},
		fault.Text{KO: "같은 명령을 다시 실행하면 이어서 할 수 있어요.", EN: "Run the same command again to go on."})
	errNobodyToAsk = fault.Define(5004, "nobody-to-ask", fault.Invalid,
		fault.Text{KO: "물어볼 것이 있는데({what}) 터미널이 없어요.", EN: "There is something to ask ({what}) but no terminal to ask on."},
		fault.Text{KO: "{how}", EN: "{how}"})
	errSecretSource = fault.Define(5005, "secret-unreadable", fault.NotFound,
		fault.Text{KO: "{source}에서 {what} 값을 읽지 못했어요.", EN: "{what} can't be read from {source}."},
		fault.Text{KO: "파일이 있고 비어 있지 않은지, 읽을 권한이 있는지 확인해 주세요.", EN: "Please check that it exists, is not empty and may be read."})
	errReading = fault.Define(5008, "input-unreadable", fault.NotFound,
		fault.Text{KO: "{path} 파일을 읽지 못했어요.", EN: "{path} can't be read."},
		fault.Text{KO: "파일 이름이 맞는지, 읽을 권한이 있는지 확인해 주세요.", EN: "Please check the file's name and that you may read it."})
	errWriting = fault.Define(5006, "file-unwritable", fault.Conflict,
		fault.Text{KO: "{path}에 쓰지 못했어요.", EN: "{path} can't be written."},
		fault.Text{KO: "폴더가 있는지, 쓰기 권한과 빈 공간이 있는지 확인해 주세요.", EN: "Please check that the folder exists, may be written to and has space."})
	errFileExists = fault.Define(5007, "file-exists", fault.Conflict,
		fault.Text{KO: "{path} 파일이 이미 있어요.", EN: "{path} exists already."},
		fault.Text{KO: "다른 이름을 쓰거나 --force로 덮어쓰세요.", EN: "Use another name, or --force to write over it."})
)

// problem is an error as programs see it.
type problem struct {
	Code       int    `json:"code"`
	Name       string `json:"name"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Request    string `json:"request,omitempty"`
	RetryAfter int    `json:"retryAfterSeconds,omitempty"`
	Cause      string `json:"cause,omitempty"`
}

// report tells how the command ended and gives the exit code.
func (p *program) report(err error) int {
	var code exitCode
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	}
	pr, exit := p.publicFace(err)
	if p.verbose {
		pr.Cause = terminal.Clean(err.Error())
	}
	if p.json {
		if p.printJSON(struct {
			Error problem `json:"error"`
		}{pr}) == nil {
			return exit
		}
	}
	p.printProblem(pr)
	return exit
}

func (p *program) printProblem(pr problem) {
	style := terminal.Style{Colour: p.errTTY && p.colour()}
	lines := terminal.Wrap("ingam: "+pr.Title, terminal.MaxColumns)
	for i, line := range lines {
		lines[i] = style.Paint(terminal.Bad, line)
	}
	lines = append(lines, terminal.Wrap(pr.Detail, terminal.MaxColumns)...)
	number := p.say(errorNumber, "code", fmt.Sprint(pr.Code))
	if pr.Request != "" {
		number += p.say(requestNumber, "request", terminal.Clean(pr.Request))
	}
	lines = append(lines, style.Paint(terminal.Faint, number))
	if pr.Cause != "" {
		lines = append(lines, pr.Cause)
	}
	for _, line := range lines {
		_, _ = io.WriteString(p.stderr, line+"\n") // nowhere left to tell
	}
}

var (
	errorNumber   = fault.Text{KO: "(오류 번호 {code})", EN: "(error {code})"}
	requestNumber = fault.Text{KO: " 요청 번호 {request}", EN: " request {request}"}
)

// publicFace finds what an error shows and the exit code it gives.
func (p *program) publicFace(err error) (problem, int) {
	var answer *client.Problem
	if errors.As(err, &answer) {
		return problem{
			Code: answer.Code, Name: answer.Name,
			Title: terminal.Clean(answer.Title), Detail: terminal.Clean(answer.Detail),
			Request: answer.Request, RetryAfter: int(answer.RetryAfter / time.Second),
		}, exitOfStatus(answer.Status)
	}
	if errors.Is(err, context.Canceled) {
		err = errInterrupted.With(err)
	}
	f := fault.Of(err)
	if errors.Is(f, fault.Unexpected) {
		f = errUnexpected.With(err)
	}
	what, todo := f.Public(p.lang)
	pr := problem{Code: f.Number, Name: f.Name, Title: terminal.Clean(what), Detail: terminal.Clean(todo), RetryAfter: int(f.Retry / time.Second)}
	switch {
	case errors.Is(f, errCommandLine), errors.Is(f, errPasswordArgument):
		return pr, exitUsage
	case errors.Is(f, errInterrupted):
		return pr, exitInterrupt
	}
	return pr, f.Kind.Exit()
}

// exitOfStatus gives the exit code of a bank's refusal by the table of kinds.
func exitOfStatus(status int) int {
	for k := fault.Internal; k <= fault.Unavailable; k++ {
		if k.Status() == status {
			return k.Exit()
		}
	}
	return fault.Internal.Exit()
}

// printJSON writes one value for programs.
func (p *program) printJSON(v any) error {
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// colour says whether colour is wanted: not with NO_COLOR (no-color.org) or
// on a terminal that has none.
func (p *program) colour() bool { return p.env("NO_COLOR") == "" && p.env("TERM") != "dumb" }

func (p *program) style() terminal.Style {
	return terminal.Style{Colour: p.outTTY && p.colour()}
}

// spin shows what takes longer than a moment, on a terminal only.
func (p *program) spin(text string) *terminal.Spinner {
	var w io.Writer
	if p.errTTY && p.env("TERM") != "dumb" {
		w = p.stderr
	}
	return terminal.Spin(w, text)
}
