package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
)

var helpText = struct{ usage, commands, topics, flags, global, more, short, noTopic, exitShort, jsonShort, answersShort fault.Text }{
	usage:        fault.Text{KO: "쓰는 법", EN: "Usage"},
	commands:     fault.Text{KO: "명령", EN: "Commands"},
	topics:       fault.Text{KO: "더 읽을거리 (ingam help 이름)", EN: "More to read (ingam help NAME)"},
	flags:        fault.Text{KO: "옵션", EN: "Options"},
	global:       fault.Text{KO: "모든 명령의 옵션", EN: "Options of every command"},
	more:         fault.Text{KO: "명령마다 자세한 설명: ingam help 명령", EN: "More about a command: ingam help COMMAND"},
	short:        fault.Text{KO: "명령의 쓰는 법을 보여요", EN: "show how a command is used"},
	noTopic:      fault.Text{KO: "'{topic}'에 대한 설명은 없어요", EN: "there is no help on '{topic}'"},
	exitShort:    fault.Text{KO: "종료 코드의 뜻", EN: "what the exit codes mean"},
	jsonShort:    fault.Text{KO: "--json 답의 형식", EN: "the shape of --json answers"},
	answersShort: fault.Text{KO: "--answers 파일의 형식", EN: "the form of an --answers file"},
}

// printHelp shows a command's or a topic's help in 80 columns.
func (p *program) printHelp(cmd *cobra.Command, _ []string) {
	var b strings.Builder
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	for line := range strings.SplitSeq(about, "\n") {
		if strings.HasPrefix(line, " ") { // laid out already
			fmt.Fprintln(&b, line)
			continue
		}
		for _, part := range terminal.Wrap(line, terminal.MaxColumns) {
			fmt.Fprintln(&b, part)
		}
	}
	if !cmd.IsAdditionalHelpTopicCommand() || !cmd.HasParent() {
		fmt.Fprintf(&b, "\n%s\n  %s\n", p.say(helpText.usage), cmd.UseLine())
		p.helpCommands(&b, cmd)
		p.helpFlags(&b, p.say(helpText.flags), cmd.NonInheritedFlags())
		p.helpFlags(&b, p.say(helpText.global), cmd.InheritedFlags())
	}
	if !cmd.HasParent() {
		fmt.Fprintf(&b, "\n%s\n", p.say(helpText.more))
	}
	_, _ = cmd.OutOrStdout().Write([]byte(b.String()))
}

func (p *program) helpCommands(b *strings.Builder, cmd *cobra.Command) {
	var commands, topics []terminal.Field
	for _, sub := range cmd.Commands() {
		field := terminal.Field{Label: "  " + sub.Name(), Value: sub.Short}
		switch {
		case sub.Hidden:
		case sub.IsAdditionalHelpTopicCommand():
			topics = append(topics, field)
		default:
			commands = append(commands, field)
		}
	}
	p.helpFields(b, p.say(helpText.commands), commands)
	p.helpFields(b, p.say(helpText.topics), topics)
}

func (p *program) helpFlags(b *strings.Builder, title string, flags *pflag.FlagSet) {
	var fields []terminal.Field
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, about := pflag.UnquoteUsage(f)
		label := "  --" + f.Name
		if f.Shorthand != "" {
			label = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value != "" {
			label += " " + value
		}
		fields = append(fields, terminal.Field{Label: label, Value: about})
	})
	p.helpFields(b, title, fields)
}

func (p *program) helpFields(b *strings.Builder, title string, fields []terminal.Field) {
	if len(fields) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	_ = terminal.WriteFields(b, terminal.Style{}, fields) // a strings.Builder takes everything
}

func (p *program) helpCommand() *cobra.Command {
	return &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "help [COMMAND]",
		Short:                 p.say(helpText.short),
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return errCommandLine.With(nil, "reason", p.say(helpText.noTopic, "topic", strings.Join(args, " ")), "help", "ingam help")
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

// helpTopics are texts that stand beside the commands.
func (p *program) helpTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: p.say(helpText.exitShort), Long: p.exitCodes()},
		{Use: "json", Short: p.say(helpText.jsonShort), Long: p.say(jsonTopic)},
		{Use: "answers", Short: p.say(helpText.answersShort), Long: p.say(answersTopic)},
	}
}

var exitText = struct{ intro, ok, usage, interrupt fault.Text }{
	intro:     fault.Text{KO: "ingam은 다음 코드로 끝나요.", EN: "ingam ends with these codes."},
	ok:        fault.Text{KO: "잘 됐어요. verify에서는 서명이 유효하고, status에서는 모두 쓸 수 있어요.", EN: "it worked; for verify: the signature is valid; for status: all can be used"},
	usage:     fault.Text{KO: "명령을 이해하지 못했어요.", EN: "the command line can't be understood"},
	interrupt: fault.Text{KO: "Ctrl-C로 멈췄어요.", EN: "stopped by Ctrl-C"},
}

// kindTexts says what each kind of fault means to one who reads exit codes.
var kindTexts = []struct {
	kind fault.Kind
	text fault.Text
}{
	{fault.Refused, fault.Text{KO: "규칙이 허락하지 않아요 (만료된 인증서 등). verify에서는 서명이 유효하지 않고, status에서는 쓸 수 없는 것이 있어요.", EN: "a rule says no (an expired certificate, …); for verify: the signature is not valid; for status: one can't be used"}},
	{fault.Invalid, fault.Text{KO: "입력이 올바르지 않아요.", EN: "what was given is not well formed"}},
	{fault.TooLarge, fault.Text{KO: "입력이 너무 커요.", EN: "what was given is too large"}},
	{fault.Unsupported, fault.Text{KO: "지원하지 않는 형식이에요.", EN: "what was given is of an unsupported form"}},
	{fault.NotFound, fault.Text{KO: "인증서나 파일을 찾지 못했어요.", EN: "a certificate or a file was not found"}},
	{fault.Unavailable, fault.Text{KO: "은행이나 서버에 연결하지 못했어요. verify와 status에서는 아직 판단할 수 없어요.", EN: "the bank or a server can't be reached; for verify and status: undecided"}},
	{fault.Internal, fault.Text{KO: "프로그램 안의 문제예요.", EN: "a defect of the program or the bank"}},
	{fault.Conflict, fault.Text{KO: "이미 있거나 쓸 수 없어요.", EN: "something is in the way, or can't be written"}},
	{fault.Gone, fault.Text{KO: "신청이 이미 끝났어요.", EN: "the application is over"}},
	{fault.Locked, fault.Text{KO: "여러 번 틀려서 잠겼어요.", EN: "locked after too many wrong tries"}},
	{fault.TooMany, fault.Text{KO: "요청이 너무 많아요. 잠시 뒤에 다시 하세요.", EN: "too many requests: try again later"}},
	{fault.Unauthenticated, fault.Text{KO: "암호나 로그인이 맞지 않아요.", EN: "a password or a login is wrong"}},
	{fault.Forbidden, fault.Text{KO: "허락되지 않았어요.", EN: "it is not allowed"}},
}

// exitCodes is the help on exit codes, made from the one table of kinds.
func (p *program) exitCodes() string {
	meanings := map[int][]string{
		exitOK:        {p.say(exitText.ok)},
		exitUsage:     {p.say(exitText.usage)},
		exitInterrupt: {p.say(exitText.interrupt)},
	}
	for _, k := range kindTexts {
		meanings[k.kind.Exit()] = append(meanings[k.kind.Exit()], p.say(k.text))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.say(exitText.intro))
	var fields []terminal.Field
	for _, code := range slices.Sorted(maps.Keys(meanings)) {
		fields = append(fields, terminal.Field{Label: fmt.Sprintf("  %3d", code), Value: strings.Join(meanings[code], "\n")})
	}
	_ = terminal.WriteFields(&b, terminal.Style{}, fields) // a strings.Builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}
