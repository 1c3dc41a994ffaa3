package corebank_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

const customer = `{"requestId":"r","customerNumber":"1000000001","sort":"individual","name":"홍길동","romanName":"HONG GILDONG",` +
	`"identityNumber":"8503141000011","birth":"19850314","phone":"01000000001","mail":"","deceased":false}`

func TestEverySampleIsACustomer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(simulator.New(func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }).Handler())
	defer server.Close()
	c := corebank.Client{Client: rest.Client{Base: server.URL}}
	for _, s := range simulator.Samples {
		got, err := c.Customer(t.Context(), s.Number)
		if err != nil {
			t.Fatalf("%s: %v", s.LoginID, err)
		}
		want := subscriber.Subscriber{CustomerNumber: s.Number, Sort: s.Sort, Name: s.Name, RomanName: s.RomanName, IdentityNumber: s.IdentityNumber,
			Birth: s.Birth, Phone: s.Phone, Mail: s.Mail, Branch: s.Branch, Deceased: s.Deceased}
		if got != want {
			t.Errorf("%s came as %+v", s.LoginID, got)
		}
		f, err := c.CheckAccount(t.Context(), s.Number, s.Account, s.AccountPassword)
		if err != nil || (f.Verdict == proofing.Match) == s.AccountLocked {
			t.Errorf("account of %s: %v, %v", s.LoginID, f.Verdict, err)
		}
	}
	if _, err := c.Customer(t.Context(), "404"); !errors.Is(err, subscriber.ErrUnknown) {
		t.Error(err)
	}
}

// What the core bank should not say is no answer: nothing is made of it.
func TestMalformedCustomers(t *testing.T) {
	t.Parallel()
	if _, err := corebank.ParseCustomer(strings.NewReader(customer)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"individual"`, `"robot"`}, {`"individual"`, `"corporate"`}, {`"8503141000011"`, `"850314-1000011"`}, {`"8503141000011"`, `""`},
		{`"19850314"`, `"19850231"`}, {`"19850314"`, `""`}, {`"홍길동"`, `""`}, {`"홍길동"`, `"홍\n길동"`}, {`"01000000001"`, `"010-0000-0001"`},
		{`"1000000001"`, `"x"`}, {`"deceased"`, `"alive"`}, {`false}`, `"no"}`}, {`false}`, `false}{}`}, {`{"requestId"`, `[{"requestId"`},
		{`"홍길동"`, `"` + strings.Repeat("홍", 61) + `"`}, {`"mail":""`, `"mail":"` + strings.Repeat("x", 70_000) + `"`},
	} {
		_, err := corebank.ParseCustomer(strings.NewReader(strings.Replace(customer, change[0], change[1], 1)))
		if !errors.Is(err, corebank.ErrUnavailable) {
			t.Errorf("%s: %v", change[1], err)
		} else if strings.Contains(err.Error(), "850314") || strings.Contains(err.Error(), "홍") {
			t.Errorf("the error quotes the answer: %v", err)
		}
	}
}

func FuzzParseCustomer(f *testing.F) {
	f.Add(customer)
	f.Add(`{}`)
	f.Add(strings.Replace(customer, "individual", "corporate", 1))
	f.Fuzz(func(t *testing.T, body string) {
		s, err := corebank.ParseCustomer(strings.NewReader(body))
		if err != nil {
			if !errors.Is(err, corebank.ErrUnavailable) {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		if s.Name == "" || len(s.IdentityNumber) != 13 && len(s.IdentityNumber) != 10 || s.CustomerNumber == "" {
			t.Errorf("taken over: %+v", s)
		}
	})
}

func FuzzParseFinding(f *testing.F) {
	f.Add(`{"requestId":"r","transactionId":"SIM-1","result":"ok"}`, true)
	f.Add(`{"requestId":"r","transactionId":"SIM-1","result":"replayed"}`, false)
	f.Add(`{"requestId":"r","transactionId":"","result":"ok"}`, false)
	f.Fuzz(func(t *testing.T, body string, account bool) {
		finding, err := corebank.ParseFinding(strings.NewReader(body), account)
		if err != nil {
			if !errors.Is(err, corebank.ErrUnavailable) {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		if account && finding.Verdict == proofing.Replayed || finding.Verdict == "" || rest.CheckTransaction(finding.Transaction) != nil {
			t.Errorf("taken over: %+v", finding)
		}
	})
}
