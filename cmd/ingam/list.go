package main

import (
	"crypto/x509"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki/folder"
)

var listText = struct{ short, long, number, owner, kind, authority, until, state, none, count, countUsable, hint, hintNew, unreadable fault.Text }{
	short: fault.Text{KO: "이 기기의 인증서를 보여요", EN: "list the certificates on this device"},
	long: fault.Text{
		KO: "이 기기의 NPKI 폴더에 있는 인증서를 모두 보여요. 앞의 번호는 다른 명령의 --cert에 쓸 수 있어요. 오래 남은 것부터 나와요.",
		EN: "Lists every certificate in the NPKI folders of this device. The number in front is what --cert of the other commands takes. Those that last longest come first."},
	number:      fault.Text{KO: "번호", EN: "No"},
	owner:       fault.Text{KO: "이름", EN: "Name"},
	kind:        fault.Text{KO: "종류", EN: "Kind"},
	authority:   fault.Text{KO: "발급기관", EN: "Issuer"},
	until:       fault.Text{KO: "만료일", EN: "Until"},
	state:       fault.Text{KO: "상태", EN: "State"},
	none:        fault.Text{KO: "이 기기에서 인증서를 찾지 못했어요.", EN: "There are no certificates on this device."},
	count:       fault.Text{KO: "인증서 {n}개, 모두 만료되었어요.", EN: "{n} certificates, all of them expired."},
	countUsable: fault.Text{KO: "인증서 {n}개 가운데 {usable}개를 쓸 수 있어요.", EN: "{usable} of {n} certificates can be used."},
	hint:        fault.Text{KO: "자세히 보기: ingam show 번호", EN: "More about one: ingam show NUMBER"},
	hintNew:     fault.Text{KO: "새로 발급받기: ingam issue    다른 폴더에서 찾기: --npki 폴더", EN: "Get a new one: ingam issue    Look elsewhere: --npki FOLDER"},
	unreadable:  fault.Text{KO: "읽지 못한 곳이 있어요: {why}", EN: "Some places can't be read: {why}"},
}

// stateTexts says a state in a word behind a shape; see stateCell.
var stateTexts = map[wallet.State]struct {
	word  fault.Text
	shape string
	paint terminal.Paint
}{
	wallet.Early:   {fault.Text{KO: "아직 시작 전", EN: "not yet valid"}, "○", terminal.Notice},
	wallet.Usable:  {fault.Text{KO: "유효", EN: "valid"}, "●", terminal.Good},
	wallet.Soon:    {fault.Text{KO: "곧 만료", EN: "expires soon"}, "▲", terminal.Notice},
	wallet.Expired: {fault.Text{KO: "만료", EN: "expired"}, "×", terminal.Bad},
}

func (p *program) stateCell(c wallet.Certificate) terminal.Cell {
	s := stateTexts[c.State(p.now())]
	return terminal.Cell{Text: s.shape + " " + p.say(s.word), Paint: s.paint}
}

func (p *program) listCommand() *cobra.Command {
	return &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "list",
		Short:                 p.say(listText.short),
		Long:                  p.say(listText.long),
		Args:                  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			certs, errs := wallet.List(p.npkiRoots()...)
			if p.json {
				return p.listJSON(certs, errs)
			}
			return p.listTable(certs, errs)
		},
	}
}

// listed is one certificate of a list, for programs.
type listed struct {
	Number int `json:"number,omitempty"`
	certificateJSON
}

// certificateJSON is a certificate for programs.
type certificateJSON struct {
	Owner     string       `json:"owner"`
	Kind      string       `json:"kind,omitempty"`
	Policy    string       `json:"policy,omitempty"`
	Authority string       `json:"authority"`
	Subject   string       `json:"subject"`
	Issuer    string       `json:"issuer"`
	Serial    string       `json:"serial"`
	NotBefore time.Time    `json:"notBefore"`
	NotAfter  time.Time    `json:"notAfter"`
	State     wallet.State `json:"state,omitempty"`
	Folder    string       `json:"folder,omitempty"`
}

// describe makes a certificate's description for programs.
func (p *program) describe(cert *x509.Certificate) certificateJSON {
	c := wallet.Certificate{Entry: folder.Entry{Certificate: cert}}
	kind := wallet.KindOf(cert)
	return certificateJSON{
		Owner: c.Owner(), Kind: kind.Name, Policy: kind.Policy, Authority: c.Authority(),
		Subject: c.Subject(), Issuer: c.IssuerName(), Serial: c.Serial(),
		NotBefore: cert.NotBefore.UTC(), NotAfter: cert.NotAfter.UTC(),
	}
}

// describeOwn adds where it lies on this device and how it stands now.
func (p *program) describeOwn(c wallet.Certificate) certificateJSON {
	d := p.describe(c.Certificate)
	d.Authority, d.State, d.Folder = c.Authority(), c.State(p.now()), c.Dir
	return d
}

func (p *program) listJSON(certs []wallet.Certificate, errs []error) error {
	out := struct {
		Certificates []listed `json:"certificates"`
		Unreadable   []string `json:"unreadable,omitempty"`
	}{Certificates: []listed{}}
	for i, c := range certs {
		out.Certificates = append(out.Certificates, listed{Number: i + 1, certificateJSON: p.describeOwn(c)})
	}
	for _, err := range errs {
		out.Unreadable = append(out.Unreadable, terminal.Clean(err.Error()))
	}
	return p.printJSON(out)
}

func (p *program) listTable(certs []wallet.Certificate, errs []error) error {
	for _, err := range errs {
		p.note(p.say(listText.unreadable, "why", terminal.Clean(err.Error())))
	}
	if len(certs) == 0 {
		if err := p.printLine(p.say(listText.none)); err != nil {
			return err
		}
		return p.printLine(p.say(listText.hintNew))
	}
	if err := p.table(certs).Write(p.stdout, p.style()); err != nil {
		return err
	}
	usable := 0
	for _, c := range certs {
		if s := c.State(p.now()); s == wallet.Usable || s == wallet.Soon {
			usable++
		}
	}
	summary := listText.countUsable
	if usable == 0 {
		summary = listText.count
	}
	if err := p.printLine("\n" + p.say(summary, "n", strconv.Itoa(len(certs)), "usable", strconv.Itoa(usable))); err != nil {
		return err
	}
	return p.printLine(p.say(listText.hint))
}

// writeChoices shows the list to choose from, beside the answer.
func (p *program) writeChoices(certs []wallet.Certificate) error {
	return p.table(certs).Write(p.stderr, terminal.Style{Colour: p.errTTY && p.colour()})
}

func (p *program) table(certs []wallet.Certificate) terminal.Table {
	table := terminal.Table{Columns: []terminal.Column{
		{Title: p.say(listText.number), Right: true},
		{Title: p.say(listText.owner), Min: 12},
		{Title: p.say(listText.kind), Min: 12},
		{Title: p.say(listText.authority), Min: 8},
		{Title: p.say(listText.until)},
		{Title: p.say(listText.state)},
	}}
	for i, c := range certs {
		table.Rows = append(table.Rows, []terminal.Cell{
			{Text: strconv.Itoa(i + 1)},
			{Text: terminal.Clean(c.Owner())},
			{Text: p.say(wallet.KindOf(c.Certificate).Title)},
			{Text: terminal.Clean(c.Authority())},
			{Text: terminal.Day(c.NotAfter())},
			p.stateCell(c),
		})
	}
	return table
}
