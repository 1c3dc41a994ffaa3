package staff_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// TestProvider: the first login ties the account to who it is there; later ones
// must be the same.
func TestProvider(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a, code := b.invited(t, "AB12", authz.Teller)
	other := b.active(t, "CD34", authz.Teller)
	in, err := b.provided(t, "sub-of-a", "ab12")
	if err != nil || in.ID != a.ID || in.State != staff.Active || in.Name != "이름 AB12" {
		t.Fatalf("%+v, %v", in, err)
	}
	b.audited(t, "first", authz.LogInStaff, "staff:"+a.ID, audit.Done, nil)
	if e := b.last(t); e.Detail["by"] != "provider" || e.Detail["first"] != "yes" {
		t.Errorf("%+v", e.Detail)
	}
	_, err = b.Activate(ctx, anonymous, here, "AB12", code)
	refused(t, "the code, after that", err, staff.ErrCode)
	_, err = b.provided(t, "sub-of-a", "AB12")
	do(t, err)
	if e := b.last(t); e.Detail["first"] != "no" {
		t.Errorf("%+v", e.Detail)
	}
	for name, claims := range map[string][2]string{
		"another for the same number": {"somebody", "AB12"}, "the same for another's number": {"sub-of-a", "CD34"},
		"letters of another size": {"SUB-OF-A", "AB12"},
	} {
		_, err := b.provided(t, claims[0], claims[1])
		refused(t, name, err, staff.ErrOtherIdentity)
		id := a.ID
		if claims[1] == "CD34" {
			id = other.ID
		}
		b.audited(t, name, authz.LogInStaff, "staff:"+id, audit.Refused, staff.ErrOtherIdentity)
	}
	for _, number := range []string{"ZZZZ", "", " ", strings.Repeat("9", 64)} {
		_, err := b.provided(t, "new", number)
		refused(t, "number "+number, err, staff.ErrNobody)
		b.audited(t, "nobody", authz.LogInStaff, "staff", audit.Refused, staff.ErrNobody)
	}
	if all, err := b.List(ctx, machine, "", 10); err != nil || len(all) != 2 {
		t.Errorf("%d accounts, %v", len(all), err)
	}
	b.provider.claims = staff.Claims{Issuer: "https://other.example", Subject: "sub-of-a", Number: "CD34"}
	_, state, err := b.BeginProvider(ctx)
	do(t, err)
	if got, err := b.LogInByProvider(ctx, anonymous, state, nil); err != nil || got.ID != other.ID {
		t.Errorf("the same subject at another provider is somebody else: %v", err)
	}
	b.provider.err = staff.ErrProviderAnswer.With(errors.New("forged"))
	_, err = b.LogInByProvider(ctx, anonymous, state, nil)
	refused(t, "what the client refuses", err, staff.ErrProviderAnswer)
	b.audited(t, "forged", authz.LogInStaff, "staff", audit.Refused, staff.ErrProviderAnswer)
	_, err = b.LogInByProvider(ctx, caller(other), state, nil)
	refused(t, "who is logged in", err, authz.ErrForbidden)
	for _, e := range b.entries(t) {
		for k, v := range e.Detail {
			if strings.Contains(k+v, "sub-of") {
				t.Errorf("the audit log has the subject: %+v", e)
			}
		}
	}
}

// TestProviderRace: of those who come first with one number, one is tied to it.
func TestProviderRace(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			b := openOn(t, engine)
			b.invited(t, "AB12", authz.Teller)
			var in atomic.Int32
			var wg sync.WaitGroup
			for n := range 6 {
				c := b.Config
				c.Provider = &said{claims: staff.Claims{Issuer: "https://id.example", Subject: fmt.Sprint("sub", n), Number: "AB12"}}
				s, err := staff.NewService(c)
				do(t, err)
				wg.Go(func() {
					_, state, err := s.BeginProvider(context.Background())
					if err != nil {
						t.Error(err)
						return
					}
					_, err = s.LogInByProvider(context.Background(), anonymous, state, nil)
					switch {
					case err == nil:
						in.Add(1)
					case !errors.Is(err, staff.ErrOtherIdentity):
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if in.Load() != 1 {
				t.Errorf("%d came in", in.Load())
			}
		})
	}
}
