package story

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/ocsp"
	"github.com/ingam-pki/ingam/pki/validation"
)

// pass puts the bank's clock forward, as a tester does at the simulator's desk.
// It comes back when the bank has done all that the clock brings about.
func (t *teller) pass(ctx context.Context, d time.Duration) error {
	body, err := json.Marshal(map[string]string{"at": t.stage.Now().Add(d).UTC().Format(time.RFC3339Nano)})
	if err != nil {
		return err
	}
	before := t.stage.Now()
	if _, err := t.fetch(ctx, t.stage.World+"/simulator/v1/clock", "application/json", bytes.NewReader(body)); err != nil {
		return fmt.Errorf("putting the clock forward: %w", err)
	}
	if now := t.stage.Now(); now.Sub(before) < d {
		return errors.New("the bank's clock has not moved")
	}
	t.since = t.since.Add(d) // time that passed for the bank and not for us
	return nil
}

// slack is what the story keeps for the minutes after its long wait.
const slack = 10 * time.Minute

// elevenMonths lets time pass until the certificate can be renewed.
func (t *teller) elevenMonths(ctx context.Context) error {
	if err := t.pass(ctx, Span-slack); err != nil {
		return err
	}
	if state := t.first.State(t.stage.Now()); state != wallet.Soon {
		return fmt.Errorf("eleven months on the certificate is %s", state)
	}
	if err := t.enter(ctx); err != nil {
		return err
	}
	advice, err := t.bank.Advice(ctx, t.book.Serial, true)
	if err != nil {
		return fmt.Errorf("asking for advice: %w", err)
	}
	if advice.Do != client.AdvisedStepRenew {
		return fmt.Errorf("eleven months on the bank advises to %s", advice.Do)
	}
	t.done("wait", "eleven months pass; the bank advises: "+advice.Why)
	return nil
}

// renew runs the wallet's renewal: proofs, a new key and R, a request that the
// old key signs.
func (t *teller) renew(ctx context.Context) error {
	issue := wallet.Issue{
		Bank: t.bank, Server: t.stage.Bank, Root: t.path("NPKI"), Way: client.ChangeWayRenew, Replaces: t.book.Serial,
		Old: func(context.Context) (wallet.Certificate, *npki.PrivateKey, error) {
			key, err := t.first.OpenKey([]byte(keyPassword))
			return t.first, key, err
		},
		Ask: &t.hero, Watch: silent{}, Now: t.stage.Now, Random: rand.Reader,
	}
	issued, err := issue.Run(ctx)
	if err != nil {
		return fmt.Errorf("renewing the certificate: %w", err)
	}
	if t.book.Renewed, err = t.holding(issued); err != nil {
		return err
	}
	if err := t.judgeRenewed(issued.Dir); err != nil {
		return err
	}
	err = errors.Join(
		t.ocspSays(ctx, issued.Certificate, ocsp.Good, "ocsp-good.der"),
		t.ocspSays(ctx, t.first.Certificate, ocsp.Revoked, "ocsp-replaced.der"))
	if err != nil {
		return err
	}
	folder := t.book.Renewed.Folder
	t.done("renew", "the old key signs for a new one: certificate "+t.book.Renewed.Serial+" is good for another year and stands beside the old one, which is revoked",
		folder+"/signCert.der", folder+"/signPri.key", "ocsp-good.der", "ocsp-replaced.der")
	return nil
}

// judgeRenewed sees that the renewed certificate is the same person's, with a
// key and an R of its own, and lasts another year.
func (t *teller) judgeRenewed(dir string) error {
	root, issuing, err := t.authority()
	if err != nil {
		return err
	}
	renewed, err := wallet.Choose(dir, nil, t.stage.Now())
	if err != nil {
		return err
	}
	var keys [2]*npki.PrivateKey
	for i, c := range []wallet.Certificate{t.first, renewed} {
		if keys[i], err = c.OpenKey([]byte(keyPassword)); err != nil {
			return fmt.Errorf("opening a key: %w", err)
		}
	}
	if bytes.Equal(keys[0].R, keys[1].R) || keys[0].Signer.Equal(keys[1].Signer) {
		return errors.New("the renewed certificate has the key or the R of the old one")
	}
	if want := t.first.NotAfter().AddDate(0, 11, 0); renewed.NotAfter().Before(want) {
		return fmt.Errorf("the renewed certificate ends before %s", want)
	}
	report := validation.Validate(validation.Input{
		Leaf: renewed.Certificate.Raw, Intermediates: []*x509.Certificate{issuing}, Roots: []*x509.Certificate{root},
		At: t.stage.Now(), RequirePolicy: true, Policies: []asn1.ObjectIdentifier{policyOf(renewed.Certificate)},
		Person: &validation.Person{IDN: t.hero.IdentityNumber, R: keys[1].R},
	})
	if report.Verdict != validation.Valid || !report.PersonConfirmed {
		return fmt.Errorf("judging the renewed certificate: %s: %s", report.Reason, report.Detail)
	}
	return nil
}

// silent watches a renewal whose steps are those of the issue.
type silent struct{}

func (silent) Step(client.Need, int, int)      {}
func (silent) Refused(client.Need, error) bool { return false }
func (silent) Making(int) func()               { return func() {} }

// revoke ends the renewed certificate. OCSP tells it at once, the list within a
// minute.
func (t *teller) revoke(ctx context.Context) error {
	if err := t.pass(ctx, time.Minute); err != nil { // the token shows each code once
		return err
	}
	code, err := t.hero.otp(ctx)
	if err != nil {
		return err
	}
	made, err := t.bank.Revoke(ctx, t.book.Renewed.Serial, client.RevocationRequest{Reason: client.CustomerReasonKeyCompromise, OTP: code})
	if err != nil {
		return fmt.Errorf("revoking: %w", err)
	}
	leaf, err := x509.ParseCertificate(made.Certificate)
	if err != nil {
		return err
	}
	if err := t.ocspSays(ctx, leaf, ocsp.Revoked, "ocsp-revoked.der"); err != nil {
		return err
	}
	if err := t.pass(ctx, time.Minute); err != nil {
		return err
	}
	t.book.Revoked = []string{t.book.Serial, t.book.Renewed.Serial}
	if err := t.listSays(ctx, "crl.der", true, t.first.Certificate, leaf); err != nil {
		return err
	}
	t.done("revoke", t.hero.Name+"'s notebook is stolen: certificate "+t.book.Renewed.Serial+" is revoked; OCSP says so at once, and the revocation list lists it",
		"ocsp-revoked.der", "crl.der")
	return nil
}
