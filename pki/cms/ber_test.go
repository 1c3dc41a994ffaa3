package cms

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestToDER(t *testing.T) {
	for name, tc := range map[string]struct {
		in, out string
		err     error
	}{
		"DER stays":                {"3003020105", "3003020105", nil},
		"indefinite":               {"30800201050000", "3003020105", nil},
		"indefinite in indefinite": {"3080a08002010500000000", "3005a003020105", nil},
		"indefinite in definite":   {"3007308002010500" + "00", "30053003020105", nil},
		"long length":              {"308103020105", "3003020105", nil},
		"longer length":            {"30840000000402810105", "3003020105", nil},
		"pieces":                   {"24800401aa0402bbcc0000", "0403aabbcc", nil},
		"pieces, definite":         {"24070401aa0402bbcc", "0403aabbcc", nil},
		"pieces of pieces":         {"248024800401aa00000401bb0000", "0402aabb", nil},
		"no pieces":                {"24800000", "0400", nil},
		"pieces inside":            {"30800201052480040101040102" + "0000" + "0000", "300702010504020102", nil},
		"high tag":                 {"1f0100", "", ErrFormat},
		"end of contents outside":  {"0000", "", ErrFormat},
		"end in definite":          {"30020000", "", ErrFormat},
		"primitive indefinite":     {"0480aa0000", "", ErrFormat},
		"cut off":                  {"30800201", "", ErrFormat},
		"no end":                   {"3080020105", "", ErrFormat},
		"half an end":              {"308002010500", "", ErrFormat},
		"piece of another type":    {"248002010500" + "00", "", ErrFormat},
		"length too long":          {"3089000000000000000001", "", ErrFormat},
		"length overflows":         {"3088ffffffffffffffff", "", ErrFormat},
		"reserved length":          {"30ff", "", ErrFormat},
		"child past parent":        {"3003020505", "", ErrFormat},
		"trailing":                 {"300302010500", "", ErrFormat},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := toDER(unhex(t, tc.in))
			if !errors.Is(err, tc.err) || !bytes.Equal(got, unhex(t, tc.out)) {
				t.Errorf("got %x, %v; want %s, %v", got, err, tc.out, tc.err)
			}
		})
	}
}

// FuzzToDER: what comes out is DER of the same elements: it stays as it is a
// second time, and it is never much longer than what came in.
func FuzzToDER(f *testing.F) {
	for _, s := range []string{"3003020105", "30800201050000", "24800401aa0402bbcc0000", "3084000000030201050000", "248024800401aa00000401bb0000"} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		before := bytes.Clone(in)
		out, err := toDER(in)
		if !bytes.Equal(before, in) {
			t.Fatal("input was changed")
		}
		if err != nil {
			return
		}
		if len(out) > len(in)+len(in)/1000+MaxDepth {
			t.Fatalf("%d bytes became %d", len(in), len(out))
		}
		again, err := toDER(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("not stable: %x, %x, %v", out, again, err)
		}
	})
}
