package wallet

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/npki/folder"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// Sizes of an RSA key that are made here, in bits.
const (
	leastBits = 2048
	mostBits  = 4096
)

// certify gets the certificate for a proven application: with a key that was
// kept for it if there is one, else with a new one.
func (i *Issue) certify(ctx context.Context, app client.Application, kept []*pending) (Issued, error) {
	for _, p := range kept {
		if p.note.Application != app.ID {
			continue
		}
		err := i.handIn(ctx, app, p.request)
		if err == nil {
			i.reached("certified")
			return i.fetch(ctx, app, kept, true)
		}
		if !isRefusal(err) {
			return Issued{}, i.outside(err)
		}
		// The bank wants another request, for example with another challenge.
		// The kept key stays until a certificate is here.
	}
	p, err := i.makeKey(ctx, app)
	if err != nil {
		return Issued{}, err
	}
	i.reached("key-kept")
	if err := i.handIn(ctx, app, p.request); err != nil {
		return Issued{}, i.outside(err)
	}
	i.reached("certified")
	return i.fetch(ctx, app, append(kept, p), false)
}

// handIn hands a certification request in; of a renewal signed by the old key,
// in the form that logins have.
func (i *Issue) handIn(ctx context.Context, app client.Application, request []byte) error {
	if i.Way != client.ChangeWayRenew {
		_, _, err := i.Bank.Certify(ctx, app.ID, request)
		return err
	}
	signed, err := cms.Sign(request, i.old.Certificate, i.oldKey.Signer, cms.SignOptions{})
	if err != nil {
		return fmt.Errorf("signing the request with the old key: %w", err)
	}
	_, _, err = i.Bank.Renew(ctx, app.ID, signed)
	return err
}

// makeKey makes the key pair and R on this device and keeps them, encrypted,
// before anybody hears of them.
func (i *Issue) makeKey(ctx context.Context, app client.Application) (*pending, error) {
	want, err := i.Bank.KeyRequest(ctx, app.ID)
	if err != nil {
		return nil, i.outside(err)
	}
	km, err := x509.ParseCertificate(want.KMCertificate)
	if err != nil || want.MinBits > mostBits || !folderName(want.CA) {
		return nil, errServerAnswer.With(err)
	}
	password, err := i.Ask.NewPassword(ctx)
	if err != nil {
		return nil, err
	}
	defer clear(password)
	key, err := i.generate(ctx, max(leastBits, want.MinBits))
	if err != nil {
		return nil, err
	}
	encryptedVID, err := npki.EncryptVID(i.Random, km, key.R)
	if err != nil {
		return nil, errServerAnswer.With(err)
	}
	request, err := pkcs10.Create(i.Random, key.Signer, want.Challenge, encryptedVID)
	if err != nil {
		return nil, fmt.Errorf("making certification request: %w", err)
	}
	sealed, err := npki.EncryptKey(i.Random, key, password, i.encryption())
	if err != nil {
		return nil, fmt.Errorf("encrypting key: %w", err)
	}
	return keep(i.Root, note{
		Server: i.Server, Application: app.ID, Kind: string(app.Kind), CA: want.CA,
		Challenge: want.Challenge, MadeAt: i.Now().UTC().Truncate(time.Second),
	}, request, sealed)
}

// generate makes key and R, telling that it happens here. Making can't be
// broken off, so when ctx ends it is left to itself.
func (i *Issue) generate(ctx context.Context, bits int) (*npki.PrivateKey, error) {
	defer i.Watch.Making(bits)()
	type made struct {
		key *rsa.PrivateKey
		err error
	}
	result := make(chan made, 1)
	go func() {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		result <- made{key, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case m := <-result:
		if m.err != nil {
			return nil, fmt.Errorf("making key: %w", m.err)
		}
		r, err := npki.NewR(i.Random)
		if err != nil {
			return nil, fmt.Errorf("making R: %w", err)
		}
		return &npki.PrivateKey{Signer: m.key, R: r}, nil
	}
}

func (i *Issue) encryption() npki.Encryption {
	if i.Encryption.Iterations == 0 {
		return npki.DefaultEncryption()
	}
	return i.Encryption
}

// fetch takes the certificate of an issued application, finds the key that it
// belongs to, and stores both.
func (i *Issue) fetch(ctx context.Context, app client.Application, kept []*pending, resumed bool) (Issued, error) {
	answer, err := i.Bank.Certificate(ctx, app.ID)
	if err != nil {
		return Issued{}, i.outside(err)
	}
	cert, chain, err := readIssued(answer)
	if err != nil {
		return Issued{}, errServerAnswer.With(err)
	}
	issued := Issued{Certificate: cert, Chain: chain, Application: app.ID, Kind: npki.Kind(app.Kind), Resumed: resumed}
	for _, p := range kept {
		if p.note.Application != app.ID || !p.fits(cert.RawSubjectPublicKeyInfo) {
			continue
		}
		if issued.Dir, err = i.store(p, cert, chain); err != nil {
			return Issued{}, err
		}
		i.reached("stored")
		for _, other := range kept {
			if other.note.Application != app.ID {
				continue
			}
			if err := other.drop(); err != nil {
				return Issued{}, errStoring.With(err, "path", other.dir)
			}
		}
		i.reached("done")
		return issued, nil
	}
	if issued.Dir = i.storedAlready(cert); issued.Dir != "" {
		return issued, nil
	}
	return Issued{}, errNotOurCertificate.With(nil)
}

// readIssued parses what the bank handed out and sees that the chain holds:
// each certificate is signed by the next one.
func readIssued(answer client.Certificate) (*x509.Certificate, []*x509.Certificate, error) {
	cert, err := x509.ParseCertificate(answer.Certificate)
	if err != nil {
		return nil, nil, err
	}
	if len(answer.Chain) == 0 || len(answer.Chain) > maxChain {
		return nil, nil, errors.New("wallet: chain is empty or too long")
	}
	chain := make([]*x509.Certificate, 0, len(answer.Chain))
	below := cert
	for _, der := range answer.Chain {
		above, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, nil, err
		}
		if !bytes.Equal(below.RawIssuer, above.RawSubject) {
			return nil, nil, errors.New("wallet: chain does not fit together")
		}
		if err := above.CheckSignature(below.SignatureAlgorithm, below.RawTBSCertificate, below.Signature); err != nil {
			return nil, nil, err
		}
		chain, below = append(chain, above), above
	}
	return cert, chain, nil
}

const maxChain = 8

// store writes the NPKI folder. That it is there already with this very
// certificate is what a crash between storing and tidying up leaves.
func (i *Issue) store(p *pending, cert *x509.Certificate, chain []*x509.Certificate) (string, error) {
	if !folderName(p.note.CA) {
		return "", errPendingDamaged.With(nil, "path", p.dir)
	}
	dir, err := folder.Write(i.Root, p.note.CA, cert.Raw, p.key, folder.Options{})
	if errors.Is(err, folder.ErrExists) {
		if stored := i.storedAlready(cert); stored != "" {
			return stored, nil
		}
	}
	if err != nil {
		return "", errStoring.With(err, "path", i.Root)
	}
	if err := writeCAPubs(dir, chain); err != nil {
		return "", errStoring.With(err, "path", dir)
	}
	return dir, nil
}

// storedAlready finds the folder below the root that holds a certificate.
func (i *Issue) storedAlready(cert *x509.Certificate) string {
	entries, _ := folder.List(i.Root) // what can't be read does not hold it
	for _, e := range entries {
		if bytes.Equal(e.Certificate.Raw, cert.Raw) {
			return e.Dir
		}
	}
	return ""
}
