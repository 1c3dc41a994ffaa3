package printout_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/printout"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

var now = time.Date(2027, 3, 14, 5, 20, 0, 0, time.UTC)

// drawer holds cases; roster knows names.
type (
	drawer map[string]counter.Case
	roster map[string]string
)

func (d drawer) Case(_ context.Context, id string) (counter.Case, error) {
	if id == "broken" {
		return counter.Case{}, errors.New("the database is away")
	}
	c, ok := d[id]
	if !ok {
		return c, counter.ErrNoCase
	}
	return c, nil
}

func (r roster) Names(_ context.Context, ids []string) (map[string]string, error) {
	if slices.Contains(ids, "") {
		return nil, errors.New("asked for nobody")
	}
	found := map[string]string{}
	for _, id := range ids {
		if name, ok := r[id]; ok {
			found[id] = name
		}
	}
	return found, nil
}

type office struct {
	*printout.Service
	db    *store.Store
	cases drawer
	terms []enrolment.Terms
}

func open(t *testing.T) *office {
	t.Helper()
	db := storetest.Engine{Name: "sqlite"}.Fresh(t)
	id, err := db.SaveSubscriber(t.Context(), subscriber.Subscriber{ID: "s1", CustomerNumber: "C1", Sort: subscriber.Individual, Name: "홍길동",
		IdentityNumber: "9001011234567", Birth: "19900101", Phone: "01012345678", UpdatedAt: now})
	if err != nil {
		t.Fatal(err)
	}
	enrol, err := enrolment.New(enrolment.Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	of := func(id string, act counter.Act, state counter.State) counter.Case {
		return counter.Case{ID: id, Branch: "014", SubscriberID: "s1", Act: act, Kind: npki.PersonalBank, Visitor: counter.Oneself, State: state,
			Maker: "t1", Handler: "t1", CreatedAt: now}
	}
	o := &office{db: db, terms: enrol.Terms(npki.PersonalBank), cases: drawer{}}
	for _, c := range []counter.Case{of("open", counter.Issue, counter.Open), of("approved", counter.Renew, counter.Approved), of("done", counter.Issue, counter.Done),
		of("revoke", counter.Revoke, counter.Approved)} {
		c.SubscriberID = id
		o.cases[c.ID] = c
	}
	o.Service = printout.New(printout.Config{Cases: o.cases, People: db, Texts: enrol, Names: roster{"t1": "김창구"},
		Log: audit.New(db, make([]byte, 32), func() time.Time { return now })})
	return o
}

func as(role authz.Role, branch string) authz.Caller {
	return authz.Caller{Role: role, ID: "t1", Request: "r1", Branch: branch}
}

// written are the entries of the audit log, as one text.
func (o *office) written(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for lane := range 64 {
		entries, err := o.db.Entries(t.Context(), lane, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			fmt.Fprintf(&all, "%s %s %s %v %d %v\n", e.Act, e.Object, e.Outcome, e.Caller, e.Code, e.Detail)
		}
	}
	return all.String()
}

func TestPapers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id    string
		paper printout.Paper
		want  *fault.Fault // nil: it is printed
	}{
		{"open", printout.Form, nil}, {"done", printout.Form, nil}, {"revoke", printout.Form, nil},
		{"open", printout.Consent, nil}, {"approved", printout.Consent, nil}, {"revoke", printout.Consent, printout.ErrNone},
		{"approved", printout.Slip, nil}, {"open", printout.Slip, printout.ErrNone}, {"done", printout.Slip, printout.ErrNone},
		{"revoke", printout.Slip, printout.ErrNone}, {"open", "poster", printout.ErrNone},
		{"nothing", printout.Form, counter.ErrUnknown}, {"", printout.Form, counter.ErrUnknown}, {strings.Repeat("x", 65), printout.Form, counter.ErrUnknown},
	} {
		o := open(t)
		got, err := o.Print(t.Context(), as(authz.Teller, "014"), test.id, test.paper)
		if test.want != nil {
			if !errors.Is(err, test.want) || got.Case.ID != "" {
				t.Errorf("%s of %.10q: got %v, want %s", test.paper, test.id, err, test.want.Name)
			}
			if w := o.written(t); !strings.Contains(w, "paper.print") || !strings.Contains(w, "refused") {
				t.Errorf("%s of %.10q: the refusal isn't on record: %s", test.paper, test.id, w)
			}
			continue
		}
		if err != nil || got.Customer.Name != "홍길동" || got.Names["t1"] != "김창구" || got.Case.ID != test.id {
			t.Errorf("%s of %s: got %+v, %v", test.paper, test.id, got, err)
		}
		if (len(got.Terms) > 0) != (test.paper == printout.Consent) {
			t.Errorf("%s has %d terms", test.paper, len(got.Terms))
		}
		w := o.written(t)
		if !strings.Contains(w, "paper.print case:"+test.id) || !strings.Contains(w, string(test.paper)) {
			t.Errorf("%s of %s: the printing isn't on record: %s", test.paper, test.id, w)
		}
		if strings.Contains(w, "길동") || strings.Contains(w, "900101") || strings.Contains(w, "창구") {
			t.Errorf("the audit log holds what is personal: %s", w)
		}
	}
}

func TestWhoMayPrint(t *testing.T) {
	t.Parallel()
	o := open(t)
	own := as(authz.Teller, "014")
	own.Self = o.cases["open"].SubscriberID
	for name, test := range map[string]struct {
		caller authz.Caller
		want   *fault.Fault
	}{
		"teller": {as(authz.Teller, "014"), nil}, "supervisor": {as(authz.Supervisor, "014"), nil},
		"another branch": {as(authz.Teller, "015"), authz.ErrElsewhere}, "no branch": {as(authz.Supervisor, ""), authz.ErrElsewhere},
		"own matter": {own, authz.ErrOwnMatter}, "operator": {as(authz.Operator, "014"), authz.ErrForbidden},
		"security": {as(authz.Security, ""), authz.ErrForbidden}, "auditor": {as(authz.Auditor, ""), authz.ErrForbidden},
		"customer": {authz.Caller{Role: authz.Customer, ID: own.Self}, authz.ErrForbidden}, "nobody": {authz.Caller{}, authz.ErrForbidden},
		"redeemer": {authz.Caller{Role: authz.Redeemer, ID: "a1"}, authz.ErrForbidden},
	} {
		for _, p := range []printout.Paper{printout.Form, printout.Consent, printout.Slip} {
			id := "open"
			if p == printout.Slip {
				id = "approved"
			}
			got, err := o.Print(t.Context(), test.caller, id, p)
			if test.want == nil && err != nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("%s, %s: got %v", name, p, err)
			}
			if err != nil && got.Customer.Name != "" {
				t.Errorf("%s, %s: a refusal shows the customer", name, p)
			}
		}
	}
	if w := o.written(t); strings.Count(w, "denied") != 27 {
		t.Errorf("%d denials are on record, want 27", strings.Count(w, "denied"))
	}
}

func TestSignedTerms(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.cases["open"]
	for _, terms := range o.terms {
		if terms.Required {
			c.Consents = append(c.Consents, enrolment.Consent{Terms: terms.Name, Version: terms.Version, SHA256: terms.SHA256, At: now})
		}
	}
	o.cases["open"] = c
	got, err := o.Print(t.Context(), as(authz.Teller, "014"), "open", printout.Consent)
	if err != nil || !got.Signed {
		t.Fatalf("got %v, %v", got.Signed, err)
	}
	for i, terms := range got.Terms {
		if terms.Agreed != terms.Required || terms.Text != o.terms[i].Text {
			t.Errorf("%s: agreed %v", terms.Name, terms.Agreed)
		}
	}
	c.Consents = slices.Clone(c.Consents)
	c.Consents[0].SHA256 = strings.Repeat("0", 64)
	o.cases["open"] = c
	if _, err := o.Print(t.Context(), as(authz.Teller, "014"), "open", printout.Consent); !errors.Is(err, printout.ErrOldTerms) {
		t.Errorf("terms of another text: got %v", err)
	}
}

// TestNothingUnrecorded sees that a printing that can't be recorded shows
// nothing, and that a broken store is no refusal.
func TestNothingUnrecorded(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.Log = audit.New(o.db, nil, func() time.Time { return now }) // no key: every entry fails
	if got, err := o.Print(t.Context(), as(authz.Teller, "014"), "open", printout.Form); err == nil || got.Customer.Name != "" {
		t.Errorf("got %v, %v", got.Customer.Name, err)
	}
	o = open(t)
	if _, err := o.Print(t.Context(), as(authz.Teller, "014"), "broken", printout.Form); err == nil || fault.Of(err).Fault != fault.Unexpected {
		t.Errorf("a broken store: got %v", err)
	}
	if w := o.written(t); w != "" {
		t.Errorf("a broken store is on record as %s", w)
	}
}
