package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
)

// TestOrderOfSteps tries each step before its time; each is refused, and the
// right order still leads to the certificate.
func TestOrderOfSteps(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	p := logIn(t, d, "hong")
	ctx := t.Context()
	id := p.start(t)

	_, err := p.ProveOTP(ctx, id, "123456")
	wantProblem(t, err, 409, 2131)
	_, err = p.SendPhoneCode(ctx, id)
	wantProblem(t, err, 409, 2131)
	_, err = p.KeyRequest(ctx, id)
	wantProblem(t, err, 409, 2131)

	terms, err := p.Terms(ctx, client.KindPersonalBank)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Consent(ctx, id, []client.ConsentGiven{{Name: terms[0].Name, Version: terms[0].Version, SHA256: terms[0].SHA256}})
	wantProblem(t, err, 422, 2121)
	_, err = p.Consent(ctx, id, []client.ConsentGiven{{Name: terms[0].Name, Version: terms[0].Version, SHA256: strings.Repeat("0", 64)}})
	wantProblem(t, err, 409, 2122)
	p.consent(t, id)
	_, err = p.KeyRequest(ctx, id)
	if problem := wantProblem(t, err, 409, 2132); problem.Params["needs"] == "" {
		t.Errorf("it does not say what is missing: %+v", problem)
	}
	_, err = p.ProvePhone(ctx, id, "000000")
	wantProblem(t, err, 409, 3503)

	p.prove(t, id)
	_, _, err = p.Certify(ctx, id, []byte{0x30, 0x00})
	wantProblem(t, err, 409, 2133)
	csr := p.csr(t, id, testKeys[0]())
	_, _, err = p.Certify(ctx, id, csr[:len(csr)-1])
	wantProblem(t, err, 400, 2141)
	if _, created, err := p.Certify(ctx, id, csr); err != nil || !created {
		t.Errorf("in the right order: %v %v", created, err)
	}
	_, _, err = p.Certify(ctx, id, p2(t, d, testKeys[1]))
	wantProblem(t, err, 422, 2143)
}

// p2 gives a certification request that was made for another's application.
func p2(t *testing.T, d *server.Demo, key keyMaker) []byte {
	t.Helper()
	p := logIn(t, d, "kim")
	id := p.start(t)
	p.consent(t, id)
	p.prove(t, id)
	return p.csr(t, id, key())
}

// TestWrongProofs answers factors wrongly: each refusal says how many tries are
// left, a lost card ends the application, a locked factor says until when.
func TestWrongProofs(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	ctx := t.Context()
	p := logIn(t, d, "hong")
	id := p.start(t)
	p.consent(t, id)
	_, err := p.ProveAccount(ctx, id, p.sample.Account, "0000")
	if problem := wantProblem(t, err, 422, 3301); problem.Params["left"] != "4" {
		t.Errorf("tries left: %q", problem.Params["left"])
	}
	for range 3 {
		_, err = p.ProveAccount(ctx, id, p.sample.Account, "0000")
		wantProblem(t, err, 422, 3301)
	}
	_, err = p.ProveAccount(ctx, id, p.sample.Account, "0000")
	if problem := wantProblem(t, err, 423, 3601); problem.RetryAfter <= 0 {
		t.Error("it does not say until when")
	}
	card := p.card()
	card.Image = []byte("no picture")
	_, err = p.ProveIDCard(ctx, id, card)
	wantProblem(t, err, 415, 3011)
	if _, err := p.ProveIDCard(ctx, id, p.card()); err != nil {
		t.Errorf("another factor is held up: %v", err)
	}

	lost := logIn(t, d, "park")
	lostID := lost.start(t)
	lost.consent(t, lostID)
	_, err = lost.ProveIDCard(ctx, lostID, lost.card())
	wantProblem(t, err, 422, 3202)
	a, err := lost.Application(ctx, lostID)
	if err != nil || a.State != client.ApplicationStateRejected || len(a.Needs) != 0 {
		t.Errorf("after a lost card: %+v %v", a, err)
	}
	_, err = lost.ProveIDCard(ctx, lostID, lost.card())
	wantProblem(t, err, 410, 2104)
}

// TestWhoMayNot applies as those who may not have a certificate here.
func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	ctx := t.Context()
	for _, tt := range []struct {
		login  string
		kind   client.Kind
		status int
		code   int
	}{
		{"yoon", client.KindPersonalBank, 422, 2115},
		{"koh", client.KindPersonalBank, 422, 2116},
		{"ingamco", client.KindPersonalBank, 422, 2113},
		{"hong", client.KindCorporateBank, 422, 2114},
		{"hong", client.KindPersonalGeneral, 422, 2112},
		{"hong", "sorcery", 400, 2111},
	} {
		_, _, err := logIn(t, d, tt.login).Start(ctx, tt.kind)
		if problem := wantProblem(t, err, tt.status, tt.code); problem.Detail == "" {
			t.Errorf("%s at %s is not told what to do", tt.login, tt.kind)
		}
	}
}

// TestServicesDown lets the bank's other systems fail: the customer is told,
// nothing is lost, no try is counted, and they can go on.
func TestServicesDown(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	p := logIn(t, d, "hong")
	ctx := t.Context()
	id := p.start(t)
	p.consent(t, id)
	down := func(service simulator.Service) {
		t.Helper()
		if err := d.Simulator().Script(simulator.Fault{Service: service, Mode: "status", Status: 503, Count: 1}); err != nil {
			t.Fatal(err)
		}
	}
	down(simulator.IDCheck)
	_, err := p.ProveIDCard(ctx, id, p.card())
	if problem := wantProblem(t, err, 503, 3101); problem.RetryAfter <= 0 {
		t.Error("it does not say when to try again")
	}
	down(simulator.Accounts)
	_, err = p.ProveAccount(ctx, id, p.sample.Account, p.sample.AccountPassword)
	wantProblem(t, err, 503, 3102)
	down(simulator.OTPs)
	_, err = p.ProveOTP(ctx, id, "123456")
	wantProblem(t, err, 503, 3102)
	down(simulator.Messages)
	_, err = p.SendPhoneCode(ctx, id)
	wantProblem(t, err, 503, 3103)
	p.prove(t, id)
	if _, created, err := p.Certify(ctx, id, p.csr(t, id, testKeys[0]())); err != nil || !created {
		t.Errorf("after all were up again: %v %v", created, err)
	}
}

// TestAbandon gives an application up: twice is no error, but it is over.
func TestAbandon(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	p := logIn(t, d, "hong")
	ctx := t.Context()
	id := p.start(t)
	for range 2 {
		if err := p.Abandon(ctx, id); err != nil {
			t.Error(err)
		}
	}
	_, err := p.KeyRequest(ctx, id)
	wantProblem(t, err, 410, 2103)
	if next := p.start(t); next == id {
		t.Error("the abandoned application is given again")
	}
	all, err := p.Applications(ctx)
	if err != nil || len(all) != 2 || all[1].ID != id || all[1].State != client.ApplicationStateAbandoned {
		t.Errorf("list: %+v %v", all, err)
	}
}

// TestCatalogue reads what is offered in both languages. The terms' hash is
// over the Korean text whatever the language.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	ctx := t.Context()
	english, korean := newClient(t, d, "en"), newClient(t, d, "ko")
	kinds, err := english.Kinds(ctx)
	if err != nil || len(kinds) != 4 || kinds[0].Kind != client.KindPersonalBank || !kinds[0].Online || kinds[0].Fee != 0 ||
		kinds[0].ValidityDays != 365 || kinds[0].CA != "ingam" || kinds[1].Online || kinds[1].Fee != 4400 {
		t.Errorf("kinds: %+v %v", kinds, err)
	}
	inKorean, err := korean.Kinds(ctx)
	if err != nil || !strings.Contains(inKorean[0].Title, "은행") || inKorean[0].Title == kinds[0].Title {
		t.Errorf("kinds in Korean: %+v %v", inKorean, err)
	}
	en, err := english.Terms(ctx, client.KindPersonalBank)
	if err != nil {
		t.Fatal(err)
	}
	ko, err := korean.Terms(ctx, client.KindPersonalBank)
	if err != nil || len(ko) != len(en) || len(ko) == 0 {
		t.Fatalf("%d and %d terms, %v", len(en), len(ko), err)
	}
	for i := range ko {
		if ko[i].Text != en[i].Text || ko[i].SHA256 != en[i].SHA256 || ko[i].Title == en[i].Title ||
			ko[i].Translation != "" || en[i].Translation == "" {
			t.Errorf("terms %q differ in more than title and translation", ko[i].Name)
		}
	}
	_, err = english.Terms(ctx, "sorcery")
	wantProblem(t, err, 404, 1020)
	knock(t, d, nil, http.MethodGet, "/api/v1/kinds/NOT%20A%20KIND/terms", "").want(t, "no kind at all", 404, 1020)
}
