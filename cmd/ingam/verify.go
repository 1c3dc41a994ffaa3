package main

import (
	"context"
	"encoding/asn1"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/validation"
)

var verifyText = struct {
	short, long, in, content, root, chain, crl, ocsp, ocspURL, policy, at, badTime, badPolicy, busy, oneOf fault.Text
}{
	short: fault.Text{KO: "서명이 유효한지 판정해요", EN: "judge a signature"},
	long: fault.Text{
		KO: "서명이 원문과 맞는지, 서명자의 인증서가 믿는 뿌리 인증서로 이어지는지, 정책과 폐지 여부를 확인하고 이유를 한 문장으로 말해요.\n\n유효하면 0, 유효하지 않으면 1, 자료가 모자라 판단할 수 없으면 69로 끝나요.",
		EN: "Checks that the signature fits the content, that the signer's certificate leads to a root you trust, its policy and its revocation, and says why in a sentence.\n\nEnds with 0 when it is valid, 1 when it is not, 69 when something is missing to decide."},
	in:        fault.Text{KO: "서명 `파일` (PKCS#7; -는 표준 입력)", EN: "signature `file` (PKCS#7; - for standard input)"},
	content:   fault.Text{KO: "원문 `파일` (서명에 원문이 없을 때)", EN: "`file` that was signed (when the signature does not hold it)"},
	root:      fault.Text{KO: "믿는 뿌리 인증서 `파일`; 여러 번 쓸 수 있어요", EN: "`file` of a root to trust; may be repeated"},
	chain:     fault.Text{KO: "중간 인증기관의 인증서 `파일`; 여러 번 쓸 수 있어요 (--root 파일 옆과 NPKI 폴더에 있으면 저절로 찾아요)", EN: "`file` with certificates of authorities in between; may be repeated (those beside the --root file and in NPKI folders are found by themselves)"},
	crl:       fault.Text{KO: "인증서 폐지 목록 `파일`; 여러 번 쓸 수 있어요", EN: "revocation list `file`; may be repeated"},
	ocsp:      fault.Text{KO: "폐지 여부를 인증기관에 물어봐요 (인증서에 적힌 주소)", EN: "ask the authority about revocation (at the certificate's own address)"},
	ocspURL:   fault.Text{KO: "대신 물어볼 OCSP `주소`", EN: "OCSP `address` to ask instead"},
	policy:    fault.Text{KO: "받아들이는 인증서 정책 `OID`; 여러 번 쓸 수 있어요", EN: "certificate policy `OID` to accept; may be repeated"},
	at:        fault.Text{KO: "판정할 `시각` (2027-03-14, 2027-03-14 15:04 서울 시각, 또는 RFC 3339)", EN: "`time` to judge for (2027-03-14, 2027-03-14 15:04 in Seoul, or RFC 3339)"},
	badTime:   fault.Text{KO: "--at 뒤의 '{value}' 값은 2027-03-14나 2027-03-14T15:04:05+09:00 같은 시각이 아니에요", EN: "--at '{value}' is no time like 2027-03-14 or 2027-03-14T15:04:05+09:00"},
	badPolicy: fault.Text{KO: "--policy 뒤의 '{value}' 값은 1.2.410.200005.1.1.4 같은 OID가 아니에요", EN: "--policy '{value}' is no OID like 1.2.410.200005.1.1.4"},
	busy:      fault.Text{KO: "서명을 확인하고 있어요", EN: "Checking the signature"},
	oneOf:     fault.Text{KO: "--crl과 --ocsp 중 하나만 쓸 수 있어요", EN: "give only one of --crl and --ocsp"},
}

type verifyFlags struct {
	in, content, ocspURL, at   string
	roots, chain, crls, policy []string
	ocsp                       bool
}

func (p *program) verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "verify --in FILE [--root FILE] …",
		Short:                 p.say(verifyText.short),
		Long:                  p.say(verifyText.long),
		Args:                  p.noArgs,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return p.verify(cmd, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.in, "in", "", p.say(verifyText.in))
	flags.StringVar(&f.content, "content", "", p.say(verifyText.content))
	flags.StringArrayVar(&f.roots, "root", nil, p.say(verifyText.root))
	flags.StringArrayVar(&f.chain, "chain", nil, p.say(verifyText.chain))
	flags.StringArrayVar(&f.crls, "crl", nil, p.say(verifyText.crl))
	flags.BoolVar(&f.ocsp, "ocsp", false, p.say(verifyText.ocsp))
	flags.StringVar(&f.ocspURL, "ocsp-url", "", p.say(verifyText.ocspURL))
	flags.StringArrayVar(&f.policy, "policy", nil, p.say(verifyText.policy))
	flags.StringVar(&f.at, "at", "", p.say(verifyText.at))
	return cmd
}

func (p *program) verify(cmd *cobra.Command, f verifyFlags) error {
	ctx := cmd.Context()
	if err := p.needFlags(cmd, "in"); err != nil {
		return err
	}
	j, err := p.judging(cmd, f)
	if err != nil {
		return err
	}
	in, done, err := p.input(ctx, f.in)
	if err != nil {
		return err
	}
	defer done()
	message, err := wallet.ReadAll(in, f.in, 2*cms.MaxSize) // twice: PEM
	if err != nil {
		return err
	}
	if f.content != "" {
		content, done, err := p.input(ctx, f.content)
		if err != nil {
			return err
		}
		defer done()
		j.Content = content
	}
	v, err := p.judge(ctx, message, j)
	if err != nil {
		return err
	}
	if err := p.printVerdict(v, j); err != nil {
		return err
	}
	return verdictExit(v.Verdict)
}

func (p *program) judge(ctx context.Context, message []byte, j wallet.Judging) (wallet.Verification, error) {
	spinner := p.spin(p.say(verifyText.busy))
	defer spinner.Stop()
	return wallet.Verify(ctx, message, j)
}

// verdictExit gives the exit code of a verdict from the table of kinds.
func verdictExit(v validation.Verdict) error {
	switch v {
	case validation.Valid:
		return nil
	case validation.Invalid:
		return exitCode(fault.Refused.Exit())
	default:
		return exitCode(fault.Unavailable.Exit())
	}
}

// judging reads what the signature is to be judged by.
func (p *program) judging(cmd *cobra.Command, f verifyFlags) (wallet.Judging, error) {
	j := wallet.Judging{Name: f.in, At: p.now()}
	var err error
	if f.at != "" {
		if j.At, err = parseTime(f.at); err != nil {
			return j, errCommandLine.With(nil, "reason", p.say(verifyText.badTime, "value", f.at), "help", helpLine(cmd))
		}
	}
	for _, dotted := range f.policy {
		oid, ok := parseOID(dotted)
		if !ok {
			return j, errCommandLine.With(nil, "reason", p.say(verifyText.badPolicy, "value", dotted), "help", helpLine(cmd))
		}
		j.Policies = append(j.Policies, oid)
	}
	online := f.ocsp || f.ocspURL != ""
	if online && len(f.crls) > 0 {
		return j, errCommandLine.With(nil, "reason", p.say(verifyText.oneOf), "help", helpLine(cmd))
	}
	if online {
		j.Online = &wallet.Online{Responder: f.ocspURL, Random: p.random}
	}
	if err := j.ReadTrust(f.roots, f.chain, p.npkiRoots()); err != nil {
		return j, err
	}
	for _, path := range f.crls {
		list, err := wallet.ReadCRL(path)
		if err != nil {
			return j, err
		}
		j.CRLs = append(j.CRLs, list)
	}
	return j, nil
}

// parseTime takes RFC 3339, or a day or a minute as it is in Seoul; a day
// means its end, until which its certificates are valid.
func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	if t, err := time.ParseInLocation("2006-01-02", s, terminal.Seoul); err == nil {
		return t.Add(24*time.Hour - time.Second), nil
	}
	var t time.Time
	var err error
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err = time.ParseInLocation(layout, s, terminal.Seoul); err == nil {
			return t, nil
		}
	}
	return t, err
}

// parseOID takes a dotted object identifier.
func parseOID(s string) (asn1.ObjectIdentifier, bool) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 32 {
		return nil, false
	}
	var oid asn1.ObjectIdentifier
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != part || i == 0 && n > 2 || i == 1 && oid[0] < 2 && n > 39 {
			return nil, false
		}
		oid = append(oid, int(n))
	}
	return oid, true
}
