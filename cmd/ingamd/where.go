package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
)

// where is how a command is told which service it is about, and how to open
// its keys.
type where struct {
	config, data, database, listen string
	passphraseFile                 string
}

func (w *where) register(p *program, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&w.config, "config", "", p.say("설정 `파일` (없으면 데이터 폴더의 config.yaml)", "configuration `file` (default: config.yaml in the data folder)"))
	flags.StringVar(&w.data, "data", "", p.say("키와 데이터베이스가 있는 `폴더`", "`folder` of keys and database"))
	flags.StringVar(&w.database, "database", "", p.say("데이터베이스 `주소`: sqlite:파일 또는 postgres://…", "`URL` of the database: sqlite:PATH or postgres://…"))
	flags.StringVar(&w.passphraseFile, "passphrase-file", "", p.say("키 파일의 암호문구가 든 `파일` (없으면 INGAM_PASSPHRASE, 그다음 물어봐요)", "`file` with the passphrase of the key files (default: INGAM_PASSPHRASE, then a prompt)"))
}

func (w *where) registerListen(p *program, cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.listen, "listen", "", p.say("접속을 받을 `주소:포트`", "`host:port` to listen on"))
}

// load reads the configuration that the flags name and changes what they
// change.
func (w *where) load() (server.Config, error) {
	path, must := w.config, true
	if path == "" && w.data != "" {
		path, must = filepath.Join(w.data, server.ConfigFile), false
	}
	var c server.Config
	if path != "" {
		content, err := readFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !must:
		case err != nil:
			return c, errFile.With(err, "path", path)
		default:
			if c, err = server.ParseConfig(content); err != nil {
				return c, server.ErrConfig.With(err, "why", err.Error())
			}
		}
	}
	for _, change := range []struct {
		to   *string
		flag string
	}{{&c.Data, w.data}, {&c.Database, w.database}, {&c.Listen, w.listen}} {
		if change.flag != "" {
			*change.to = change.flag
		}
	}
	return c, nil
}

// maxFile is the size of the largest file that is read, in bytes.
const maxFile = 4 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = errors.New("file is larger than 4 MiB")
	}
	return content, err
}

// options gives what a configuration file can't hold. A demo keeps its
// passphrase beside its keys; there it need not be given.
func (w *where) options(ctx context.Context, p *program, c server.Config, log *slog.Logger) (server.Options, error) {
	o := server.Options{Log: log, Now: p.now}
	var err error
	switch demo := server.DemoPassphrase(c.Data); {
	case w.passphraseFile != "":
		o.Passphrase, err = passphraseIn(w.passphraseFile)
	case p.env("INGAM_PASSPHRASE") != "":
		o.Passphrase = []byte(p.env("INGAM_PASSPHRASE"))
	case demo != "":
		o.Passphrase, err = passphraseIn(demo)
	default:
		o.Passphrase, err = p.ask(ctx, p.say("키 파일의 암호문구: ", "Passphrase of the key files: "))
	}
	return o, err
}

func passphraseIn(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errPassphraseFile.With(err, "path", path)
	}
	defer func() { _ = f.Close() }()
	secret, err := terminal.ReadSecret(f)
	if err != nil {
		return nil, errPassphraseFile.With(err, "path", path)
	}
	return secret, nil
}

// ask asks for a secret on the terminal.
func (p *program) ask(ctx context.Context, question string) ([]byte, error) {
	tty, err := p.openTTY()
	if err != nil {
		return nil, errNoPassphrase.With(err)
	}
	prompter, err := terminal.NewPrompter(tty, p.stderr)
	if err != nil {
		return nil, errNoPassphrase.With(err)
	}
	secret, err := prompter.Secret(ctx, question)
	if errors.Is(err, terminal.ErrNoTerminal) {
		return nil, errNoPassphrase.With(err)
	}
	return secret, err
}

// minPassphrase is how short the passphrase of a new authority may be, in
// bytes.
const minPassphrase = 12

// newPassphrase gets the passphrase of an authority that is to be made; typed,
// it is asked for twice.
func (w *where) newPassphrase(ctx context.Context, p *program) ([]byte, error) {
	var secret []byte
	var err error
	switch {
	case w.passphraseFile != "":
		secret, err = passphraseIn(w.passphraseFile)
	case p.env("INGAM_PASSPHRASE") != "":
		secret = []byte(p.env("INGAM_PASSPHRASE"))
	default:
		secret, err = p.ask(ctx, p.say("새 인증기관의 암호문구: ", "Passphrase for the new authority: "))
		if err == nil {
			var again []byte
			again, err = p.ask(ctx, p.say("한 번 더: ", "Once more: "))
			if err == nil && !bytes.Equal(secret, again) {
				err = errPassphraseDiffers.With(nil)
			}
		}
	}
	if err == nil && len(secret) < minPassphrase {
		err = errPassphraseShort.With(nil)
	}
	return secret, err
}

// logTo makes the log of the service, on standard error.
func (p *program) logTo(c server.Config, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if c.Log.JSON {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}

// quiet is the log of a command that is no service: what goes wrong only.
func (p *program) quiet(c server.Config) *slog.Logger {
	if p.verbose {
		return p.logTo(c, slog.LevelInfo)
	}
	return p.logTo(c, slog.LevelError)
}

// oneLine keeps an argument that is shown again on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(terminal.Clean(s)), " ") }
