package server

import (
	"log/slog"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"github.com/ingam-pki/ingam/pki/npki"
)

var compare = cmp.Options{cmpopts.EquateComparable(netip.Prefix{}), cmpopts.EquateEmpty()}

// TestDefaultsAreWritten holds default.yaml against what the zero value means.
func TestDefaultsAreWritten(t *testing.T) {
	t.Parallel()
	written, err := ParseConfig(DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Config{}.withDefaults(), written.withDefaults(), compare); diff != "" {
		t.Error(diff)
	}
	// Each field of the struct has its line.
	for _, name := range fields(reflect.TypeFor[Config]()) {
		if !strings.Contains(string(DefaultConfig), name+":") {
			t.Errorf("default.yaml does not have %s", name)
		}
	}
	if err := (Config{}).Check(); err != nil {
		t.Errorf("the zero value is refused: %v", err)
	}
}

func fields(t reflect.Type) (names []string) {
	for f := range t.NumField() {
		names = append(names, t.Field(f).Tag.Get("yaml"))
	}
	return names
}

// TestFileSaysTheSame writes a configuration with nothing at its default and
// reads it again.
func TestFileSaysTheSame(t *testing.T) {
	t.Parallel()
	c := Config{
		Data: "/srv/ingam #1", Listen: "0.0.0.0:80", URL: "https://bank.example/pki", StatusURL: "http://status.bank.example",
		Database: "postgres://ingam@db.example/ingam?sslmode=verify-full", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		Bank:      Bank{Title: "은행: \"우리\" # 동네", Name: "URI", Code: "0020", Branch: "007", Mail: "no-reply@bank.example", Branches: "/etc/ingam/branches.json"},
		Authority: Authority{Name: "uri", PolicyArc: "1.2.410.999", CPS: "http://cps.example/cps.html", Bits: Bits{4096, 3072, 2049, 2050}},
		Enrolment: Enrolment{Online: []npki.Kind{npki.PersonalBank, npki.CorporateBank}, MinBits: 3072},
		Services: Services{IDCheck: "https://id.example", CoreBank: "https://core.example/x", Message: "",
			Mail: "smtps://user@mail.example:465", MailPassword: "/etc/ingam/mail #1",
			Simulators: []string{SimMessage}, SimulatorListen: "[::1]:9"},
		Status: Status{CRLLasts: 36 * time.Hour, OCSPLasts: 90 * time.Second},
		Limits: Limits{Rate{1, 2}, Rate{3, 4}, Rate{5, 6}},
		Log:    Log{Level: slog.LevelDebug, JSON: true},
	}
	text, err := c.file()
	if err != nil {
		t.Fatal(err)
	}
	read, err := ParseConfig(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(c, read, compare); diff != "" {
		t.Errorf("%s\n%s", diff, text)
	}
	if got, want := strings.Count(string(text), "#"), strings.Count(string(DefaultConfig), "#"); got < want {
		t.Errorf("%d comments are left of %d", got, want)
	}
	same, err := Config{}.withDefaults().file()
	if err != nil {
		t.Fatal(err)
	}
	if read, err = ParseConfig(same); err != nil || cmp.Diff(Config{}.withDefaults(), read, compare) != "" {
		t.Errorf("defaults come back otherwise: %v", err)
	}
}

func TestConfigIsStrict(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"unknown":             "simulators: [idcheck]",
		"unknown below":       "bank: {kode: '1234'}",
		"wrong type":          "bank: [1]",
		"not YAML":            "bank: {",
		"two documents":       "data: a\n---\ndata: b",
		"twice":               "data: a\ndata: b",
		"bad duration":        "status: {crlLasts: soon}",
		"too short":           "status: {crlLasts: 1s}",
		"bad prefix":          "trustedProxies: [everybody]",
		"bad level":           "log: {level: LOUD}",
		"bad code":            "bank: {code: '12'}",
		"bad branch":          "bank: {branch: abc}",
		"bad arc":             "authority: {policyArc: 1.2.x}",
		"impossible arc":      "authority: {policyArc: 3.1}",
		"small key":           "authority: {bits: {root: 1024}}",
		"bad url":             "url: bank.example",
		"url with password":   "url: https://a:b@bank.example",
		"https with port":     "url: https://bank.example:8443",
		"status over https":   "statusURL: https://bank.example",
		"bad listen":          "listen: everywhere",
		"bad database":        "database: mysql://x",
		"unknown kind":        "enrolment: {online: [sorcery]}",
		"short keys":          "enrolment: {minBits: 1024}",
		"simulated and real":  "services: {idcheck: 'http://x.example', simulators: [idcheck]}",
		"open simulator":      "services: {simulatorListen: '0.0.0.0:1'}",
		"mail by web":         "bank: {mail: a@b.example}\nservices: {mail: 'http://mail.example'}",
		"mail with password":  "bank: {mail: a@b.example}\nservices: {mail: 'smtp://u:p@mail.example'}",
		"mail from nobody":    "services: {mail: 'smtp://mail.example'}",
		"sender with a name":  "bank: {mail: 'Bank <a@b.example>'}",
		"user, no password":   "bank: {mail: a@b.example}\nservices: {mail: 'smtp://u@mail.example'}",
		"password, no user":   "bank: {mail: a@b.example}\nservices: {mail: 'smtp://mail.example', mailPasswordFile: x}",
		"password, no mail":   "services: {mailPasswordFile: x}",
		"mail, both ways":     "bank: {mail: a@b.example}\nservices: {mail: 'smtp://mail.example', simulators: [mail]}",
		"half a provider":     "staff: {provider: {issuer: 'https://id.example'}}",
		"plain provider":      "staff: {provider: {issuer: 'http://id.example', clientID: c, clientSecretFile: f}}",
		"secret, no issuer":   "staff: {provider: {clientSecretFile: f}}",
		"provider, both ways": "staff: {provider: {issuer: 'https://id.example', clientID: c, clientSecretFile: f}}\nservices: {simulators: [signin]}",
		"half a rate":         "limits: {logins: {burst: 1}}",
		"bomb":                "a: &a [x,x]\nb: &b [*a,*a]\ndata: *b",
	} {
		if _, err := ParseConfig([]byte(text)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := ParseConfig(make([]byte, maxConfig+1)); err == nil {
		t.Error("a huge file was taken")
	}
	for name, text := range map[string]string{"nothing": "", "a comment": "# nothing\n", "null": "null", "some": "data: x\nbank: {code: '0004'}",
		"mail": "bank: {mail: a@b.example}\nservices: {mail: 'smtp://u@mail.example:587', mailPasswordFile: x}", "simulated mail": "services: {simulators: [mail]}",
		"a provider": "staff: {provider: {issuer: 'https://id.example/x', clientID: c, clientSecretFile: f, numberClaim: sabun}}", "simulated provider": "services: {simulators: [signin]}"} {
		if _, err := ParseConfig([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParseConfig gives anything as a configuration: no panic, and what is
// taken can be written and read again.
func FuzzParseConfig(f *testing.F) {
	f.Add(DefaultConfig)
	f.Add([]byte("bank: {code: '0004', title: \"a\\nb\"}"))
	f.Add([]byte("trustedProxies: [10.0.0.0/8]\nlog: {level: DEBUG+2}"))
	f.Add([]byte("services: {simulators: [idcheck, idcheck]}"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseConfig(text)
		if err != nil {
			return
		}
		written, err := c.file()
		if err != nil {
			return // a text of more than one line has no place in a file for people
		}
		again, err := ParseConfig(written)
		if err != nil {
			var tree yaml.Node
			t.Fatalf("%v (%v)\n%s", err, yaml.Unmarshal(written, &tree), written)
		}
		if diff := cmp.Diff(c, again, compare); diff != "" {
			t.Errorf("%s\n%s", diff, written)
		}
	})
}
