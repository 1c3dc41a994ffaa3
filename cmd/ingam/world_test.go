package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"flag"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// world is the authority of all scripts.
var world = sync.OnceValue(func() *wallettest.World {
	w, err := wallettest.New()
	if err != nil {
		panic(err)
	}
	return w
})

// scene is what one script has made.
type scene struct {
	mu      sync.Mutex
	serials map[string]*big.Int    // name → serial of the certificate held last
	status  map[string]ocsp.Single // serial → what the responder says
	address string
	bank    *server.Demo // its own, with a clock that the script moves; nil: the one of all
}

type sceneKey struct{}

func sceneOf(ts *testscript.TestScript) *scene { return ts.Value(sceneKey{}).(*scene) }

// fixtures is the folder of the field's test identity; it may be absent.
func fixtures() string {
	dir, err := filepath.Abs("../../../shared/fixtures/npki")
	if err != nil {
		return ""
	}
	return dir
}

// setUp gives each script the authority's certificates, a responder and a
// bank's address.
func setUp(env *testscript.Env) error {
	s := &scene{serials: map[string]*big.Int{}, status: map[string]ocsp.Single{}}
	responder := httptest.NewServer(world().Responder(scriptNow, func(serial *big.Int) ocsp.Single {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.status[serial.String()]
	}))
	env.Defer(responder.Close)
	s.address = responder.URL
	env.Values[sceneKey{}] = s
	env.Setenv("LANG", "ko_KR.UTF-8")
	env.Setenv("LC_ALL", "")
	env.Setenv("LC_MESSAGES", "")
	env.Setenv("NPKI_HOME", filepath.Join(env.WorkDir, "NPKI"))
	env.Setenv("OCSP", responder.URL)
	env.Setenv("FIXTURES", fixtures())
	env.Setenv("PASSWORD", wallettest.Password)
	files := map[string][]byte{
		"root.pem":    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: world().Root.Raw}),
		"issuing.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: world().Issuing.Raw}),
		"pass.txt":    []byte(wallettest.Password + "\n"),
		"wrong.txt":   []byte("not-the-pass-1!\n"),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// cmdHold puts a certificate into an NPKI folder:
// hold [-kind K] [-from DAY] [-until DAY] [-ca NAME] ROOT OWNER.
// By default it runs from 20 days before the scripts' time for a year.
func cmdHold(ts *testscript.TestScript, _ bool, args []string) {
	flags := flag.NewFlagSet("hold", flag.ContinueOnError)
	kind := flags.String("kind", string(npki.PersonalBank), "")
	from := flags.String("from", "2026-10-31", "")
	until := flags.String("until", "", "")
	authority := flags.String("ca", "ingam", "")
	count := flags.Int("n", 1, "")
	ts.Check(flags.Parse(args))
	s := sceneOf(ts)
	c := wallettest.Customer{Name: flags.Arg(1), Kind: npki.Kind(*kind), NotBefore: day(ts, *from), OCSPURL: s.address}
	if *until != "" {
		c.NotAfter = day(ts, *until).Add(24*time.Hour - time.Second)
	}
	for i := range *count {
		one := c
		if *count > 1 {
			one.Name += strconv.Itoa(i + 1)
		}
		cert, err := world().Certify(one)
		ts.Check(err)
		_, err = world().Store(ts.MkAbs(flags.Arg(0)), *authority, cert)
		ts.Check(err)
		s.mu.Lock()
		s.serials[one.Name] = cert.SerialNumber
		s.mu.Unlock()
	}
}

// day is the beginning of a day in Seoul.
func day(ts *testscript.TestScript, s string) time.Time {
	t, err := parseTime(s)
	ts.Check(err)
	return t.Add(time.Second - 24*time.Hour)
}

// cmdCRL writes a revocation list: crl [-at TIME] [-pem] FILE [OWNER…].
func cmdCRL(ts *testscript.TestScript, _ bool, args []string) {
	flags := flag.NewFlagSet("crl", flag.ContinueOnError)
	at := flags.String("at", scriptNow.Add(-time.Hour).Format(time.RFC3339), "")
	asPEM := flags.Bool("pem", false, "")
	ts.Check(flags.Parse(args))
	made, err := time.Parse(time.RFC3339, *at)
	ts.Check(err)
	var revoked []crl.Entry
	for _, owner := range flags.Args()[1:] {
		revoked = append(revoked, crl.Entry{Serial: sceneOf(ts).serials[owner].Bytes(), RevokedAt: made.Add(-time.Hour), Reason: crl.KeyCompromise})
	}
	der, err := world().CRL(made, revoked...)
	ts.Check(err)
	if *asPEM {
		der = pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})
	}
	ts.Check(os.WriteFile(ts.MkAbs(flags.Arg(0)), der, 0o600))
}

// cmdStatus sets what the responder says: status OWNER revoked|suspended|unknown.
func cmdStatus(ts *testscript.TestScript, _ bool, args []string) {
	s := sceneOf(ts)
	single := map[string]ocsp.Single{
		"revoked":   {Status: ocsp.Revoked, RevokedAt: scriptNow.Add(-48 * time.Hour), Reason: int(crl.KeyCompromise)},
		"suspended": {Status: ocsp.Revoked, RevokedAt: scriptNow.Add(-48 * time.Hour), Reason: int(crl.CertificateHold)},
		"unknown":   {Status: ocsp.Unknown},
	}[args[1]]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status[s.serials[args[0]].String()] = single
}

// bank is a demo bank that all scripts share; each uses a customer of its own.
var bank = sync.OnceValue(func() *server.Demo {
	d, err := openBank()
	if err != nil {
		panic(err)
	}
	go func() { _ = d.Run(context.Background()) }() // until the test binary ends
	return d
})

func openBank() (*server.Demo, error) {
	free := server.Rate{PerMinute: 100_000, Burst: 10_000}
	return server.OpenDemo(context.Background(), server.Config{
		Listen:    "127.0.0.1:0",
		Services:  server.Services{SimulatorListen: "127.0.0.1:0"},
		Authority: server.Authority{Bits: server.Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}}, // sooner made
		Limits:    server.Limits{Requests: free, Status: free, Logins: free},
	}, server.Options{Sealing: []keys.Option{keys.Iterations(1000), keys.Memory(64)}})
}

// cmdBank gives a script a bank of its own, whose clock it can move.
func cmdBank(ts *testscript.TestScript, _ bool, _ []string) {
	d, err := openBank()
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	ts.Defer(func() {
		cancel()
		ts.Check(<-done)
		ts.Check(d.Close())
	})
	sceneOf(ts).bank = d
}

// cmdDueIn moves the clock of the script's bank, and the wallet's with it, to
// so many days before the last day of a certificate: due-in DAYS FOLDER. Days
// below zero are after it.
func cmdDueIn(ts *testscript.TestScript, _ bool, args []string) {
	days, err := strconv.Atoi(args[0])
	ts.Check(err)
	found, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s names %d folders", args[1], len(found))
	}
	cert, err := wallet.Choose(found[0], nil, scriptNow)
	ts.Check(err)
	moveTo(ts, cert.NotAfter().Add(-time.Duration(days)*24*time.Hour).Truncate(time.Hour))
}

// cmdPass lets time pass at the script's bank, after which a token shows
// another code: pass DURATION.
func cmdPass(ts *testscript.TestScript, _ bool, args []string) {
	by, err := time.ParseDuration(args[0])
	ts.Check(err)
	moveTo(ts, sceneOf(ts).bank.Clock().Now().Add(by))
}

func moveTo(ts *testscript.TestScript, at time.Time) {
	d := sceneOf(ts).bank
	ts.Check(d.Clock().Forward(at))
	ts.Check(d.CatchUp(context.Background()))
	ts.Setenv("INGAM_TEST_NOW", d.Clock().Ahead().String())
}

// bankOf is the script's own bank, or the one of all.
func bankOf(ts *testscript.TestScript) *server.Demo {
	if own := sceneOf(ts).bank; own != nil {
		return own
	}
	return bank()
}

// cmdCustomer makes a script a sample customer of the bank: customer LOGIN
// writes answers.json, card.png and bank-root.pem and sets SERVER and LOGIN.
func cmdCustomer(ts *testscript.TestScript, _ bool, args []string) {
	var who simulator.Sample
	for _, s := range bankOf(ts).Samples() {
		if s.LoginID == args[0] {
			who = s
		}
	}
	if who.LoginID == "" {
		ts.Fatalf("there is no sample %q", args[0])
	}
	card := who.Cards[0]
	answers := wallet.Answers{
		LoginPassword: who.Password, KeyPassword: wallettest.Password, AgreeRequired: true,
		Card: &wallet.CardAnswers{Document: string(card.Document), Number: card.Number, Name: card.Name,
			IssueDate: card.IssueDate, Licence: card.Licence, Image: ts.MkAbs("card.png")},
		Account:      &wallet.AccountAnswers{Account: who.Account, Password: who.AccountPassword},
		OTPURL:       bankOf(ts).SimulatorURL() + "/simulator/v1/otp?customer=" + who.Number,
		PhoneCodeURL: bankOf(ts).SimulatorURL() + "/simulator/v1/inbox?to=" + who.Phone,
	}
	text, err := json.Marshal(answers)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("answers.json"), text, 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("card.png"), simulator.Picture(who.Number), 0o600))
	ts.Setenv("SERVER", bankOf(ts).URL())
	ts.Setenv("SIMULATOR", bankOf(ts).SimulatorURL())
	ts.Setenv("LOGIN", who.LoginID)
	ts.Setenv("INGAM_TEST_NOW", "clock")
}

// cmdTyped writes what a customer would type into typed.txt, wrong at first
// where there is a second try, and codes.json for what a person reads off a
// phone and a token: typed LOGIN.
func cmdTyped(ts *testscript.TestScript, _ bool, args []string) {
	var answers wallet.Answers
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("answers.json")), &answers))
	lines := []string{
		bank().URL(), args[0], "wrong-at-first", answers.LoginPassword,
	}
	terms, err := client.New(bank().URL(), nil, "ko")
	ts.Check(err)
	_, err = terms.LogIn(context.Background(), args[0], answers.LoginPassword)
	ts.Check(err)
	all, err := terms.Terms(context.Background(), client.KindPersonalBank)
	ts.Check(err)
	for range all {
		lines = append(lines, "maybe", "y") // asked again until it is yes or no
	}
	card := answers.Card
	lines = append(lines,
		"9", "1", // there is no ninth document; the first is the resident card
		card.Name, card.IssueDate, card.Image, card.Number,
		answers.Account.Account, "0000", answers.Account.Account, answers.Account.Password,
		"Nodigits!!", wallettest.Password, "something-else-1!", wallettest.Password, wallettest.Password)
	ts.Check(os.WriteFile(ts.MkAbs("typed.txt"), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	codes, err := json.Marshal(wallet.Answers{OTPURL: answers.OTPURL, PhoneCodeURL: answers.PhoneCodeURL})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("codes.json"), codes, 0o600))
}

// TestBankIsThere keeps a bank that can't start from hiding in a script.
func TestBankIsThere(t *testing.T) {
	t.Parallel()
	if bank().URL() == "" || len(bank().Samples()) < 20 {
		t.Error("the demo bank has no address or no customers")
	}
}
