package wallet

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Questions asks the customer for what the bank still needs. An answer is
// asked for again when the bank refused it and Refused said so.
type Questions interface {
	// Consent shows the terms and gives those that the customer agrees to.
	Consent(ctx context.Context, terms []client.Terms) ([]client.Terms, error)
	IDCard(ctx context.Context) (client.IDCardProof, error)
	Account(ctx context.Context) (client.AccountProof, error)
	// Code asks for a one-time password, or for the code that was sent to the
	// phone sentTo (masked); then an empty answer has another one sent.
	Code(ctx context.Context, factor client.Factor, sentTo string) (string, error)
	// NewPassword asks for the new key's password; it has passed
	// npki.CheckPassword.
	NewPassword(ctx context.Context) ([]byte, error)
}

// Watcher is told how an issue goes on.
type Watcher interface {
	// Step begins step n of m.
	Step(need client.Need, n, m int)
	// Refused tells that the bank did not take an answer; true asks again.
	Refused(need client.Need, refusal error) bool
	// Making tells that the key is being made on this device, until the
	// function that it gives is called.
	Making(bits int) (done func())
}

// Issue is one way from an application to the stored certificate.
type Issue struct {
	Bank   *client.Client // logged in
	Server string         // its address, as CheckServer gave it
	Kind   npki.Kind      // of a first certificate

	// Way is renew, reissue or resume for what is about the certificate of the
	// serial number Replaces; empty for a first certificate. A renewal is signed
	// by the certificate that Old opens. It is opened when nothing of an earlier
	// run was left to finish, before anything is asked.
	Way      client.ChangeWay
	Replaces string
	Old      func(ctx context.Context) (Certificate, *npki.PrivateKey, error)

	Root   string // the NPKI root to store in
	Ask    Questions
	Watch  Watcher
	Now    func() time.Time
	Random io.Reader

	// Encryption of the key file; the zero value is npki.DefaultEncryption.
	Encryption npki.Encryption
	// Reached, if set, is told each point that a crash may come after:
	// "application", "key-kept", "certified", "stored", "done".
	Reached func(point string)

	sent   client.PhoneCode // the code to the phone that waits for its answer
	old    Certificate
	oldKey *npki.PrivateKey
}

// Issued is what an issue ended with.
type Issued struct {
	Dir         string // folder of certificate and key
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // issuing authority, root
	Application string
	Kind        npki.Kind
	Resumed     bool // a key from an earlier run got this certificate
}

// CheckServer gives a bank's address in one form. Only https is good enough
// for passwords, but for a bank on this machine.
func CheckServer(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errServerAnswer.With(err)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return "", errServerInsecure.With(nil, "server", u.Scheme+"://"+u.Host)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + strings.TrimRight(u.Path, "/"), nil
}

// Run leads the application to its end. It can be broken off at any point and
// run again: what the bank has taken stays taken, a key that was made is used
// on.
func (i *Issue) Run(ctx context.Context) (Issued, error) {
	kept, err := pendingKeys(i.Root, i.Server)
	if err != nil {
		return Issued{}, err
	}
	if done, err := i.finishEarlier(ctx, kept); done != nil || err != nil {
		return deref(done), err
	}
	if i.Way == client.ChangeWayRenew {
		if i.old, i.oldKey, err = i.Old(ctx); err != nil {
			return Issued{}, err
		}
	}
	app, err := i.lead(ctx)
	if err != nil {
		return Issued{}, err
	}
	return i.certify(ctx, app, kept)
}

// lead answers everything that comes before the key.
func (i *Issue) lead(ctx context.Context) (client.Application, error) {
	app, err := i.start(ctx)
	if err != nil {
		return app, err
	}
	i.reached("application")
	steps := len(app.Needs)
	for n := 1; len(app.Needs) > 0 && !last(app.Needs[0]); n++ {
		if n > maxSteps {
			return app, errServerAnswer.With(errors.New("application goes on forever"))
		}
		i.Watch.Step(app.Needs[0], min(n, steps), steps)
		if app, err = i.prove(ctx, app); err != nil {
			return app, err
		}
	}
	if len(app.Needs) > 0 {
		i.Watch.Step(app.Needs[0], steps, steps)
	}
	return app, nil
}

// last says whether a need is the end of an application and no answer.
func last(need client.Need) bool { return need == client.NeedKey || need == client.NeedResume }

// Resume leads an application to resume a suspended certificate to its end. It
// makes no key; like Run it can be broken off and run again.
func (i *Issue) Resume(ctx context.Context) error {
	app, err := i.lead(ctx)
	if err != nil {
		return err
	}
	if _, err := i.Bank.Resume(ctx, app.ID); err != nil {
		return i.outside(err)
	}
	return nil
}

// maxSteps bounds how many answers one run gives.
const maxSteps = 32

func deref(done *Issued) Issued {
	if done == nil {
		return Issued{}
	}
	return *done
}

// finishEarlier looks whether a key that an earlier run left has got its
// certificate, and stores it.
func (i *Issue) finishEarlier(ctx context.Context, kept []*pending) (*Issued, error) {
	for _, p := range kept {
		app, err := i.Bank.Application(ctx, p.note.Application)
		if isRefusal(err) {
			continue // another customer's, or of a bank that was set up anew
		}
		if err != nil {
			return nil, i.outside(err)
		}
		switch {
		case app.State == client.ApplicationStateIssued && i.isFor(app):
			issued, err := i.fetch(ctx, app, kept, true)
			return &issued, err
		case over(app.State):
			if err := p.drop(); err != nil {
				return nil, errStoring.With(err, "path", p.dir)
			}
		}
	}
	return nil, nil
}

// isFor says whether an application is for what is wanted now.
func (i *Issue) isFor(app client.Application) bool {
	if i.Way == "" {
		return npki.Kind(app.Kind) == i.Kind && app.Replaces == ""
	}
	return string(app.Way) == string(i.Way) && app.Replaces == i.Replaces
}

// over says whether no certificate can come of an application any more.
func over(s client.ApplicationState) bool {
	return s == client.ApplicationStateRejected || s == client.ApplicationStateAbandoned || s == client.ApplicationStateLapsed
}

// start begins an application for what is wanted, or finds the open one.
func (i *Issue) start(ctx context.Context) (client.Application, error) {
	app, err := i.apply(ctx)
	if err == nil && over(app.State) {
		err = errApplicationOver.With(nil, "state", string(app.State))
	}
	return app, err
}

func (i *Issue) apply(ctx context.Context) (client.Application, error) {
	if i.Way != "" {
		app, _, err := i.Bank.StartFor(ctx, i.Way, i.Replaces)
		return app, i.outside(err)
	}
	kinds, err := i.Bank.Kinds(ctx)
	if err != nil {
		return client.Application{}, i.outside(err)
	}
	var online []string
	for _, k := range kinds {
		if k.Online {
			online = append(online, string(k.Kind))
		}
	}
	if !slices.Contains(online, string(i.Kind)) {
		return client.Application{}, errNoKind.With(nil, "kind", string(i.Kind), "kinds", strings.Join(online, ", "))
	}
	app, _, err := i.Bank.Start(ctx, client.Kind(i.Kind))
	return app, i.outside(err)
}

// prove answers the first need of the application and gives the application
// as it stands then.
func (i *Issue) prove(ctx context.Context, app client.Application) (client.Application, error) {
	need := app.Needs[0]
	for {
		next, err := i.answer(ctx, app, need)
		switch {
		case err == nil && over(next.State):
			return next, errApplicationOver.With(nil, "state", string(next.State))
		case err == nil:
			return next, nil
		case !isRefusal(err) || !i.Watch.Refused(need, err):
			return app, i.outside(err)
		}
	}
}

func (i *Issue) answer(ctx context.Context, app client.Application, need client.Need) (client.Application, error) {
	switch need {
	case client.NeedConsent:
		return i.consent(ctx, app)
	case client.NeedIDCard:
		card, err := i.Ask.IDCard(ctx)
		if err != nil {
			return app, err
		}
		return i.Bank.ProveIDCard(ctx, app.ID, card)
	case client.NeedAccount:
		account, err := i.Ask.Account(ctx)
		if err != nil {
			return app, err
		}
		return i.Bank.ProveAccount(ctx, app.ID, account.Account, account.Password)
	case client.NeedOTP:
		code, err := i.Ask.Code(ctx, client.FactorOTP, "")
		if err != nil {
			return app, err
		}
		return i.Bank.ProveOTP(ctx, app.ID, code)
	case client.NeedPhone:
		return i.phone(ctx, app)
	default:
		return app, errUnknownStep.With(nil, "step", string(need))
	}
}

func (i *Issue) consent(ctx context.Context, app client.Application) (client.Application, error) {
	terms, err := i.Bank.Terms(ctx, app.Kind)
	if err != nil {
		return app, err
	}
	for _, t := range terms { // what is agreed to by its hash is what was shown
		if sum := sha256.Sum256([]byte(t.Text)); hex.EncodeToString(sum[:]) != t.SHA256 {
			return app, errServerAnswer.With(errors.New("hash of terms " + t.Name + " is not that of their text"))
		}
	}
	agreed, err := i.Ask.Consent(ctx, terms)
	if err != nil {
		return app, err
	}
	given := make([]client.ConsentGiven, 0, len(agreed))
	for _, t := range agreed {
		given = append(given, client.ConsentGiven{Name: t.Name, Version: t.Version, SHA256: t.SHA256})
	}
	return i.Bank.Consent(ctx, app.ID, given)
}

// phone has a code sent and asks for it. A wrong code is asked for again, not
// sent again; an empty answer has another one sent.
func (i *Issue) phone(ctx context.Context, app client.Application) (client.Application, error) {
	for n := 0; n < maxSteps; n++ {
		if !i.sent.ExpiresAt.After(i.Now()) {
			sent, err := i.Bank.SendPhoneCode(ctx, app.ID)
			if err != nil {
				return app, err
			}
			i.sent = sent
		}
		code, err := i.Ask.Code(ctx, client.FactorPhone, i.sent.Phone)
		if err != nil {
			return app, err
		}
		if code != "" {
			return i.Bank.ProvePhone(ctx, app.ID, code)
		}
		i.sent = client.PhoneCode{}
	}
	return app, errServerAnswer.With(errors.New("code was sent too often"))
}

func (i *Issue) reached(point string) {
	if i.Reached != nil {
		i.Reached(point)
	}
}

// isRefusal says whether the bank answered with a no, other than that it is
// out of order.
func isRefusal(err error) bool {
	var p *client.Problem
	return errors.As(err, &p) && p.Status >= 400 && p.Status < 500
}

func (i *Issue) outside(err error) error { return FromBank(err, i.Server) }

// FromBank gives an error of asking a bank a public face. What the bank says
// itself, and what was refused on this side, stay as they are.
func FromBank(err error, server string) error {
	var own *fault.Error
	var said *client.Problem
	var connection *url.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.As(err, &own), errors.As(err, &said):
		return err
	case errors.As(err, &connection):
		return errServerUnreachable.With(err, "server", server)
	}
	return errServerAnswer.With(err)
}

// folderName says whether the authority's name can be a folder's.
func folderName(ca string) bool {
	if ca == "" || len(ca) > 64 || strings.HasPrefix(ca, ".") || filepath.Base(ca) != ca {
		return false
	}
	for _, c := range ca {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
