package story

import (
	"context"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"path/filepath"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki"
)

// open takes the authority's certificates from where its certificates say
// they are.
func (t *teller) open(ctx context.Context) error {
	for _, name := range []string{"root", "issuing"} {
		der, err := t.fetch(ctx, t.stage.Bank+"/ca/"+name+".cer", "", nil)
		if err != nil {
			return err
		}
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
		if err := t.write(name+".pem", block); err != nil {
			return err
		}
	}
	t.done("open", "the demo bank is open: root and issuing CA are made, its certificates are handed out", "root.pem", "issuing.pem")
	return nil
}

func (t *teller) logIn(ctx context.Context) error {
	if err := t.cast(ctx); err != nil {
		return err
	}
	if err := t.enter(ctx); err != nil {
		return err
	}
	t.done("login", t.hero.Name+" logs in to the demo bank")
	return nil
}

// enter logs in; a session that there was is long over.
func (t *teller) enter(ctx context.Context) error {
	bank, err := client.New(t.stage.Bank, t.http, "en")
	if err != nil {
		return err
	}
	who, err := bank.LogIn(ctx, t.hero.LoginID, t.hero.Password)
	if err != nil {
		return fmt.Errorf("logging in: %w", err)
	}
	if who.Name != t.hero.Name {
		return fmt.Errorf("logging in: the bank takes %s for somebody else", t.hero.LoginID)
	}
	t.bank = bank
	return nil
}

// enrol runs the wallet's issue; its watcher closes the steps.
func (t *teller) enrol(ctx context.Context) error {
	w := &watcher{t: t}
	issue := wallet.Issue{
		Bank: t.bank, Server: t.stage.Bank, Kind: npki.PersonalBank, Root: t.path("NPKI"),
		Ask: &t.hero, Watch: w, Now: t.stage.Now, Random: rand.Reader, Reached: w.reached,
	}
	issued, err := issue.Run(ctx)
	if err != nil {
		return fmt.Errorf("getting the certificate: %w", err)
	}
	held, err := t.holding(issued)
	if err != nil {
		return err
	}
	t.book.Serial, t.book.Subject, t.book.Folder = held.Serial, held.Subject, held.Folder
	if t.first, err = wallet.Choose(issued.Dir, nil, t.stage.Now()); err != nil {
		return err
	}
	t.done("issue", "the authority issues certificate "+t.book.Serial+"; it stands in the NPKI folder with its SEED-encrypted key",
		t.book.Folder+"/signCert.der", t.book.Folder+"/signPri.key")
	return nil
}

// holding names what an issue has left.
func (t *teller) holding(issued wallet.Issued) (Holding, error) {
	folder, err := filepath.Rel(t.stage.Out, issued.Dir)
	if err != nil {
		return Holding{}, fmt.Errorf("naming the folder: %w", err)
	}
	return Holding{Serial: wallet.SerialOf(issued.Certificate), Subject: wallet.SubjectOf(issued.Certificate), Folder: filepath.ToSlash(folder)}, nil
}

// watcher closes a step of the story when the wallet begins the next one.
type watcher struct {
	t    *teller
	open client.Need
}

// saying is what each need of an application means to the reader.
var saying = map[client.Need]string{
	client.NeedConsent: "agrees to the terms; version and hash of the text are kept",
	client.NeedIDCard:  "shows the ID card; its issuer confirms it",
	client.NeedAccount: "proves an account by its password",
	client.NeedOTP:     "proves the token by a one-time password",
	client.NeedPhone:   "proves the phone by the code that was sent to it",
	client.NeedKey:     "makes a key pair and R on this side, and proves possession",
}

// Step begins one need, so the one before is done.
func (w *watcher) Step(need client.Need, _, _ int) {
	w.close()
	w.open = need
}

func (w *watcher) close() {
	if w.open != "" {
		w.t.done(string(w.open), w.t.hero.Name+" "+saying[w.open])
		w.open = ""
	}
}

// Refused is never forgiven: the hero tells the truth.
func (w *watcher) Refused(client.Need, error) bool { return false }

// Making is told by the step.
func (w *watcher) Making(int) func() { return func() {} }

func (w *watcher) reached(point string) {
	switch point {
	case "application":
		w.t.done("apply", w.t.hero.Name+" applies for a personal certificate for bank, card and insurance")
	case "key-kept":
		w.close()
	}
}
