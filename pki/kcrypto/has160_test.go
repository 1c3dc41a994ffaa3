package kcrypto

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

func newHAS(t testing.TB) *has160 {
	t.Helper()
	h, err := NewHAS160()
	if err != nil {
		t.Fatal(err)
	}
	if h.Size() != 20 || h.BlockSize() != 64 {
		t.Fatalf("sizes %d and %d", h.Size(), h.BlockSize())
	}
	return h.(*has160)
}

func sum160(t testing.TB, text []byte) []byte {
	t.Helper()
	h := newHAS(t)
	if n, err := h.Write(text); n != len(text) || err != nil {
		t.Fatalf("Write = %d, %v", n, err)
	}
	return h.Sum(nil)
}

func TestHAS160KnownAnswers(t *testing.T) {
	t.Parallel()
	// From the list of test vectors that goes about with the algorithm.
	for text, want := range map[string]string{
		"":                           "307964ef34151d37c8047adec7ab50f4ff89762d",
		"a":                          "4872bcbc4cd0f0a9dc7c2f7045e5b43b6c830db8",
		"abc":                        "975e810488cf2a3d49838478124afce4b1c78804",
		"message digest":             "2338dbc8638d31225f73086246ba529f96710bc6",
		"abcdefghijklmnopqrstuvwxyz": "596185c9ab6703d0d0dbb98702bc0f5729cd1d3c",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789":                   "cb5d7efbca2f02e0fb7167cabb123af5795764e5",
		"12345678901234567890123456789012345678901234567890123456789012345678901234567890": "07f05c8c0773c55ca3a5a695ce6aca4c438911b5",
	} {
		if got := hex.EncodeToString(sum160(t, []byte(text))); got != want {
			t.Errorf("HAS-160 of %q = %s, want %s", text, got, want)
		}
	}
	if got, want := hex.EncodeToString(sum160(t, bytes.Repeat([]byte("a"), 1_000_000))), "d6ad6f0608b878da9b87999c2525cc84f4c9f18d"; got != want {
		t.Errorf("HAS-160 of a million a = %s, want %s", got, want)
	}
}

// TestHAS160AgreesWithRHash compares with another implementation on texts of
// all lengths around the blocks' ends and some long ones.
func TestHAS160AgreesWithRHash(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("rhash"); err != nil {
		t.Fatal("rhash is missing; make deps installs it")
	}
	rnd := rand.NewChaCha8([32]byte{'H', 'A', 'S'})
	dir := t.TempDir()
	args := []string{"--has160", "--printf", `%{has160}\n`}
	var want bytes.Buffer
	var lengths []int
	for n := range 200 {
		lengths = append(lengths, n)
	}
	lengths = append(lengths, 4095, 4096, 65_536+55, 65_536+56, 3_000_001)
	for _, n := range lengths {
		text := make([]byte, n)
		_, _ = rnd.Read(text)
		path := filepath.Join(dir, strconv.Itoa(n))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
		want.WriteString(hex.EncodeToString(sum160(t, text)) + "\n")
	}
	got, err := exec.Command("rhash", args...).Output()
	if err != nil {
		t.Fatalf("rhash: %v", err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		for i, line := range bytes.Split(got, []byte("\n")) {
			if ours := bytes.Split(want.Bytes(), []byte("\n")); i < len(ours) && !bytes.Equal(line, ours[i]) {
				t.Errorf("%d bytes: rhash says %s, we %s", lengths[i], line, ours[i])
			}
		}
		t.Fatal("rhash and we differ")
	}
}

func TestHAS160InPieces(t *testing.T) {
	t.Parallel()
	text := make([]byte, 517)
	for i := range text {
		text[i] = byte(i * 7)
	}
	want := sum160(t, text)
	for cut := 1; cut < len(text); cut++ {
		h := newHAS(t)
		for p := text; len(p) > 0; p = p[min(cut, len(p)):] {
			_, _ = h.Write(p[:min(cut, len(p))])
			h.Sum(nil) // must not disturb what is on its way
		}
		if !bytes.Equal(h.Sum([]byte("x"))[1:], want) {
			t.Fatalf("in pieces of %d bytes: another checksum", cut)
		}
		h.Reset()
		if !bytes.Equal(h.Sum(nil), sum160(t, nil)) {
			t.Fatal("Reset leaves something behind")
		}
	}
}

func FuzzHAS160(f *testing.F) {
	f.Add([]byte("abc"), 1)
	f.Add(bytes.Repeat([]byte{1}, 130), 65)
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		if cut < 0 || cut > len(text) {
			return
		}
		h := newHAS(t)
		_, _ = h.Write(text[:cut])
		_, _ = h.Write(text[cut:])
		if !bytes.Equal(h.Sum(nil), sum160(t, text)) {
			t.Fatalf("cut at %d: another checksum", cut)
		}
	})
}

func BenchmarkHAS160(b *testing.B) {
	h, buf := newHAS(b), make([]byte, 1<<16)
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		_, _ = h.Write(buf)
	}
}
