package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var completionText = struct{ short, long, unknown, versionShort fault.Text }{
	short: fault.Text{KO: "셸 자동 완성을 만들어요", EN: "print completion for a shell"},
	long: fault.Text{
		KO: "셸 자동 완성 스크립트를 표준 출력에 써요. 예를 들어 bash에서는 이렇게 켜요:\n\n  source <(ingam completion bash)",
		EN: "Prints a completion script on standard output. In bash, for example, it is turned on by:\n\n  source <(ingam completion bash)"},
	unknown:      fault.Text{KO: "셸은 bash, zsh, fish, powershell 중 하나예요", EN: "the shell is one of bash, zsh, fish, powershell"},
	versionShort: fault.Text{KO: "ingam의 판을 보여요", EN: "show the version of ingam"},
}

func (p *program) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:                   "completion bash|zsh|fish|powershell",
		Short:                 p.say(completionText.short),
		Long:                  p.say(completionText.long),
		DisableFlagsInUseLine: true,
		ValidArgs:             shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			shell := ""
			if len(args) == 1 {
				shell = args[0]
			}
			switch root := cmd.Root(); shell {
			case "bash":
				return root.GenBashCompletionV2(p.stdout, true)
			case "zsh":
				return root.GenZshCompletion(p.stdout)
			case "fish":
				return root.GenFishCompletion(p.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(p.stdout)
			}
			return errCommandLine.With(nil, "reason", p.say(completionText.unknown), "help", "ingam help completion")
		},
	}
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "version",
		Short:                 p.say(completionText.versionShort),
		Args:                  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			if p.json {
				return p.printJSON(struct {
					Version string `json:"version"`
				}{p.version})
			}
			return p.printLine("ingam " + p.version)
		},
	}
}

// completeCertificates offers the numbers of the list, each with its owner.
func (p *program) completeCertificates(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	certs, _ := wallet.List(p.npkiRoots()...)
	var out []cobra.Completion
	for i, c := range certs {
		out = append(out, cobra.CompletionWithDesc(strconv.Itoa(i+1), terminal.Clean(c.Owner())+" "+terminal.Day(c.NotAfter())))
	}
	return out, cobra.ShellCompDirectiveDefault
}

func completeFolders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// mustComplete ties a completion to a flag that was just made; a flag that is
// not there is a defect.
func mustComplete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err)
	}
}
