package counter

import (
	"math/big"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
)

// However a serial number is written, it is the one that is kept.
func FuzzReadSerial(f *testing.F) {
	for _, s := range []string{"0a0b", "0A:0B", "0x0a0b", " a0b ", "00", "", "xyz", strings.Repeat("f", 40), strings.Repeat("f", 42), "0x", "00a0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		serial, ok := readSerial(typed)
		if !ok {
			return
		}
		n, isHex := new(big.Int).SetString(serial, 16)
		if !isHex || ca.SerialOf(n) != serial || len(serial) > 40 {
			t.Errorf("%q is read as %q", typed, serial)
		}
		for _, other := range []string{strings.ToUpper(serial), "0x" + serial, "00" + serial, serial[:1] + ":" + serial[1:]} {
			if again, ok := readSerial(other); len(other) <= 42 && (!ok || again != serial) {
				t.Errorf("%q is read as %q, %v", other, again, ok)
			}
		}
	})
}

// Whatever a query holds, it is one of the ways to search or refused.
func FuzzQuery(f *testing.F) {
	f.Add("홍길동", "19850314", "", "", "")
	f.Add("", "", "010", "", "")
	f.Add("", "", " ", "1", "0a")
	f.Fuzz(func(t *testing.T, name, birth, phone, account, certificate string) {
		by, err := Query{Name: name, Birth: birth, Phone: phone, Account: account, Certificate: certificate}.fields()
		if (by == "") != (err != nil) || strings.Count(by, "+") > 1 {
			t.Errorf("%q, %v", by, err)
		}
	})
}

// Each word that people read is there, in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, s := range []State{Open, Waiting, Submitted, Approved, Done, Refused, Withdrawn, Lapsed} {
		if s.Word().KO == "" || s.Word().EN == "" {
			t.Errorf("%s has no word", s)
		}
	}
	for _, p := range Papers {
		for _, n := range []Need{{NeedScan, p}, {NeedPaper, p}, {What: NeedProof}, {What: NeedConsent}} {
			if p.Word().KO == "" || n.Word().KO == "" || n.Word().EN == "" {
				t.Errorf("%s or %v has no word", p, n)
			}
		}
	}
	last := backOff(1)
	for n := 2; n < 100; n++ {
		if wait := backOff(n); wait < last || wait > 600e9 {
			t.Errorf("the %d. time it waits %v", n, wait)
		}
		last = backOff(n)
	}
}
