package enrolment_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
)

// The whole way of an ordinary customer, each step asked twice.
func TestFromStartToCertificate(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.started(hong)
	again, err := d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	if diff := cmp.Diff(a, again); diff != "" {
		t.Errorf("starting twice made another application: %s", diff)
	}
	if want := []string{"consent", "id-card", "account", "otp", "phone", "key"}; !slices.Equal(a.Needs(), want) {
		t.Errorf("a new application needs %v", a.Needs())
	}
	for range 2 {
		a, err = d.Consent(d.ctx, c, a.ID, d.all())
		check(t, err)
	}
	for range 2 {
		a, err = d.ProveIDCard(d.ctx, c, a.ID, cardOf(hong))
		check(t, err)
	}
	if want := []string{"account", "otp", "phone", "key"}; !slices.Equal(a.Needs(), want) {
		t.Errorf("after the card the application needs %v", a.Needs())
	}
	_, err = d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	check(t, err)
	code := d.otp(hong)
	for range 2 { // the second is no replay: the factor is proven
		_, err = d.ProveOTP(d.ctx, c, a.ID, code)
		check(t, err)
	}
	masked, expires, err := d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	if masked != "010-****-0001" || !expires.Equal(opening.Add(3*time.Minute)) {
		t.Errorf("code sent to %s until %s", masked, expires)
	}
	a, err = d.ProvePhone(d.ctx, c, a.ID, d.lastCode(hong.Phone))
	check(t, err)
	if a.State != enrolment.Proofed || len(a.Proofs) != 4 {
		t.Fatalf("state %s with %d proofs", a.State, len(a.Proofs))
	}
	k, err := d.KeyRequest(d.ctx, c, a.ID)
	check(t, err)
	k2, err := d.KeyRequest(d.ctx, c, a.ID)
	check(t, err)
	if diff := cmp.Diff(k, k2); diff != "" {
		t.Errorf("the second key request differs: %s", diff)
	}
	r := newR(t)
	record, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, r))
	check(t, err)
	same, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
	check(t, err)
	if !bytes.Equal(record.DER, same.DER) {
		t.Error("the same key got another certificate")
	}
	a, err = d.View(d.ctx, c, a.ID)
	check(t, err)
	if a.State != enrolment.Issued || a.Serial != record.Serial || a.Needs() != nil {
		t.Errorf("application %s %q needs %v", a.State, a.Serial, a.Needs())
	}
	belongsTo(t, record, hong, r)
	summary, err := d.log.Verify(d.ctx, func(p audit.Problem) { t.Errorf("audit: %+v", p) })
	check(t, err)
	t.Logf("audit: %+v", summary)
}

// belongsTo checks that a certificate names a sample and that number and R
// prove it theirs.
func belongsTo(t *testing.T, record ca.Record, s simulator.Sample, r npki.R) {
	t.Helper()
	cert, err := x509.ParseCertificate(record.DER)
	check(t, err)
	data, err := npki.IdentifyDataOf(cert)
	check(t, err)
	if data.RealName != s.Name || len(data.VIDs) != 1 || !data.VIDs[0].Matches(s.IdentityNumber, r) {
		t.Error("the certificate is not the customer's")
	}
	if data.VIDs[0].Matches("8503141000012", r) {
		t.Error("the certificate is a stranger's, too")
	}
}

// Every sort of customer who may have a certificate gets one.
func TestCustomersOfEverySort(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 3, 8, 9, 11, 14, 18} {
		s := sample[n-1]
		t.Run(s.LoginID, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			c, a, k := d.ready(s)
			r := newR(t)
			record, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, r))
			check(t, err)
			belongsTo(t, record, s, r)
		})
	}
}

func TestWhoMayStart(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		sample int
		kind   npki.Kind
		want   *fault.Fault
	}{
		{"child", 10, npki.PersonalBank, enrolment.ErrChild},
		{"company at a personal kind", 12, npki.PersonalBank, enrolment.ErrCorporate},
		{"person at a corporate kind", 1, npki.CorporateBank, enrolment.ErrPerson},
		{"company online", 12, npki.CorporateBank, enrolment.ErrNotOnline},
		{"kind with a fee", 1, npki.PersonalGeneral, enrolment.ErrNotOnline},
		{"deceased", 13, npki.PersonalBank, enrolment.ErrDeceased},
		{"no such kind", 1, "personal-moon", enrolment.ErrKind},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			c := d.customer(sample[test.sample-1])
			_, err := d.Start(d.ctx, c, test.kind)
			refuses(t, err, test.want)
			if d.audited(authz.StartApplication, audit.Refused, test.want.Number) != 1 {
				t.Error("the refusal is not in the audit log")
			}
			all, err := d.List(d.ctx, c)
			check(t, err)
			if len(all) != 0 {
				t.Error("an application was made all the same")
			}
		})
	}
}

// The birthday itself counts in Seoul, also for one born on a leap day.
func TestAge(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.customer(sample[0])
	birthday := func(birth string) { d.world.Update(sample[0].Number, func(s *simulator.Sample) { s.Birth = birth }) }
	birthday("20121124") // 14 tomorrow
	_, err := d.Start(d.ctx, c, npki.PersonalBank)
	refuses(t, err, enrolment.ErrChild)
	d.clock.pass(14 * time.Hour) // 2026-11-24 00:00 in Seoul, still the 23rd in UTC
	_, err = d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
}

func TestSecondCertificateIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
	check(t, err)
	_, err = d.Start(d.ctx, c, npki.PersonalBank)
	refuses(t, err, ca.ErrPersonHolds)
	d.clock.pass(370 * 24 * time.Hour)
	_, err = d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
}

func TestConsent(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.started(sample[0])
	all := d.all()
	change := func(i int, f func(*enrolment.ConsentGiven)) []enrolment.ConsentGiven {
		given := slices.Clone(all)
		f(&given[i])
		return given
	}
	for _, test := range []struct {
		name  string
		given []enrolment.ConsentGiven
		want  *fault.Fault
	}{
		{"nothing", nil, enrolment.ErrConsentMissing},
		{"optional only", all[3:], enrolment.ErrConsentMissing},
		{"one missing", all[1:], enrolment.ErrConsentMissing},
		{"old version", change(0, func(g *enrolment.ConsentGiven) { g.Version = "2025.1" }), enrolment.ErrConsentOld},
		{"another text", change(1, func(g *enrolment.ConsentGiven) { g.SHA256 = strings.Repeat("0", 64) }), enrolment.ErrConsentOld},
		{"no hash", change(2, func(g *enrolment.ConsentGiven) { g.SHA256 = "" }), enrolment.ErrConsentOld},
		{"optional in an old version", change(3, func(g *enrolment.ConsentGiven) { g.Version = "1" }), enrolment.ErrConsentOld},
		{"unknown text", change(3, func(g *enrolment.ConsentGiven) { g.Terms = "moon" }), enrolment.ErrConsentUnknown},
		{"twice", append(slices.Clone(all[:3]), all[0]), enrolment.ErrConsentUnknown},
		{"too many", append(slices.Clone(all), all...), enrolment.ErrConsentUnknown},
	} {
		_, err := d.Consent(d.ctx, c, a.ID, test.given)
		if refuses(t, err, test.want); t.Failed() {
			t.Fatal(test.name)
		}
	}
	_, err := d.Consent(d.ctx, c, a.ID, all[1:])
	for lang, title := range map[string]string{"ko": d.Terms(a.Kind)[0].Title, "en": d.Terms(a.Kind)[0].TitleEN} {
		if what, _ := fault.Of(err).Public(lang); !strings.HasSuffix(what, ": "+title) {
			t.Errorf("people read %q, not %q", what, title)
		}
	}
	if named := fault.Of(err).Params["terms"]; named != all[0].Terms {
		t.Errorf("programs read %q, not %q", named, all[0].Terms)
	}
	a, err = d.Consent(d.ctx, c, a.ID, all[:3])
	check(t, err)
	if a.State != enrolment.Consented || len(a.Consents) != 3 || a.Consents[0].SHA256 != all[0].SHA256 {
		t.Errorf("kept %s %+v", a.State, a.Consents)
	}
	_, err = d.Consent(d.ctx, c, a.ID, all)
	refuses(t, err, enrolment.ErrConsentGiven)
}

func TestTerms(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for _, kind := range []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank, npki.CorporateGeneral} {
		terms := d.Terms(kind)
		if len(terms) != 4 {
			t.Fatalf("%s has %d texts", kind, len(terms))
		}
		for _, x := range terms {
			if len(x.Text) < 900 || len(x.TextEN) < 700 || x.Title == "" || x.TitleEN == "" || !strings.Contains(x.Text, "버전 "+x.Version) {
				t.Errorf("%s is not a whole text", x.Name)
			}
		}
	}
	if d.Terms("personal-moon") != nil {
		t.Error("a kind that there is not has terms")
	}
}

func TestOrderOfSteps(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.started(hong)
	csr := d.csr(keyA(), "guess", newR(t))
	early := func(want *fault.Fault, also ...*fault.Fault) {
		t.Helper()
		_, err := d.KeyRequest(d.ctx, c, a.ID)
		refuses(t, err, want)
		_, err = d.Certify(d.ctx, c, a.ID, csr)
		refuses(t, err, append(also, want)[0])
	}
	early(enrolment.ErrConsentFirst)
	_, err := d.ProveIDCard(d.ctx, c, a.ID, cardOf(hong))
	refuses(t, err, enrolment.ErrConsentFirst)
	_, err = d.ProveAccount(d.ctx, c, a.ID, hong.Account, hong.AccountPassword)
	refuses(t, err, enrolment.ErrConsentFirst)
	_, err = d.ProveOTP(d.ctx, c, a.ID, "000000")
	refuses(t, err, enrolment.ErrConsentFirst)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	refuses(t, err, enrolment.ErrConsentFirst)
	_, err = d.ProvePhone(d.ctx, c, a.ID, "000000")
	refuses(t, err, enrolment.ErrConsentFirst)
	if n := d.wire.count("/idcheck/v1/verify") + d.wire.count("/corebank/v1/accounts/verify"); n != 0 {
		t.Errorf("%d outside calls before the consent", n)
	}
	_, err = d.Consent(d.ctx, c, a.ID, d.all())
	check(t, err)
	early(enrolment.ErrProofFirst)
	_, err = d.ProvePhone(d.ctx, c, a.ID, "000000")
	refuses(t, err, proofing.ErrCodeNone)
	d2 := openDesk(t)
	c2, a2 := d2.proofed(hong)
	_, err = d2.Certify(d2.ctx, c2, a2.ID, csr)
	refuses(t, err, enrolment.ErrKeyFirst)
	_, _, err = d2.SendPhoneCode(d2.ctx, c2, a2.ID)
	refuses(t, err, enrolment.ErrPhoneProven)
}

// A stranger's application looks like one that does not exist, at every step.
func TestStrangersApplication(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, a, k := d.ready(sample[0])
	kim := d.customer(sample[1])
	for _, id := range []string{a.ID, "NOSUCHAPPLICATION", "", strings.Repeat("A", 100)} {
		for name, act := range map[string]func() error{
			"view":    func() error { _, err := d.View(d.ctx, kim, id); return err },
			"consent": func() error { _, err := d.Consent(d.ctx, kim, id, d.all()); return err },
			"card":    func() error { _, err := d.ProveIDCard(d.ctx, kim, id, cardOf(sample[1])); return err },
			"account": func() error { _, err := d.ProveAccount(d.ctx, kim, id, sample[1].Account, "1202"); return err },
			"otp":     func() error { _, err := d.ProveOTP(d.ctx, kim, id, "000000"); return err },
			"send":    func() error { _, _, err := d.SendPhoneCode(d.ctx, kim, id); return err },
			"phone":   func() error { _, err := d.ProvePhone(d.ctx, kim, id, "000000"); return err },
			"key":     func() error { _, err := d.KeyRequest(d.ctx, kim, id); return err },
			"certify": func() error { _, err := d.Certify(d.ctx, kim, id, d.csr(keyA(), k.Challenge, newR(t))); return err },
			"abandon": func() error { return d.Abandon(d.ctx, kim, id) },
		} {
			if err := act(); !errors.Is(err, enrolment.ErrUnknown) {
				t.Errorf("%s of %q: %v", name, id, err)
			}
		}
	}
	if d.audited(authz.IssueCertificate, audit.Denied, enrolment.ErrUnknown.Number) != 2 {
		t.Error("the denials are not in the audit log")
	}
	if list, err := d.List(d.ctx, kim); err != nil || len(list) != 0 {
		t.Errorf("a stranger sees %d applications, %v", len(list), err)
	}
	_, err := d.Start(d.ctx, authz.Caller{Role: authz.Anonymous}, npki.PersonalBank)
	refuses(t, err, authz.ErrForbidden)
}

func TestAbandon(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	check(t, d.Abandon(d.ctx, c, a.ID))
	check(t, d.Abandon(d.ctx, c, a.ID))
	_, err := d.ProveIDCard(d.ctx, c, a.ID, cardOf(sample[0]))
	refuses(t, err, enrolment.ErrAbandoned)
	next, err := d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	if next.ID == a.ID {
		t.Error("the abandoned application came back")
	}
}

func TestStartAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.customer(sample[0])
	ids := make([]string, 8)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			a, err := d.Start(d.ctx, c, npki.PersonalBank)
			if err != nil {
				t.Error(err)
			}
			ids[i] = a.ID
		})
	}
	wait.Wait()
	if slices.Sort(ids); ids[0] != ids[len(ids)-1] {
		t.Errorf("several applications were made: %v", ids)
	}
}

func TestLapse(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a, k := d.ready(sample[0])
	d.clock.pass(24*time.Hour - time.Microsecond)
	if n, err := d.Lapse(d.ctx, operator); n != 0 || err != nil {
		t.Fatalf("lapsed %d too early, %v", n, err)
	}
	d.clock.pass(time.Microsecond)
	_, err := d.Certify(d.ctx, c, a.ID, d.csr(keyA(), k.Challenge, newR(t)))
	refuses(t, err, enrolment.ErrLapsed)
	if a, err = d.View(d.ctx, c, a.ID); err != nil || a.State != enrolment.Lapsed {
		t.Errorf("state %s, %v", a.State, err)
	}
	if d.audited(authz.LapseApplication, audit.Done, 0) != 1 {
		t.Error("the lapse is not in the audit log")
	}
	next, err := d.Start(d.ctx, c, npki.PersonalBank)
	check(t, err)
	d.clock.pass(25 * time.Hour)
	if n, err := d.Lapse(d.ctx, operator); n != 1 || err != nil {
		t.Errorf("the clock lapsed %d, %v", n, err)
	}
	if n, err := d.Lapse(d.ctx, operator); n != 0 || err != nil {
		t.Errorf("the clock lapsed %d once more, %v", n, err)
	}
	if a, err := d.View(d.ctx, c, next.ID); err != nil || a.State != enrolment.Lapsed {
		t.Errorf("state %s, %v", a.State, err)
	}
	_, err = d.Lapse(d.ctx, c)
	refuses(t, err, authz.ErrForbidden)
}

// What happens while a service is being asked counts when its answer is
// written.
func TestMeanwhile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		then func(d *desk, c authz.Caller, id string)
		want *fault.Fault
	}{
		{"time is up", func(d *desk, _ authz.Caller, _ string) { d.clock.pass(25 * time.Hour) }, enrolment.ErrLapsed},
		{"abandoned", func(d *desk, c authz.Caller, id string) { check(d.t, d.Abandon(d.ctx, c, id)) }, enrolment.ErrAbandoned},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			c, a := d.consented(sample[0])
			d.wire.then = func() { test.then(d, c, a.ID) }
			_, err := d.ProveIDCard(d.ctx, c, a.ID, cardOf(sample[0]))
			refuses(t, err, test.want)
			d.wire.then = nil
			a, err = d.View(d.ctx, c, a.ID)
			check(t, err)
			if len(a.Proofs) != 0 || a.State.Open() {
				t.Errorf("%s with %d proofs", a.State, len(a.Proofs))
			}
		})
	}
}

// A customer whose line drops while the service is being asked has proven what
// they have proven.
func TestLineDrops(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c, a := d.consented(sample[0])
	ctx, drop := context.WithCancel(d.ctx)
	d.wire.then = drop
	_, _ = d.ProveOTP(ctx, c, a.ID, d.otp(sample[0])) // nobody is there to hear the answer
	d.wire.then = nil
	a, err := d.View(d.ctx, c, a.ID)
	check(t, err)
	if len(a.Proofs) != 1 {
		t.Error("the proof was lost, and the one-time password with it")
	}
}

// The audit log tells what happened to whom by ids, and nothing personal.
func TestAuditHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	hong := sample[0]
	c, a := d.consented(hong)
	bad := cardOf(hong)
	bad.IssueDate = "20180101"
	_, err := d.ProveIDCard(d.ctx, c, a.ID, bad)
	refuses(t, err, proofing.ErrCardMismatch)
	_, err = d.ProveAccount(d.ctx, c, a.ID, hong.Account, "9999")
	refuses(t, err, proofing.ErrAccountWrong)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	check(t, err)
	_, err = d.subs.Authenticate(d.ctx, authz.Caller{Role: authz.Anonymous}, "8503141000011", "secret-typed-here")
	if err == nil {
		t.Fatal("a login that nobody has")
	}
	text, err := json.Marshal(d.entries())
	check(t, err)
	for _, personal := range []string{hong.Name, hong.IdentityNumber, hong.Phone, hong.Account, "9999", d.lastCode(hong.Phone),
		hong.Mail, hong.LoginID, hong.Password, "secret-typed-here", "20180101", bad.IssueDate} {
		if bytes.Contains(text, []byte(personal)) {
			t.Errorf("the audit log holds %q", personal)
		}
	}
}
