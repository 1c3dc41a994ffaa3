package enrolment_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	good := d.csr(keyA(), k.Challenge, newR(t))
	forged := bytes.Clone(good)
	forged[len(forged)-1] ^= 1
	swapped := bytes.Replace(good, []byte(k.Challenge), []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 1)
	noVID, err := pkcs10.Create(rand.Reader, keyA(), k.Challenge, nil)
	check(t, err)
	evid, err := npki.EncryptVID(rand.Reader, d.ca.KMCertificate(), newR(t))
	check(t, err)
	evid[len(evid)-1] ^= 1
	garbage, err := pkcs10.Create(rand.Reader, keyA(), k.Challenge, evid)
	check(t, err)
	made, err := ceremony()
	check(t, err)
	elsewhere, err := npki.EncryptVID(rand.Reader, made.OCSP, newR(t)) // another key of the authority
	check(t, err)
	toOther, err := pkcs10.Create(rand.Reader, keyA(), k.Challenge, elsewhere)
	check(t, err)
	for _, test := range []struct {
		name string
		csr  []byte
		want *fault.Fault
	}{
		{"nothing", nil, enrolment.ErrRequest},
		{"garbage", []byte("certify me"), enrolment.ErrRequest},
		{"cut off", good[:len(good)/2], enrolment.ErrRequest},
		{"too long", append(bytes.Clone(good), make([]byte, 17<<10)...), enrolment.ErrRequest},
		{"signature changed", forged, enrolment.ErrPossession},
		{"challenge changed after signing", swapped, enrolment.ErrPossession},
		{"another challenge", d.csr(keyA(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", newR(t)), enrolment.ErrChallenge},
		{"no challenge", d.csr(keyA(), "", newR(t)), enrolment.ErrChallenge},
		{"no EncryptedVID", noVID, enrolment.ErrVID},
		{"EncryptedVID is damaged", garbage, ca.ErrEncryptedVID},
		{"EncryptedVID for another key", toOther, ca.ErrEncryptedVID},
	} {
		_, err := d.Certify(d.ctx, c, a.ID, test.csr)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		refuses(t, err, test.want)
		if d.audited(authz.IssueCertificate, audit.Refused, test.want.Number) == 0 {
			t.Errorf("%s is not in the audit log", test.name)
		}
	}
	record, err := d.Certify(d.ctx, c, a.ID, good) // none of it did harm
	check(t, err)
	if _, err := x509.ParseCertificate(record.DER); err != nil {
		t.Error(err)
	}
}

func TestShortKey(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *enrolment.Config) { c.MinBits = 3072 })
	c, a, k := d.ready(sample[0])
	if k.MinBits != 3072 {
		t.Errorf("told %d bits", k.MinBits)
	}
	_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
	refuses(t, err, enrolment.ErrKeySize)
}

func TestAnotherKeyAfterIssue(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
	check(t, err)
	_, err = d.Certify(d.ctx, c, a.ID, d.csr(keyB(), k.Challenge, newR(t)))
	if f := refuses(t, err, ca.ErrOtherKey); f.Kind != fault.Conflict {
		t.Errorf("kind %s", f.Kind)
	}
	_, err = d.KeyRequest(d.ctx, c, a.ID)
	refuses(t, err, enrolment.ErrIssued)
	refuses(t, d.Abandon(d.ctx, c, a.ID), enrolment.ErrIssued)
}

// A key that another person has certified is nobody else's.
func TestKeyOfAnother(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
	check(t, err)
	c2, a2, k2 := d.ready(sample[1])
	_, err = d.Certify(d.ctx, c2, a2.ID, d.csr(keyA(), k.Challenge, newR(t))) // as it was sent before
	refuses(t, err, enrolment.ErrChallenge)
	_, err = d.Certify(d.ctx, c2, a2.ID, d.csr(keyA(), k2.Challenge, newR(t)))
	refuses(t, err, ca.ErrKeyCertified)
	_, err = d.Certify(d.ctx, c2, a2.ID, d.csr(keyB(), k2.Challenge, newR(t)))
	check(t, err)
}

func TestCertifyAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	csr := d.csr(keyA(), k.Challenge, newR(t))
	other := d.csr(keyB(), k.Challenge, newR(t))
	serials := make([]string, 12)
	var wait sync.WaitGroup
	for i := range serials {
		wait.Go(func() {
			request := csr
			if i%3 == 0 {
				request = other
			}
			record, err := d.Certify(d.ctx, c, a.ID, request)
			if err != nil && !errors.Is(err, ca.ErrOtherKey) {
				t.Error(err)
			}
			serials[i] = record.Serial
		})
	}
	wait.Wait()
	records, err := d.store.CertificatesOf(d.ctx, c.ID)
	check(t, err)
	if len(records) != 1 {
		t.Fatalf("%d certificates were made", len(records))
	}
	for _, serial := range serials {
		if serial != "" && serial != records[0].Serial {
			t.Errorf("somebody was given %s", serial)
		}
	}
	a, err = d.View(d.ctx, c, a.ID)
	check(t, err)
	if a.State != enrolment.Issued || a.Serial != records[0].Serial {
		t.Errorf("application %s %s", a.State, a.Serial)
	}
}

// mute is an authority whose answers are lost on the way.
type mute struct {
	*ca.Authority
	lost bool
}

var errLost = errors.New("the answer was lost")

func (m *mute) Issue(ctx context.Context, caller authz.Caller, r ca.Request) (ca.Record, error) {
	record, err := m.Authority.Issue(ctx, caller, r)
	if err == nil && m.lost {
		return ca.Record{}, errLost
	}
	return record, err
}

// The certificate was made and the program stopped before it was noted: the
// application must not be lost, abandoned, or used for another key.
func TestCertificateMadeButNotNoted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		then func(t *testing.T, d *desk, c authz.Caller, id string, csr []byte)
	}{
		{"asked again", func(t *testing.T, d *desk, c authz.Caller, id string, csr []byte) {
			_, err := d.Certify(d.ctx, c, id, csr)
			check(t, err)
		}},
		{"asked again while the core bank is down", func(t *testing.T, d *desk, c authz.Caller, id string, csr []byte) {
			check(t, d.world.Script(simulator.Fault{Service: simulator.CoreBank, Mode: simulator.Status}))
			_, err := d.Certify(d.ctx, c, id, csr)
			check(t, err)
		}},
		{"another key", func(t *testing.T, d *desk, c authz.Caller, id string, csr []byte) {
			a, err := d.View(d.ctx, c, id)
			check(t, err)
			_, err = d.Certify(d.ctx, c, id, d.csr(keyB(), a.Challenge, newR(t)))
			refuses(t, err, ca.ErrOtherKey)
			_, err = d.Certify(d.ctx, c, id, csr)
			check(t, err)
		}},
		{"abandoned", func(t *testing.T, d *desk, c authz.Caller, id string, csr []byte) {
			refuses(t, d.Abandon(d.ctx, c, id), enrolment.ErrIssued)
			_, err := d.Certify(d.ctx, c, id, csr)
			check(t, err)
		}},
		{"a day later", func(t *testing.T, d *desk, c authz.Caller, id string, csr []byte) {
			d.clock.pass(25 * time.Hour)
			n, err := d.Lapse(d.ctx, operator)
			if n != 1 || err != nil {
				t.Errorf("settled %d, %v", n, err)
			}
			_, err = d.Certify(d.ctx, c, id, csr)
			check(t, err)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := &mute{lost: true}
			d := openDesk(t, func(c *enrolment.Config) {
				m.Authority = c.Authority.(*ca.Authority)
				c.Authority = m
			})
			c, a, k := d.ready(sample[0])
			csr := d.csr(keyA(), k.Challenge, newR(t))
			if _, err := d.Certify(d.ctx, c, a.ID, csr); !errors.Is(err, errLost) {
				t.Fatal(err)
			}
			m.lost = false
			test.then(t, d, c, a.ID, csr)
			a, err := d.View(d.ctx, c, a.ID)
			check(t, err)
			records, err := d.store.CertificatesOf(d.ctx, c.ID)
			check(t, err)
			if len(records) != 1 || a.State != enrolment.Issued || a.Serial != records[0].Serial {
				t.Errorf("%d certificates, application %s %s", len(records), a.State, a.Serial)
			}
		})
	}
}

// What the authority has begun it finishes, whatever the core bank learns
// meanwhile: the application must not say otherwise.
func TestBegunIsNotRejected(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	csr := d.csr(keyA(), k.Challenge, newR(t))
	spki, err := x509.MarshalPKIXPublicKey(keyA().Public())
	check(t, err)
	hash := sha256.Sum256(spki)
	check(t, d.store.Reserve(d.ctx, ca.Record{Serial: "4a", Issuer: d.ca.IssuerID(), ApplicationID: a.ID, SubscriberID: c.ID,
		Kind: a.Kind, Subject: "cn=begun", KeyHash: hash[:], TBS: []byte{0}, NotBefore: opening, NotAfter: opening.AddDate(1, 0, 0), CreatedAt: opening}))
	d.world.Update(sample[0].Number, func(s *simulator.Sample) { s.Name = "홍길순" })
	_, err = d.Certify(d.ctx, c, a.ID, csr)
	refuses(t, err, enrolment.ErrPersonChanged)
	a, err = d.View(d.ctx, c, a.ID)
	check(t, err)
	if a.State != enrolment.Ready {
		t.Errorf("state %s for %d", a.State, a.RejectedFor)
	}
}

// What the core bank learns between proof and certificate counts.
func TestCoreBankChangesItsMind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*simulator.Sample)
		want   *fault.Fault
	}{
		{"died", func(s *simulator.Sample) { s.Deceased = true }, enrolment.ErrDeceased},
		{"renamed", func(s *simulator.Sample) { s.Name = "홍길순" }, enrolment.ErrPersonChanged},
		{"new number", func(s *simulator.Sample) { s.IdentityNumber = "8503141000022" }, enrolment.ErrPersonChanged},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			c, a, k := d.ready(sample[0])
			d.world.Update(sample[0].Number, test.change)
			_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
			refuses(t, err, test.want)
			a, err = d.View(d.ctx, c, a.ID)
			check(t, err)
			if a.State != enrolment.Rejected || a.RejectedFor != test.want.Number {
				t.Errorf("state %s for %d", a.State, a.RejectedFor)
			}
			records, err := d.store.CertificatesOf(d.ctx, c.ID)
			check(t, err)
			if len(records) != 0 {
				t.Error("a certificate was made")
			}
		})
	}
}
