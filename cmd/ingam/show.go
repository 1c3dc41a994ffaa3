package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki"
)

var showText = struct {
	short, long, cert, check                                                         fault.Text
	owner, kind, policy, issuer, subject, serial, from, until, left, key, usage, vid fault.Text
	fingerprint, folder, r, encryption, keySize, has, hasNot, noKey, today, daysLeft fault.Text
	daysPast, daysTo, signing, encrypting, authority, otherUse, checked, noPolicy    fault.Text
	keyForm, strengthWeak, strengthFair, strengthStrong                              fault.Text
}{
	short: fault.Text{KO: "인증서 하나를 자세히 보여요", EN: "show one certificate"},
	long: fault.Text{
		KO: "인증서의 주인, 종류, 유효기간, 지문 등을 보여요. --check-password를 붙이면 암호가 맞는지와 신원확인용 난수(R)가 있는지도 봐요.",
		EN: "Shows a certificate's owner, kind, validity, fingerprint and the like. With --check-password it also says whether the password is right and whether the key holds R, which proves whose it is."},
	cert:        fault.Text{KO: "인증서: 목록의 `번호`, 폴더 또는 파일", EN: "the certificate: `number` from list, folder or file"},
	check:       fault.Text{KO: "암호를 물어 개인키를 열어 봐요", EN: "ask for the password and open the key"},
	owner:       fault.Text{KO: "이름", EN: "Owner"},
	kind:        fault.Text{KO: "종류", EN: "Kind"},
	policy:      fault.Text{KO: "정책", EN: "Policy"},
	issuer:      fault.Text{KO: "발급자", EN: "Issuer"},
	subject:     fault.Text{KO: "주체", EN: "Subject"},
	serial:      fault.Text{KO: "일련번호", EN: "Serial"},
	from:        fault.Text{KO: "시작", EN: "From"},
	until:       fault.Text{KO: "만료", EN: "Until"},
	left:        fault.Text{KO: "상태", EN: "State"},
	key:         fault.Text{KO: "키", EN: "Key"},
	usage:       fault.Text{KO: "용도", EN: "Use"},
	vid:         fault.Text{KO: "신원확인(VID)", EN: "Virtual ID"},
	fingerprint: fault.Text{KO: "지문(SHA-256)", EN: "SHA-256"},
	folder:      fault.Text{KO: "폴더", EN: "Folder"},
	r:           fault.Text{KO: "난수(R)", EN: "R"},
	encryption:  fault.Text{KO: "키 암호화", EN: "Key file"},
	keySize:     fault.Text{KO: "RSA {bits}비트", EN: "RSA, {bits} bits"},
	has:         fault.Text{KO: "있음", EN: "present"},
	hasNot:      fault.Text{KO: "없음", EN: "none"},
	noKey:       fault.Text{KO: "개인키 없음 (인증서만 있어요)", EN: "no private key (this is the certificate only)"},
	today:       fault.Text{KO: "오늘 만료돼요", EN: "expires today"},
	daysLeft:    fault.Text{KO: "{n}일 남았어요", EN: "{n} days left"},
	daysPast:    fault.Text{KO: "{n}일 전에 끝났어요", EN: "ended {n} days ago"},
	daysTo:      fault.Text{KO: "{n}일 뒤에 시작해요", EN: "begins in {n} days"},
	signing:     fault.Text{KO: "서명", EN: "signing"},
	encrypting:  fault.Text{KO: "암호화", EN: "encryption"},
	authority:   fault.Text{KO: "인증기관", EN: "authority"},
	otherUse:    fault.Text{KO: "정해지지 않음", EN: "not stated"},
	checked:     fault.Text{KO: "암호가 맞아요.", EN: "The password is right."},
	noPolicy:    fault.Text{KO: "없음", EN: "none"},
	keyForm:     fault.Text{KO: "{form}, {n}번 반복 ({strength})", EN: "{form}, {n} iterations ({strength})"},

	strengthWeak:   fault.Text{KO: "약함: 옛 형식", EN: "weak: an old form"},
	strengthFair:   fault.Text{KO: "보통", EN: "fair"},
	strengthStrong: fault.Text{KO: "강함", EN: "strong"},
}

type showFlags struct {
	cert   string
	check  bool
	secret secretFlags
}

func (p *program) showCommand() *cobra.Command {
	var f showFlags
	cmd := &cobra.Command{
		DisableFlagsInUseLine: true,
		Use:                   "show [C]",
		Short:                 p.say(showText.short),
		Long:                  p.say(showText.long),
		Args:                  p.oneArg(&f.cert),
		RunE:                  func(cmd *cobra.Command, _ []string) error { return p.show(cmd, f) },
		ValidArgsFunction:     p.completeCertificates,
	}
	cmd.Flags().StringVar(&f.cert, "cert", "", p.say(showText.cert))
	cmd.Flags().BoolVar(&f.check, "check-password", false, p.say(showText.check))
	f.secret.register(p, cmd, "password", secretText.keyPassword)
	mustComplete(cmd, "cert", p.completeCertificates)
	return cmd
}

// shown is what show answers to programs.
type shown struct {
	certificateJSON
	KeyBits     int      `json:"keyBits,omitempty"`
	Use         []string `json:"use"`
	VID         bool     `json:"vid"`
	Fingerprint string   `json:"fingerprintSHA256"`
	HasKey      bool     `json:"hasKey"`
	DaysLeft    int      `json:"daysLeft"`
	R           *bool    `json:"r,omitempty"`          // only with --check-password
	Encryption  string   `json:"encryption,omitempty"` // of the key file, when its form is known
	Strength    string   `json:"encryptionStrength,omitempty"`

	form npki.Encryption // likewise
}

func (p *program) show(cmd *cobra.Command, f showFlags) error {
	cert, err := p.choose(cmd.Context(), f.cert)
	if err != nil {
		return err
	}
	out := shown{
		certificateJSON: p.describeOwn(cert),
		KeyBits:         keyBits(cert.Certificate),
		Use:             uses(cert.Certificate),
		VID:             cert.HasVID(),
		Fingerprint:     hex.EncodeToString(cert.Fingerprint()),
		HasKey:          len(cert.KeyDER) > 0,
		DaysLeft:        terminal.DaysBetween(p.now(), cert.NotAfter()),
	}
	if how, err := npki.EncryptionOf(cert.KeyDER); err == nil {
		out.form, out.Encryption, out.Strength = how, encryptionName(how), string(how.Strength())
	}
	if f.check || f.secret.given() {
		key, err := p.openKey(cmd.Context(), cert, f.secret)
		if err != nil {
			return err
		}
		hasR := len(key.R) > 0
		out.R = &hasR
	}
	if p.json {
		return p.printJSON(out)
	}
	if err := terminal.WriteFields(p.stdout, p.style(), p.showFields(cert, out)); err != nil {
		return err
	}
	if out.R != nil {
		return p.printLine("\n" + p.say(showText.checked))
	}
	return nil
}

func (p *program) showFields(cert wallet.Certificate, s shown) []terminal.Field {
	state := p.stateCell(cert)
	policy := s.Policy
	if owner := wallet.ArcOwner(policy); owner != "" {
		policy += " (" + owner + ")"
	}
	if policy == "" {
		policy = p.say(showText.noPolicy)
	}
	key := p.say(showText.keySize, "bits", strconv.Itoa(s.KeyBits))
	if !s.HasKey {
		key += ", " + p.say(showText.noKey)
	}
	fields := []terminal.Field{
		{Label: p.say(showText.owner), Value: terminal.Clean(s.Owner)},
		{Label: p.say(showText.kind), Value: p.say(wallet.KindOf(cert.Certificate).Title)},
		{Label: p.say(showText.policy), Value: policy},
		{Label: p.say(showText.left), Value: state.Text + ", " + p.daysInWords(cert), Paint: state.Paint},
		{Label: p.say(showText.from), Value: terminal.Moment(cert.Certificate.NotBefore, p.lang)},
		{Label: p.say(showText.until), Value: terminal.Moment(cert.NotAfter(), p.lang)},
		{Label: p.say(showText.issuer), Value: terminal.Clean(s.Issuer)},
		{Label: p.say(showText.subject), Value: terminal.Clean(s.Subject)},
		{Label: p.say(showText.serial), Value: s.Serial},
		{Label: p.say(showText.key), Value: key},
		{Label: p.say(showText.usage), Value: p.usesInWords(s.Use)},
		{Label: p.say(showText.vid), Value: p.presence(s.VID)},
		{Label: p.say(showText.fingerprint), Value: terminal.Groups(cert.Fingerprint())},
		{Label: p.say(showText.folder), Value: terminal.Clean(s.Folder)},
	}
	if s.Encryption != "" {
		fields = append(fields, terminal.Field{Label: p.say(showText.encryption), Value: p.keyFormInWords(s.form)})
	}
	if s.R != nil {
		fields = append(fields, terminal.Field{Label: p.say(showText.r), Value: p.presence(*s.R)})
	}
	return fields
}

func (p *program) presence(has bool) string {
	if has {
		return p.say(showText.has)
	}
	return p.say(showText.hasNot)
}

// daysInWords says how far away the end is, or the beginning.
func (p *program) daysInWords(cert wallet.Certificate) string {
	now := p.now()
	n := terminal.DaysBetween(now, cert.NotAfter())
	switch state := cert.State(now); {
	case state == wallet.Early:
		return p.say(showText.daysTo, "n", strconv.Itoa(terminal.DaysBetween(now, cert.Certificate.NotBefore)))
	case state == wallet.Expired:
		return p.say(showText.daysPast, "n", strconv.Itoa(-n))
	case n == 0:
		return p.say(showText.today)
	}
	return p.say(showText.daysLeft, "n", strconv.Itoa(n))
}

func keyBits(cert *x509.Certificate) int {
	if public, ok := cert.PublicKey.(*rsa.PublicKey); ok {
		return public.N.BitLen()
	}
	return 0
}

// uses names what the key usage allows: signing, encryption, authority.
func uses(cert *x509.Certificate) []string {
	out := []string{}
	for _, u := range []struct {
		bits x509.KeyUsage
		name string
	}{
		{x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, "signing"},
		{x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment, "encryption"},
		{x509.KeyUsageCertSign | x509.KeyUsageCRLSign, "authority"},
	} {
		if cert.KeyUsage&u.bits != 0 {
			out = append(out, u.name)
		}
	}
	return out
}

func (p *program) usesInWords(names []string) string {
	if len(names) == 0 {
		return p.say(showText.otherUse)
	}
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = p.say(map[string]fault.Text{
			"signing": showText.signing, "encryption": showText.encrypting, "authority": showText.authority,
		}[name])
	}
	return strings.Join(words, ", ")
}

// keyFormInWords says how the key file is encrypted and what to think of it.
func (p *program) keyFormInWords(e npki.Encryption) string {
	var strength fault.Text
	switch e.Strength() {
	case npki.StrengthFair:
		strength = showText.strengthFair
	case npki.StrengthStrong:
		strength = showText.strengthStrong
	default:
		strength = showText.strengthWeak
	}
	return p.say(showText.keyForm, "form", e.Describe(), "n", strconv.Itoa(e.Iterations), "strength", p.say(strength))
}

func encryptionName(e npki.Encryption) string {
	return fmt.Sprintf("%s, %d", e.Scheme, e.Iterations)
}
