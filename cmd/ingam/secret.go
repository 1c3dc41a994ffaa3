package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki"
)

var secretText = struct {
	file, fd, keyPassword, loginPassword, newPassword, again, differ, phoneCode, how, bothGiven fault.Text
	prompt, tryAgain, choose, chooseHow, certificate                                            fault.Text
}{
	file:          fault.Text{KO: "{what}: 적어 둔 `파일`", EN: "`file` with the {what}"},
	fd:            fault.Text{KO: "{what}: 읽어 올 열린 파일의 `번호`", EN: "`number` of an open file descriptor to read the {what} from"},
	keyPassword:   fault.Text{KO: "인증서 암호", EN: "certificate password"},
	loginPassword: fault.Text{KO: "은행 로그인 비밀번호", EN: "bank login password"},
	newPassword:   fault.Text{KO: "새 인증서 암호", EN: "new certificate password"},
	again:         fault.Text{KO: "한 번 더", EN: "Once more"},
	differ:        fault.Text{KO: "두 번 입력한 암호가 서로 달라요. 다시 입력해 주세요.", EN: "The two passwords differ. Please type them again."},
	phoneCode:     fault.Text{KO: "휴대폰 인증번호", EN: "code sent to the phone"},
	how:           fault.Text{KO: "{flag}-file 파일이나 {flag}-fd 번호로 알려 주세요.", EN: "Give it with {flag}-file FILE or {flag}-fd N."},
	bothGiven:     fault.Text{KO: "{flag}-file과 {flag}-fd 중 하나만 쓸 수 있어요", EN: "give only one of {flag}-file and {flag}-fd"},
	prompt:        fault.Text{KO: "{what}: ", EN: "{what}: "},
	tryAgain:      fault.Text{KO: "암호가 맞지 않아요. {left}번 더 입력할 수 있어요.", EN: "That is not the password. {left} tries left."},
	choose:        fault.Text{KO: "번호를 골라 주세요: ", EN: "Choose a number: "},
	chooseHow:     fault.Text{KO: "--cert 번호로 골라 주세요. ingam list로 번호를 볼 수 있어요.", EN: "Choose with --cert NUMBER; ingam list shows the numbers."},
	certificate:   fault.Text{KO: "인증서", EN: "certificate"},
}

// secretFlags is where one secret comes from: a file, a file descriptor, or
// else a prompt. There is no flag that takes the secret itself.
type secretFlags struct {
	name string
	what fault.Text
	file string
	fd   int
	cmd  *cobra.Command
}

func (s *secretFlags) register(p *program, cmd *cobra.Command, name string, what fault.Text) {
	s.name, s.what, s.cmd = name, what, cmd
	cmd.Flags().StringVar(&s.file, name+"-file", "", p.say(secretText.file, "what", p.say(what)))
	cmd.Flags().IntVar(&s.fd, name+"-fd", -1, p.say(secretText.fd, "what", p.say(what)))
}

// given says whether the secret comes from a file or a descriptor.
func (s *secretFlags) given() bool {
	return s.cmd.Flags().Changed(s.name+"-file") || s.cmd.Flags().Changed(s.name+"-fd")
}

// read reads a secret that is given by file or descriptor.
func (s *secretFlags) read(p *program) ([]byte, error) {
	flag := "--" + s.name
	if s.cmd.Flags().Changed(s.name+"-file") && s.cmd.Flags().Changed(s.name+"-fd") {
		return nil, errCommandLine.With(nil, "reason", p.say(secretText.bothGiven, "flag", flag), "help", helpLine(s.cmd))
	}
	source, f, err := s.open()
	if err != nil {
		return nil, errSecretSource.With(err, "source", source, "what", p.say(s.what))
	}
	secret, err := terminal.ReadSecret(f)
	if err != nil {
		return nil, errSecretSource.With(err, "source", source, "what", p.say(s.what))
	}
	return secret, f.Close()
}

func (s *secretFlags) open() (source string, f *os.File, err error) {
	if s.cmd.Flags().Changed(s.name + "-file") {
		f, err = os.Open(s.file)
		return s.file, f, err
	}
	source = "fd " + strconv.Itoa(s.fd)
	if s.fd < 0 {
		return source, nil, os.ErrInvalid
	}
	if f = os.NewFile(uintptr(s.fd), source); f == nil {
		return source, nil, os.ErrInvalid
	}
	return source, f, nil
}

// prompter opens the terminal to ask on, or refuses saying what was to be
// asked and how to give it otherwise.
func (p *program) prompter(what, how string) (*terminal.Prompter, error) {
	tty, err := p.openTTY()
	if err != nil {
		return nil, errNobodyToAsk.With(err, "what", what, "how", how)
	}
	var out io.Writer = tty // where the question is seen even if standard error goes to a file
	if p.errTTY {
		out = p.stderr
	}
	ask, err := terminal.NewPrompter(tty, out)
	if err != nil {
		return nil, errNobodyToAsk.With(err, "what", what, "how", how)
	}
	return ask, nil
}

// nobody turns the end of a prompt's input into a refusal.
func nobody(err error, what, how string) error {
	if errors.Is(err, terminal.ErrNoTerminal) {
		return errNobodyToAsk.With(err, "what", what, "how", how)
	}
	return err
}

// secret reads a secret from where its flags say, or asks for it.
func (p *program) secret(ctx context.Context, s secretFlags) ([]byte, error) {
	if s.given() {
		return s.read(p)
	}
	what, how := p.say(s.what), p.say(secretText.how, "flag", "--"+s.name)
	ask, err := p.prompter(what, how)
	if err != nil {
		return nil, err
	}
	secret, err := ask.Secret(ctx, p.say(secretText.prompt, "what", what))
	return secret, nobody(err, what, how)
}

// passwordTries is how often a person may type the password of a key.
const passwordTries = 5

// openKey opens a certificate's key, asking for the password until it is right
// or the tries are used up. From a file it is tried once.
func (p *program) openKey(ctx context.Context, cert wallet.Certificate, s secretFlags) (*npki.PrivateKey, error) {
	if len(cert.KeyDER) == 0 {
		_, err := cert.OpenKey(nil) // says that there is none
		return nil, err
	}
	for left := passwordTries - 1; ; left-- {
		password, err := p.secret(ctx, s)
		if err != nil {
			return nil, err
		}
		key, err := cert.OpenKey(password)
		clear(password)
		if !wallet.IsWrongPassword(err) || s.given() || left == 0 {
			return key, err
		}
		p.note(p.say(secretText.tryAgain, "left", strconv.Itoa(left)))
	}
}

// newPassword asks for the password of a new key, twice when a person types
// it, until it satisfies the rules.
func (p *program) newPassword(ctx context.Context, s secretFlags) ([]byte, error) {
	if s.given() {
		password, err := s.read(p)
		if err != nil {
			return nil, err
		}
		return password, wallet.CheckNewPassword(password, p.lang)
	}
	for {
		first, err := p.secret(ctx, s)
		if err != nil {
			return nil, err
		}
		if err := wallet.CheckNewPassword(first, p.lang); err != nil {
			what, todo := fault.Of(err).Public(p.lang)
			p.note(what + "\n" + todo)
			continue
		}
		again := s
		again.what = secretText.again
		second, err := p.secret(ctx, again)
		if err != nil {
			return nil, err
		}
		same := subtle.ConstantTimeCompare(first, second) == 1
		clear(second)
		if same {
			return first, nil
		}
		clear(first)
		p.note(p.say(secretText.differ))
	}
}

// choose finds the certificate that --cert means; without it the only usable
// one, or the one that a person picks from the list.
func (p *program) choose(ctx context.Context, selection string) (wallet.Certificate, error) {
	return p.chooseOf(ctx, selection, wallet.Choose)
}

// chooseOf is choose by another rule for what is meant when nothing is named.
func (p *program) chooseOf(ctx context.Context, selection string,
	rule func(string, []wallet.Certificate, time.Time) (wallet.Certificate, error)) (wallet.Certificate, error) {
	var certs []wallet.Certificate
	if _, isNumber := wallet.ParseNumber(selection); isNumber || selection == "" {
		certs, _ = wallet.List(p.npkiRoots()...)
	}
	cert, err := rule(selection, certs, p.now())
	if selection != "" || !wallet.IsAmbiguous(err) || p.json {
		return cert, err
	}
	ask, unable := p.prompter(p.say(secretText.certificate), p.say(secretText.chooseHow))
	if unable != nil {
		return cert, err
	}
	if err := p.writeChoices(certs); err != nil {
		return cert, err
	}
	number, err := ask.Line(ctx, p.say(secretText.choose))
	if err != nil {
		return cert, nobody(err, p.say(secretText.certificate), p.say(secretText.chooseHow))
	}
	if _, isNumber := wallet.ParseNumber(number); !isNumber {
		return cert, wallet.NoSuchNumber(number, len(certs))
	}
	return wallet.Choose(number, certs, p.now())
}
