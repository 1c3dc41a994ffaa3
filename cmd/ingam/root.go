package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/pki/npki/folder"
)

var rootText = struct{ short, long, lang, json, npki, verbose, help fault.Text }{
	short: fault.Text{KO: "공동인증서 지갑", EN: "a wallet of joint certificates"},
	long: fault.Text{
		KO: "ingam은 공동인증서 지갑이에요. 이 기기의 인증서를 보고, 은행에서 새로 발급받거나 갱신하고, 잃어버리면 바로 정지하고, 파일에 서명하고, 다른 사람의 서명을 검증해요.",
		EN: "ingam is a wallet of joint certificates: see those on this device, get a new one from the bank or renew it, stop it at once when it is lost, sign files and judge what others signed."},
	lang:    fault.Text{KO: "말: `ko` 또는 en (없으면 로캘을 따라요)", EN: "language: `ko` or en (default: the locale's)"},
	json:    fault.Text{KO: "프로그램이 읽을 JSON으로 답해요", EN: "answer in JSON, for programs"},
	npki:    fault.Text{KO: "인증서가 있는 NPKI `폴더`; 여러 번 쓸 수 있어요 (없으면 NPKI_HOME, 그다음 기본 위치)", EN: "NPKI `folder` with certificates; may be repeated (default: NPKI_HOME, then the usual places)"},
	verbose: fault.Text{KO: "오류가 나면 원인도 보여요", EN: "show an error's cause, too"},
	help:    fault.Text{KO: "쓰는 법을 보여요", EN: "show how it is used"},
}

// run runs one command line and gives the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	p.lang = terminal.Language(args, p.env)
	p.json = terminal.HasFlag(args, "--json") // a misused command line is told as JSON, too
	root := p.commands()                      //nolint:contextcheck // commands take it from cobra when they run
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil && err != nil {
		err = errInterrupted.With(err)
	}
	return p.report(err)
}

// commands makes the tree of commands in the language of the run.
func (p *program) commands() *cobra.Command {
	root := &cobra.Command{
		Use:               "ingam",
		Short:             p.say(rootText.short),
		Long:              p.say(rootText.long),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              p.noArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if lang, _ := cmd.Flags().GetString("lang"); lang != "" && lang != terminal.Korean && lang != terminal.English {
				return errCommandLine.With(nil, "reason", p.say(strangeLanguage), "help", helpLine(cmd))
			}
			return nil
		},
		DisableFlagsInUseLine: true,
	}
	flags := root.PersistentFlags()
	flags.String("lang", "", p.say(rootText.lang))
	flags.BoolVar(&p.json, "json", p.json, p.say(rootText.json))
	flags.BoolVar(&p.verbose, "verbose", false, p.say(rootText.verbose))
	flags.StringArrayVar(&p.roots, "npki", nil, p.say(rootText.npki))
	flags.BoolP("help", "h", false, p.say(rootText.help))
	root.SetFlagErrorFunc(p.flagError)
	root.SetHelpFunc(p.printHelp)
	root.AddCommand(p.listCommand(), p.showCommand(), p.issueCommand(), p.renewCommand(), p.reissueCommand(), p.statusCommand(),
		p.lostCommand(), p.suspendCommand(), p.resumeCommand(), p.revokeCommand(), p.signCommand(), p.verifyCommand(),
		p.completionCommand(), p.versionCommand())
	root.SetHelpCommand(p.helpCommand())
	root.AddCommand(p.helpTopics()...)
	mustComplete(root, "lang", cobra.FixedCompletions([]string{terminal.Korean, terminal.English}, cobra.ShellCompDirectiveNoFileComp))
	mustComplete(root, "npki", completeFolders)
	return root
}

// oneArg takes up to one argument, which names what the flag of this value
// names.
func (p *program) oneArg(value *string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 && *value == "" {
			*value = args[0]
			return nil
		}
		return p.noArgs(cmd, args)
	}
}

// noArgs refuses what stands on the command line and is no flag.
func (p *program) noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return errCommandLine.With(nil, "reason", p.say(strangeArgument, "argument", args[0]), "help", helpLine(cmd))
}

var (
	strangeArgument = fault.Text{KO: "'{argument}'", EN: "'{argument}'"}
	strangeLanguage = fault.Text{KO: "--lang은 ko 또는 en이에요", EN: "--lang is ko or en"}
	missingFlags    = fault.Text{KO: "다음 옵션이 더 필요해요: {flags}", EN: "{flags} is needed"}
)

// flagError tells a misused flag. A password on the command line gets an
// answer of its own, which does not repeat it.
func (p *program) flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && strings.Contains(strings.ToLower(unknown.GetSpecifiedName()), "pass") {
		return errPasswordArgument.With(nil)
	}
	return errCommandLine.With(nil, "reason", err.Error(), "help", helpLine(cmd))
}

// needFlags refuses when one of the flags is not given.
func (p *program) needFlags(cmd *cobra.Command, names ...string) error {
	var missing []string
	for _, name := range names {
		if !cmd.Flags().Changed(name) {
			missing = append(missing, "--"+name)
		}
	}
	if missing == nil {
		return nil
	}
	return errCommandLine.With(nil, "reason", p.say(missingFlags, "flags", strings.Join(missing, ", ")), "help", helpLine(cmd))
}

func helpLine(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "ingam help"
	}
	return "ingam help " + cmd.Name()
}

// npkiRoots gives the folders to look for certificates in.
func (p *program) npkiRoots() []string {
	switch home := p.env("NPKI_HOME"); {
	case len(p.roots) > 0:
		return p.roots
	case home != "":
		return []string{home}
	}
	return folder.DefaultRoots(p.goos, p.home)
}
