package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
)

// run runs one command line and gives the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	p.lang = terminal.Language(args, p.env)
	p.json = terminal.HasFlag(args, "--json") // a misused command line is told as JSON, too
	root := p.commands()                      //nolint:contextcheck // commands take it from cobra when they run
	root.SetArgs(args)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return p.report(ctx, root.ExecuteContext(ctx))
}

// commands makes the tree of commands in the language of the run.
func (p *program) commands() *cobra.Command {
	root := &cobra.Command{
		Use:   "ingamd",
		Short: p.say("공동인증서 발급 서비스", "the joint-certificate service"),
		Long: p.say("ingamd는 은행의 공동인증서 서비스예요. ‘ingamd demo’로 시험용 은행을 열어 보세요.",
			"ingamd is a bank's joint-certificate service. Try it out by “ingamd demo”."),
		SilenceErrors: true, SilenceUsage: true, DisableFlagsInUseLine: true,
		Args: p.noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	flags := root.PersistentFlags()
	flags.String("lang", p.lang, p.say("말: `ko` 또는 en (없으면 로캘을 따라요)", "language: `ko` or en (default: the locale's)"))
	flags.BoolVar(&p.json, "json", p.json, p.say("프로그램이 읽을 JSON으로 답해요", "answer in JSON, for programs"))
	flags.BoolVar(&p.verbose, "verbose", false, p.say("더 자세히, 오류가 나면 원인도 보여요", "say more; show an error's cause, too"))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return errCommandLine.With(nil, "reason", err.Error(), "help", cmd.CommandPath()+" --help")
	})
	root.AddCommand(p.demoCommand(), p.initCommand(), p.serveCommand(), p.migrateCommand(), p.configCommand(),
		p.auditCommand(), p.keysCommand(), p.noticesCommand(), p.revokeCommand(), p.holdCommand(), p.releaseCommand(), p.crlCommand(),
		p.staffCommand(), p.historyCommand(), p.proposeCommand(), p.proposalsCommand(), p.decideCommand(),
		p.versionCommand())
	return root
}

// group is a command that only holds others.
func (p *program) group(name, ko, en string, of ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: p.say(ko, en), Args: p.noArgs, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(of...)
	return cmd
}

// noArgs refuses what stands on the command line and is no flag.
func (p *program) noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return errCommandLine.With(nil, "reason", args[0], "help", cmd.CommandPath()+" --help")
}

// oneArg wants exactly one argument.
func (p *program) oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return errCommandLine.With(nil, "reason", name, "help", cmd.CommandPath()+" --help")
	}
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: p.say("판을 보여요", "show the version"), Args: p.noArgs, DisableFlagsInUseLine: true,
		RunE: func(*cobra.Command, []string) error {
			if p.json {
				return p.printJSON(map[string]string{"version": p.version})
			}
			return p.printf("ingamd %s\n", p.version)
		},
	}
}

// say gives a text in the language of the run.
func (p *program) say(ko, en string) string { return fault.Text{KO: ko, EN: en}.In(p.lang) }
