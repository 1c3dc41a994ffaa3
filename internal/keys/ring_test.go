package keys_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/keys"
)

func seal(t testing.TB, r *keys.Ring, table, column, row, plain string) []byte {
	t.Helper()
	sealed, err := r.Seal(table, column, row, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestSealIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	ring := keys.NewRing()
	sealed := seal(t, ring, "subscriber", "name", "1", "홍길동")
	if len(sealed) != len("홍길동")+keys.Overhead {
		t.Errorf("sealed has %d bytes", len(sealed))
	}
	if plain, err := ring.Open("subscriber", "name", "1", sealed); err != nil || string(plain) != "홍길동" {
		t.Errorf("opening at its place: %q, %v", plain, err)
	}
	for _, place := range [][3]string{
		{"subscribers", "name", "1"}, {"subscriber", "mail", "1"}, {"subscriber", "name", "2"},
		{"subscriber", "name1", ""}, {"subscribern", "ame", "1"}, {"", "subscribername", "1"}, {"subscriber", "", "name1"},
	} {
		if _, err := ring.Open(place[0], place[1], place[2], sealed); !errors.Is(err, keys.ErrSealed) {
			t.Errorf("opening at %q: %v, want ErrSealed", place, err)
		}
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := ring.Open("subscriber", "name", "1", changed); !errors.Is(err, keys.ErrSealed) && !errors.Is(err, keys.ErrUnknownKey) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := ring.Open("subscriber", "name", "1", sealed[:i]); !errors.Is(err, keys.ErrSealed) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if bytes.Equal(sealed, seal(t, ring, "subscriber", "name", "1", "홍길동")) {
		t.Error("sealing twice gives the same")
	}
	if _, err := keys.NewRing().Open("subscriber", "name", "1", sealed); !errors.Is(err, keys.ErrUnknownKey) {
		t.Errorf("another ring: %v, want ErrUnknownKey", err)
	}
}

func TestRotateAndDrop(t *testing.T) {
	t.Parallel()
	ring := keys.NewRing()
	first := ring.Current()
	old := seal(t, ring, "t", "c", "r", "plain")
	second, err := ring.Rotate()
	if err != nil || second == first || ring.Current() != second || fmt.Sprint(ring.Keys()) != fmt.Sprint([]keys.KeyID{first, second}) {
		t.Fatalf("rotated from %v to %v: %v, %v", first, second, ring.Keys(), err)
	}
	for sealed, want := range map[string]keys.KeyID{string(old): first, string(seal(t, ring, "t", "c", "r", "plain")): second} {
		if id, err := keys.KeyOf([]byte(sealed)); id != want || err != nil {
			t.Errorf("sealed by %v, %v; want %v", id, err, want)
		}
		if _, err := ring.Open("t", "c", "r", []byte(sealed)); err != nil {
			t.Error(err)
		}
	}
	if id, err := keys.ParseKeyID(first.String()); id != first || err != nil {
		t.Errorf("reading %q: %v, %v", first, id, err)
	}
	for _, bad := range []string{"", "00", "0011223344", "zz112233"} {
		if _, err := keys.ParseKeyID(bad); !errors.Is(err, keys.ErrUnknownKey) {
			t.Errorf("reading %q: %v", bad, err)
		}
	}
	if err := ring.Drop(second); !errors.Is(err, keys.ErrKeyInUse) {
		t.Errorf("dropping the current key: %v", err)
	}
	if err := ring.Drop(first); err != nil {
		t.Fatal(err)
	}
	if err := ring.Drop(first); !errors.Is(err, keys.ErrUnknownKey) {
		t.Errorf("dropping twice: %v", err)
	}
	if _, err := ring.Open("t", "c", "r", old); !errors.Is(err, keys.ErrUnknownKey) {
		t.Errorf("opening by a dropped key: %v", err)
	}
	for err = nil; err == nil; {
		_, err = ring.Rotate()
	}
	if !errors.Is(err, keys.ErrRingFull) || len(ring.Keys()) != 64 {
		t.Errorf("%d keys: %v", len(ring.Keys()), err)
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	ring := keys.NewRing()
	value := []byte("9001011000000")
	seen := map[string]string{}
	for name, hash := range map[string][]byte{
		"one":            ring.Index("subscriber", "identity_number", value),
		"another column": ring.Index("subscriber", "phone", value),
		"another table":  ring.Index("login", "identity_number", value),
		"moved border":   ring.Index("subscribe", "ridentity_number", value),
		"another value":  ring.Index("subscriber", "identity_number", value[1:]),
		"another ring":   keys.NewRing().Index("subscriber", "identity_number", value),
		"the audit key":  ring.AuditKey(),
	} {
		if len(hash) != 32 {
			t.Errorf("%s has %d bytes", name, len(hash))
		}
		if other, twice := seen[string(hash)]; twice {
			t.Errorf("%s and %s are the same", name, other)
		}
		seen[string(hash)] = name
	}
	if !bytes.Equal(ring.Index("a", "b", value), ring.Index("a", "b", value)) {
		t.Error("the same value has two hashes")
	}
}

func TestRingIsNeverPrinted(t *testing.T) {
	t.Parallel()
	ring := keys.NewRing()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("ring", "ring", ring)
	for _, s := range []string{fmt.Sprint(ring), fmt.Sprintf("%v %+v %#v %s", ring, ring, ring, ring), log.String()} {
		if !strings.Contains(s, "Ring(redacted)") || strings.Contains(s, "columns") {
			t.Errorf("printed as %q", s)
		}
	}
	if out, err := json.Marshal(ring); err == nil {
		t.Errorf("as JSON: %s", out)
	}
}

func TestRingConcurrently(t *testing.T) {
	t.Parallel()
	ring := keys.NewRing()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				sealed, err := ring.Seal("t", "c", "r", []byte("plain"))
				if err == nil {
					_, err = ring.Open("t", "c", "r", sealed)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 20 {
		if _, err := ring.Rotate(); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}
