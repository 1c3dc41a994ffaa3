package attacks_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
)

var (
	passkeyForm    = refusal{400, 2232, "passkey-form"}
	passkeyRefused = refusal{422, 2233, "passkey-refused"}
	passkeyWrong   = refusal{401, 2234, "passkey-wrong"}
	passkeyCopied  = refusal{422, 2235, "passkey-copied"}
	passkeysMany   = refusal{409, 2236, "passkeys-many"}
	passkeyThere   = refusal{409, 2237, "passkey-there"}
	passkeyUnknown = refusal{404, 2238, "passkey-unknown"}
	passkeyName    = refusal{400, 2239, "passkey-name"}
)

// misdeeds are answers of a browser or device that are not what was asked for.
var misdeeds = map[string]func(d *logintest.Device, evil string){
	"another site":             func(d *logintest.Device, _ string) { d.Origin = "https://evil.example" },
	"a sister of the bank's":   func(d *logintest.Device, _ string) { d.Origin = "http://evil.localhost" },
	"another port":             func(d *logintest.Device, _ string) { d.Origin = "http://localhost:1" },
	"https for http":           func(d *logintest.Device, _ string) { d.Origin = strings.Replace(d.Origin, "http:", "https:", 1) },
	"the bank's address":       func(d *logintest.Device, address string) { d.Origin = address },
	"no origin":                func(d *logintest.Device, _ string) { d.Origin = "null" },
	"a name that begins alike": func(d *logintest.Device, _ string) { d.Origin += ".evil.example" },
	"for another place":        func(d *logintest.Device, _ string) { d.RP = "evil.example" },
	"nobody verified":          func(d *logintest.Device, _ string) { d.NoUser = true },
	"nobody there":             func(d *logintest.Device, _ string) { d.NoPresence = true },
	"another challenge":        func(d *logintest.Device, _ string) { d.Challenge = strings.Repeat("A", 43) },
	"an empty challenge":       func(d *logintest.Device, _ string) { d.Challenge = "=" },
	"something else":           func(d *logintest.Device, _ string) { d.Type = "payment.get" },
}

// "My page asks the victim's device for a passkey and hands its answer to the
// bank; or my device answers for theirs, without a finger on it; or the answer
// is an old one."
func TestPasskeyAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, kim := w.logIn("hong").atName(), w.logIn("kim").atName()
	for name, misbehave := range misdeeds {
		d := hong.device()
		misbehave(d, w.address())
		t.Log("registering: " + name)
		w.refused(hong.addPasskey(d, "phone").err(), passkeyRefused, audit.Refused)
	}
	device, other := hong.device(), hong.device()
	if a := hong.addPasskey(device, "phone"); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := kim.addPasskey(other, "phone"); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for name, misbehave := range misdeeds {
		d := device.Copy()
		misbehave(d, w.address())
		p := w.visitor([]string{"ko", "en"}[len(name)%2]).atName()
		t.Log("logging in: " + name)
		w.refused(p.enterBy(d).err(), passkeyWrong, audit.Refused)
		w.turnedAway(p.send("GET", "/api/v1/session", nil).err(), notLoggedIn)
	}
	for name, spoil := range map[string]func(d *logintest.Device){
		"the signature over something else": func(d *logintest.Device) { d.Spoil = true },
		"the name of another":               func(d *logintest.Device) { d.Handle = "kim" },
	} {
		d := device.Copy()
		spoil(d)
		t.Log(name)
		w.refused(w.visitor("en").atName().enterBy(d).err(), passkeyWrong, audit.Refused)
	}
	// With another person's credential id on one's own signature, and with
	// one's own id on another person's handle.
	p := w.visitor("ko").atName()
	theirs, err := device.Get(p.options(passkeyLogIn))
	must(w, theirs, err)
	mine, err := other.Get(p.options(passkeyLogIn))
	must(w, mine, err)
	w.refused(p.answerWith(swap(t, mine, theirs, "id", "rawId")).err(), passkeyWrong, audit.Refused)
	mine, err = other.Get(p.options(passkeyLogIn))
	must(w, mine, err)
	handle := swapInside(t, mine, theirs, "userHandle")
	w.refused(p.answerWith(handle).err(), passkeyWrong, audit.Refused)
	for _, junk := range []string{`{"id":"AA"}`, `{"id":7}`, `{"a":[[[[]]]]}`, `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		p.options(passkeyLogIn)
		w.refused(p.answerWith([]byte(junk)).err(), passkeyForm, audit.Refused)
	}
	// An answer is good once; and the answer to one question is not to another.
	response, err := device.Get(p.options(passkeyLogIn))
	must(w, response, err)
	q := w.visitor("en").atName()
	w.refused(q.answerWith(response).err(), challengeOver, audit.Refused)
	q.options(passkeyLogIn)
	w.refused(q.answerWith(response).err(), passkeyWrong, audit.Refused)
	if a := p.answerWith(response); a.status != http.StatusOK || !bytes.Contains(a.body, []byte(hong.s.Name)) {
		t.Fatalf("the rightful one: %d %s", a.status, a.body)
	}
	w.refused(p.answerWith(response).err(), challengeOver, audit.Refused)
	late := w.visitor("ko").atName()
	response, err = device.Get(late.options(passkeyLogIn))
	must(w, response, err)
	w.clock.move(3 * time.Minute)
	w.refused(late.answerWith(response).err(), challengeOver, audit.Refused)
	// A copy of the device, with its count of before.
	thief := device.Copy()
	thief.Count = 0
	w.refused(w.visitor("en").atName().enterBy(thief).err(), passkeyCopied, audit.Refused)
	hong.finish(hong.start(client.KindPersonalBank), 0)
}

// swap takes some members of an answer from another one.
func swap(t *testing.T, answer, from []byte, names ...string) []byte {
	t.Helper()
	var a, b map[string]any
	if json.Unmarshal(answer, &a) != nil || json.Unmarshal(from, &b) != nil {
		t.Fatal("no answer")
	}
	for _, name := range names {
		a[name] = b[name]
	}
	return encode(t, a)
}

func swapInside(t *testing.T, answer, from []byte, name string) []byte {
	t.Helper()
	var a, b map[string]json.RawMessage
	if json.Unmarshal(answer, &a) != nil || json.Unmarshal(from, &b) != nil {
		t.Fatal("no answer")
	}
	a["response"] = swap(t, a["response"], b["response"], name)
	return encode(t, a)
}

// "I have sat down at the victim's open session for a minute. I add a passkey
// of mine: theirs by name, an eleventh, one that somebody has already; or take
// theirs away from my own account."
func TestPasskeysOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, kim := w.logIn("hong").atName(), w.logIn("kim").atName()
	device := hong.device()
	response, err := device.Create(hong.options(newPasskey))
	must(w, response, err)
	// A name that can't be one does not use up the challenge: the device has
	// made its key.
	for _, name := range []string{" ", "a\nb", "a\u202eb", "\u200b", "x\x00"} {
		w.turnedAway(hong.addResponse(name, response).err(), passkeyName)
	}
	w.refused(kim.addResponse("phone", response).err(), challengeOver, audit.Refused) // has not asked
	kim.options(newPasskey)
	w.refused(kim.addResponse("phone", response).err(), passkeyRefused, audit.Refused) // has asked for another
	a := hong.addResponse("phone", response)
	var added client.Passkey
	if json.Unmarshal(a.body, &added) != nil || a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w.refused(hong.addResponse("phone", response).err(), challengeOver, audit.Refused)

	// What another account has can't be mine: nobody signs for what is new, so
	// I put the victim's credential under my own challenge.
	again, err := kim.device().Create(kim.options(newPasskey))
	must(w, again, err)
	w.refused(kim.addResponse("phone", swapInside(t, response, again, "clientDataJSON")).err(), passkeyThere, audit.Refused)

	// Another's looks like none.
	for _, id := range []string{added.ID, strings.Repeat("A", 26)} {
		w.refused(kim.send("DELETE", "/api/v1/passkeys/"+id, nil).err(), passkeyUnknown, audit.Refused)
	}
	theirs, none := kim.send("DELETE", "/api/v1/passkeys/"+added.ID, nil), kim.send("DELETE", "/api/v1/passkeys/"+strings.Repeat("A", 26), nil)
	if !bytes.Equal(anonymous(theirs), anonymous(none)) {
		t.Errorf("another's passkey and none look different: %s, %s", theirs.body, none.body)
	}
	if a := kim.send("GET", "/api/v1/passkeys", nil); bytes.Contains(a.body, []byte(added.ID)) {
		t.Error("another's passkey is in the list")
	}
	// Ten and no more, at once too: three browsers hold options for the tenth.
	for range 8 {
		if a := hong.addPasskey(hong.device(), "more"); a.status != http.StatusCreated {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	var three [3]*person
	var answers [3][]byte
	for i := range three {
		three[i] = w.logIn("hong").atName()
		made, err := three[i].device().Create(three[i].options(newPasskey))
		answers[i] = must(w, made, err)
	}
	said := atOnce(3, func(n int) error { return three[n].addResponse("tenth", answers[n]).err() })
	if said["done"] != 1 || said[passkeysMany.name] != 2 {
		t.Errorf("three at once for one place: %v", said)
	}
	w.refused(hong.send("POST", newPasskey, nil).err(), passkeysMany, audit.Refused)
	// The first still works, until it is removed.
	if a := w.visitor("ko").atName().enterBy(device); a.status != http.StatusOK {
		t.Errorf("the first passkey: %d %s", a.status, a.body)
	}
	if a := hong.send("DELETE", "/api/v1/passkeys/"+added.ID, nil); a.status != http.StatusNoContent {
		t.Errorf("removing: %d", a.status)
	}
	w.refused(w.visitor("en").atName().enterBy(device).err(), passkeyWrong, audit.Refused)
	// At an address without a name passkeys are refused, with the way out.
	problem := refusal{422, 2231, "passkey-address"}.is(t, w.visitor("ko").send("POST", passkeyLogIn, nil).err())
	if problem.Params["address"] != w.PortalURL() {
		t.Errorf("the way out is %q", problem.Params["address"])
	}
	kim.finish(kim.start(client.KindPersonalBank), 1)
}
