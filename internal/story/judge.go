package story

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/ocsp"
	"github.com/ingam-pki/ingam/pki/validation"
)

// content is what the hero signs.
const content = "홍길동은 매달 25일에 월세 500,000원을 이 계좌에서 보내는 데 동의합니다.\n"

func (t *teller) certificate() (wallet.Certificate, error) {
	return wallet.Choose(t.path(t.book.Folder), nil, t.stage.Now())
}

// sign makes the attached signature that banks take, and a detached one.
func (t *teller) sign(context.Context) error {
	certificate, err := t.certificate()
	if err != nil {
		return err
	}
	key, err := certificate.OpenKey([]byte(keyPassword))
	if err != nil {
		return fmt.Errorf("opening the key: %w", err)
	}
	if err := t.write("content.txt", []byte(content)); err != nil {
		return err
	}
	for _, form := range []struct {
		name, file, what string
		options          wallet.SignOptions
	}{
		{"sign", "signed.p7", "a transfer is signed: PKCS#7, attached, no signed attributes", wallet.SignOptions{}},
		{"sign-detached", "detached.p7", "and once more, detached, with signed attributes", wallet.SignOptions{Detached: true, Attributes: true}},
	} {
		signature, err := certificate.Sign(strings.NewReader(content), "content.txt", key, t.stage.Now(), form.options)
		if err != nil {
			return err
		}
		if err := t.write(form.file, signature); err != nil {
			return err
		}
		t.done(form.name, form.what, form.file, "content.txt")
	}
	return nil
}

// authority reads the root and the issuing CA back from the files.
func (t *teller) authority() (root, issuing *x509.Certificate, err error) {
	roots, err := wallet.ReadCertificates(t.path("root.pem"))
	if err != nil {
		return nil, nil, err
	}
	subs, err := wallet.ReadCertificates(t.path("issuing.pem"))
	if err != nil {
		return nil, nil, err
	}
	if len(roots) != 1 || len(subs) != 1 {
		return nil, nil, errors.New("root.pem and issuing.pem do not hold one certificate each")
	}
	return roots[0], subs[0], nil
}

// verify judges both signatures as a bank's service would: the signature, the
// path under the certificate's policy, and the person.
func (t *teller) verify(context.Context) error {
	root, issuing, err := t.authority()
	if err != nil {
		return err
	}
	certificate, err := t.certificate()
	if err != nil {
		return err
	}
	key, err := certificate.OpenKey([]byte(keyPassword))
	if err != nil {
		return err
	}
	for _, file := range []string{"signed.p7", "detached.p7"} {
		message, err := wallet.ReadFile(t.path(file), maxAnswer)
		if err != nil {
			return err
		}
		signed, err := cms.Parse(message)
		if err != nil {
			return fmt.Errorf("reading %s: %w", file, err)
		}
		if inside, attached := signed.Content(); attached && !bytes.Equal(inside, []byte(content)) {
			return fmt.Errorf("%s holds other content than was signed", file)
		}
		signers, err := signed.Verify([]byte(content))
		if err != nil {
			return fmt.Errorf("verifying %s: %w", file, err)
		}
		if len(signers) != 1 {
			return fmt.Errorf("verifying %s: %d signers instead of one", file, len(signers))
		}
		report := validation.Validate(validation.Input{
			Leaf: signers[0].Certificate.Raw, Intermediates: []*x509.Certificate{issuing}, Roots: []*x509.Certificate{root},
			At: t.stage.Now(), RequirePolicy: true, Policies: []asn1.ObjectIdentifier{policyOf(signers[0].Certificate)},
			Person: &validation.Person{IDN: t.hero.IdentityNumber, R: key.R},
		})
		if report.Verdict != validation.Valid || !report.PersonConfirmed {
			return fmt.Errorf("verifying %s: %s: %s", file, report.Reason, report.Detail)
		}
	}
	t.done("verify", "both signatures hold: path to the root, policy, and the person by the virtual ID")
	return nil
}

func policyOf(c *x509.Certificate) asn1.ObjectIdentifier {
	if len(c.PolicyIdentifiers) == 0 {
		return nil
	}
	return c.PolicyIdentifiers[0]
}

// askOCSP asks the responder that the certificate names.
func (t *teller) askOCSP(ctx context.Context) error {
	if err := t.ocspSays(ctx, t.first.Certificate, ocsp.Good, "ocsp.der"); err != nil {
		return err
	}
	t.done("ocsp", "OCSP says good, with our nonce, by a delegated responder", "ocsp.der")
	return nil
}

// ocspSays asks about a certificate, demands an answer, and leaves it.
func (t *teller) ocspSays(ctx context.Context, leaf *x509.Certificate, want ocsp.CertStatus, file string) error {
	_, issuing, err := t.authority()
	if err != nil {
		return err
	}
	if len(leaf.OCSPServer) == 0 {
		return errors.New("the certificate names no OCSP responder")
	}
	id, err := ocsp.NewCertID(crypto.SHA1, issuing, leaf.SerialNumber)
	if err != nil {
		return err
	}
	nonce := make([]byte, 32)
	if _, err := rand.Read(nonce); err != nil {
		return fmt.Errorf("making a nonce: %w", err)
	}
	question, err := ocsp.CreateRequest([]ocsp.CertID{id}, nonce)
	if err != nil {
		return err
	}
	der, err := t.fetch(ctx, leaf.OCSPServer[0], "application/ocsp-request", bytes.NewReader(question))
	if err != nil {
		return err
	}
	answer, err := ocsp.ParseResponse(der)
	if err != nil {
		return fmt.Errorf("reading the OCSP answer: %w", err)
	}
	if err := errors.Join(answer.Verify(issuing, t.stage.Now()), answer.CheckNonce(nonce)); err != nil {
		return fmt.Errorf("judging the OCSP answer: %w", err)
	}
	single, err := answer.Find(issuing, leaf.SerialNumber)
	if err != nil {
		return fmt.Errorf("finding the certificate in the OCSP answer: %w", err)
	}
	if single.Status != want {
		return fmt.Errorf("the OCSP answer says %s, not %s", single.Status, want)
	}
	return t.write(file, der)
}

// fetchCRL fetches the list that the certificate names.
func (t *teller) fetchCRL(ctx context.Context) error {
	if err := t.listSays(ctx, "crl-before.der", false, t.first.Certificate); err != nil {
		return err
	}
	_, issuing, err := t.authority()
	if err != nil {
		return err
	}
	issuer, err := npki.ParseName(issuing.RawSubject)
	if err != nil {
		return err
	}
	t.done("crl", "the revocation list of "+issuer.CommonName()+" is current, and the certificate is not on it", "crl-before.der")
	return nil
}

// listSays fetches the list that certificates name, demands that they are on it
// or are not, and leaves it.
func (t *teller) listSays(ctx context.Context, file string, want bool, leaves ...*x509.Certificate) error {
	_, issuing, err := t.authority()
	if err != nil {
		return err
	}
	if len(leaves[0].CRLDistributionPoints) == 0 {
		return errors.New("the certificate names no revocation list")
	}
	der, err := t.fetch(ctx, leaves[0].CRLDistributionPoints[0], "", nil)
	if err != nil {
		return err
	}
	list, err := crl.Parse(der)
	if err != nil {
		return fmt.Errorf("reading the revocation list: %w", err)
	}
	if err := errors.Join(list.CheckSignature(issuing), list.CheckTime(t.stage.Now())); err != nil {
		return fmt.Errorf("judging the revocation list: %w", err)
	}
	for _, leaf := range leaves {
		if _, listed := list.Find(leaf.SerialNumber); listed != want {
			return fmt.Errorf("certificate %s is on the revocation list: %v, want %v", wallet.SerialOf(leaf), listed, want)
		}
	}
	return t.write(file, der)
}
