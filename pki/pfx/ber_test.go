package pfx

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// indefinite writes DER as streams are written: with indefinite lengths and
// OCTET STRINGs in two pieces.
func indefinite(der []byte) []byte {
	var out []byte
	for len(der) > 0 {
		tag, content, rest, _, err := header(der)
		if err != nil {
			return append(out, der...)
		}
		switch {
		case tag&0x20 != 0:
			out = append(append(append(out, tag, 0x80), indefinite(content)...), 0, 0)
		case tag == 0x04:
			half := len(content) / 2
			out = append(out, 0x24, 0x80)
			out = append(appendHeader(out, 4, half), content[:half]...)
			out = append(appendHeader(out, 4, len(content)-half), content[half:]...)
			out = append(out, 0, 0)
		default:
			out = append(append(out, der[:len(der)-len(content)-len(rest)]...), content...)
		}
		der = rest
	}
	return out
}

func TestToDER(t *testing.T) {
	t.Parallel()
	der := encode(t, person(t), password, Options{Compatible: true})
	got, err := toDER(der)
	if err != nil || &got[0] != &der[0] {
		t.Errorf("DER is copied: %v", err)
	}
	if got, err = toDER(indefinite(der)); err != nil || !bytes.Equal(got, der) {
		t.Errorf("BER comes out as other DER: %v", err)
	}
	long := []byte{0x30, 0x84, 0, 0, 0, 3, 2, 0x81, 1, 7}
	if got, err = toDER(append(long[:5:5], append([]byte{4}, long[6:]...)...)); err != nil || !bytes.Equal(got, []byte{0x30, 3, 2, 1, 7}) {
		t.Errorf("long lengths: %x, %v", got, err)
	}
	for _, bad := range []string{
		"", "\x30", "\x30\x80", "\x30\x80\x00", "\x04\x80\x00\x00", "\x1f\x01\x00", "\x30\x03\x02\x02\x01", "\x24\x03\x02\x01\x01",
		"\x30\x89\x00\x00\x00\x00\x00\x00\x00\x00\x00", "\x30\x84\xff\xff\xff\xff", "\x30\x00\x00",
	} {
		if got, err := toDER([]byte(bad)); err == nil {
			t.Errorf("%x is taken for %x", bad, got)
		}
	}
}

// shape tells a DER's elements without their lengths and values, also inside
// OCTET STRINGs that hold such.
func shape(t testing.TB, der []byte) string {
	t.Helper()
	var b strings.Builder
	var walk func(in []byte, depth int) bool
	walk = func(in []byte, depth int) bool {
		for len(in) > 0 {
			tag, content, rest, indefinite, err := header(in)
			if err != nil || indefinite {
				return false
			}
			fmt.Fprintf(&b, "%s%02x", strings.Repeat(" ", depth), tag)
			if tag == 0x06 {
				fmt.Fprintf(&b, " %x", content)
			}
			b.WriteByte('\n')
			switch {
			case tag&0x20 != 0 && !walk(content, depth+1):
				return false
			case tag == 0x04 && len(content) > 2000: // the content under the MAC
				walk(content, depth+1)
			}
			in = rest
		}
		return true
	}
	if !walk(der, 0) {
		t.Fatal("no DER")
	}
	return b.String()
}

func BenchmarkDecode(b *testing.B) {
	for name, o := range map[string]Options{"modern": {}, "compatible": {Compatible: true}} {
		file := encode(b, Identity{Key: &npki.PrivateKey{Signer: pkitest.Key(2)}, Certificate: person(b).Certificate}, password, o)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Decode(file, []byte(password)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Many small elements of indefinite length cost no more than their bytes.
func TestIndefiniteSiblings(t *testing.T) {
	file := append(append([]byte{0x30, 0x80}, bytes.Repeat([]byte{0x30, 0x80, 0, 0}, MaxSize/4-1)...), 0, 0) // as large as is read
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	der, err := toDER(file[:len(file)-2]) // its end is missing
	if err == nil {
		t.Errorf("%d bytes of what has no end", len(der))
	}
	der, err = toDER(file)
	runtime.ReadMemStats(&after)
	if err != nil || len(der) != 5+2*(MaxSize/4-1) {
		t.Errorf("%d bytes, %v", len(der), err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64*MaxSize {
		t.Errorf("%d bytes were allocated for %d", used, len(file))
	}
}
