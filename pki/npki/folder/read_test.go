package folder

import (
	"bytes"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/pki/npki"
)

func TestOpenReadsOtherSpellings(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	cert, key := certificate(t, 1, person("홍길동")), keyFileOf(t, "p")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: key})
	for i, files := range []map[string][]byte{
		{"signCert.der": cert, "signPri.key": key},
		{"SignCert.der": cert, "SignPri.key": key},
		{"SIGNCERT.DER": certPEM, "SIGNPRI.KEY": keyPEM},
		{"signCert.der": append([]byte("\xef\xbb\xbfsome words\r\n"), certPEM...), "signPri.key": key, "CaPubs": []byte("junk"), "kmCert.der": nil},
		{"signCert.der": append(bytes.Clone(keyPEM), certPEM...), "signPri.key": append(bytes.Clone(certPEM), keyPEM...)},
	} {
		dir := filepath.Join(root, "yessign", "User", norm.NFD.String("cn=홍길동")+string(rune('a'+i)))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for name, b := range files {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		e, err := Open(dir)
		if err != nil {
			t.Errorf("%d: %v", i, err)
			continue
		}
		if !bytes.Equal(e.CertDER, cert) || !bytes.Equal(e.KeyDER, key) || e.CA != "yessign" {
			t.Errorf("%d: not what was written", i)
		}
	}
	if entries, errs := List(root); len(entries) != 5 || len(errs) != 0 {
		t.Errorf("List: %d entries, %v", len(entries), errs)
	}
}

func TestListGoesOnAfterBrokenFolders(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	cert, key := certificate(t, 1, person("ok")), keyFileOf(t, "p")
	mustWrite(t, root, "ingam", cert, key, Options{})
	user := filepath.Join(root, "ingam", "USER")
	for name, files := range map[string]map[string][]byte{
		"broken":     {certFile: []byte{0x30, 3, 1, 2, 3}, keyFile: key},
		"big":        {certFile: make([]byte, maxFile+1), keyFile: key},
		"big key":    {certFile: cert, keyFile: append([]byte{0x30}, make([]byte, npki.MaxKeySize)...)},
		"no der":     {certFile: cert, keyFile: []byte("hello")},
		"empty":      {},
		"only cert":  {certFile: cert},
		newPrefix:    {certFile: cert, keyFile: key}, // cut off while writing
		oldPrefix:    {certFile: cert, keyFile: key}, // set aside while replacing
		"other file": {"readme.txt": []byte("x")},
	} {
		if err := os.Mkdir(filepath.Join(user, name), 0o700); err != nil {
			t.Fatal(err)
		}
		for file, b := range files {
			if err := os.WriteFile(filepath.Join(user, name, file), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Mkdir(filepath.Join(user, "dirs"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{certFile, keyFile} {
		if err := os.Mkdir(filepath.Join(user, "dirs", f), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	entries, errs := List(root)
	if len(entries) != 2 {
		t.Errorf("%d entries, want the good one and the one set aside", len(entries))
	}
	if len(errs) != 5 {
		t.Errorf("errors: %v", errs)
	}
	for _, err := range errs {
		if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooBig) {
			t.Errorf("error is %v", err)
		}
	}
	for name, want := range map[string]error{"empty": ErrNotCertificate, "only cert": ErrNotCertificate, "nowhere": fs.ErrNotExist} {
		if _, err := Open(filepath.Join(user, name)); !errors.Is(err, want) {
			t.Errorf("Open %s: %v", name, err)
		}
	}
}

func TestListIsBounded(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	user := filepath.Join(root, "a", "USER")
	for i := range maxNames + 1 {
		if err := os.MkdirAll(filepath.Join(user, string(rune('가'+i))), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	entries, errs := List(root)
	if len(entries) != 0 || len(errs) != 1 || !errors.Is(errs[0], ErrTooBig) {
		t.Errorf("%d entries, %v", len(entries), errs)
	}
}

func TestFieldFixtureInAFolder(t *testing.T) {
	t.Parallel()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(repository(t), "../shared/fixtures/npki/yessign-test", name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("field fixtures are not here: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	root := t.TempDir()
	dir := mustWrite(t, root, "yessign", read(certFile), read(keyFile), Options{})
	want := "cn=HKD(KILDONG.HONG)009104120200225191000030,ou=INITECH,ou=personal4IB,o=yessign,c=kr"
	if got := filepath.Base(dir); got != want {
		t.Errorf("folder %s, want %s", got, want)
	}
	e, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := npki.DecryptKey(e.KeyDER, []byte("WTuA8Ev0lWXVFSiI!")); err != nil {
		t.Error(err)
	}
}

func repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above the test")
	return ""
}

func TestDefaultRoots(t *testing.T) {
	t.Parallel()
	for goos, c := range map[string][2]string{
		"windows": {`C:\Users\hong\`, `C:\Users\hong\AppData\LocalLow\NPKI`},
		"darwin":  {"/Users/hong", "/Users/hong/Library/Preferences/NPKI"},
		"linux":   {"/home/hong/", "/home/hong/NPKI"},
		"freebsd": {"/home/hong", "/home/hong/NPKI"},
	} {
		if got := DefaultRoots(goos, c[0]); len(got) == 0 || got[0] != c[1] {
			t.Errorf("%s: %v", goos, got)
		}
	}
	if got := DefaultRoots("windows", `C:\Users\hong`); got[len(got)-1] != `Z:\NPKI` {
		t.Errorf("windows: %v", got)
	}
	if got := DefaultRoots("darwin", "/Users/hong"); len(got) != 3 {
		t.Errorf("darwin: %v", got)
	}
}
