package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/server"
)

func (p *program) serveCommand() *cobra.Command {
	var w where
	var migrate bool
	cmd := &cobra.Command{
		Use: "serve --config FILE", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("서비스를 시작해요", "run the service"),
		Long: p.say("서비스를 시작하고 멈추라는 신호가 올 때까지 일해요. 흉내 서비스는 설정에 이름이 적혀 있을 때만 켜져요.",
			"Runs the service until it is told to stop. A simulator plays no part unless the configuration names it."),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context(), &w, migrate) },
	}
	w.register(p, cmd)
	w.registerListen(p, cmd)
	cmd.Flags().BoolVar(&migrate, "migrate", false, p.say("오래된 데이터베이스를 먼저 새 판으로 바꿔요", "bring an older database up to date first"))
	return cmd
}

func (p *program) serve(ctx context.Context, w *where, migrate bool) error {
	c, err := w.load()
	if err != nil {
		return err
	}
	level := c.Log.Level
	log := p.logTo(c, level)
	o, err := w.options(ctx, p, c, log)
	if err != nil {
		return err
	}
	o.Migrate = migrate
	s, err := server.Open(ctx, c, o)
	clear(o.Passphrase)
	if err != nil {
		return err
	}
	err = s.Run(ctx)
	if e := s.Close(); err == nil {
		err = e
	}
	return err
}

func (p *program) migrateCommand() *cobra.Command {
	var w where
	cmd := &cobra.Command{
		Use: "migrate --data DIR", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("데이터베이스를 이 프로그램의 판으로 바꿔요", "bring the database up to this program"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := p.records(cmd.Context(), &w, true)
			if err != nil {
				return err
			}
			if err := r.Close(); err != nil {
				return fmt.Errorf("closing database: %w", err)
			}
			if p.json {
				return p.printJSON(map[string]string{"status": "ok"})
			}
			return p.printf("%s\n", p.say("데이터베이스가 이 프로그램과 맞아요.", "The database is up to date."))
		},
	}
	w.register(p, cmd)
	return cmd
}

// records opens the records of a service for one command.
func (p *program) records(ctx context.Context, w *where, migrate bool) (*server.Records, error) {
	c, err := w.load()
	if err != nil {
		return nil, err
	}
	o, err := w.options(ctx, p, c, p.quiet(c))
	if err != nil {
		return nil, err
	}
	return server.OpenRecords(ctx, c, o, migrate)
}

// desk opens the authority of a service for one command.
func (p *program) desk(ctx context.Context, w *where) (*server.Desk, error) {
	c, err := w.load()
	if err != nil {
		return nil, err
	}
	o, err := w.options(ctx, p, c, p.quiet(c))
	if err != nil {
		return nil, err
	}
	return server.OpenDesk(ctx, c, o, false)
}

func (p *program) configCommand() *cobra.Command {
	var w where
	show := &cobra.Command{
		Use: "print", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("모든 설정과 그 뜻, 기본값을 보여요", "show every setting, what it means and its default"),
		RunE: func(*cobra.Command, []string) error {
			_, err := p.stdout.Write(server.DefaultConfig)
			return err
		},
	}
	check := &cobra.Command{
		Use: "check --config FILE", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("설정 파일에 틀린 곳이 있는지 봐요", "say what is wrong with a configuration"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if w.config == "" && w.data == "" {
				return errCommandLine.With(nil, "reason", p.say("--config 파일이 필요해요", "--config is needed"), "help", cmd.CommandPath()+" --help")
			}
			if _, err := w.load(); err != nil {
				return err
			}
			if p.json {
				return p.printJSON(map[string]string{"status": "ok"})
			}
			return p.printf("%s\n", p.say("설정에 틀린 곳이 없어요.", "The configuration is right."))
		},
	}
	check.Flags().StringVar(&w.config, "config", "", p.say("설정 `파일`", "configuration `file`"))
	check.Flags().StringVar(&w.data, "data", "", p.say("config.yaml이 있는 데이터 `폴더`", "data `folder` with its config.yaml"))
	return p.group("config", "설정을 보여 주거나 검사해요", "show or check the configuration", show, check)
}
