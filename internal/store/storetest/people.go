package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
)

// person is a subscriber with an impossible identity number.
func person(id, number, idn string) subscriber.Subscriber {
	return subscriber.Subscriber{
		ID: id, CustomerNumber: number, Sort: subscriber.Individual, Name: "홍길동", RomanName: "HONG GILDONG",
		IdentityNumber: idn, Birth: "19900101", Phone: "01000000001", Mail: "hong@example.com", UpdatedAt: day(0),
	}
}

func testSubscriber(t *testing.T, s *store.Store) {
	ctx := context.Background()
	want := person("s1", "100001", "9001011000000")
	if id, err := s.SaveSubscriber(ctx, want); id != "s1" || err != nil {
		t.Fatalf("saving a new one: %q, %v", id, err)
	}
	find := func() {
		t.Helper()
		for name, look := range map[string]func() (subscriber.Subscriber, error){
			"by id":              func() (subscriber.Subscriber, error) { return s.Subscriber(ctx, want.ID) },
			"by customer number": func() (subscriber.Subscriber, error) { return s.ByCustomerNumber(ctx, want.CustomerNumber) },
			"by identity number": func() (subscriber.Subscriber, error) { return s.ByIdentityNumber(ctx, want.IdentityNumber) },
		} {
			got, err := look()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v\n%s", name, err, diff)
			}
		}
	}
	find()

	// The customer number decides who it is: the new id is not taken.
	changed := want
	changed.ID, changed.Name, changed.Mail, changed.Deceased = "s2", "홍길순", "", true
	changed.IdentityNumber, changed.UpdatedAt = "9001012000000", day(3)
	if id, err := s.SaveSubscriber(ctx, changed); id != "s1" || err != nil {
		t.Fatalf("saving a known one: %q, %v", id, err)
	}
	old := want.IdentityNumber
	want, want.ID = changed, "s1"
	find()
	for name, err := range map[string]error{
		"old identity number": second(s.ByIdentityNumber(ctx, old)),
		"unknown id":          second(s.Subscriber(ctx, "s2")),
		"unknown number":      second(s.ByCustomerNumber(ctx, "0")),
	} {
		if !errors.Is(err, subscriber.ErrUnknown) {
			t.Errorf("%s: %v, want ErrUnknown", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func testSamePerson(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, second(s.SaveSubscriber(ctx, person("s1", "1", "9001011000000"))))
	must(t, second(s.SaveSubscriber(ctx, person("s2", "2", "9001012000000"))))
	for name, p := range map[string]subscriber.Subscriber{
		"new":   person("s3", "3", "9001011000000"),
		"known": person("s2", "2", "9001011000000"),
	} {
		if _, err := s.SaveSubscriber(ctx, p); !errors.Is(err, store.ErrSamePerson) {
			t.Errorf("%s subscriber with another's identity number: %v, want ErrSamePerson", name, err)
		}
	}
}

func testLogin(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if _, err := s.Login(ctx, "hong"); !errors.Is(err, subscriber.ErrUnknown) {
		t.Fatalf("unknown login: %v", err)
	}
	for _, want := range []subscriber.Login{
		{LoginID: "hong", SubscriberID: "s1", Password: "hash one"},
		{LoginID: "hong", SubscriberID: "s1", Password: "hash two"},
	} {
		must(t, s.SaveLogin(ctx, want))
		got, err := s.Login(ctx, "hong")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("login: %v\n%s", err, diff)
		}
	}
}

func testTries(t *testing.T, s *store.Store) {
	ctx := context.Background()
	for _, want := range []proofing.Tries{{}, {Failed: 3}, {Failed: 5, LockedUntil: day(1)}, {}} {
		if want != (proofing.Tries{}) {
			must(t, s.SaveTries(ctx, "s1", proofing.OTP, want))
		} else {
			must(t, s.SaveTries(ctx, "s1", proofing.OTP, proofing.Tries{}))
		}
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			got, err := s.LockTries(ctx, "s1", proofing.OTP)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("tries:\n%s", diff)
			}
			return err
		}))
	}
	must(t, s.SaveTries(ctx, "s1", proofing.Account, proofing.Tries{Failed: 5, LockedUntil: day(2)}))
	must(t, s.SaveTries(ctx, "s1", proofing.IDCard, proofing.Tries{Failed: 5, LockedUntil: day(1)})) // over at that moment
	must(t, s.SaveTries(ctx, "s2", proofing.OTP, proofing.Tries{Failed: 5, LockedUntil: day(3)}))
	locked, err := s.LockedFactors(ctx, "s1", day(1))
	if diff := cmp.Diff(map[proofing.Factor]time.Time{proofing.Account: day(2)}, locked); err != nil || diff != "" {
		t.Errorf("locked: %v\n%s", err, diff)
	}
	must(t, s.SaveTries(ctx, "s2", proofing.OTP, proofing.Tries{}))
	must(t, s.SaveTries(ctx, "s1", proofing.OTP, proofing.Tries{Failed: 2}))
	for _, other := range []struct {
		subject string
		factor  proofing.Factor
	}{{"s2", proofing.OTP}, {"s1", proofing.Phone}} {
		if got, err := s.LockTries(ctx, other.subject, other.factor); err != nil || got.Failed != 0 {
			t.Errorf("tries of %v: %+v, %v; want none", other, got, err)
		}
	}
}

func testPhoneCode(t *testing.T, s *store.Store) {
	ctx := context.Background()
	get := func(want proofing.PhoneCode) {
		t.Helper()
		got, err := s.PhoneCode(ctx, "a1")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("phone code: %v\n%s", err, diff)
		}
	}
	get(proofing.PhoneCode{})
	for n := 1; n <= 2; n++ {
		c := proofing.PhoneCode{ApplicationID: "a1", Hash: []byte{byte(n), 0, 255}, ExpiresAt: day(n), Sent: n}
		must(t, s.SavePhoneCode(ctx, c))
		get(c)
	}
	must(t, s.DropPhoneCode(ctx, "a1"))
	must(t, s.DropPhoneCode(ctx, "a1"))
	get(proofing.PhoneCode{})
}

func testSessions(t *testing.T, s *store.Store) {
	now := day(0)
	sessions := s.Sessions(func() time.Time { return now })
	get := func(token, want string) {
		t.Helper()
		got, found, err := sessions.Find(token)
		if err != nil || string(got) != want || found != (want != "") {
			t.Errorf("session %s: %q, %v, %v; want %q", token, got, found, err, want)
		}
	}
	get("token", "")
	must(t, sessions.Commit("token", []byte("one"), now.Add(time.Hour)))
	must(t, sessions.Commit("token", []byte("two"), now.Add(time.Hour)))
	must(t, sessions.Commit("longer", []byte("three"), now.Add(2*time.Hour)))
	get("token", "two")
	get("longer", "three")
	must(t, sessions.Delete("longer"))
	must(t, sessions.Delete("longer"))
	get("longer", "")
	now = now.Add(time.Hour)
	get("token", "")
	must(t, sessions.Commit("alive", []byte("four"), now.Add(time.Hour)))
	if n, err := sessions.DeleteExpired(context.Background()); n != 1 || err != nil {
		t.Errorf("deleting expired: %d, %v; want 1", n, err)
	}
	get("alive", "four")
}
