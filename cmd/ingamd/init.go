package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/terminal"
)

type initFlags struct {
	where
	url, statusURL, name, arc  string
	bankTitle, bankName, code  string
	rootPassphraseFile         string
	officer                    string
	root, issuing, km, ocspKey int
}

func (p *program) initCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use: "init --data DIR", DisableFlagsInUseLine: true, Args: p.noArgs,
		Short: p.say("새 인증기관을 만들어요", "make a new authority"),
		Long: p.say("데이터 폴더에 최상위 인증기관과 발급 인증기관, 데이터 키, 데이터베이스, 설정 파일을 만들어요. 이미 있는 인증기관은 건드리지 않아요. --status-url 주소(없으면 --url)는 인증서마다 적히니 오래 쓸 것으로 정해 주세요.",
			"Makes root, issuing CA, data keys, database and configuration in the data folder. An authority that is there already is never touched. The address --status-url (or else --url) goes into every certificate: choose one that lasts."),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.init(cmd.Context(), &f) },
	}
	f.register(p, cmd)
	f.registerListen(p, cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.url, "url", "", p.say("고객이 부를 서비스 `주소`", "`address` of the service, as customers name it"))
	flags.StringVar(&f.statusURL, "status-url", "", p.say("인증서에 적힐 OCSP·폐지 목록의 `주소` (http)", "`address` of OCSP and lists, as certificates name it (http)"))
	flags.StringVar(&f.name, "name", "", p.say("인증기관 `이름` (o=)", "`name` of the authority (o=)"))
	flags.StringVar(&f.arc, "policy-arc", "", p.say("은행이 등록한 정책 `OID`", "the bank's own policy `OID`"))
	flags.StringVar(&f.bankTitle, "bank-title", "", p.say("고객 문자에 쓸 은행 `이름`", "`name` of the bank in messages to customers"))
	flags.StringVar(&f.bankName, "bank-name", "", p.say("인증서에 쓸 은행 `이름` (ou=)", "`name` of the bank in certificates (ou=)"))
	flags.StringVar(&f.code, "bank-code", "", p.say("은행 `번호` 4자리", "the bank's `number`, 4 digits"))
	flags.StringVar(&f.rootPassphraseFile, "root-passphrase-file", "", p.say("최상위 키에 따로 쓸 암호문구 `파일`", "`file` with a passphrase of its own for the root's key"))
	flags.StringVar(&f.officer, "officer", "admin", p.say("첫 보안책임자의 `사번`", "employee `number` of the first security officer"))
	for _, k := range []struct {
		bits     *int
		flag, of string
	}{{&f.root, "root-bits", "root"}, {&f.issuing, "issuing-bits", "issuing CA"}, {&f.km, "km-bits", "key management"}, {&f.ocspKey, "ocsp-bits", "OCSP"}} {
		flags.IntVar(k.bits, k.flag, 0, p.say(k.of+" RSA 키의 `비트`", "`bits` of the RSA key: "+k.of))
	}
	return cmd
}

func (p *program) init(ctx context.Context, f *initFlags) error {
	if f.data == "" {
		return errCommandLine.With(nil, "reason", p.say("--data 폴더가 필요해요", "--data is needed"), "help", "ingamd init --help")
	}
	c, err := f.load()
	if err != nil {
		return err
	}
	// Absolute, so that serve finds it from everywhere.
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return errFile.With(err, "path", f.data)
	}
	for _, change := range []struct {
		to   *string
		flag string
	}{{&c.URL, f.url}, {&c.StatusURL, f.statusURL}, {&c.Authority.Name, f.name}, {&c.Authority.PolicyArc, f.arc}, {&c.Bank.Title, f.bankTitle},
		{&c.Bank.Name, f.bankName}, {&c.Bank.Code, f.code}} {
		if change.flag != "" {
			*change.to = change.flag
		}
	}
	for _, change := range []struct {
		to   *int
		flag int
	}{{&c.Authority.Bits.Root, f.root}, {&c.Authority.Bits.Issuing, f.issuing}, {&c.Authority.Bits.KM, f.km}, {&c.Authority.Bits.OCSP, f.ocspKey}} {
		if change.flag != 0 {
			*change.to = change.flag
		}
	}
	o := server.Options{Log: p.quiet(c), Now: p.now, Officer: f.officer}
	if o.Passphrase, err = f.newPassphrase(ctx, p); err != nil {
		return err
	}
	if f.rootPassphraseFile != "" {
		if o.RootPassphrase, err = passphraseIn(f.rootPassphraseFile); err != nil {
			return err
		}
	}
	stop := p.progress(p.say("키를 만들고 있어요", "Making keys"))
	made, err := server.Init(ctx, server.Operator(p.user), c, o)
	stop()
	if err != nil {
		return err
	}
	return p.tellMade(made)
}

func (p *program) tellMade(m server.Made) error {
	sum := sha256.Sum256(m.Root.Raw)
	if p.json {
		return p.printJSON(map[string]string{
			"data": m.Data, "config": m.Config, "rootKey": m.RootKey, "rootSHA256": hex.EncodeToString(sum[:]),
			"root": m.Root.Subject.CommonName, "issuing": m.Issuing.Subject.CommonName, "officer": m.Officer, "officerCode": m.Code,
		})
	}
	err := terminal.WriteFields(p.stdout, terminal.Style{Colour: p.outTTY}, []terminal.Field{
		{Label: p.say("최상위 인증기관", "root"), Value: m.Root.Subject.CommonName + ", " + p.say("만료 ", "until ") + terminal.Day(m.Root.NotAfter)},
		{Label: p.say("루트 지문", "its SHA-256"), Value: terminal.Groups(sum[:])},
		{Label: p.say("발급 인증기관", "issuing CA"), Value: m.Issuing.Subject.CommonName + ", " + p.say("만료 ", "until ") + terminal.Day(m.Issuing.NotAfter)},
		{Label: p.say("설정", "configuration"), Value: m.Config},
		{Label: p.say("최상위 키", "root's key"), Value: m.RootKey},
		{Label: p.say("첫 보안책임자", "first security officer"), Value: m.Officer},
		{Label: p.say("일회용 코드", "one-time code"), Value: m.Code},
	})
	if err != nil {
		return err
	}
	p.note("")
	p.note(p.say("최상위 키는 서비스에 필요 없어요. "+m.RootKey+" 파일을 지금 오프라인 매체 둘에 옮기고 이 기기에서 지워 주세요.",
		"The service does not need the root's key. Move "+m.RootKey+" to two offline media now, and delete it from this machine."))
	p.note(p.say("일회용 코드는 다시 보여 드릴 수 없어요. 서비스를 시작하고 72시간 안에 콘솔(/console)에서 한 번 쓸 수 있어요. 놓치면 ‘ingamd staff officer "+m.Officer+"’",
		"The one-time code can't be shown again. Start the service and use it in the console (/console) within 72 hours; if it is too late, “ingamd staff officer "+m.Officer+"” gives another."))
	p.note(p.say("다음: 설정의 services에 은행 시스템 주소를 적고 ‘ingamd serve --config "+m.Config+"’",
		"Next: put the addresses of the bank's systems under services in the configuration, then “ingamd serve --config "+m.Config+"”"))
	return nil
}

// progress says on a terminal what is being done and for how long.
func (p *program) progress(text string) (stop func()) {
	if !p.outTTY || p.json {
		return func() {}
	}
	return terminal.Spin(p.stderr, text).Stop
}
