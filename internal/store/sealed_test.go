package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/passkey"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

func aPerson(n int) subscriber.Subscriber {
	return subscriber.Subscriber{
		ID: fmt.Sprint("s", n), CustomerNumber: fmt.Sprint("10000", n), Sort: subscriber.Individual,
		Name: fmt.Sprint("홍길동아무개", n), RomanName: fmt.Sprint("HONG GILDONG ", n), IdentityNumber: fmt.Sprint("900101100000", n),
		Birth: "19900101", Phone: fmt.Sprint("0109999000", n), Mail: fmt.Sprint("hong", n, "@example.com"), UpdatedAt: noon,
	}
}

func aRecord(n int) ca.Record {
	name := aPerson(n).Name
	return ca.Record{
		Serial: fmt.Sprint("0", n), Issuer: "aa", ApplicationID: fmt.Sprint("a", n), SubscriberID: fmt.Sprint("s", n),
		Kind: "personal-bank", State: ca.Pending, Subject: "cn=" + name + "()0001", KeyHash: []byte{byte(n)},
		TBS: []byte("tbs " + name), NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0), CreatedAt: noon,
	}
}

func aPasskey(n int) login.Passkey {
	return login.Passkey{
		ID: fmt.Sprint("p", n), SubscriberID: fmt.Sprint("s", n), RP: "bank.example", Name: fmt.Sprint("길동이의 전화기", n),
		CredentialID: fmt.Appendf(nil, "credential-of-%d", n), PublicKey: fmt.Appendf(nil, "public-key-of-%d", n),
		Transports: "internal,hybrid-of-mine", Flags: 0x1d, SignCount: 7, CreatedAt: noon,
	}
}

func anAccount(n int) staff.Account {
	return staff.Account{ID: fmt.Sprint("e", n), Number: fmt.Sprint("24011", n), Name: fmt.Sprint("김창구아무개", n), Role: authz.Teller,
		Branch: "012", State: staff.Active, Epoch: 3, CreatedBy: "m", CreatedAt: noon, UpdatedAt: noon}
}

func aStaffPasskey(n int) staff.Passkey {
	return staff.Passkey{ID: fmt.Sprint("sp", n), StaffID: fmt.Sprint("e", n), RP: "bank.example", Name: fmt.Sprint("창구의 노트북", n), CreatedAt: noon,
		Credential: passkey.Credential{ID: fmt.Appendf(nil, "staff-credential-%d", n), PublicKey: fmt.Appendf(nil, "staff-public-key-%d", n),
			Transports: "usb-of-staff", Flags: 0x1d, SignCount: 7}}
}

func aProposal(n int) lifecycle.Proposal {
	return lifecycle.Proposal{ID: fmt.Sprint("pr", n), Act: lifecycle.Exception, State: lifecycle.Open, SubscriberID: fmt.Sprint("s", n),
		Kind: "personal-bank", Why: "for " + aPerson(n).Name, Maker: "m", MadeAt: noon, ExpiresAt: noon.AddDate(0, 0, 7)}
}

func aCase(n int) counter.Case {
	return counter.Case{ID: fmt.Sprint("c", n), Branch: "014", SubscriberID: fmt.Sprint("s", n), Act: counter.Issue, Kind: "personal-bank",
		Visitor: counter.Proxy, VisitorName: fmt.Sprint("성춘향대리인", n), Why: fmt.Sprint("reason-in-a-case-", n),
		Seen: []counter.Seen{{Paper: counter.PowerOfAttorney, Number: fmt.Sprint("number-of-a-paper-", n), By: "t", At: noon}},
		Note: fmt.Sprint("note-on-a-case-", n), State: counter.Open, Maker: "t", Handler: "t", CreatedAt: noon, UpdatedAt: noon,
		ExpiresAt: noon.AddDate(0, 0, 2)}
}

func aScan(n int) counter.Picture {
	return counter.Picture{ID: fmt.Sprint("i", n), CaseID: fmt.Sprint("c", n), Type: "image/jpeg", File: fmt.Appendf(nil, "picture-of-a-card-%d", n), At: noon}
}

func aCard(n int) []byte { return fmt.Appendf(nil, "entries-of-a-card-%d", n) }

// fill stores people with certificates, passkeys, sessions and cases.
func fill(t *testing.T, s *store.Store, people int) {
	t.Helper()
	ctx := context.Background()
	for n := range people {
		p, r := aPerson(n), aRecord(n)
		if _, err := s.SaveSubscriber(ctx, p); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveLogin(ctx, subscriber.Login{LoginID: fmt.Sprint("gildong-login-", n), SubscriberID: p.ID, Password: "$argon2id$"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Reserve(ctx, r); err != nil {
			t.Fatal(err)
		}
		if err := second(s.Complete(ctx, r.Serial, []byte("der "+p.Name), ca.Valid, noon)); err != nil {
			t.Fatal(err)
		}
		if err := s.AddPasskey(ctx, aPasskey(n), 1); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.CreateAccount(ctx, anAccount(n)), s.AddStaffPasskey(ctx, aStaffPasskey(n), 1)); err != nil {
			t.Fatal(err)
		}
		if err := s.CreateProposal(ctx, aProposal(n)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.CreateCase(ctx, aCase(n)), s.SaveCard(ctx, aCase(n).ID, aCard(n)), s.AddScan(ctx, aScan(n))); err != nil {
			t.Fatal(err)
		}
		if err := sessions(s).Commit(fmt.Sprint("token-of-", n), []byte("session "+p.Name), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
}

func sessions(s *store.Store) *store.Sessions {
	return s.Sessions(func() time.Time { return noon })
}

// readable checks that everything of fill opens.
func readable(t *testing.T, s *store.Store, people int) {
	t.Helper()
	ctx := context.Background()
	for n := range people {
		got, err := s.ByIdentityNumber(ctx, aPerson(n).IdentityNumber)
		if diff := cmp.Diff(aPerson(n), got); err != nil || diff != "" {
			t.Errorf("subscriber: %v\n%s", err, diff)
		}
		for _, q := range []subscriber.Query{{Name: aPerson(n).Name, Birth: aPerson(n).Birth}, {Phone: aPerson(n).Phone}} {
			found, err := s.FindSubscribers(ctx, q, 2)
			if diff := cmp.Diff([]subscriber.Subscriber{aPerson(n)}, found); err != nil || diff != "" {
				t.Errorf("searching: %v\n%s", err, diff)
			}
		}
		r, err := s.Certificate(ctx, aRecord(n).Serial)
		if err != nil || r.Subject != aRecord(n).Subject || !bytes.Equal(r.TBS, aRecord(n).TBS) || string(r.DER) != "der "+aPerson(n).Name {
			t.Errorf("certificate: %+v, %v", r, err)
		}
		customers, err := s.PasskeyOf(ctx, "bank.example", aPasskey(n).CredentialID)
		if diff := cmp.Diff(aPasskey(n), customers); err != nil || diff != "" {
			t.Errorf("passkey: %v\n%s", err, diff)
		}
		account, err := s.Account(ctx, anAccount(n).ID)
		if diff := cmp.Diff(anAccount(n), account); err != nil || diff != "" {
			t.Errorf("account: %v\n%s", err, diff)
		}
		key, err := s.StaffPasskey(ctx, "bank.example", aStaffPasskey(n).Credential.ID)
		if diff := cmp.Diff(aStaffPasskey(n), key); err != nil || diff != "" {
			t.Errorf("passkey of staff: %v\n%s", err, diff)
		}
		proposal, err := s.Proposal(ctx, aProposal(n).ID)
		if diff := cmp.Diff(aProposal(n), proposal); err != nil || diff != "" {
			t.Errorf("proposal: %v\n%s", err, diff)
		}
		one, err := s.Case(ctx, aCase(n).ID)
		if diff := cmp.Diff(aCase(n), one); err != nil || diff != "" {
			t.Errorf("case: %v\n%s", err, diff)
		}
		scan, err := s.Scan(ctx, aScan(n).ID)
		if diff := cmp.Diff(aScan(n), scan); err != nil || diff != "" {
			t.Errorf("scan: %v\n%s", err, diff)
		}
		if card, err := s.Card(ctx, aCase(n).ID); err != nil || !bytes.Equal(card, aCard(n)) {
			t.Errorf("card: %q, %v", card, err)
		}
		data, found, err := sessions(s).Find(fmt.Sprint("token-of-", n))
		if string(data) != "session "+aPerson(n).Name || !found || err != nil {
			t.Errorf("session: %q, %v, %v", data, found, err)
		}
	}
}

// A sealed value opens only where it was put.
func TestSealedValuesCannotBeMoved(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			url := engine.URL(t)
			s := storetest.Open(t, url, keys.NewRing())
			db := storetest.Raw(t, url)
			ctx := context.Background()
			fill(t, s, 2)
			person := func() error { _, err := s.Subscriber(ctx, "s0"); return err }
			certificate := func() error { _, err := s.Certificate(ctx, "00"); return err }
			for _, column := range []string{"name", "roman_name", "identity_number", "birth", "phone", "mail"} {
				moved(t, db.Exec, `UPDATE subscriber SET `+column+` = (SELECT `+column+` FROM subscriber WHERE id = 's1') WHERE id = 's0'`, column+" of another row", person)
				restorePerson(t, s)
				from := "name"
				if column == from {
					from = "mail"
				}
				moved(t, db.Exec, `UPDATE subscriber SET `+column+` = `+from+` WHERE id = 's0'`, column+" of another column", person)
				restorePerson(t, s)
				moved(t, db.Exec, `UPDATE subscriber SET `+column+` = (SELECT der FROM certificate WHERE serial = '00') WHERE id = 's0'`, column+" of another table", person)
				restorePerson(t, s)
			}
			if err := person(); err != nil {
				t.Fatalf("restored: %v", err)
			}
			if err := certificate(); err != nil {
				t.Fatal(err)
			}
			passkey := func() error { _, err := s.PasskeysOf(ctx, "s0"); return err }
			for _, column := range []string{"name", "credential_id", "public_key", "transports"} {
				moved(t, db.Exec, `UPDATE passkey SET `+column+` = (SELECT `+column+` FROM passkey WHERE id = 'p1') WHERE id = 'p0'`, column+" of another's passkey", passkey)
				if err := errors.Join(s.RemovePasskey(ctx, "s0", "p0"), s.AddPasskey(ctx, aPasskey(0), 1)); err != nil {
					t.Fatal(err)
				}
			}
			staffKeys := func() error { _, err := s.StaffPasskeys(ctx, "e0"); return err }
			for _, column := range []string{"name", "credential_id", "public_key", "transports"} {
				moved(t, db.Exec, `UPDATE staff_passkey SET `+column+` = (SELECT `+column+` FROM staff_passkey WHERE id = 'sp1') WHERE id = 'sp0'`, column+" of a colleague's passkey", staffKeys)
				if err := errors.Join(second(s.RemoveStaffPasskeys(ctx, "e0", "sp0")), s.AddStaffPasskey(ctx, aStaffPasskey(0), 1)); err != nil {
					t.Fatal(err)
				}
			}
			account := func() error { _, err := s.Account(ctx, "e0"); return err }
			moved(t, db.Exec, `UPDATE staff SET name = (SELECT name FROM staff WHERE id = 'e1') WHERE id = 'e0'`, "a colleague's name", account)
			one := func() error { _, err := s.Case(ctx, "c0"); return err }
			for _, column := range []string{"visitor_name", "why", "seen", "note"} {
				kept := `UPDATE counter_case SET ` + column + ` = $1 WHERE id = 'c0'`
				var value []byte
				if err := db.QueryRow(`SELECT ` + column + ` FROM counter_case WHERE id = 'c0'`).Scan(&value); err != nil {
					t.Fatal(err)
				}
				moved(t, db.Exec, `UPDATE counter_case SET `+column+` = (SELECT `+column+` FROM counter_case WHERE id = 'c1') WHERE id = 'c0'`, column+" of another case", one)
				if _, err := db.Exec(kept, value); err != nil {
					t.Fatal(err)
				}
			}
			moved(t, db.Exec, `UPDATE scan SET file = (SELECT file FROM scan WHERE id = 'i1') WHERE id = 'i0'`, "another case's picture",
				func() error { _, err := s.Scan(ctx, "i0"); return err })
			moved(t, db.Exec, `UPDATE counter_card SET entries = (SELECT entries FROM counter_card WHERE case_id = 'c1') WHERE case_id = 'c0'`,
				"another case's card", func() error { _, err := s.Card(ctx, "c0"); return err })
			moved(t, db.Exec, `UPDATE certificate SET der = (SELECT der FROM certificate WHERE serial = '01') WHERE serial = '00'`, "another's certificate", certificate)
		})
	}
}

func moved[R any](t *testing.T, exec func(string, ...any) (R, error), query, what string, read func() error) {
	t.Helper()
	if _, err := exec(query); err != nil {
		t.Fatal(err)
	}
	if err := read(); !errors.Is(err, keys.ErrSealed) {
		t.Errorf("%s: %v, want ErrSealed", what, err)
	}
}

func restorePerson(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.SaveSubscriber(context.Background(), aPerson(0)); err != nil {
		t.Fatal(err)
	}
}

// The files of the database hold nothing that tells who somebody is.
func TestFilesHoldNobody(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			url := engine.URL(t)
			s := storetest.Open(t, url, keys.NewRing())
			fill(t, s, 3)
			db := storetest.Raw(t, url)
			// What is not sealed must be found, or the search proves nothing.
			if _, err := db.Exec(`INSERT INTO meta (name, value) VALUES ('a-marker-in-the-clear', $1)`, []byte{0}); err != nil {
				t.Fatal(err)
			}
			var folder string
			if engine.Name == "postgres" {
				if _, err := db.Exec(`CHECKPOINT`); err != nil {
					t.Fatal(err)
				}
				if err := db.QueryRow(`SHOW data_directory`).Scan(&folder); err != nil {
					t.Fatal(err)
				}
			} else {
				folder = filepath.Dir(strings.TrimPrefix(url, "sqlite:"))
			}
			p := aPerson(0)
			secrets := []string{
				p.Name, p.RomanName, p.IdentityNumber, p.Phone, p.Mail, p.Birth, "gildong-login-0", "token-of-0",
				strings.TrimSuffix(p.Name, "0"), aPasskey(0).Name, "credential-of-0", "public-key-of-0", "hybrid-of-mine",
				anAccount(0).Name, aStaffPasskey(0).Name, "staff-credential-0", "staff-public-key-0", "usb-of-staff",
				aCase(0).VisitorName, aCase(0).Why, aCase(0).Note, aCase(0).Seen[0].Number, "picture-of-a-card-0", "entries-of-a-card-0",
			}
			if found := search(t, folder, append(secrets, "a-marker-in-the-clear")); !slices.Equal(found, []string{"a-marker-in-the-clear"}) {
				t.Errorf("found in the files: %q, want the marker only", found)
			}
			if engine.Name == "sqlite" {
				for _, suffix := range []string{"", "-wal", "-shm"} {
					info, err := os.Stat(strings.TrimPrefix(url, "sqlite:") + suffix)
					if err != nil || info.Mode().Perm() != 0o600 {
						t.Errorf("file%s: %v, %v; want rights 0600", suffix, info.Mode(), err)
					}
				}
			}
		})
	}
}

// search gives those of the texts that stand in any file below a folder.
func search(t *testing.T, folder string, texts []string) []string {
	t.Helper()
	found := make(map[string]bool)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil //nolint:nilerr // other tests' files come and go
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil //nolint:nilerr // the same
		}
		for _, text := range texts {
			if bytes.Contains(content, []byte(text)) {
				found[text] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, text := range texts {
		if found[text] {
			list = append(list, text)
		}
	}
	return list
}

// Rotation: after Reencrypt nothing needs the old key.
func TestReencrypt(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			ring := keys.NewRing()
			s := storetest.Open(t, engine.URL(t), ring)
			const people = 5
			fill(t, s, people)
			pending := aRecord(9)
			if err := s.Reserve(ctx, pending); err != nil { // its DER is NULL
				t.Fatal(err)
			}
			old := ring.Current()
			count := func(want map[keys.KeyID]int64) {
				t.Helper()
				got, err := s.SealedBy(ctx)
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("sealed by: %v\n%s", err, diff)
				}
			}
			const all = people*(6+3+4+1+1+4+1+1+1+4) + 2
			count(map[keys.KeyID]int64{old: all})
			current, err := ring.Rotate()
			if err != nil {
				t.Fatal(err)
			}
			readable(t, s, people)
			restorePerson(t, s) // already by the new key
			count(map[keys.KeyID]int64{old: all - 6, current: 6})
			if n, err := s.Reencrypt(ctx, 2); n != people*10+1-1 || err != nil {
				t.Errorf("re-encrypted %d rows, %v; want %d", n, err, people*10)
			}
			count(map[keys.KeyID]int64{current: all})
			if n, err := s.Reencrypt(ctx, 100); n != 0 || err != nil {
				t.Errorf("again: %d rows, %v; want none", n, err)
			}
			if err := ring.Drop(old); err != nil {
				t.Fatal(err)
			}
			readable(t, s, people)
			if _, err := s.Certificate(ctx, pending.Serial); err != nil {
				t.Errorf("pending certificate: %v", err)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }
