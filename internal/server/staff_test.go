package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

// openDemo opens a demo without serving it: its simulators answer already.
func openDemo(t *testing.T) *Demo {
	t.Helper()
	c := Config{Listen: "127.0.0.1:0", Services: Services{SimulatorListen: "127.0.0.1:0"},
		Authority: Authority{Bits: Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}}}
	d, err := OpenDemo(t.Context(), c, Options{Sealing: []keys.Option{keys.Iterations(1000), keys.Memory(64)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// chosen is what a browser brings back from the provider's page, and where to.
func chosen(t *testing.T, redirect, number string) *url.URL {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, redirect, strings.NewReader(url.Values{"number": {number}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	to, err := res.Location()
	if err != nil {
		t.Fatalf("%s: %v", res.Status, err)
	}
	return to
}

// TestStaffOfDemo: all who work at the demo's bank log in by its provider, as
// what they are; who has no account there doesn't, though the bank knows them.
func TestStaffOfDemo(t *testing.T) {
	t.Parallel()
	d := openDemo(t)
	ctx, anonymous := t.Context(), authz.Caller{Role: authz.Anonymous, Request: "test"}
	for _, one := range simulator.Staff {
		redirect, state, err := d.staff.BeginProvider(ctx)
		if err != nil {
			t.Fatal(err)
		}
		to := chosen(t, redirect, one.Number)
		if want := d.PortalURL() + staff.ReturnPath; to.Scheme+"://"+to.Host+to.Path != want {
			t.Errorf("sent back to %s, want %s", to, want)
		}
		a, err := d.staff.LogInByProvider(ctx, anonymous, state, to.Query())
		if err != nil || a.Number != one.Number || a.Name != one.Name || string(a.Role) != one.Role || a.Branch != one.Branch || a.State != staff.Active {
			t.Errorf("%s: %+v, %v", one.Number, a, err)
		}
	}
	if err := d.seedStaff(ctx); err != nil { // as a second start does
		t.Error(err)
	}
	all, err := d.desk.Staff.List(ctx, Operator("test"), "", staff.MaxList)
	if err != nil || len(all) != len(simulator.Staff) || all[0].State != staff.Active {
		t.Errorf("%d accounts, %v", len(all), err)
	}
}

// TestConfiguredProvider: the secret comes from its file, and what is wrong with
// it is the operator's to read.
func TestConfiguredProvider(t *testing.T) {
	t.Parallel()
	d := openDemo(t)
	secret := filepath.Join(t.TempDir(), "secret")
	d.config.Services.Simulators = []string{SimIDCheck}
	if client, err := d.provider(); client != nil || err != nil {
		t.Errorf("none is configured: %v, %v", client, err)
	}
	d.config.Staff.Provider = Provider{Issuer: "https://id.example", ClientID: "c", Secret: secret, NumberClaim: "n"}
	if _, err := d.provider(); !errors.Is(err, ErrConfig) {
		t.Errorf("no file: %v", err)
	}
	for content, ok := range map[string]bool{"": false, "\n": false, "secret\r\n": true, "secret": true} {
		if err := os.WriteFile(secret, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := d.provider(); ok != (err == nil) {
			t.Errorf("%q: %v", content, err)
		}
	}
	d.config.URL = "http://bank.example" // nobody should be sent back there with a code
	if _, err := d.provider(); !errors.Is(err, ErrConfig) {
		t.Errorf("no TLS: %v", err)
	}
	if _, _, err := d.desk.Staff.BeginProvider(context.Background()); !errors.Is(err, staff.ErrNoProvider) {
		t.Errorf("an operator's command has a provider: %v", err)
	}
}
