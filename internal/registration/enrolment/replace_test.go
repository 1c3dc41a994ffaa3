package enrolment_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

var (
	teller     = authz.Caller{Role: authz.Supervisor, ID: "teller", Request: "test"}
	supervisor = authz.Caller{Role: authz.Supervisor, ID: "supervisor", Request: "test"}
	keyC       = newKey
)

// holder is a desk with a customer who has a certificate for keyA.
type holder struct {
	*desk
	life   *lifecycle.Service
	sample simulator.Sample
	caller authz.Caller
	cert   ca.Record
}

func openHolder(t *testing.T) *holder {
	t.Helper()
	h := &holder{sample: sample[0]}
	h.desk = openDesk(t, func(c *enrolment.Config) {
		db, _ := c.Register.(*store.Store)
		authority, _ := c.Authority.(*ca.Authority)
		h.life = lifecycle.New(lifecycle.Config{Tx: db, Authority: authority, People: db, Proposals: db, Chronicle: db, Log: c.Log, Now: c.Now})
		c.Exceptions = h.life
	})
	c, a, k := h.ready(h.sample)
	cert, err := h.Certify(h.ctx, c, a.ID, h.csr(keyA(), k.Challenge, newR(t)))
	check(t, err)
	h.caller, h.cert = c, cert
	return h
}

// to moves the clock.
func (h *holder) to(at time.Time) { h.clock.pass(at.Sub(h.clock.now())) }

// toRenewal moves the clock to where renewal is open.
func (h *holder) toRenewal() { h.to(lifecycle.RenewalOpens(h.cert.NotAfter, 30).Add(10 * time.Hour)) }

// prove gives whatever an application needs before its last step.
func (h *holder) prove(a enrolment.Application) enrolment.Application {
	h.t.Helper()
	h.clock.pass(2 * time.Minute) // the token moves on
	for _, need := range a.Needs() {
		var err error
		switch need {
		case "consent":
			a, err = h.Consent(h.ctx, h.caller, a.ID, h.all())
		case "id-card":
			a, err = h.ProveIDCard(h.ctx, h.caller, a.ID, cardOf(h.sample))
		case "account":
			a, err = h.ProveAccount(h.ctx, h.caller, a.ID, h.sample.Account, h.sample.AccountPassword)
		case "otp":
			a, err = h.ProveOTP(h.ctx, h.caller, a.ID, h.otp(h.sample))
		case "phone":
			_, _, err = h.SendPhoneCode(h.ctx, h.caller, a.ID)
			check(h.t, err)
			a, err = h.ProvePhone(h.ctx, h.caller, a.ID, h.lastCode(h.sample.Phone))
		}
		check(h.t, err)
	}
	return a
}

// started begins a way with the certificate, and proves all that it needs.
func (h *holder) begin(way enrolment.Way) (enrolment.Application, enrolment.KeyRequest) {
	h.t.Helper()
	a, err := h.StartFor(h.ctx, h.caller, way, h.cert.Serial)
	check(h.t, err)
	a = h.prove(a)
	if way == enrolment.Resume {
		return a, enrolment.KeyRequest{}
	}
	k, err := h.KeyRequest(h.ctx, h.caller, a.ID)
	check(h.t, err)
	return a, k
}

func (h *holder) now(serial string) ca.Record {
	h.t.Helper()
	r, err := h.store.Certificate(h.ctx, serial)
	check(h.t, err)
	return r
}

func parsed(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	check(t, err)
	return c
}

func signedBy(t testing.TB, content []byte, cert *x509.Certificate, key *rsa.PrivateKey, o cms.SignOptions) []byte {
	t.Helper()
	body, err := cms.Sign(content, cert, key, o)
	check(t, err)
	return body
}

func TestStartFor(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	kim := h.customer(sample[1])
	for _, test := range []struct {
		name   string
		caller authz.Caller
		way    enrolment.Way
		serial string
		want   *fault.Fault
	}{
		{"too early", h.caller, enrolment.Renew, h.cert.Serial, lifecycle.ErrRenewEarly},
		{"valid", h.caller, enrolment.Resume, h.cert.Serial, lifecycle.ErrValid},
		{"issue", h.caller, enrolment.Issue, h.cert.Serial, enrolment.ErrWay},
		{"no way", h.caller, "marry", h.cert.Serial, enrolment.ErrWay},
		{"a stranger's", kim, enrolment.Reissue, h.cert.Serial, ca.ErrNotFound},
		{"nobody's", h.caller, enrolment.Reissue, "00", ca.ErrNotFound},
		{"no serial", h.caller, enrolment.Reissue, strings.Repeat("a", 1000), ca.ErrNotFound},
		{"a teller", teller, enrolment.Reissue, h.cert.Serial, ca.ErrNotFound},
	} {
		_, err := h.StartFor(h.ctx, test.caller, test.way, test.serial)
		if refuses(t, err, test.want); t.Failed() {
			t.Fatal(test.name)
		}
	}
	if n := h.audited(authz.StartApplication, audit.Denied, ca.ErrNotFound.Number); n != 2 {
		t.Errorf("%d denials in the audit log", n)
	}
	a, err := h.StartFor(h.ctx, h.caller, enrolment.Reissue, h.cert.Serial)
	check(t, err)
	if want := []string{"consent", "id-card", "account", "otp", "phone", "key"}; !slices.Equal(a.Needs(), want) || a.Replaces != h.cert.Serial {
		t.Errorf("a reissue of %s needs %v", a.Replaces, a.Needs())
	}
	again, err := h.StartFor(h.ctx, h.caller, enrolment.Reissue, h.cert.Serial)
	if err != nil || again.ID != a.ID {
		t.Errorf("starting again: %s, %v", again.ID, err)
	}
	// One at a time for a kind.
	h.toRenewal()
	a, err = h.StartFor(h.ctx, h.caller, enrolment.Renew, h.cert.Serial)
	check(t, err)
	if want := []string{"consent", "account", "otp", "phone", "key"}; !slices.Equal(a.Needs(), want) {
		t.Errorf("a renewal needs %v", a.Needs())
	}
	_, err = h.StartFor(h.ctx, h.caller, enrolment.Reissue, h.cert.Serial)
	refuses(t, err, enrolment.ErrOpenOther)
	_, err = h.Start(h.ctx, h.caller, npki.PersonalBank)
	refuses(t, err, enrolment.ErrOpenOther)
	check(t, h.Abandon(h.ctx, h.caller, a.ID))
	check(t, h.ca.Hold(h.ctx, h.caller, h.cert.Serial, lifecycle.DeskOnline))
	a, err = h.StartFor(h.ctx, h.caller, enrolment.Resume, h.cert.Serial)
	check(t, err)
	if want := []string{"id-card", "account", "otp", "phone", "resume"}; !slices.Equal(a.Needs(), want) || a.State != enrolment.Consented {
		t.Errorf("a resumption needs %v, %s", a.Needs(), a.State)
	}
	_, err = h.StartFor(h.ctx, h.caller, enrolment.Renew, h.cert.Serial)
	refuses(t, err, lifecycle.ErrSuspended)
}

func TestRenewal(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	h.toRenewal()
	a, k := h.begin(enrolment.Renew)
	r := newR(t)
	key := keyC()
	csr := h.csr(key, k.Challenge, r)
	body := signedBy(t, csr, parsed(t, h.cert.DER), keyA(), cms.SignOptions{})
	made, err := h.Certify(h.ctx, h.caller, a.ID, body)
	check(t, err)
	belongsTo(t, made, h.sample, r)
	if want := seoul.LastSecond(seoul.AddYears(h.cert.NotAfter, 1)); !made.NotAfter.Equal(want) || made.State != ca.Valid {
		t.Errorf("%s until %s, want %s", made.State, made.NotAfter, want)
	}
	if old := h.now(h.cert.Serial); old.State != ca.Revoked || old.Reason != int(ca.Superseded) {
		t.Errorf("the old one is %s for %d", old.State, old.Reason)
	}
	for range 2 { // replayed it gives the same, and nothing happens
		same, err := h.Certify(h.ctx, h.caller, a.ID, body)
		if err != nil || same.Serial != made.Serial {
			t.Errorf("replayed: %s, %v", same.Serial, err)
		}
	}
	all, err := h.store.CertificatesOf(h.ctx, h.caller.ID)
	if err != nil || len(all) != 2 {
		t.Errorf("%d certificates, %v", len(all), err)
	}
	_, err = h.StartFor(h.ctx, h.caller, enrolment.Renew, h.cert.Serial)
	refuses(t, err, lifecycle.ErrRevoked)
	// The new one is not to be renewed yet, and an old body is for no other application.
	_, err = h.StartFor(h.ctx, h.caller, enrolment.Renew, made.Serial)
	refuses(t, err, lifecycle.ErrRenewEarly)
	h.cert = made
	next, _ := h.begin(enrolment.Reissue)
	_, err = h.Certify(h.ctx, h.caller, next.ID, csr)
	refuses(t, err, enrolment.ErrChallenge)
	_, err = h.Certify(h.ctx, h.caller, next.ID, body)
	refuses(t, err, enrolment.ErrRequest)
}

// A renewal's request speaks by the old key, and by nothing else.
func TestRenewalsThatAreNotSignedByTheOldKey(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	kim, ka, kk := h.ready(sample[1])
	kims, err := h.Certify(h.ctx, kim, ka.ID, h.csr(keyB(), kk.Challenge, newR(t)))
	check(t, err)
	h.toRenewal()
	a, k := h.begin(enrolment.Renew)
	key := keyC()
	csr := h.csr(key, k.Challenge, newR(t))
	mine, others := parsed(t, h.cert.DER), parsed(t, kims.DER)
	good := signedBy(t, csr, mine, keyA(), cms.SignOptions{})
	tampered := bytes.Replace(good, []byte(k.Challenge), []byte(strings.Repeat("A", len(k.Challenge))), 1)
	for _, test := range []struct {
		name string
		body []byte
		want *fault.Fault
	}{
		{"unsigned", csr, enrolment.ErrOldKey},
		{"garbage", []byte("renew me"), enrolment.ErrOldKey},
		{"nothing", nil, enrolment.ErrOldKey},
		{"cut off", good[:len(good)/2], enrolment.ErrOldKey},
		{"too long", append(bytes.Clone(good), make([]byte, 17<<10)...), enrolment.ErrRequest},
		{"tampered with", tampered, enrolment.ErrOldKey},
		{"detached", signedBy(t, csr, mine, keyA(), cms.SignOptions{Detached: true}), enrolment.ErrOldKey},
		{"by another's certificate", signedBy(t, csr, others, keyB(), cms.SignOptions{}), enrolment.ErrOldKey},
		{"by the new key itself", signedBy(t, csr, selfSigned(t, mine, key), key, cms.SignOptions{}), enrolment.ErrOldKey},
		{"by a forged one of the same name and serial", signedBy(t, csr, selfSigned(t, mine, keyB()), keyB(), cms.SignOptions{}), enrolment.ErrOldKey},
		{"by two", together(t, good, signedBy(t, csr, others, keyB(), cms.SignOptions{})), enrolment.ErrOldKey},
		{"by another, mine goes along", signedBy(t, csr, others, keyB(), cms.SignOptions{Certificates: [][]byte{mine.Raw}}), enrolment.ErrOldKey},
		{"not a request", signedBy(t, []byte("renew me"), mine, keyA(), cms.SignOptions{}), enrolment.ErrRequest},
		{"for another challenge", signedBy(t, h.csr(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", newR(t)), mine, keyA(), cms.SignOptions{}), enrolment.ErrChallenge},
		{"of the old key once more", signedBy(t, h.csr(keyA(), k.Challenge, newR(t)), mine, keyA(), cms.SignOptions{}), ca.ErrKeyCertified},
	} {
		_, err := h.Certify(h.ctx, h.caller, a.ID, test.body)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want.Name)
			continue
		}
		refuses(t, err, test.want)
		if h.audited(authz.IssueCertificate, audit.Refused, test.want.Number) == 0 {
			t.Errorf("%s is not in the audit log", test.name)
		}
	}
	if h.now(h.cert.Serial).State != ca.Valid {
		t.Fatal("a refusal did something")
	}
	_, err = h.Certify(h.ctx, h.caller, a.ID, good)
	check(t, err)
}

// selfSigned is a certificate of a key with another one's name and serial.
func selfSigned(t *testing.T, like *x509.Certificate, key *rsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: like.SerialNumber, RawSubject: like.RawSubject,
		Issuer: like.Issuer, NotBefore: like.NotBefore, NotAfter: like.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature}, &x509.Certificate{
		SerialNumber: big.NewInt(1), RawSubject: like.RawIssuer, Subject: pkix.Name{}}, key.Public(), key)
	check(t, err)
	return parsed(t, der)
}

// together makes of two messages over the same content one with both signers.
func together(t *testing.T, a, b []byte) []byte {
	t.Helper()
	type contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}
	type signedData struct {
		Version               int
		Digests, Content      asn1.RawValue
		Certificates, Signers asn1.RawValue
	}
	read := func(der []byte) (info contentInfo, data signedData) {
		_, err := asn1.Unmarshal(der, &info)
		check(t, err)
		_, err = asn1.Unmarshal(info.Content.Bytes, &data)
		check(t, err)
		return info, data
	}
	info, one := read(a)
	_, two := read(b)
	join := func(x, y asn1.RawValue) asn1.RawValue {
		x.FullBytes, x.Bytes = nil, slices.Concat(x.Bytes, y.Bytes)
		return x
	}
	one.Certificates, one.Signers = join(one.Certificates, two.Certificates), join(one.Signers, two.Signers)
	inner, err := asn1.Marshal(one)
	check(t, err)
	explicit, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: inner})
	check(t, err)
	oid, err := asn1.Marshal(info.Type)
	check(t, err)
	whole, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: slices.Concat(oid, explicit)})
	check(t, err)
	message, err := cms.Parse(whole)
	check(t, err)
	if signers, err := message.Verify(nil); err != nil || len(signers) != 2 {
		t.Fatalf("%d signers, %v", len(signers), err)
	}
	return whole
}

// A lost key and a forgotten password: no old key is needed, and nothing of the
// time that was paid for is lost or won.
func TestReissue(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	h.clock.pass(100 * 24 * time.Hour)
	check(t, h.ca.Hold(h.ctx, h.caller, h.cert.Serial, lifecycle.DeskLost))
	a, k := h.begin(enrolment.Reissue)
	r := newR(t)
	made, err := h.Certify(h.ctx, h.caller, a.ID, h.csr(keyC(), k.Challenge, r))
	check(t, err)
	belongsTo(t, made, h.sample, r)
	if old := h.now(h.cert.Serial); !made.NotAfter.Equal(h.cert.NotAfter) || made.State != ca.Valid || old.State != ca.Revoked {
		t.Errorf("%s until %s, the old one is %s", made.State, made.NotAfter, old.State)
	}
}

// What changes between start and certificate counts: before the request comes,
// and while the core bank is being asked once more.
func TestPredecessorMeanwhile(t *testing.T) {
	t.Parallel()
	atBranch := func(h *holder) {
		check(h.t, h.ca.Hold(context.Background(), teller, h.cert.Serial, lifecycle.Branch("101")))
	}
	revoked := func(h *holder) {
		check(h.t, h.ca.Revoke(context.Background(), teller, h.cert.Serial, ca.KeyCompromise, time.Time{}))
	}
	for name, test := range map[string]struct {
		way  enrolment.Way
		then func(h *holder)
		want *fault.Fault
	}{
		"renew, closed":             {enrolment.Renew, func(h *holder) { h.to(h.cert.NotAfter.Add(time.Microsecond)) }, lifecycle.ErrExpired},
		"renew, suspended":          {enrolment.Renew, atBranch, lifecycle.ErrSuspended},
		"renew, revoked":            {enrolment.Renew, revoked, lifecycle.ErrRevoked},
		"reissue, suspended online": {enrolment.Reissue, func(h *holder) { check(h.t, h.ca.Hold(context.Background(), h.caller, h.cert.Serial, "online")) }, nil},
		"reissue, at a branch":      {enrolment.Reissue, atBranch, lifecycle.ErrElsewhere},
		"reissue, revoked":          {enrolment.Reissue, revoked, lifecycle.ErrRevoked},
		"reissue, lost": {enrolment.Reissue, func(h *holder) {
			_, err := h.life.Lost(context.Background(), h.caller, h.caller.ID)
			check(h.t, err)
		}, enrolment.ErrAbandoned},
	} {
		for _, late := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", late"}[late], func(t *testing.T) {
				t.Parallel()
				h := openHolder(t)
				h.to(h.cert.NotAfter.Add(-10 * time.Hour)) // an application lasts a day
				a, k := h.begin(test.way)
				body := h.csr(keyC(), k.Challenge, newR(t))
				if test.way == enrolment.Renew {
					body = signedBy(t, body, parsed(t, h.cert.DER), keyA(), cms.SignOptions{})
				}
				if late { // while the core bank is asked
					h.wire.then = func() {
						h.wire.then = nil
						test.then(h)
					}
				} else {
					test.then(h)
				}
				made, err := h.Certify(h.ctx, h.caller, a.ID, body)
				if test.want == nil {
					if err != nil || made.State != ca.Valid {
						t.Errorf("%s, %v", made.State, err)
					}
					return
				}
				refuses(t, err, test.want)
				if _, err := h.store.ByApplication(h.ctx, a.ID); !errors.Is(err, ca.ErrNoCertificate) {
					t.Errorf("the authority has begun: %v", err)
				}
			})
		}
	}
}

// A report of loss also stops a first certificate that is about to be made.
func TestLostWhileIssuing(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	kim, a, k := h.ready(sample[1])
	csr := h.csr(keyB(), k.Challenge, newR(t))
	h.wire.then = func() {
		h.wire.then = nil
		loss, err := h.life.Lost(context.Background(), kim, kim.ID)
		if err != nil || loss.Stopped != 1 {
			t.Errorf("%+v, %v", loss, err)
		}
	}
	_, err := h.Certify(h.ctx, kim, a.ID, csr)
	refuses(t, err, enrolment.ErrAbandoned)
	if all, err := h.store.CertificatesOf(h.ctx, kim.ID); err != nil || len(all) != 0 {
		t.Errorf("%d certificates, %v", len(all), err)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	h := openHolder(t)
	check(t, h.ca.Hold(h.ctx, h.caller, h.cert.Serial, lifecycle.DeskOnline))
	a, err := h.StartFor(h.ctx, h.caller, enrolment.Resume, h.cert.Serial)
	check(t, err)
	_, err = h.Resume(h.ctx, h.caller, a.ID)
	refuses(t, err, enrolment.ErrProofFirst)
	a = h.prove(a)
	_, err = h.KeyRequest(h.ctx, h.caller, a.ID)
	refuses(t, err, enrolment.ErrNoKey)
	_, err = h.Certify(h.ctx, h.caller, a.ID, h.csr(keyC(), "x", newR(t)))
	refuses(t, err, enrolment.ErrNoKey)
	kim := h.customer(sample[1])
	_, err = h.Resume(h.ctx, kim, a.ID)
	refuses(t, err, enrolment.ErrUnknown)
	for range 2 { // again it changes nothing
		a, err = h.Resume(h.ctx, h.caller, a.ID)
		check(t, err)
		if a.State != enrolment.Issued || a.Serial != h.cert.Serial || h.now(h.cert.Serial).State != ca.Valid {
			t.Errorf("%s of %s, the certificate is %s", a.State, a.Serial, h.now(h.cert.Serial).State)
		}
	}
	b, _ := h.begin(enrolment.Reissue)
	_, err = h.Resume(h.ctx, h.caller, b.ID)
	refuses(t, err, enrolment.ErrWay)
}

// Suspended elsewhere since, or gone: proving one's identity does not help.
func TestResumeMeanwhile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		then func(h *holder)
		want *fault.Fault
	}{
		"suspended at a branch": {func(h *holder) {
			check(h.t, h.ca.Release(h.ctx, teller, h.cert.Serial, lifecycle.DeskOnline))
			check(h.t, h.ca.Hold(h.ctx, teller, h.cert.Serial, lifecycle.Branch("101")))
		}, lifecycle.ErrElsewhere},
		"revoked": {func(h *holder) {
			check(h.t, h.ca.Revoke(h.ctx, teller, h.cert.Serial, ca.Cessation, time.Time{}))
		}, lifecycle.ErrRevoked},
		"resumed":       {func(h *holder) { check(h.t, h.ca.Release(h.ctx, teller, h.cert.Serial, lifecycle.DeskOnline)) }, lifecycle.ErrValid},
		"half a year":   {func(h *holder) { h.to(h.now(h.cert.Serial).HoldUntil.Add(time.Microsecond)) }, lifecycle.ErrRevoked},
		"reported lost": {func(h *holder) { _, err := h.life.Lost(h.ctx, h.caller, h.caller.ID); check(h.t, err) }, enrolment.ErrAbandoned},
		"deceased":      {func(h *holder) { h.world.Update(h.sample.Number, func(s *simulator.Sample) { s.Deceased = true }) }, enrolment.ErrDeceased},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHolder(t)
			check(t, h.ca.Hold(h.ctx, h.caller, h.cert.Serial, lifecycle.DeskOnline))
			if name == "half a year" { // an application lasts a day
				h.to(h.now(h.cert.Serial).HoldUntil.Add(-time.Hour))
			}
			a, _ := h.begin(enrolment.Resume)
			test.then(h)
			_, err := h.Resume(h.ctx, h.caller, a.ID)
			refuses(t, err, test.want)
		})
	}
}

// An approved exception gives one certificate more, and one only, whichever way
// its application ends.
func TestExceptionIsUsedOnce(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]bool{"noted": false, "answer lost, then lapsed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHolder(t)
			_, err := h.Start(h.ctx, h.caller, npki.PersonalBank)
			refuses(t, err, ca.ErrPersonHolds)
			p, err := h.life.Propose(h.ctx, teller, lifecycle.Proposal{Act: lifecycle.Exception, SubscriberID: h.caller.ID,
				Kind: npki.PersonalBank, Why: "두 번째 기기에서 씀"})
			check(t, err)
			_, err = h.life.Decide(h.ctx, supervisor, p.ID, true)
			check(t, err)
			a, err := h.Start(h.ctx, h.caller, npki.PersonalBank)
			check(t, err)
			if a.Exception != p.ID {
				t.Fatalf("by exception %q", a.Exception)
			}
			a = h.prove(a)
			k, err := h.KeyRequest(h.ctx, h.caller, a.ID)
			check(t, err)
			service := h.Service
			if lost {
				config := h.config
				config.Authority = &mute{h.ca, true}
				service, err = enrolment.New(config)
				check(t, err)
			}
			_, err = service.Certify(h.ctx, h.caller, a.ID, h.csr(keyC(), k.Challenge, newR(t)))
			if lost != errors.Is(err, errLost) {
				t.Fatal(err)
			}
			if lost {
				h.clock.pass(25 * time.Hour)
				_, err = h.Lapse(h.ctx, operator)
				check(t, err)
			}
			more, err := h.store.ByApplication(h.ctx, a.ID)
			check(t, err)
			if more.State != ca.Valid || more.Exception != p.ID || h.now(h.cert.Serial).State != ca.Valid {
				t.Errorf("%s by %q", more.State, more.Exception)
			}
			// Also when that one is gone there is none for it.
			check(t, h.ca.Revoke(h.ctx, teller, more.Serial, ca.Cessation, time.Time{}))
			_, err = h.Start(h.ctx, h.caller, npki.PersonalBank)
			refuses(t, err, ca.ErrPersonHolds)
		})
	}
}
