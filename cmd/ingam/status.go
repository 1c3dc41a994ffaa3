package main

import (
	"context"
	"crypto/x509"
	"errors"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var statusText = struct {
	short, long, crl, ocspURL, busy, state, until, ocsp, list, todo, notListed, good, revoked, suspended, unknown, noAnswer, otherTime fault.Text
	asOf, asOfUntil, fellBack, chain                                                                                                   fault.Text
}{
	short: fault.Text{KO: "인증서가 지금 쓸 수 있는지 인증기관에 물어봐요", EN: "ask the authority how certificates stand"},
	long: fault.Text{
		KO: "인증기관의 OCSP에, --crl을 붙이면 폐지 목록(CRL)에도 물어보고, 각각 무엇이라고 하는지와 다음에 할 일을 알려 줘요. 아무것도 적지 않으면 이 기기의 인증서를 모두 물어봐요. --login을 쓰면 은행의 조언을 받아요.\n\n모두 쓸 수 있으면 0, 쓸 수 없는 것이 있으면 1, 알 수 없는 것이 있으면 69로 끝나요.",
		EN: "Asks the authority by OCSP and, with --crl, reads its revocation list, too; says what each of them says, and what to do next. Without an argument all certificates on this device are asked for. With --login the advice is the bank's.\n\nEnds with 0 when all can be used, 1 when one can't, 69 when one is not known."},
	crl:       fault.Text{KO: "인증서에 적힌 폐지 목록(CRL)도 받아서 봐요", EN: "fetch the revocation list that the certificate names, too"},
	ocspURL:   fault.Text{KO: "대신 물어볼 OCSP `주소`", EN: "OCSP `address` to ask instead"},
	chain:     fault.Text{KO: "발급한 인증기관의 인증서 `파일`; 여러 번 쓸 수 있어요 (NPKI 폴더에 있거나 인증서에 주소가 있으면 저절로 찾아요)", EN: "`file` with the issuing authority's certificate; may be repeated (in an NPKI folder, or where the certificate names it, it is found by itself)"},
	busy:      fault.Text{KO: "인증기관에 물어보고 있어요", EN: "Asking the authority"},
	state:     fault.Text{KO: "상태", EN: "State"},
	until:     fault.Text{KO: "만료", EN: "Until"},
	ocsp:      fault.Text{KO: "실시간 조회(OCSP)", EN: "OCSP"},
	list:      fault.Text{KO: "폐지 목록(CRL)", EN: "Revocation list"},
	todo:      fault.Text{KO: "할 일", EN: "Next"},
	good:      fault.Text{KO: "유효", EN: "good"},
	notListed: fault.Text{KO: "목록에 없음", EN: "not on it"},
	revoked:   fault.Text{KO: "폐지 ({since}, {reason})", EN: "revoked ({since}, {reason})"},
	suspended: fault.Text{KO: "효력정지 ({since})", EN: "suspended ({since})"},
	unknown:   fault.Text{KO: "모르는 인증서라고 해요", EN: "it does not know this certificate"},
	noAnswer:  fault.Text{KO: "답을 받지 못했어요", EN: "no answer that can be relied on"},
	otherTime: fault.Text{KO: "답의 시각이 이 기기의 시계와 맞지 않아요. 기기의 날짜와 시각을 확인해 주세요", EN: "the answer's time does not fit this device's clock: please check date and time"},
	asOf:      fault.Text{KO: ", {this} 기준", EN: ", as of {this}"},
	asOfUntil: fault.Text{KO: ", {this} 기준, {next}까지", EN: ", as of {this}, good until {next}"},
	fellBack:  fault.Text{KO: "은행이 이 인증서를 몰라서 이 기기가 조언해요: {why}", EN: "The bank does not know this certificate, so the advice is this device's: {why}"},
}

// wordTexts says how a certificate stands, in a word behind a shape.
var wordTexts = map[wallet.Word]struct {
	word  fault.Text
	shape string
	paint terminal.Paint
}{
	wallet.StandsEarly:     {fault.Text{KO: "아직 시작 전", EN: "not yet valid"}, "○", terminal.Notice},
	wallet.StandsValid:     {fault.Text{KO: "유효", EN: "valid"}, "●", terminal.Good},
	wallet.StandsSuspended: {fault.Text{KO: "효력정지", EN: "suspended"}, "■", terminal.Bad},
	wallet.StandsRevoked:   {fault.Text{KO: "폐지", EN: "revoked"}, "×", terminal.Bad},
	wallet.StandsExpired:   {fault.Text{KO: "만료", EN: "expired"}, "×", terminal.Bad},
	wallet.StandsUnknown:   {fault.Text{KO: "알 수 없음", EN: "not known"}, "?", terminal.Notice},
}

// nextTexts says what to do next. {left} is how long it lasts.
var nextTexts = map[wallet.Next]fault.Text{
	wallet.NextNothing:          {KO: "그대로 쓰시면 돼요. {left}.", EN: "Nothing; go on using it. {left}."},
	wallet.NextRenew:            {KO: "ingam renew로 갱신하세요. {left}. 지금 갱신해도 남은 날은 그대로 더해져요.", EN: "Renew it: ingam renew. {left}. Renewing now loses nothing: the days that are left are added."},
	wallet.NextReissue:          {KO: "이 기기에 키가 없어요. 다른 곳에도 없으면 ingam reissue로 재발급을 받으세요. {left}.", EN: "Its key is not on this device. If it is nowhere else, have it reissued: ingam reissue. {left}."},
	wallet.NextReissueThenRenew: {KO: "이 기기에 키가 없어요. 다른 곳에도 없으면 ingam reissue로 재발급을 받고, 이어서 ingam renew로 갱신하세요. 재발급만 받으면 {left}.", EN: "Its key is not on this device. If it is nowhere else, have it reissued (ingam reissue) and then renew it (ingam renew). Reissued alone: {left}."},
	wallet.NextResume:           {KO: "온라인에서 정지했으면 ingam resume으로 회복하거나, 다른 사람이 썼을 수 있으면 ingam reissue로 재발급을 받으세요. 영업점에서 정지했으면 그곳으로 가세요.", EN: "If it was suspended online, resume it (ingam resume) or, if somebody else may have used it, have it reissued (ingam reissue). If it was at a branch, go there."},
	wallet.NextIssue:            {KO: "필요하면 ingam issue로 새로 받으세요.", EN: "If you need one, get a new one: ingam issue."},
	wallet.NextWait:             {KO: "지금은 알 수 없어요. 조금 뒤에 같은 명령을 다시 실행해 주세요.", EN: "It can't be told now. Please run the same command again a little later."},
}

type statusFlags struct {
	issueFlags
	crl     bool
	ocspURL string
	chain   []string
}

func (p *program) statusCommand() *cobra.Command {
	var f statusFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true, Use: "status [C …] [--crl] [--login ID]",
		Short: p.say(statusText.short), Long: p.say(statusText.long),
		RunE:              func(cmd *cobra.Command, args []string) error { return p.status(cmd.Context(), &f, args) },
		ValidArgsFunction: p.completeCertificates,
	}
	cmd.Flags().BoolVar(&f.crl, "crl", false, p.say(statusText.crl))
	cmd.Flags().StringVar(&f.ocspURL, "ocsp-url", "", p.say(statusText.ocspURL))
	cmd.Flags().StringArrayVar(&f.chain, "chain", nil, p.say(statusText.chain))
	f.registerBank(p, cmd)
	return cmd
}

// standing is one certificate with what is said of it.
type standing struct {
	number int // in the list; 0 for one that was named otherwise
	cert   wallet.Certificate
	wallet.Standing
	next   wallet.Next // what to do
	advice string      // in words
}

func (p *program) status(ctx context.Context, f *statusFlags, selections []string) error {
	all, err := p.standingOf(selections)
	if err != nil {
		return err
	}
	if err := p.ask(ctx, f, all); err != nil {
		return err
	}
	if f.login != "" {
		if err := p.askAdvice(ctx, f, all); err != nil {
			return err
		}
	}
	if p.json {
		err = p.statusJSON(all)
	} else {
		err = p.printStatus(all)
	}
	if err != nil {
		return err
	}
	return statusExit(all)
}

// standingOf finds the certificates that are asked for: those named, or all.
func (p *program) standingOf(selections []string) ([]*standing, error) {
	list, _ := wallet.List(p.npkiRoots()...)
	var all []*standing
	for _, selection := range selections {
		cert, err := wallet.Choose(selection, list, p.now())
		if err != nil {
			return nil, err
		}
		number, _ := wallet.ParseNumber(selection)
		all = append(all, &standing{number: number, cert: cert})
	}
	if len(selections) > 0 {
		return all, nil
	}
	for i, cert := range list {
		all = append(all, &standing{number: i + 1, cert: cert})
	}
	if len(all) == 0 {
		_, err := wallet.Choose("1", list, p.now()) // says that there is none
		return nil, err
	}
	return all, nil
}

// ask asks the authority about each.
func (p *program) ask(ctx context.Context, f *statusFlags, all []*standing) error {
	helpers := wallet.Authorities(p.npkiRoots())
	for _, path := range f.chain {
		given, err := wallet.ReadCertificates(path)
		if err != nil {
			return err
		}
		helpers = append(helpers, given...)
	}
	spinner := p.spin(p.say(statusText.busy))
	defer spinner.Stop()
	online := &wallet.Online{Responder: f.ocspURL, Random: p.random}
	now := p.now()
	for _, s := range all {
		s.Standing = online.Stand(ctx, s.cert.Certificate, helpersOf(s.cert, helpers), f.crl, now)
		s.next = wallet.NextFor(s.Word, len(s.cert.KeyDER) > 0, s.cert.State(now) == wallet.Soon)
		s.advice = p.say(nextTexts[s.next], "left", p.daysInWords(s.cert))
	}
	return nil
}

// helpersOf are the authorities' certificates beside one that lies elsewhere
// than in the NPKI folders, and all the others.
func helpersOf(cert wallet.Certificate, helpers []*x509.Certificate) []*x509.Certificate {
	if root := cert.Root(); root != "" {
		return append(helpers[:len(helpers):len(helpers)], wallet.Authorities([]string{root})...)
	}
	return helpers
}

// askAdvice takes the bank's advice in place of this device's.
func (p *program) askAdvice(ctx context.Context, f *statusFlags, all []*standing) error {
	q, err := p.asking(&f.issueFlags)
	if err != nil {
		return err
	}
	server, bank, err := p.logIn(ctx, q)
	if err != nil {
		return err
	}
	defer p.logOut(ctx, bank)
	for _, s := range all {
		advice, err := bank.Advice(ctx, s.cert.Serial(), len(s.cert.KeyDER) > 0)
		var said *client.Problem
		switch {
		case err == nil:
			s.next, s.advice = wallet.Next(advice.Do), terminal.Clean(advice.Why)
		case errors.As(err, &said) && said.Status == fault.NotFound.Status():
			p.note(p.say(statusText.fellBack, "why", terminal.Clean(said.Title)))
		default:
			return wallet.FromBank(err, server)
		}
	}
	return nil
}

func (p *program) printStatus(all []*standing) error {
	for i, s := range all {
		if i > 0 {
			if err := p.printLine(""); err != nil {
				return err
			}
		}
		word := wordTexts[s.Word]
		owner := terminal.Clean(s.cert.Owner())
		if s.number > 0 {
			owner = strconv.Itoa(s.number) + ". " + owner
		}
		fields := []terminal.Field{
			{Label: p.say(showText.owner), Value: owner + ", " + p.say(wallet.KindOf(s.cert.Certificate).Title)},
			{Label: p.say(statusText.state), Value: word.shape + " " + p.say(word.word), Paint: word.paint},
			{Label: p.say(statusText.until), Value: terminal.Moment(s.cert.NotAfter(), p.lang)},
			{Label: p.say(statusText.ocsp), Value: p.saying(s.OCSP, statusText.good)},
		}
		if s.CRL != nil {
			fields = append(fields, terminal.Field{Label: p.say(statusText.list), Value: p.saying(*s.CRL, statusText.notListed)})
		}
		fields = append(fields, terminal.Field{Label: p.say(statusText.todo), Value: s.advice})
		if err := terminal.WriteFields(p.stdout, p.style(), fields); err != nil {
			return err
		}
	}
	return nil
}

// saying says what a source said, and how fresh that is.
func (p *program) saying(s wallet.Saying, good fault.Text) string {
	text := map[string]fault.Text{
		"good": good, "revoked": statusText.revoked, "suspended": statusText.suspended, "unknown": statusText.unknown,
	}[s.Status]
	if s.Status == "" {
		said := p.say(statusText.noAnswer)
		if s.OtherTime() {
			said = p.say(statusText.otherTime)
		}
		if p.verbose && s.Problem != nil {
			said += ": " + terminal.Clean(s.Problem.Error())
		}
		return said
	}
	said := p.say(text, "since", terminal.Moment(s.Since, p.lang), "reason", terminal.Clean(s.Reason))
	if s.NextUpdate.IsZero() {
		return said + p.say(statusText.asOf, "this", terminal.Moment(s.ThisUpdate, p.lang))
	}
	return said + p.say(statusText.asOfUntil, "this", terminal.Moment(s.ThisUpdate, p.lang), "next", terminal.Moment(s.NextUpdate, p.lang))
}

// statusExit ends as the worst of all: 1 when one can't be used, 69 when one is
// not known.
func statusExit(all []*standing) error {
	unknown := false
	for _, s := range all {
		switch s.Word {
		case wallet.StandsValid:
		case wallet.StandsUnknown:
			unknown = true
		default:
			return exitCode(fault.Refused.Exit())
		}
	}
	if unknown {
		return exitCode(fault.Unavailable.Exit())
	}
	return nil
}

// stood is one certificate of status, for programs.
type stood struct {
	listed
	Status wallet.Word `json:"status"`
	OCSP   saidJSON    `json:"ocsp"`
	CRL    *saidJSON   `json:"crl,omitempty"`
	Next   wallet.Next `json:"next"`
	Advice string      `json:"advice"`
}

// saidJSON is what one source says, for programs.
type saidJSON struct {
	Status     string    `json:"status"`
	Address    string    `json:"address,omitempty"`
	ThisUpdate time.Time `json:"thisUpdate,omitzero"`
	NextUpdate time.Time `json:"nextUpdate,omitzero"`
	Since      time.Time `json:"since,omitzero"`
	Reason     string    `json:"reason,omitempty"`
	Problem    string    `json:"problem,omitempty"`
}

func (p *program) statusJSON(all []*standing) error {
	out := struct {
		Certificates []stood `json:"certificates"`
	}{}
	for _, s := range all {
		one := stood{listed: listed{s.number, p.describeOwn(s.cert)}, Status: s.Word, OCSP: saidOf(s.OCSP), Next: s.next, Advice: s.advice}
		if s.CRL != nil {
			said := saidOf(*s.CRL)
			one.CRL = &said
		}
		out.Certificates = append(out.Certificates, one)
	}
	return p.printJSON(out)
}

func saidOf(s wallet.Saying) saidJSON {
	out := saidJSON{Status: s.Status, Address: terminal.Clean(s.Address), Reason: s.Reason,
		ThisUpdate: s.ThisUpdate.UTC(), NextUpdate: s.NextUpdate.UTC(), Since: s.Since.UTC()}
	if s.Status == "" {
		out.Status = "no-answer"
	}
	if s.Problem != nil {
		out.Problem = terminal.Clean(s.Problem.Error())
	}
	return out
}
