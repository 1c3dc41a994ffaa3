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

func TestEverySampleIsFound(t *testing.T) {
	t.Parallel()
	world := simulator.New(func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) })
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	c := corebank.Client{Client: rest.Client{Base: server.URL}}
	for _, s := range simulator.Samples {
		for name, q := range map[string]subscriber.Query{
			"name": {Name: s.Name, Birth: s.Birth}, "name in capitals": {Name: s.RomanName, Birth: s.Birth},
			"name with blanks": {Name: " " + s.Name[:3] + " " + s.Name[3:], Birth: s.Birth}, "phone": {Phone: s.Phone}, "account": {Account: s.Account},
		} {
			if q == (subscriber.Query{}) {
				continue // has no phone
			}
			found, err := c.Find(t.Context(), q)
			if err != nil || len(found) != 1 || found[0].CustomerNumber != s.Number || found[0].Branch != s.Branch || found[0].ID != "" {
				t.Errorf("%s by %s: %+v, %v", s.LoginID, name, found, err)
			}
		}
	}
	hong := simulator.Samples[0]
	for name, q := range map[string]subscriber.Query{"another birth date": {Name: hong.Name, Birth: "19850315"}, "no birth date": {Name: hong.Name},
		"another phone": {Phone: "01099999999"}, "another account": {Account: "9990000999999"}} {
		if found, err := c.Find(t.Context(), q); err != nil || len(found) != 0 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	// Of many only so many are given.
	for _, s := range simulator.Samples {
		world.Update(s.Number, func(s *simulator.Sample) { s.Phone = "01012345678" })
	}
	if found, err := c.Find(t.Context(), subscriber.Query{Phone: "01012345678"}); err != nil || len(found) != len(simulator.Samples) {
		t.Errorf("%d, %v", len(found), err)
	}
	for _, q := range []subscriber.Query{{}, {Name: "홍길동", Phone: "01000000001"}, {Birth: "19850314"}} { // no client asks so
		if _, err := c.Find(t.Context(), q); !errors.Is(err, corebank.ErrUnavailable) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	for _, service := range []simulator.Service{simulator.CoreBank, simulator.Search} {
		if err := world.Script(simulator.Fault{Service: service, Mode: simulator.Status}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Find(t.Context(), subscriber.Query{Account: hong.Account}); !errors.Is(err, corebank.ErrUnavailable) {
			t.Errorf("down: %v", err)
		}
		if _, err := c.Customer(t.Context(), hong.Number); (err == nil) != (service == simulator.Search) {
			t.Errorf("while %s is down: %v", service, err)
		}
	}
}

// record is customer without what only an answer has.
var record = strings.Replace(customer, `"requestId":"r",`, "", 1)

func found(records ...string) string {
	return `{"requestId":"r","customers":[` + strings.Join(records, ",") + `]}`
}

var (
	byName  = subscriber.Query{Name: "홍 길동", Birth: "19850314"}
	byPhone = subscriber.Query{Phone: "01000000001"}
)

// One record that can't be right spoils the answer: who is missing can't be told
// from who is not there.
func TestMalformedSearches(t *testing.T) {
	t.Parallel()
	second := strings.Replace(strings.Replace(record, "1000000001", "1000000002", 1), "8503141000011", "8503141000022", 1)
	for name, body := range map[string]string{"one": found(record), "two": found(record, second), "none": found(),
		"of a branch": found(strings.Replace(record, `"mail":""`, `"mail":"","branch":"012"`, 1))} {
		for _, q := range []subscriber.Query{byName, byPhone, {Account: "9990000000001"}} {
			if _, err := corebank.ParseFound(strings.NewReader(body), q); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, body := range map[string]string{
		"no list": `{"requestId":"r"}`, "null": `{"requestId":"r","customers":null}`, "no object": `[]`, "twice the same": found(record, record),
		"no branch": found(strings.Replace(record, `"mail":""`, `"mail":"","branch":"12"`, 1)), "letters": found(strings.Replace(record, `"mail":""`, `"mail":"","branch":"0a2"`, 1)),
		"malformed among others":   found(record, strings.Replace(second, "19850314", "19850231", 1)),
		"another birth date":       found(record, strings.Replace(second, "19850314", "19850315", 1)),
		"another name":             found(strings.NewReplacer("홍길동", "홍길순", "GILDONG", "GILSUN").Replace(record)),
		"more than were asked for": found(strings.Split(strings.Repeat(record+"\n", subscriber.MaxFound+1), "\n")[:subscriber.MaxFound+1]...),
	} {
		_, err := corebank.ParseFound(strings.NewReader(body), byName)
		if !errors.Is(err, corebank.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "850314") || strings.Contains(err.Error(), "홍") {
			t.Errorf("the error quotes the answer: %v", err)
		}
	}
	if _, err := corebank.ParseFound(strings.NewReader(found(strings.Replace(record, "01000000001", "01000000002", 1))), byPhone); !errors.Is(err, corebank.ErrUnavailable) {
		t.Errorf("another's phone: %v", err)
	}
	if _, err := corebank.ParseFound(strings.NewReader(found(record)), subscriber.Query{}); !errors.Is(err, corebank.ErrUnavailable) {
		t.Errorf("nobody was asked for: %v", err)
	}
}

func FuzzParseFound(f *testing.F) {
	f.Add(found(record), "홍길동", "19850314", "")
	f.Add(found(), "", "", "01000000001")
	f.Add(found(record, record), "", "", "01000000001")
	f.Add(`{"customers":[{}]}`, "", "", "")
	f.Fuzz(func(t *testing.T, body, name, birth, phone string) {
		people, err := corebank.ParseFound(strings.NewReader(body), subscriber.Query{Name: name, Birth: birth, Phone: phone})
		if err != nil {
			if !errors.Is(err, corebank.ErrUnavailable) {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		for _, s := range people {
			if s.Name == "" || s.CustomerNumber == "" || s.Branch != "" && len(s.Branch) != 3 {
				t.Errorf("taken over: %+v", s)
			}
			if name != "" && s.Birth != birth || name == "" && s.Phone != phone || name != "" && proofing.NameKey(name) == "" {
				t.Errorf("not asked for: %+v", s)
			}
		}
		if len(people) > subscriber.MaxFound {
			t.Errorf("%d", len(people))
		}
	})
}
