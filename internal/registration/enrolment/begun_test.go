package enrolment_test

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// The new certificate was made, the old one revoked, and the program stopped
// before the application was told: who asks for the same again goes on with it,
// and is not told that the old one is revoked.
func TestReissuedButNotNoted(t *testing.T) {
	t.Parallel()
	m := &mute{}
	d := openDesk(t, func(c *enrolment.Config) {
		m.Authority, _ = c.Authority.(*ca.Authority)
		c.Authority = m
	})
	who := sample[0]
	c, a, k := d.ready(who)
	old, err := d.Certify(d.ctx, c, a.ID, d.csr(newKey(), k.Challenge, newR(t)))
	check(t, err)
	a, err = d.StartFor(d.ctx, c, enrolment.Reissue, old.Serial)
	check(t, err)
	d.clock.pass(2 * time.Minute) // the token moves on
	_, err = d.Consent(d.ctx, c, a.ID, d.all())
	check(t, err)
	_, err = d.ProveIDCard(d.ctx, c, a.ID, cardOf(who))
	check(t, err)
	_, err = d.ProveAccount(d.ctx, c, a.ID, who.Account, who.AccountPassword)
	check(t, err)
	_, err = d.ProveOTP(d.ctx, c, a.ID, d.otp(who))
	check(t, err)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	_, err = d.ProvePhone(d.ctx, c, a.ID, d.lastCode(who.Phone))
	check(t, err)
	k, err = d.KeyRequest(d.ctx, c, a.ID)
	check(t, err)
	csr := d.csr(newKey(), k.Challenge, newR(t))
	m.lost = true
	if _, err := d.Certify(d.ctx, c, a.ID, csr); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	m.lost = false
	again, err := d.StartFor(d.ctx, c, enrolment.Reissue, old.Serial)
	check(t, err)
	if again.ID != a.ID {
		t.Fatal("another application was begun")
	}
	_, err = d.StartFor(d.ctx, c, enrolment.Resume, old.Serial) // something else is not
	refuses(t, err, lifecycle.ErrRevoked)
	made, err := d.Certify(d.ctx, c, again.ID, csr)
	check(t, err)
	if a, err = d.View(d.ctx, c, a.ID); err != nil || a.State != enrolment.Issued || a.Serial != made.Serial || made.State != ca.Valid {
		t.Errorf("the application is %s, the certificate %s, %v", a.State, made.State, err)
	}
	_, err = d.StartFor(d.ctx, c, enrolment.Reissue, old.Serial)
	refuses(t, err, lifecycle.ErrRevoked)
}

// What ended before anyone finished it is no certificate to be handed out.
func TestEndedBeforeItWasFinished(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	key := newKey()
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	check(t, err)
	hash := sha256.Sum256(spki)
	check(t, d.store.Reserve(d.ctx, ca.Record{Serial: "0a0b", Issuer: d.ca.IssuerID(), ApplicationID: a.ID, SubscriberID: c.ID, Kind: a.Kind,
		Subject: "cn=x", KeyHash: hash[:], TBS: []byte("tbs"), NotBefore: opening, NotAfter: opening, CreatedAt: opening}))
	check(t, d.store.ChangeState(d.ctx, "0a0b", ca.Move{From: []ca.State{ca.Pending}, To: ca.Expired, At: opening}))
	record, err := d.Certify(d.ctx, c, a.ID, d.csr(key, k.Challenge, newR(t)))
	refuses(t, err, lifecycle.ErrExpired)
	if record.Serial != "" {
		t.Errorf("%s is handed out without a certificate", record.Serial)
	}
}
