package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
)

var (
	key  = []byte("an audit key of the tests, 32 by")
	noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.FixedZone("KST", 9*3600))
)

// memory is a chain of one lane without a database; the store's tests show the
// log on real ones.
type memory struct {
	entries []Entry
	fail    error
}

func (m *memory) AppendEntry(_ context.Context, seal func(Head) (Entry, error)) error {
	if m.fail != nil {
		return m.fail
	}
	var head Head
	if n := len(m.entries); n > 0 {
		head = Head{Seq: m.entries[n-1].Seq, Seal: m.entries[n-1].Seal}
	}
	e, err := seal(head)
	if err == nil {
		m.entries = append(m.entries, e)
	}
	return err
}

func (m *memory) Entries(_ context.Context, _ int, after int64, limit int) ([]Entry, error) {
	var page []Entry
	for _, e := range m.entries {
		if e.Seq > after && len(page) < limit {
			page = append(page, e)
		}
	}
	return page, m.fail
}

func (m *memory) Heads(context.Context) ([]Head, error) {
	if len(m.entries) == 0 {
		return nil, m.fail
	}
	last := m.entries[len(m.entries)-1]
	return []Head{{Seq: last.Seq, Seal: last.Seal}}, m.fail
}

func newLog(m *memory) *Log { return New(m, key, func() time.Time { return noon }) }

func TestRecordAndRefuse(t *testing.T) {
	t.Parallel()
	m := &memory{}
	log := newLog(m)
	caller := authz.Caller{Role: authz.Customer, ID: "s1", Request: "r1"}
	lost := fault.Define(3104, "id-card-lost", fault.Refused, fault.Text{}, fault.Text{})
	for _, err := range []error{
		log.Record(context.Background(), caller, authz.IssueCertificate, "certificate:0a", "kind", "personal-bank"),
		log.Refuse(context.Background(), caller, authz.IssueCertificate, "application:1", Denied, fmt.Errorf("checking: %w", authz.ErrForbidden)),
		log.Refuse(context.Background(), caller, authz.ProveIdentity, "application:1", Refused, lost.With(nil)),
		log.Refuse(context.Background(), caller, authz.ProveIdentity, "application:1", Refused, errors.New("a defect")),
		log.Refuse(context.Background(), caller, authz.ProveIdentity, "application:1", Refused, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	type line struct {
		Outcome Outcome
		Code    int
	}
	var got []line
	for i, e := range m.entries {
		got = append(got, line{e.Outcome, e.Code})
		if want := time.Date(2026, 3, 1, 3, 0, 0, 123456000, time.UTC); e.At != want || e.Caller != caller || e.Seq != int64(i+1) {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	if diff := cmp.Diff([]line{{Done, 0}, {Denied, 1003}, {Refused, 3104}, {Refused, 1000}, {Refused, 1000}}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"kind": "personal-bank"}, m.entries[0].Detail); diff != "" {
		t.Error(diff)
	}
}

func TestEntriesThatCannotBeMade(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	oops := errors.New("disk full")
	pairs := make([]string, 2*maxFacts+2)
	for i := range pairs {
		pairs[i] = fmt.Sprint(i)
	}
	record := func(detail ...string) func(*Log) error {
		return func(l *Log) error { return l.Record(ctx, authz.Caller{}, authz.LogIn, "o", detail...) }
	}
	for name, test := range map[string]struct {
		chain *memory
		key   []byte
		do    func(*Log) error
		want  error
	}{
		"odd details":      {&memory{}, key, record("a"), ErrDetail},
		"too many details": {&memory{}, key, record(pairs...), ErrDetail},
		"name twice":       {&memory{}, key, record("a", "1", "a", "2"), ErrDetail},
		"empty name":       {&memory{}, key, record("", "1"), ErrDetail},
		"no key":           {&memory{}, nil, record(), ErrKey},
		"short key":        {&memory{}, key[1:], record(), ErrKey},
		"chain says no":    {&memory{fail: oops}, key, record(), oops},
		"refused as done": {&memory{}, key, func(l *Log) error {
			return l.Refuse(ctx, authz.Caller{}, authz.LogIn, "o", Done, oops)
		}, ErrOutcome},
	} {
		err := test.do(New(test.chain, test.key, func() time.Time { return noon }))
		if !errors.Is(err, test.want) || len(test.chain.entries) != 0 {
			t.Errorf("%s: %v and %d entries, want %v and none", name, err, len(test.chain.entries), test.want)
		}
	}
}

func TestTextsAreBounded(t *testing.T) {
	t.Parallel()
	m := &memory{}
	long := strings.Repeat("가", 1000)
	caller := authz.Caller{Role: authz.Role(long), ID: long, Request: "id\nforged: \x00line \xff"}
	if err := newLog(m).Record(context.Background(), caller, authz.LogIn, long, "name\t", long); err != nil {
		t.Fatal(err)
	}
	e := m.entries[0]
	for name, test := range map[string]struct {
		text string
		max  int
	}{
		"role": {string(e.Caller.Role), maxName}, "caller": {e.Caller.ID, maxName}, "object": {e.Object, maxObject},
		"fact": {e.Detail["name\uFFFD"], maxFact},
	} {
		if len(test.text) > test.max || len(test.text) < test.max-5 || !utf8.ValidString(test.text) || !strings.HasSuffix(test.text, "가…") {
			t.Errorf("%s has %d bytes: %q", name, len(test.text), test.text)
		}
	}
	if want := "id\uFFFDforged: \uFFFDline \uFFFD"; e.Caller.Request != want {
		t.Errorf("request is %q, want %q", e.Caller.Request, want)
	}
}

// Every field is under the seal: a field that is added to Entry without one
// fails here.
func TestSealCoversEveryField(t *testing.T) {
	t.Parallel()
	whole := Entry{
		Lane: 1, Seq: 2, At: noon, Caller: authz.Caller{Role: "a", ID: "b", Request: "c"}, Act: "d", Object: "e",
		Outcome: "f", Code: 3, Detail: map[string]string{"g": "h"}, Prev: []byte("i"),
	}
	seals := map[string]string{string(whole.seal(key)): "nothing"}
	var walk func(v reflect.Value, name string)
	walk = func(v reflect.Value, name string) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		switch x := v.Addr().Interface().(type) {
		case *time.Time:
			*x = x.Add(time.Microsecond)
		case *map[string]string:
			*x = map[string]string{"g": "h", "x": ""}
		case *[]byte:
			*x = append(bytes.Clone(*x), 0)
		default:
			switch v.Kind() { //nolint:exhaustive // default fails
			case reflect.Struct:
				for i := range v.NumField() {
					if field := v.Type().Field(i).Name; field == "Branch" || field == "Self" {
						continue // of a caller; no entry has them
					}
					walk(v.Field(i), name+"."+v.Type().Field(i).Name)
				}
				return
			case reflect.String:
				v.SetString(v.String() + "x")
			case reflect.Int, reflect.Int64:
				v.SetInt(v.Int() + 1)
			default:
				t.Fatalf("%s has a type that this test does not know", name)
			}
		}
		if other, twice := seals[string(whole.seal(key))]; twice && name != "Entry.Seal" {
			t.Errorf("%s changed gives the same seal as %s", name, other)
		}
		seals[string(whole.seal(key))] = name
		v.Set(old)
	}
	walk(reflect.ValueOf(&whole).Elem(), "Entry")
	if len(seals) != 13 {
		t.Errorf("%d seals, want one for each of 12 fields and the whole", len(seals))
	}
	if bytes.Equal(whole.seal(key), whole.seal([]byte("another key of the tests, 32 byt"))) {
		t.Error("the key does not matter")
	}
}

// The encoding is pinned: a change would make every stored entry look forged.
func TestEncodingIsPinned(t *testing.T) {
	t.Parallel()
	e := Entry{
		Lane: 1, Seq: 2, At: time.UnixMicro(3).UTC(), Caller: authz.Caller{Role: "r", ID: "i", Request: "q"}, Act: "a",
		Object: "o", Outcome: "d", Code: 4, Detail: map[string]string{"z": "1", "b": ""}, Prev: []byte{0xff},
	}
	want := "\x00\x00\x00\x13ingam audit entry 1" +
		"\x00\x00\x00\x00\x00\x00\x00\x01" + "\x00\x00\x00\x00\x00\x00\x00\x02" + "\x00\x00\x00\x00\x00\x00\x00\x03" +
		"\x00\x00\x00\x01r" + "\x00\x00\x00\x01i" + "\x00\x00\x00\x01q" + "\x00\x00\x00\x01a" + "\x00\x00\x00\x01o" + "\x00\x00\x00\x01d" +
		"\x00\x00\x00\x00\x00\x00\x00\x04" + "\x00\x00\x00\x00\x00\x00\x00\x02" +
		"\x00\x00\x00\x01b" + "\x00\x00\x00\x00" + "\x00\x00\x00\x01z" + "\x00\x00\x00\x011" + "\x00\x00\x00\x01\xff"
	if diff := cmp.Diff(want, string(e.encode())); diff != "" {
		t.Error(diff)
	}
}

// More entries than one batch are read to the end.
func TestVerifyReadsInBatches(t *testing.T) {
	t.Parallel()
	m := &memory{}
	log := newLog(m)
	const entries = 2*batch + 7
	for range entries {
		if err := log.Record(context.Background(), authz.Caller{}, authz.LogIn, "o"); err != nil {
			t.Fatal(err)
		}
	}
	m.entries[entries-2].Object = "x"
	var found []Problem
	summary, err := log.Verify(context.Background(), func(p Problem) { found = append(found, p) })
	if err != nil || summary.Entries != entries || summary.Lanes != 1 || len(found) != 1 || found[0].Flaw != Changed || found[0].Seq != entries-1 {
		t.Errorf("%+v, %v, %v", summary, found, err)
	}
	m.fail = errors.New("disk gone")
	if _, err := log.Verify(context.Background(), nil); !errors.Is(err, m.fail) {
		t.Errorf("reading fails: %v", err)
	}
}

// Two entries that differ in their texts never have the same bytes, wherever
// the borders between the texts lie.
func FuzzEncodeIsUnambiguous(f *testing.F) {
	f.Add("ab", "c", "", "k", "v", uint8(1))
	f.Add("", "\x00\x00\x00\x01", "x", "", "", uint8(2))
	f.Fuzz(func(t *testing.T, a, b, c, k, v string, cut uint8) {
		one := Entry{Caller: authz.Caller{ID: a, Request: b}, Object: c, Detail: map[string]string{k: v}, Prev: []byte(c)}
		all := a + b + c + k + v
		at := func(n int) int { return int(cut) * n % (len(all) + 1) }
		i, j := min(at(1), at(3)), max(at(1), at(3))
		two := one
		two.Caller.ID, two.Caller.Request, two.Object = all[:i], all[i:j], all[j:]
		same := one.Caller == two.Caller && one.Object == two.Object
		if bytes.Equal(one.encode(), two.encode()) != same {
			t.Errorf("%+v and %+v", one, two)
		}
		text := clip(all, maxName)
		if len(text) > maxName || !utf8.ValidString(text) || clip(text, maxName) != text {
			t.Errorf("clipped %q to %q", all, text)
		}
	})
}

func TestLatest(t *testing.T) {
	t.Parallel()
	m := &memory{}
	at := noon
	log := New(m, key, func() time.Time { return at })
	if latest, err := log.Latest(t.Context()); err != nil || !latest.IsZero() {
		t.Errorf("of an empty log: %s, %v", latest, err)
	}
	for range 3 {
		at = at.Add(time.Hour)
		if err := log.Record(t.Context(), authz.Caller{Role: authz.System, ID: "x", Request: "r"}, authz.IssueCRL, "crl:1"); err != nil {
			t.Fatal(err)
		}
	}
	if latest, err := log.Latest(t.Context()); err != nil || !latest.Equal(at.Truncate(time.Microsecond)) {
		t.Errorf("%s, %v, want %s", latest, err, at)
	}
	m.fail = errors.New("the database is down")
	if _, err := log.Latest(t.Context()); !errors.Is(err, m.fail) {
		t.Errorf("a broken chain: %v", err)
	}
}
