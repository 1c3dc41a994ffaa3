package server

import (
	"errors"
	"os"
	"testing"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// TestOnlyADemoInvents opens one folder as a demo and then as a bank whose
// services are simulated: numbers that nobody can have are taken by the first
// alone, and real ones by the second alone.
func TestOnlyADemoInvents(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir(), Listen: "127.0.0.1:0", Services: Services{SimulatorListen: "127.0.0.1:0"},
		Authority: Authority{Bits: Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}}}
	o := Options{Sealing: []keys.Option{keys.Iterations(1000), keys.Memory(64)}}
	check := func(s *Server, invented bool) {
		t.Helper()
		company := simulator.Samples[11]
		if company.Sort != subscriber.Corporate {
			t.Fatal("the sample is no business")
		}
		for number, taken := range map[string]bool{company.IdentityNumber: invented, "1208147521": !invented} {
			_, err := s.proofs.BusinessNumber(number)
			if taken != (err == nil) || err != nil && !errors.Is(err, proofing.ErrBusinessCheck) {
				t.Errorf("invented %v, %s: %v", invented, number, err)
			}
		}
	}
	demo, err := OpenDemo(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	check(demo.Server, true)
	passphrase, err := os.ReadFile(demo.Passphrase)
	if err != nil {
		t.Fatal(err)
	}
	c.Listen = demo.config.Listen
	if err := demo.Close(); err != nil {
		t.Fatal(err)
	}
	c.Services.Simulators = []string{SimIDCheck, SimCoreBank, SimMessage}
	o.Passphrase = passphrase
	bank, err := Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	check(bank, false)
	if err := bank.Close(); err != nil {
		t.Error(err)
	}
}

// TestOlderCustomersAreFound has a demo's customers be as an older version left
// them: the work of the service makes them such that a search finds them.
func TestOlderCustomersAreFound(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir(), Listen: "127.0.0.1:0", Services: Services{SimulatorListen: "127.0.0.1:0"},
		Authority: Authority{Bits: Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}}}
	demo, err := OpenDemo(t.Context(), c, Options{Sealing: []keys.Option{keys.Iterations(1000), keys.Memory(64)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := demo.Close(); err != nil {
			t.Error(err)
		}
	})
	hong := simulator.Samples[0]
	found := func() int {
		t.Helper()
		people, err := demo.desk.Store.FindSubscribers(t.Context(), subscriber.Query{Name: hong.Name, Birth: hong.Birth}, 2)
		if err != nil {
			t.Fatal(err)
		}
		return len(people)
	}
	if n := found(); n != 1 {
		t.Fatalf("a new customer is found %d times", n)
	}
	if _, err := storetest.Raw(t, demo.config.Database).Exec(`UPDATE subscriber SET name_birth_index = NULL, phone_index = NULL`); err != nil {
		t.Fatal(err)
	}
	if n := found(); n != 0 {
		t.Fatalf("without what it goes by, the search finds %d", n)
	}
	if err := demo.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := found(); n != 1 {
		t.Errorf("an older customer is found %d times", n)
	}
}
