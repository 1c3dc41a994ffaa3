package folder

import (
	"encoding/pem"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzSniffCertificate(f *testing.F) {
	cert, key := certificate(f, 1, person("홍길동")), keyFileOf(f, "p")
	f.Add(cert)
	f.Add(key)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	f.Add(append([]byte("\xef\xbb\xbf"), pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: key})...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if der, err := sniffKey(b); err == nil && len(der) == 0 {
			t.Fatal("an empty key")
		} else if err != nil && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooBig) {
			t.Fatalf("error is %v", err)
		}
		c, err := sniffCertificate(b)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("error is %v", err)
			}
			return
		}
		checkName(t, c.RawSubject)
	})
}

func FuzzFolderName(f *testing.F) {
	for _, cn := range []string{"홍길동()0081041", "../..", strings.Repeat("가", 100), "\u202e"} {
		raw, err := person(cn).Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(checkName)
}

// checkName says what must hold of every folder's name.
func checkName(t *testing.T, rawSubject []byte) {
	name, err := folderName(rawSubject)
	if err != nil {
		if !errors.Is(err, ErrFormat) {
			t.Fatalf("error is %v", err)
		}
		return
	}
	switch {
	case name == "", name == ".", name == "..", len(name) > 255,
		!filepath.IsLocal(name), filepath.Base(name) != name, strings.ContainsAny(name, "/\\\x00"):
		t.Fatalf("a bad name: %q", name)
	}
}

func BenchmarkList(b *testing.B) {
	root := b.TempDir()
	key := keyFileOf(b, "p")
	for i := range 10 {
		mustWrite(b, root, "ingam", certificate(b, int64(i+1), person("홍길동"+string(rune('0'+i)))), key, Options{})
	}
	for b.Loop() {
		if entries, errs := List(root); len(entries) != 10 || len(errs) != 0 {
			b.Fatal(len(entries), errs)
		}
	}
}
