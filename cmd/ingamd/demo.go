package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

func (p *program) demoCommand() *cobra.Command {
	var w where
	var tale storyFlags
	var at string
	cmd := &cobra.Command{
		Use: "demo [--data DIR] [--at DATE] [--listen ADDR] [--database URL] [--story --out DIR]", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("지어낸 고객과 흉내 서비스로 시험용 은행을 열어요", "open a bank with invented customers and simulated services"),
		Long: p.say("시험용 은행을 열어요. 인증기관과 고객을 그 자리에서 만들고, --data 폴더가 있으면 그 은행을 이어서 열어요. 없으면 임시 폴더를 쓰고 끝날 때 지워요. --at을 쓰면 은행의 시계가 그날부터 가요. 시계는 앞으로만 갈 수 있어서, 미래까지 간 은행은 다음에도 거기서 이어져요.",
			"Opens a bank to try things out. Authority and customers are made on the spot; with --data the same bank goes on at the next start, without it everything is in a temporary folder that goes at the end. With --at the bank's clock starts on that day. It never goes back: a bank that has been in the future goes on from there."),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := tale.check(p); err != nil {
				return err
			}
			o := server.Options{Now: p.now}
			if at != "" {
				moment, err := clock.Parse(at)
				if err != nil {
					return err
				}
				o.At = moment
			}
			if tale.tell {
				return p.story(cmd.Context(), &w, o, tale.out)
			}
			return p.demo(cmd.Context(), &w, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&w.data, "data", "", p.say("은행을 둘 `폴더` (없으면 임시 폴더)", "`folder` for the bank (default: a temporary one)"))
	flags.StringVar(&w.database, "database", "", p.say("데이터베이스 `주소`: sqlite:파일 또는 postgres://…", "`URL` of the database: sqlite:PATH or postgres://…"))
	flags.StringVar(&at, "at", "", p.say("은행의 시계를 맞출 `날짜`: 2027-10-25(서울 오전 9시) 또는 RFC 3339", "`date` that the bank's clock starts at: 2027-10-25 (9 o'clock in Seoul), or RFC 3339"))
	w.registerListen(p, cmd)
	tale.register(p, cmd)
	return cmd
}

func (p *program) demo(ctx context.Context, w *where, o server.Options) error {
	c, err := w.load()
	if err != nil {
		return err
	}
	// With a port of the tester's choice, their side of the simulators takes
	// any: two demos can run side by side.
	if w.listen != "" {
		c.Services.SimulatorListen = "127.0.0.1:0"
	}
	level := slog.LevelError
	if p.verbose {
		level = slog.LevelInfo
	}
	o.Log = p.logTo(c, level)
	d, err := server.OpenDemo(ctx, c, o)
	if err != nil {
		return err
	}
	err = p.welcome(d)
	if err == nil {
		err = d.Run(ctx)
	}
	if e := d.Close(); err == nil {
		err = e
	}
	if err == nil {
		p.note(p.say("시험용 은행을 닫았어요.", "The demo bank is closed."))
	}
	return err
}

// guide is what a tester needs to know, as programs see it.
type guide struct {
	Portal    string `json:"portal"`  // the web app; passkeys want this name
	Console   string `json:"console"` // where those who work at the bank go
	URL       string `json:"url"`
	Simulator string `json:"simulator"`
	At        string `json:"at"` // the bank's time
	Data      string `json:"data"`
	Root      string `json:"root"`    // file of the root's certificate
	Answers   string `json:"answers"` // file for ingam issue --answers
	Login     string `json:"login"`
	Password  string `json:"password"`
}

// welcome says where to go and as whom to log in.
func (p *program) welcome(d *server.Demo) error {
	data, err := filepath.Abs(d.Config().Data)
	if err != nil {
		return errFile.With(err, "path", d.Config().Data)
	}
	first := d.Samples()[0]
	g := guide{Portal: d.PortalURL() + "/", Console: d.ConsoleURL(), URL: d.URL(), Simulator: d.SimulatorURL(), At: d.Clock().Now().UTC().Format(time.RFC3339), Data: data, Root: filepath.Join(data, "ca", "root.pem"),
		Login: first.LoginID, Password: first.Password}
	if g.Answers, err = p.writeAnswers(d, first, data); err != nil {
		return err
	}
	if p.json {
		return p.printJSON(g)
	}
	ko := `시험용 은행이 열렸어요. 고객도 신분증도 모두 지어낸 것이고, 아무도 확인하지 않아요.

브라우저로 열기  %[5]s
                 아이디 %[6]s, 비밀번호 %[7]s
창구 (직원)      %[9]s
                 은행 계정으로 로그인해 직원을 골라요
신분증·문자·OTP  %[2]s/
은행 API         %[1]s
데이터 폴더      %[3]s
은행의 시각      %[8]s

로그인할 수 있는 고객 (나머지 %[4]d명: %[2]s/)
`
	en := `A demo bank is open. Its customers and their papers are invented, and nobody is
really checked.

open in a browser       %[5]s
                        login id %[6]s, password %[7]s
branch desk (staff)     %[9]s
                        log in with the bank account and choose a person
papers, messages, OTP   %[2]s/
bank's API              %[1]s
data folder             %[3]s
bank's time             %[8]s

Customers who can log in (%[4]d more: %[2]s/)
`
	const shown = 4
	samples := d.Samples()
	if err := p.printf(p.say(ko, en), g.URL, g.Simulator, g.Data, len(samples)-shown, g.Portal, g.Login, g.Password,
		terminal.Moment(d.Clock().Now(), p.lang), g.Console); err != nil {
		return err
	}
	if err := p.sampleTable(samples[:shown]).Write(p.stdout, terminal.Style{Colour: p.outTTY}); err != nil {
		return err
	}
	return p.printf(p.say(`
첫 인증서 받기  ingam issue --server %s --login %s \
                  --answers %s --out %s
멈추기          Ctrl-C
`, `
a first certificate  ingam issue --server %s --login %s \
                       --answers %s --out %s
stop                 Ctrl-C
`), g.URL, g.Login, g.Answers, filepath.Join(data, "NPKI"))
}

func (p *program) sampleTable(samples []simulator.Sample) terminal.Table {
	t := terminal.Table{Columns: []terminal.Column{
		{Title: p.say("아이디", "id")}, {Title: p.say("비밀번호", "password")}, {Title: p.say("고객번호", "number")},
		{Title: p.say("휴대폰", "phone")}, {Title: p.say("계좌", "account")}, {Title: p.say("이름", "name"), Min: 6},
	}}
	for _, s := range samples {
		row := make([]terminal.Cell, 0, len(t.Columns))
		for _, text := range []string{s.LoginID, s.Password, s.Number, s.Phone, s.Account + "/" + s.AccountPassword, s.Name} {
			row = append(row, terminal.Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// writeAnswers leaves a file with which the wallet can play a sample customer
// without asking anybody, and a picture of the customer's card beside it.
func (p *program) writeAnswers(d *server.Demo, s simulator.Sample, data string) (string, error) {
	dir := filepath.Join(data, "samples")
	picture, answers := filepath.Join(dir, s.LoginID+".png"), filepath.Join(dir, s.LoginID+".json")
	card := s.Cards[0]
	content, err := json.MarshalIndent(wallet.Answers{ //nolint:gosec // an invented customer
		LoginPassword: s.Password, KeyPassword: "demo-Key-2026!", AgreeRequired: true,
		Card: &wallet.CardAnswers{Document: string(card.Document), Number: card.Number, Name: card.Name,
			IssueDate: card.IssueDate, Licence: card.Licence, Image: picture},
		Account:      &wallet.AccountAnswers{Account: s.Account, Password: s.AccountPassword},
		OTPURL:       fmt.Sprintf("%s/simulator/v1/otp?customer=%s", d.SimulatorURL(), s.Number),
		PhoneCodeURL: fmt.Sprintf("%s/simulator/v1/inbox?to=%s", d.SimulatorURL(), s.Phone),
	}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encoding answers: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", errFile.With(err, "path", dir)
	}
	for path, content := range map[string][]byte{picture: simulator.Picture(s.Number), answers: append(content, '\n')} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return "", errFile.With(err, "path", path)
		}
	}
	return answers, nil
}
