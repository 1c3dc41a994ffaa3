package login_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
)

func TestPasskey(t *testing.T) {
	t.Parallel()
	b := open(t)
	d := device()
	added, err := b.register(t, hong, d)
	do(t, err)
	if added.Name != "내 휴대폰" || added.RP != host || added.SubscriberID != "hong" || !added.CreatedAt.Equal(start) ||
		!added.UsedAt.IsZero() || added.Transports != "internal,hybrid" {
		t.Errorf("added %+v", added)
	}
	if e := b.last(t); e.Act != authz.AddPasskey || e.Object != "passkey:"+added.ID || e.Outcome != audit.Done || e.Caller.ID != "hong" {
		t.Errorf("audited as %+v", e)
	}
	for n := 1; n <= 3; n++ {
		b.clock.move(time.Hour)
		who, err := b.enter(t, d)
		if err != nil || who.ID != "hong" {
			t.Fatalf("login %d: %q, %v", n, who.ID, err)
		}
		if e := b.last(t); e.Act != authz.LogIn || e.Object != "subscriber:hong" || e.Detail["by"] != "passkey" || e.Detail["passkey"] != added.ID {
			t.Errorf("audited as %+v", e)
		}
		all, err := b.ListPasskeys(t.Context(), hong)
		if err != nil || len(all) != 1 || all[0].SignCount != uint32(n) || !all[0].UsedAt.Equal(b.clock.now()) {
			t.Errorf("after login %d: %+v, %v", n, all, err)
		}
	}

	// A device that does not count stays welcome.
	still := device()
	still.Still = true
	_, err = b.register(t, kim, still)
	do(t, err)
	for range 2 {
		if who, err := b.enter(t, still); err != nil || who.ID != "kim" {
			t.Errorf("a device that does not count: %q, %v", who.ID, err)
		}
	}
	do(t, b.RemovePasskey(t.Context(), hong, added.ID))
	_, err = b.enter(t, d)
	refused(t, "one that was removed", err, login.ErrPasskeyWrong)
	b.person(t, "kim", "김철수", "9001012000000", true)
	_, err = b.enter(t, still)
	refused(t, "of one who has died", err, login.ErrDeceased)
}

// TestMisbehavedRegistration: answers of devices and browsers that are not what
// was asked for.
func TestMisbehavedRegistration(t *testing.T) {
	t.Parallel()
	b := open(t)
	for name, misbehave := range map[string]func(*logintest.Device){
		"wrong origin":            func(d *logintest.Device) { d.Origin = "https://bank.example.evil.example" },
		"wrong scheme":            func(d *logintest.Device) { d.Origin = "http://bank.example" },
		"wrong port":              func(d *logintest.Device) { d.Origin = "https://bank.example:8443" },
		"our other address":       func(d *logintest.Device) { d.Origin = "http://" + byHand },
		"wrong RP ID":             func(d *logintest.Device) { d.RP = "evil.example" },
		"user not verified":       func(d *logintest.Device) { d.NoUser = true },
		"user not there":          func(d *logintest.Device) { d.NoPresence = true },
		"an answer to a login":    func(d *logintest.Device) { d.Type = "webauthn.get" },
		"another challenge":       func(d *logintest.Device) { d.Challenge = strings.Repeat("A", 43) },
		"attestation not wanted":  func(d *logintest.Device) { d.Format = "android-safetynet" },
		"packed, without a proof": func(d *logintest.Device) { d.Format = "packed" },
	} {
		d := device()
		misbehave(d)
		_, err := b.register(t, hong, d)
		refused(t, name, err, login.ErrPasskeyRefused)
		if e := b.last(t); e.Outcome != audit.Refused || e.Act != authz.AddPasskey || e.Object != "subscriber:hong" {
			t.Errorf("%s: audited as %+v", name, e)
		}
	}
	if all, err := b.ListPasskeys(t.Context(), hong); err != nil || len(all) != 0 {
		t.Errorf("%d were added all the same, %v", len(all), err)
	}
	options, state, err := b.PasskeyOptions(t.Context(), hong, host)
	do(t, err)
	good, err := device().Create(options)
	do(t, err)
	for name, response := range map[string][]byte{
		"nothing": nil, "no JSON": []byte("x"), "empty": []byte("{}"), "more behind": append(bytes.Clone(good), good...),
		"too large": append(bytes.Clone(good), bytes.Repeat([]byte(" "), login.MaxResponse)...),
		"no CBOR":   bytes.Replace(good, []byte(`"attestationObject":"`), []byte(`"attestationObject":"AAAA`), 1),
	} {
		_, err := b.AddPasskey(t.Context(), hong, state, "x", response)
		refused(t, name, err, login.ErrPasskeyForm)
	}
	for _, name := range []string{"", "  ", "\x00", "a\nb", strings.Repeat("가", 41), "\xff", "a\u202eb"} {
		_, err := b.AddPasskey(t.Context(), hong, state, name, good)
		refused(t, "the name "+name, err, login.ErrPasskeyName)
	}
	_, err = b.AddPasskey(t.Context(), kim, state, "x", good)
	refused(t, "another's options", err, login.ErrNoChallenge)
	_, err = b.AddPasskey(t.Context(), anonymous, state, "x", good)
	refused(t, "one who is not logged in", err, authz.ErrForbidden)
	_, err = b.AddPasskey(t.Context(), hong, state, strings.Repeat("가", 40), good)
	do(t, err)
}

// TestMisbehavedLogin: the same for logins; whoever it is, they are told no
// more than that it is wrong.
func TestMisbehavedLogin(t *testing.T) {
	t.Parallel()
	b := open(t)
	d := device()
	added, err := b.register(t, hong, d)
	do(t, err)
	for name, misbehave := range map[string]func(*logintest.Device){
		"wrong origin":      func(d *logintest.Device) { d.Origin = "https://evil.example" },
		"wrong scheme":      func(d *logintest.Device) { d.Origin = "http://bank.example" },
		"wrong RP ID":       func(d *logintest.Device) { d.RP = "evil.example" },
		"user not verified": func(d *logintest.Device) { d.NoUser = true },
		"user not there":    func(d *logintest.Device) { d.NoPresence = true },
		"a registration":    func(d *logintest.Device) { d.Type = "webauthn.create" },
		"another challenge": func(d *logintest.Device) { d.Challenge = strings.Repeat("A", 43) },
		"another's handle":  func(d *logintest.Device) { d.Handle = "kim" },
		"spoiled signature": func(d *logintest.Device) { d.Spoil = true },
	} {
		evil := d.Copy()
		misbehave(evil)
		who, err := b.enter(t, evil)
		refused(t, name, err, login.ErrPasskeyWrong)
		if e := b.last(t); who.ID != "" || e.Outcome != audit.Refused || e.Act != authz.LogIn || e.Code != login.ErrPasskeyWrong.Number {
			t.Errorf("%s: %q, audited as %+v", name, who.ID, e)
		}
	}
	stranger := device() // has a key for the bank that the bank does not know
	options, _, err := b.PasskeyOptions(t.Context(), kim, host)
	do(t, err)
	_, err = stranger.Create(options)
	do(t, err)
	_, err = b.enter(t, stranger)
	refused(t, "unknown credential", err, login.ErrPasskeyWrong)

	all, err := b.ListPasskeys(t.Context(), hong)
	if err != nil || len(all) != 1 || all[0].SignCount != 0 || !all[0].UsedAt.IsZero() || all[0].ID != added.ID {
		t.Errorf("refused logins left traces: %+v, %v", all, err)
	}
	_, state, err := b.LoginOptions(host)
	do(t, err)
	for name, response := range map[string][]byte{"nothing": nil, "no JSON": []byte("x"), "empty": []byte("{}"), "too large": make([]byte, login.MaxResponse+1)} {
		_, err := b.WithPasskey(t.Context(), anonymous, state, response)
		refused(t, name, err, login.ErrPasskeyForm)
	}
	_, err = b.WithPasskey(t.Context(), hong, state, nil)
	refused(t, "one who is logged in", err, authz.ErrForbidden)
}

// TestCopiedPasskey: a count that does not grow is that of a copy, or of the
// device after its copy was used. The same answer is never taken twice.
func TestCopiedPasskey(t *testing.T) {
	t.Parallel()
	b := open(t)
	d := device()
	added, err := b.register(t, hong, d)
	do(t, err)
	thief := d.Copy()
	_, err = b.enter(t, d)
	do(t, err)
	_, err = b.enter(t, thief)
	refused(t, "the copy, with the count of the device", err, login.ErrPasskeyCopied)
	if e := b.last(t); e.Object != "passkey:"+added.ID || e.Code != login.ErrPasskeyCopied.Number {
		t.Errorf("audited as %+v", e)
	}
	d.Frozen = true
	_, err = b.enter(t, d)
	refused(t, "a count that stands still", err, login.ErrPasskeyCopied)
	d.Frozen = false
	_, err = b.enter(t, d)
	do(t, err)

	options, state, err := b.LoginOptions(host)
	do(t, err)
	response, err := d.Get(options)
	do(t, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	in := 0
	for range 4 {
		wg.Go(func() {
			if _, err := b.WithPasskey(t.Context(), anonymous, state, response); err == nil {
				mu.Lock()
				in++
				mu.Unlock()
			} else if !errors.Is(err, login.ErrPasskeyCopied) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if in != 1 {
		t.Errorf("one answer let in %d times", in)
	}
}

// TestPasskeyLimits: the exclude list, the number of them, and whose they are.
func TestPasskeyLimits(t *testing.T) {
	t.Parallel()
	b := open(t)
	d := device()
	first, err := b.register(t, hong, d)
	do(t, err)
	b.clock.move(time.Second)
	options, state, err := b.PasskeyOptions(t.Context(), hong, host)
	do(t, err)
	if _, err := d.Create(options); !errors.Is(err, logintest.ErrExcluded) {
		t.Errorf("the device is not told that it has one: %v", err)
	}
	response, err := device().Create(options)
	do(t, err)
	_, err = b.AddPasskey(t.Context(), hong, state, "둘째", response)
	do(t, err)
	_, err = b.AddPasskey(t.Context(), hong, state, "둘째, 다시", response)
	refused(t, "the same credential again", err, login.ErrPasskeyThere)

	_, late, err := b.PasskeyOptions(t.Context(), hong, host)
	do(t, err)
	for n := 3; n <= login.MaxPasskeys; n++ {
		_, err := b.register(t, hong, device())
		do(t, err)
	}
	_, _, err = b.PasskeyOptions(t.Context(), hong, host)
	refused(t, "options for one too many", err, login.ErrPasskeyMany)
	late, response = answerTo(t, late)
	_, err = b.AddPasskey(t.Context(), hong, late, "x", response)
	refused(t, "one too many, begun before", err, login.ErrPasskeyMany)

	refused(t, "removing another's", b.RemovePasskey(t.Context(), kim, first.ID), login.ErrPasskeyUnknown)
	refused(t, "removing none", b.RemovePasskey(t.Context(), hong, "x"), login.ErrPasskeyUnknown)
	refused(t, "removing as nobody", b.RemovePasskey(t.Context(), anonymous, first.ID), authz.ErrForbidden)
	_, err = b.ListPasskeys(t.Context(), anonymous)
	refused(t, "listing as nobody", err, authz.ErrForbidden)
	_, _, err = b.PasskeyOptions(t.Context(), anonymous, host)
	refused(t, "adding as nobody", err, authz.ErrForbidden)
	if all, err := b.ListPasskeys(t.Context(), hong); err != nil || len(all) != login.MaxPasskeys || all[0].ID != first.ID {
		t.Errorf("%d are there, %v", len(all), err)
	}
	do(t, b.RemovePasskey(t.Context(), hong, first.ID))
	if e := b.last(t); e.Act != authz.RemovePasskey || e.Object != "passkey:"+first.ID || e.Outcome != audit.Done {
		t.Errorf("audited as %+v", e)
	}
	_, err = b.register(t, hong, device())
	do(t, err)
}

// answerTo answers a challenge whose options were thrown away.
func answerTo(t *testing.T, state login.State) (login.State, []byte) {
	t.Helper()
	var w struct {
		Session struct {
			Challenge string `json:"challenge"`
		} `json:"session"`
	}
	do(t, json.Unmarshal(state, &w))
	options, err := json.Marshal(map[string]any{
		"challenge": w.Session.Challenge, "timeout": 1, "rp": map[string]string{"id": host}, "attestation": "none",
		"user":                   map[string]string{"id": base64.RawURLEncoding.EncodeToString([]byte("hong")), "name": "x"},
		"authenticatorSelection": map[string]string{"residentKey": "required", "userVerification": "required"},
	})
	do(t, err)
	response, err := device().Create(options)
	do(t, err)
	return state, response
}

// TestAddresses: passkeys belong to a name. What comes by another address of
// ours is told which one to open, and a host that is none of ours is answered
// for our own.
func TestAddresses(t *testing.T) {
	t.Parallel()
	b := open(t)
	_, _, err := b.LoginOptions(byHand)
	refused(t, "a login at an IP address", err, login.ErrPasskeyAddress)
	what, todo := fault.Of(err).Public("en")
	if !strings.Contains(todo, origin) || strings.Contains(what+todo, "{") {
		t.Errorf("%s %s", what, todo)
	}
	_, _, err = b.PasskeyOptions(t.Context(), hong, byHand)
	refused(t, "a registration at an IP address", err, login.ErrPasskeyAddress)
	options, _, err := b.LoginOptions("evil.example")
	do(t, err)
	if !bytes.Contains(options, []byte(`"rpId":"bank.example"`)) {
		t.Errorf("options for another host: %s", options)
	}

	c := b.Config
	c.Origins = []string{"http://127.0.0.1:8480", "http://localhost:8480"}
	local, err := login.New(c)
	do(t, err)
	options, state, err := local.PasskeyOptions(t.Context(), hong, "localhost:8480")
	do(t, err)
	d := &logintest.Device{Origin: "http://localhost:8480"}
	response, err := d.Create(options)
	do(t, err)
	added, err := local.AddPasskey(t.Context(), hong, state, "x", response)
	if err != nil || added.RP != "localhost" {
		t.Errorf("at localhost: %+v, %v", added, err)
	}
	_, _, err = local.LoginOptions("127.0.0.1:8480")
	refused(t, "at 127.0.0.1", err, login.ErrPasskeyAddress)
	if _, todo := fault.Of(err).Public("ko"); !strings.Contains(todo, "http://localhost:8480") {
		t.Error(todo)
	}
	// The bank's own address knows nothing of that key.
	d.Origin = origin
	options, state, err = b.LoginOptions(host)
	do(t, err)
	if _, err := d.Get(options); !errors.Is(err, logintest.ErrNothing) {
		t.Errorf("the device has %v", err)
	}
	_, err = local.WithPasskey(t.Context(), anonymous, state, []byte("{}"))
	refused(t, "a state of another service's address", err, login.ErrNoChallenge)
}
