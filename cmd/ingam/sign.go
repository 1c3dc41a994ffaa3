package main

import (
	"encoding/hex"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
)

var signText = struct{ short, long, cert, in, out, detached, attributes, force, busy, done, hintAttached, hintDetached fault.Text }{
	short: fault.Text{KO: "파일에 서명해요", EN: "sign a file"},
	long: fault.Text{
		KO: "파일에 서명해서 PKCS#7(DER)로 저장해요. 기본은 은행과 로그인에서 쓰는 형식이에요: 원문을 담고, 서명 속성은 없어요. 만료된 인증서로는 서명하지 않아요.",
		EN: "Signs a file and stores the signature as PKCS#7 (DER). By default in the form that banks and logins take: with the content, without signed attributes. An expired certificate does not sign."},
	cert:         fault.Text{KO: "서명할 인증서: 목록의 `번호`, 폴더 또는 파일", EN: "the certificate to sign with: `number` from list, folder or file"},
	in:           fault.Text{KO: "서명할 `파일` (-는 표준 입력)", EN: "`file` to sign (- for standard input)"},
	out:          fault.Text{KO: "서명을 저장할 `파일` (-는 표준 출력)", EN: "`file` for the signature (- for standard output)"},
	detached:     fault.Text{KO: "원문을 서명에 담지 않아요", EN: "leave the content out of the signature"},
	attributes:   fault.Text{KO: "서명 시각 등 서명 속성도 함께 서명해요", EN: "sign attributes with it, such as the time of signing"},
	force:        fault.Text{KO: "--out 파일이 있어도 덮어써요", EN: "write over the --out file if it exists"},
	busy:         fault.Text{KO: "이 기기에서 서명하고 있어요", EN: "Signing on this device"},
	done:         fault.Text{KO: "{owner} 님의 인증서로 서명했어요: {out}", EN: "Signed with the certificate of {owner}: {out}"},
	hintAttached: fault.Text{KO: "확인하기: ingam verify --in {out} --root 뿌리인증서", EN: "Check it: ingam verify --in {out} --root ROOT"},
	hintDetached: fault.Text{KO: "확인하기: ingam verify --in {out} --content {in} --root 뿌리인증서", EN: "Check it: ingam verify --in {out} --content {in} --root ROOT"},
}

type signFlags struct {
	cert, in, out string
	options       wallet.SignOptions
	force         bool
	secret        secretFlags
}

func (p *program) signCommand() *cobra.Command {
	var f signFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "sign --in FILE --out FILE [--cert C]",
		Short:                 p.say(signText.short),
		Long:                  p.say(signText.long),
		Args:                  p.noArgs,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return p.sign(cmd, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.cert, "cert", "", p.say(signText.cert))
	flags.StringVar(&f.in, "in", "", p.say(signText.in))
	flags.StringVar(&f.out, "out", "", p.say(signText.out))
	flags.BoolVar(&f.options.Detached, "detached", false, p.say(signText.detached))
	flags.BoolVar(&f.options.Attributes, "attributes", false, p.say(signText.attributes))
	flags.BoolVar(&f.force, "force", false, p.say(signText.force))
	f.secret.register(p, cmd, "password", secretText.keyPassword)
	mustComplete(cmd, "cert", p.completeCertificates)
	return cmd
}

func (p *program) sign(cmd *cobra.Command, f signFlags) error {
	ctx := cmd.Context()
	if err := p.needFlags(cmd, "in", "out"); err != nil {
		return err
	}
	cert, err := p.choose(ctx, f.cert)
	if err != nil {
		return err
	}
	now := p.now()
	// What would fail anyway fails before the password is asked for.
	if err := cert.CheckSigning(now, p.lang); err != nil {
		return err
	}
	if err := p.writable(f.out, f.force); err != nil {
		return err
	}
	content, done, err := p.input(ctx, f.in)
	if err != nil {
		return err
	}
	defer done()
	key, err := p.openKey(ctx, cert, f.secret)
	if err != nil {
		return err
	}
	spinner := p.spin(p.say(signText.busy))
	signature, err := cert.Sign(content, f.in, key, now, f.options)
	spinner.Stop()
	if err != nil {
		return err
	}
	if err := p.output(f.out, signature, f.force); err != nil {
		return err
	}
	return p.signed(cert, f, len(signature))
}

// signed says how it went; beside the signature when that went to standard
// output.
func (p *program) signed(cert wallet.Certificate, f signFlags, size int) error {
	if f.out == standardStream {
		return nil
	}
	if p.json {
		return p.printJSON(struct {
			Out         string `json:"out"`
			Bytes       int    `json:"bytes"`
			Detached    bool   `json:"detached"`
			Attributes  bool   `json:"attributes"`
			Signer      string `json:"signer"`
			Serial      string `json:"serial"`
			Fingerprint string `json:"fingerprintSHA256"`
		}{f.out, size, f.options.Detached, f.options.Attributes, cert.Subject(), cert.Serial(), hex.EncodeToString(cert.Fingerprint())})
	}
	line := p.say(signText.done, "owner", terminal.Clean(cert.Owner()), "out", terminal.Clean(f.out))
	if err := p.printLine(p.style().Paint(terminal.Seal, line)); err != nil {
		return err
	}
	hint := signText.hintAttached
	if f.options.Detached {
		hint = signText.hintDetached
	}
	return p.printLine(p.say(hint, "out", terminal.Clean(f.out), "in", terminal.Clean(f.in)))
}
