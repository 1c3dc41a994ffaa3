package server_test

import (
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/cms"
)

// renewalKeys are keys that come after the first.
var renewalKeys = [2]func() *rsa.PrivateKey{sync.OnceValue(makeKey), sync.OnceValue(makeKey)}

// again logs in once more: time has passed.
func (h holder) again(t *testing.T) {
	t.Helper()
	if _, err := h.LogIn(t.Context(), h.sample.LoginID, h.sample.Password); err != nil {
		t.Fatal(err)
	}
}

// otp reads the token; when its code of the moment is used, time goes on.
func (h holder) otp(t *testing.T, clock *clock) string {
	t.Helper()
	for range 3 {
		if code, ok := h.demo.Simulator().OTP(h.sample.Number); ok {
			return code
		}
		clock.pass(time.Minute)
	}
	t.Fatal("the token shows nothing")
	return ""
}

// proveFor leads an application as far as a key, or the resumption.
func (h holder) proveFor(t *testing.T, a client.Application, clock *clock) {
	t.Helper()
	ctx := t.Context()
	for _, need := range a.Needs {
		var err error
		switch need {
		case client.NeedConsent:
			h.consent(t, a.ID)
		case client.NeedIDCard:
			_, err = h.ProveIDCard(ctx, a.ID, h.card())
		case client.NeedAccount:
			_, err = h.ProveAccount(ctx, a.ID, h.sample.Account, h.sample.AccountPassword)
		case client.NeedOTP:
			_, err = h.ProveOTP(ctx, a.ID, h.otp(t, clock))
		case client.NeedPhone:
			clock.pass(time.Minute)
			if _, err = h.SendPhoneCode(ctx, a.ID); err == nil {
				_, err = h.ProvePhone(ctx, a.ID, h.phoneCode(t))
			}
		case client.NeedKey, client.NeedResume:
		}
		if err != nil {
			t.Fatalf("%s: %v", need, err)
		}
	}
}

// TestLifeByAPI walks a certificate's whole life by the API: suspended and
// resumed, renewed, lost, reissued, revoked.
func TestLifeByAPI(t *testing.T) {
	t.Parallel()
	clock := &clock{at: time.Now()}
	d := startDemo(t, config(), server.Options{Now: clock.now})
	hong := issued(t, d, "hong")
	ctx, first := t.Context(), hong.made.Serial
	state := func(serial string, want client.CertificateState) client.Certificate {
		t.Helper()
		got, err := hong.CertificateBySerial(ctx, serial)
		if err != nil || got.State != want || got.Serial != serial {
			t.Fatalf("%s is %s, %v; want %s", serial, got.State, err, want)
		}
		return got
	}
	advised := func(serial string, key bool, want client.AdvisedStep) client.Advice {
		t.Helper()
		a, err := hong.Advice(ctx, serial, key)
		if err != nil || a.Do != want || a.Why == "" {
			t.Errorf("advice is %s (%s), %v; want %s", a.Do, a.Why, err, want)
		}
		return a
	}
	made := state(first, client.CertificateStateValid)
	if !made.RenewFrom.Before(made.NotAfter) || made.NotAfter.Sub(made.RenewFrom) > 31*24*time.Hour || made.Desk != "" || made.Replaces != "" {
		t.Errorf("a new certificate: %+v", made)
	}
	advised("", true, client.AdvisedStepNothing)
	advised(first, false, client.AdvisedStepReissue)

	// Suspended and resumed.
	if _, err := hong.Suspend(ctx, first); err != nil {
		t.Fatal(err)
	}
	if c := state(first, client.CertificateStateSuspended); c.Desk != "online" || c.HeldUntil.Before(clock.now().AddDate(0, 5, 0)) {
		t.Errorf("suspended at %q until %v", c.Desk, c.HeldUntil)
	}
	_, err := hong.Suspend(ctx, first)
	wantProblem(t, err, 409, 2303)
	_, _, err = hong.StartFor(ctx, client.ChangeWayRenew, first)
	wantProblem(t, err, 409, 2303)
	advised("", true, client.AdvisedStepResume)
	resume, created, err := hong.StartFor(ctx, client.ChangeWayResume, first)
	if err != nil || !created || resume.Way != client.WayResume || resume.Replaces != first {
		t.Fatalf("%+v, %v, %v", resume, created, err)
	}
	if again, created, err := hong.StartFor(ctx, client.ChangeWayResume, first); err != nil || created || again.ID != resume.ID {
		t.Errorf("asking again: %v, %v", created, err)
	}
	_, err = hong.Resume(ctx, resume.ID)
	wantProblem(t, err, 409, 2132)
	clock.pass(time.Minute)
	hong.proveFor(t, resume, clock)
	if done, err := hong.Resume(ctx, resume.ID); err != nil || done.State != client.ApplicationStateIssued || done.Serial != first {
		t.Fatalf("resumed: %+v, %v", done, err)
	}
	state(first, client.CertificateStateValid)

	// Renewed, not before the window opens.
	_, _, err = hong.StartFor(ctx, client.ChangeWayRenew, first)
	wantProblem(t, err, 422, 2311)
	clock.pass(made.RenewFrom.Sub(clock.now()))
	hong.again(t)
	advised("", true, client.AdvisedStepRenew)
	renewal, _, err := hong.StartFor(ctx, client.ChangeWayRenew, first)
	if err != nil {
		t.Fatal(err)
	}
	hong.proveFor(t, renewal, clock)
	plain := hong.csr(t, renewal.ID, renewalKeys[0]())
	_, _, err = hong.Certify(ctx, renewal.ID, plain)
	wantProblem(t, err, 415, 1022)
	_, _, err = hong.Renew(ctx, renewal.ID, plain)
	wantProblem(t, err, 422, 2146)
	second, created, err := hong.Renew(ctx, renewal.ID, hong.sign(t, string(plain), cms.SignOptions{}))
	if err != nil || !created || second.Replaces != first || !second.NotAfter.After(made.NotAfter.AddDate(0, 11, 0)) {
		t.Fatalf("renewed: %+v, %v, %v", second, created, err)
	}
	if old := state(first, client.CertificateStateRevoked); old.Reason != client.RevocationReasonSuperseded {
		t.Errorf("the old one was revoked as %q", old.Reason)
	}

	// Lost, and reissued.
	code, err := hong.EmergencyCode(ctx, second.Serial)
	if err != nil || len(code) != 19 {
		t.Fatalf("%q, %v", code, err)
	}
	_, err = hong.EmergencyCode(ctx, first)
	wantProblem(t, err, 410, 2324)
	passer := newClient(t, d, "ko")
	if loss, err := passer.ReportLossByCode(ctx, strings.ToLower(code)); err != nil || len(loss.Suspended) != 1 {
		t.Fatalf("lost by code: %+v, %v", loss, err)
	}
	if loss, err := hong.ReportLoss(ctx); err != nil || len(loss.Suspended) != 0 || len(loss.Before) != 1 {
		t.Errorf("lost once more: %+v, %v", loss, err)
	}
	if c := state(second.Serial, client.CertificateStateSuspended); c.Desk != "lost" {
		t.Errorf("suspended at %q", c.Desk)
	}
	advised("", false, client.AdvisedStepReissue)
	reissue, _, err := hong.StartFor(ctx, client.ChangeWayReissue, second.Serial)
	if err != nil {
		t.Fatal(err)
	}
	clock.pass(time.Minute)
	hong.proveFor(t, reissue, clock)
	request := hong.csr(t, reissue.ID, renewalKeys[1]())
	_, _, err = hong.Renew(ctx, reissue.ID, request)
	wantProblem(t, err, 415, 1023)
	third, _, err := hong.Certify(ctx, reissue.ID, request)
	if err != nil || !third.NotAfter.Equal(second.NotAfter) || third.Replaces != second.Serial {
		t.Fatalf("reissued: %+v, %v", third, err)
	}

	// Revoked, with the token of the moment.
	revoke := func(otp, day string) error {
		_, err := hong.Revoke(ctx, third.Serial, client.RevocationRequest{Reason: client.CustomerReasonKeyCompromise, OTP: otp, InvalidityDate: day})
		return err
	}
	wantProblem(t, revoke("123456", "someday"), 400, 1010)
	wantProblem(t, revoke("123456", "2020-01-01"), 400, 2313)
	clock.pass(2 * time.Minute)
	wantProblem(t, revoke("000000", ""), 422, 3401)
	today := clock.now().In(time.FixedZone("KST", 9*60*60)).Format(time.DateOnly)
	if err := revoke(hong.otp(t, clock), today); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, revoke("123456", ""), 409, 2304)
	advised("", true, client.AdvisedStepIssue)
	hong.tellsAll(t, first, second.Serial, third.Serial)
}

// tellsAll sees history and notices of the life that TestLifeByAPI led.
func (h holder) tellsAll(t *testing.T, first, second, third string) {
	t.Helper()
	events, err := h.History(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		got = append(got, strings.NewReplacer(first, "1", second, "2", third, "3").Replace(
			strings.Join([]string{e.Serial, string(e.What), string(e.By), e.Desk, string(e.Reason), e.Other}, " ")))
	}
	want := []string{
		"3 revoked customer  key-compromise ", "3 reissued customer   2", "2 replaced customer  superseded 3",
		"2 suspended emergency-code lost  ", "2 renewed customer   1", "1 replaced customer  superseded 2",
		"1 resumed customer   ", "1 suspended customer online  ", "1 issued customer   ",
	}
	// What happens in one transaction has one time: either may come first.
	sorted := cmp.Transformer("sorted", func(lines []string) map[string]bool {
		set := make(map[string]bool, len(lines))
		for _, l := range lines {
			set[l] = true
		}
		return set
	})
	if diff := cmp.Diff(want, got, sorted); diff != "" || len(got) != len(want) {
		t.Errorf("history:\n%s", diff)
	}
	if one, err := h.History(t.Context(), first); err != nil || len(one) != 4 {
		t.Errorf("%d events of the first, %v", len(one), err)
	}
	notices, err := h.Notices(t.Context())
	told := map[string]int{}
	for _, n := range notices {
		told[n.Event]++
	}
	if err != nil || told["issued"] == 0 || told["suspended"] == 0 || told["renewed"] == 0 || told["lost"] == 0 || told["revoked"] == 0 {
		t.Errorf("told of %v, %v", told, err)
	}
	chosen, err := h.ChooseNotices(t.Context(), client.NoticeChoice{Channels: client.ChannelChoiceMessage, Language: client.LanguageEn})
	if err != nil || chosen.Channels != client.ChannelChoiceMessage || chosen.Language != client.LanguageEn {
		t.Errorf("chosen %+v, %v", chosen, err)
	}
	if now, err := h.NoticePreferences(t.Context()); err != nil || cmp.Diff(chosen, now) != "" {
		t.Errorf("now %+v, %v", now, err)
	}
}

// TestCertificateDoors tries what can be done with a certificate as another
// customer: each is answered as if there were no such certificate, the try is
// in the audit log, and the certificate is as it was.
func TestCertificateDoors(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	hong := issued(t, d, "hong")
	kim := session(t, d, "kim", "kim-demo-2026")
	serial := hong.made.Serial
	for _, door := range []door{
		{"GET", "/api/v1/certificates/SERIAL", ""},
		{"POST", "/api/v1/certificates/SERIAL/suspension", ""},
		{"POST", "/api/v1/certificates/SERIAL/revocation", `{"reason":"cessation","otp":"123456"}`},
		{"POST", "/api/v1/certificates/SERIAL/revocation", `{"reason":"cessation","otp":"123456","invalidityDate":"2026-01-01"}`},
		{"GET", "/api/v1/certificates/SERIAL/emergency-code", ""},
		{"GET", "/api/v1/history?certificate=SERIAL", ""},
		{"GET", "/api/v1/advice?certificate=SERIAL", ""},
		{"POST", "/api/v1/applications", `{"way":"renew","certificate":"SERIAL"}`},
		{"POST", "/api/v1/applications", `{"way":"reissue","certificate":"SERIAL"}`},
		{"POST", "/api/v1/applications", `{"way":"resume","certificate":"SERIAL"}`},
	} {
		at := func(serial string) answer {
			return knock(t, d, kim, door.method, strings.ReplaceAll(door.path, "SERIAL", serial), strings.ReplaceAll(door.body, "SERIAL", serial))
		}
		before := len(entries(t, d))
		theirs := at(serial)
		if len(entries(t, d)) == before {
			t.Errorf("%s %s leaves nothing in the audit log", door.method, door.path)
		}
		none := at("0a1b0a1b0a1b")
		none.want(t, door.path, 404, 4010)
		theirs.Request, none.Request = "", ""
		if theirs.status != none.status || cmp.Diff(theirs.ProblemDetails, none.ProblemDetails) != "" {
			t.Errorf("%s %s: another's is answered %d %s, none %d %s", door.method, door.path, theirs.status, theirs.Title, none.status, none.Title)
		}
		if door.method == "GET" && !strings.Contains(door.path, "?") {
			at("no-serial").want(t, "no serial at all", 404, 4010)
		}
	}
	now, err := hong.CertificateBySerial(t.Context(), serial)
	if err != nil || now.State != client.CertificateStateValid {
		t.Errorf("the certificate is %s, %v", now.State, err)
	}
	if events, err := hong.History(t.Context(), ""); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
	own := session(t, d, "hong", "hong-demo-2026")
	knock(t, d, own, "GET", "/api/v1/advice?key=maybe", "").want(t, "neither yes nor no", 400, 1010)
	knock(t, d, own, "GET", "/api/v1/advice?certificate=0a&certificate=0b", "").want(t, "two certificates", 400, 1010)
	knock(t, d, own, "POST", "/api/v1/applications", `{"kind":"personal-bank","way":"renew","certificate":"`+serial+`"}`).want(t, "kind and way", 400, 1010)
	knock(t, d, own, "POST", "/api/v1/applications", `{"way":"renew"}`).want(t, "no certificate", 400, 1012)
	knock(t, d, own, "POST", "/api/v1/applications", `{"certificate":"`+serial+`"}`).want(t, "no way", 400, 1012)
}

// TestEmergencyCodeDoor sees that who guesses codes learns nothing, is told the
// same whoever is meant, and is stopped.
func TestEmergencyCodeDoor(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	hong := issued(t, d, "hong")
	try := func(code string) answer {
		body, _ := json.Marshal(client.LossByCode{Code: code})
		return knock(t, d, nil, http.MethodPost, "/api/v1/loss/emergency-code", string(body), "Accept-Language", "en")
	}
	try("not a code").want(t, "no code", 400, 2321)
	for range 5 {
		try("0000-0000-0000-0000").want(t, "a code that nobody has", 422, 2322)
	}
	try("0000-0000-0000-0000").want(t, "a sixth", 423, 2323)
	code, err := hong.EmergencyCode(t.Context(), hong.made.Serial)
	if err != nil {
		t.Fatal(err)
	}
	locked := try(code)
	locked.want(t, "the right one, from there", 423, 2323)
	if locked.RetryAfter == 0 || strings.Contains(locked.body, hong.sample.Name) {
		t.Errorf("locked: %s", locked.body)
	}
	if now, err := hong.CertificateBySerial(t.Context(), hong.made.Serial); err != nil || now.State != client.CertificateStateValid {
		t.Errorf("the certificate is %s, %v", now.State, err)
	}
}
