package staff_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
)

func TestPasskeys(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a := b.active(t, "TELL", authz.Teller)
	d := device()
	p, err := b.register(t, a, d)
	if err != nil || p.Name != "내 노트북" || p.StaffID != a.ID || p.RP != "bank.example" {
		t.Fatalf("%+v, %v", p, err)
	}
	b.audited(t, "adding", authz.ManageOwnPasskey, "staff:"+a.ID, audit.Done, nil)
	for range 3 {
		b.clock.move(time.Minute)
		in, err := b.enter(t, d)
		if err != nil || in.ID != a.ID || !in.LastLogin.Equal(b.clock.now()) || in.Epoch != a.Epoch {
			t.Fatalf("%+v, %v", in, err)
		}
		b.audited(t, "login", authz.LogInStaff, "staff:"+a.ID, audit.Done, nil)
	}
	options, _, err := b.BeginAddPasskey(ctx, caller(a))
	do(t, err)
	if _, err := d.Create(options); !errors.Is(err, logintest.ErrExcluded) {
		t.Errorf("a second one of the same device: %v", err)
	}
	list, err := b.Passkeys(ctx, caller(a))
	if err != nil || len(list) != 1 || list[0].SignCount != 3 || !list[0].UsedAt.Equal(b.clock.now()) {
		t.Errorf("%+v, %v", list, err)
	}
	other := b.active(t, "AUDI", authz.Auditor)
	refused(t, "another's", b.RemovePasskey(ctx, caller(other), p.ID), staff.ErrPasskeyUnknown)
	refused(t, "none", b.RemovePasskey(ctx, caller(a), ""), staff.ErrPasskeyUnknown)
	do(t, b.RemovePasskey(ctx, caller(a), p.ID)) // the provider is there, too
	_, err = b.enter(t, d)
	refused(t, "a removed one", err, staff.ErrPasskeyWrong)
	customer := authz.Caller{Role: authz.Customer, ID: a.ID}
	_, _, err = b.BeginAddPasskey(ctx, customer)
	refused(t, "a customer adds", err, authz.ErrForbidden)
	_, err = b.Passkeys(ctx, customer)
	refused(t, "a customer looks", err, authz.ErrForbidden)
	refused(t, "a customer removes", b.RemovePasskey(ctx, customer, p.ID), authz.ErrForbidden)
	_, err = b.AddPasskey(ctx, customer, nil, nil, "x")
	refused(t, "a customer ends", err, authz.ErrForbidden)
	_, err = b.LogInByPasskey(ctx, caller(a), nil, nil)
	refused(t, "who is logged in", err, authz.ErrForbidden)
}

// TestPasskeyAttacks: what devices and browsers must not do.
func TestPasskeyAttacks(t *testing.T) {
	t.Parallel()
	b := open(t)
	a, other := b.active(t, "TELL", authz.Teller), b.active(t, "AUDI", authz.Auditor)
	good := device()
	_, err := b.register(t, a, good)
	do(t, err)
	for name, bend := range map[string]func(d *logintest.Device){
		"another origin":        func(d *logintest.Device) { d.Origin = "https://bank.example.evil.example" },
		"our name, no TLS":      func(d *logintest.Device) { d.Origin = "http://bank.example" },
		"another port":          func(d *logintest.Device) { d.Origin = origin + ":8443" },
		"a site below ours":     func(d *logintest.Device) { d.Origin = "https://pages.bank.example" },
		"an origin not its":     func(d *logintest.Device) { d.Origin = "https://elsewhere.example" },
		"made for another":      func(d *logintest.Device) { d.RP = "evil.example" },
		"nobody verified":       func(d *logintest.Device) { d.NoUser = true },
		"nobody there":          func(d *logintest.Device) { d.NoPresence = true },
		"another challenge":     func(d *logintest.Device) { d.Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
		"a signature of nought": func(d *logintest.Device) { d.Spoil = true },
		"another's handle":      func(d *logintest.Device) { d.Handle = other.ID },
		"a registration":        func(d *logintest.Device) { d.Type = "webauthn.create" },
	} {
		bent := good.Copy()
		bend(bent)
		_, err := b.enter(t, bent)
		refused(t, "login: "+name, err, staff.ErrPasskeyWrong)
		b.audited(t, "login: "+name, authz.LogInStaff, "staff:"+a.ID, audit.Refused, staff.ErrPasskeyWrong)
		if name == "a signature of nought" || name == "another's handle" || name == "a registration" {
			continue // nothing to be registered by
		}
		fresh := device()
		bend(fresh)
		_, err = b.register(t, other, fresh)
		refused(t, "adding: "+name, err, staff.ErrPasskeyRefused)
	}
	attested := device()
	attested.Format = "fido-u2f"
	_, err = b.register(t, other, attested)
	refused(t, "attested", err, staff.ErrPasskeyRefused)

	// A copy that lags behind is found out, and the true device goes on.
	thief := good.Copy()
	for range 3 {
		_, err := b.enter(t, good)
		do(t, err)
	}
	_, err = b.enter(t, thief)
	refused(t, "the counter went back", err, staff.ErrPasskeyCopied)
	b.audited(t, "the counter went back", authz.LogInStaff, "staff:"+a.ID, audit.Refused, staff.ErrPasskeyCopied)
	still := good.Copy()
	still.Frozen = true
	_, err = b.enter(t, still)
	refused(t, "the counter stands", err, staff.ErrPasskeyCopied)
	if _, err := b.enter(t, good); err != nil {
		t.Errorf("the true one: %v", err)
	}
	if _, err := b.Current(t.Context(), a.ID, a.Epoch); err != nil {
		t.Errorf("refusals have ended a session: %v", err)
	}
}

// TestStates: what waits has its kind, its person and its end.
func TestStates(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a, other := b.active(t, "TELL", authz.Teller), b.active(t, "AUDI", authz.Auditor)
	d := device()
	_, err := b.register(t, a, d)
	do(t, err)
	options, login, err := b.BeginPasskey(ctx)
	do(t, err)
	answer, err := d.Get(options)
	do(t, err)
	newOptions, adding, err := b.BeginAddPasskey(ctx, caller(other))
	do(t, err)
	made, err := device().Create(newOptions)
	do(t, err)
	_, provided, err := b.BeginProvider(ctx)
	do(t, err)
	b.provider.says("sub", "TELL")
	for name, state := range map[string][]byte{"none": nil, "noise": []byte("{"), "empty": []byte("{}"), "array": []byte("[]"),
		"another kind": adding, "the provider's": provided, "no session": []byte(`{"kind":"staff-login","until":"2099-01-01T00:00:00Z"}`)} {
		_, err := b.LogInByPasskey(ctx, anonymous, state, answer)
		refused(t, "login: "+name, err, staff.ErrNoChallenge)
	}
	for name, state := range map[string][]byte{"none": nil, "a login's": login, "the provider's": provided} {
		_, err := b.AddPasskey(ctx, caller(other), state, made, "x")
		refused(t, "adding: "+name, err, staff.ErrNoChallenge)
	}
	_, err = b.AddPasskey(ctx, caller(a), adding, made, "x")
	refused(t, "another's", err, staff.ErrNoChallenge)
	for name, state := range map[string][]byte{"none": nil, "a login's": login, "another kind": adding} {
		_, err := b.LogInByProvider(ctx, anonymous, state, nil)
		refused(t, "provider: "+name, err, staff.ErrProviderState)
	}
	b.clock.move(staff.Lasts - time.Microsecond)
	if _, err := b.LogInByProvider(ctx, anonymous, provided, nil); err != nil {
		t.Errorf("in time: %v", err)
	}
	b.clock.move(time.Microsecond)
	_, err = b.LogInByProvider(ctx, anonymous, provided, nil)
	refused(t, "provider: late", err, staff.ErrProviderState)
	_, err = b.LogInByPasskey(ctx, anonymous, login, answer)
	refused(t, "login: late", err, staff.ErrNoChallenge)
	_, err = b.AddPasskey(ctx, caller(other), adding, made, "x")
	refused(t, "adding: late", err, staff.ErrNoChallenge)
}

func TestPasskeyBounds(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	a := b.active(t, "TELL", authz.Teller)
	options, state, err := b.BeginAddPasskey(ctx, caller(a))
	do(t, err)
	answer, err := device().Create(options)
	do(t, err)
	for name, title := range map[string]string{"none": " ", "long": strings.Repeat("가", 41), "a line feed": "a\nb", "no text": "\xff"} {
		_, err := b.AddPasskey(ctx, caller(a), state, answer, title)
		refused(t, name, err, staff.ErrPasskeyName)
	}
	for name, response := range map[string][]byte{"nothing": nil, "noise": []byte("{"), "huge": append(answer, bytes.Repeat([]byte(" "), 48<<10)...)} {
		_, err := b.AddPasskey(ctx, caller(a), state, response, "x")
		refused(t, "adding "+name, err, staff.ErrPasskeyForm)
		_, login, err := b.BeginPasskey(ctx)
		do(t, err)
		_, err = b.LogInByPasskey(ctx, anonymous, login, response)
		refused(t, "login "+name, err, staff.ErrPasskeyForm)
	}
	_, err = b.AddPasskey(ctx, caller(a), state, answer, "x")
	do(t, err)
	_, err = b.AddPasskey(ctx, caller(a), state, answer, "x")
	refused(t, "the same once more", err, staff.ErrPasskeyThere)
	_, before, err := b.BeginAddPasskey(ctx, caller(a))
	do(t, err)
	for range staff.MaxPasskeys - 1 {
		_, err := b.register(t, a, device())
		do(t, err)
	}
	_, _, err = b.BeginAddPasskey(ctx, caller(a))
	refused(t, "an eleventh", err, staff.ErrPasskeyMany)
	_, err = b.AddPasskey(ctx, caller(a), before, answer, "x")
	refused(t, "one that was begun before", err, staff.ErrPasskeyRefused) // the challenge is another
}

// TestAlone: without a provider the last passkey stays; without a name there are
// none.
func TestAlone(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx := t.Context()
	c := b.config(keys.NewRing())
	c.Index = b.Index
	c.Log = b.Log
	alone, err := staff.NewService(c)
	do(t, err)
	if alone.HasProvider() || !b.HasProvider() {
		t.Error("who has a provider is wrong")
	}
	a := b.active(t, "TELL", authz.Teller)
	one, err := b.register(t, a, device())
	do(t, err)
	refused(t, "the last one", alone.RemovePasskey(ctx, caller(a), one.ID), staff.ErrPasskeyLast)
	two, err := b.register(t, a, device())
	do(t, err)
	do(t, alone.RemovePasskey(ctx, caller(a), one.ID))
	refused(t, "the last one", alone.RemovePasskey(ctx, caller(a), two.ID), staff.ErrPasskeyLast)
	_, _, err = alone.BeginProvider(ctx)
	refused(t, "no provider", err, staff.ErrNoProvider)
	_, err = alone.LogInByProvider(ctx, anonymous, nil, nil)
	refused(t, "no provider", err, staff.ErrNoProvider)

	c.Origins = []string{"http://192.0.2.7:8480"}
	nameless, err := staff.NewService(c)
	do(t, err)
	_, _, err = nameless.BeginPasskey(ctx)
	refused(t, "no name", err, staff.ErrPasskeyAddress)
	_, _, err = nameless.BeginAddPasskey(ctx, caller(a))
	refused(t, "no name", err, staff.ErrPasskeyAddress)
	for _, bad := range []string{"bank.example", "ftp://bank.example", "https://", "https://a@bank.example"} {
		c.Origins = []string{bad}
		if _, err := staff.NewService(c); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

// FuzzAnswers gives anything to what reads states and devices' answers: no
// panic, nobody comes in, and each refusal is one that a person can read.
func FuzzAnswers(f *testing.F) {
	b := open(f)
	a := b.active(f, "TELL", authz.Teller)
	d := device()
	_, err := b.register(f, a, d)
	do(f, err)
	options, login, err := b.BeginPasskey(context.Background())
	do(f, err)
	used, err := d.Get(options)
	do(f, err)
	options, adding, err := b.BeginAddPasskey(context.Background(), caller(a))
	do(f, err)
	made, err := device().Create(options)
	do(f, err)
	used = bytes.Replace(used, []byte(`"signature":"`), []byte(`"signature":"AAAA`), 1) // not to be let in
	f.Add(login, used)
	f.Add(adding, made)
	f.Add([]byte("{}"), []byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`))
	f.Fuzz(func(t *testing.T, state, answer []byte) {
		ctx := context.Background()
		if _, err := b.LogInByPasskey(ctx, anonymous, state, answer); err == nil || fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("login: %v", err)
		}
		if _, err := b.AddPasskey(ctx, caller(a), state, answer, "x"); err != nil && fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("adding: %v", err)
		}
		if _, err := b.Activate(ctx, anonymous, fmt.Sprint(len(state)), string(state), string(answer)); err == nil || fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("code: %v", err)
		}
	})
}
