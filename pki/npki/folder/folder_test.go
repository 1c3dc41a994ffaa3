package folder

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/pki/npki"
)

var sharedKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// certificate makes a self-signed one with a subject.
func certificate(t testing.TB, serial int64, subject npki.Name) []byte {
	t.Helper()
	raw, err := subject.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), RawSubject: raw}
	der, err := x509.CreateCertificate(rand.Reader, template, template, sharedKey().Public(), sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func person(cn string) npki.Name {
	return npki.Name{
		{Type: npki.OIDCountry, Value: "kr"},
		{Type: npki.OIDOrganization, Value: "ingam"},
		{Type: npki.OIDOrganizationalUnit, Value: "personal4IB"},
		{Type: npki.OIDCommonName, Value: cn},
	}
}

func keyFileOf(t testing.TB, password string) []byte {
	t.Helper()
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := npki.EncryptKey(rand.Reader, &npki.PrivateKey{Signer: sharedKey(), R: r}, []byte(password), npki.DefaultEncryption())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func mustWrite(t testing.TB, root, ca string, cert, key []byte, o Options) string {
	t.Helper()
	dir, err := Write(root, ca, cert, key, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// tree lists all that is under a folder, with its rights.
func tree(t testing.TB, root string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		out = append(out, filepath.ToSlash(rel)+" "+info.Mode().String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWriteThenList(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "NPKI")
	cert, key := certificate(t, 1, person("홍길동()0081041")), keyFileOf(t, "p")
	dir := mustWrite(t, root, "ingam", cert, key, Options{})
	dn := "cn=홍길동()0081041,ou=personal4IB,o=ingam,c=kr"
	if want := filepath.Join(root, "ingam", "USER", dn); dir != want {
		t.Errorf("written to %s, want %s", dir, want)
	}
	entries, errs := List(root, filepath.Join(root, "nowhere"))
	if len(errs) != 0 || len(entries) != 1 {
		t.Fatalf("List: %d entries, %v", len(entries), errs)
	}
	e := entries[0]
	if e.Dir != dir || e.CA != "ingam" || e.DN != dn || !bytes.Equal(e.CertDER, cert) || !bytes.Equal(e.KeyDER, key) || e.Certificate == nil {
		t.Errorf("List = %s %s %s", e.Dir, e.CA, e.DN)
	}
	if runtime.GOOS == "windows" {
		return
	}
	want := []string{
		". drwx------", "ingam drwx------", "ingam/USER drwx------", "ingam/USER/" + dn + " drwx------",
		"ingam/USER/" + dn + "/signCert.der -rw-------", "ingam/USER/" + dn + "/signPri.key -rw-------",
	}
	if diff := cmp.Diff(want, tree(t, root)); diff != "" {
		t.Error(diff)
	}
}

func TestWriteNeverOverAnother(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	cn := "홍길동()0081041"
	first := certificate(t, 1, person(cn))
	key := keyFileOf(t, "p")
	dir := mustWrite(t, root, "ingam", first, key, Options{})
	before := tree(t, root)
	if _, err := Write(root, "ingam", certificate(t, 2, person(cn)), keyFileOf(t, "q"), Options{}); !errors.Is(err, ErrExists) {
		t.Fatalf("Write = %v", err)
	}
	// As other systems spell it: another case of CA and USER, NFD of the name.
	user := filepath.Join(root, "ingam", "USER")
	nfd := filepath.Join(user, norm.NFD.String(filepath.Base(dir)))
	for _, move := range [][2]string{{dir, nfd}, {user, filepath.Join(root, "ingam", "User")}, {filepath.Join(root, "ingam"), filepath.Join(root, "INGAM")}} {
		if err := os.Rename(move[0], move[1]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Write(root, "ingam", first, key, Options{}); !errors.Is(err, ErrExists) {
		t.Fatalf("Write beside another spelling = %v", err)
	}
	entries, errs := List(root)
	if len(errs) != 0 || len(entries) != 1 || !bytes.Equal(entries[0].CertDER, first) || !bytes.Equal(entries[0].KeyDER, key) {
		t.Errorf("List: %d entries, %v", len(entries), errs)
	}
	if len(tree(t, root)) != len(before) {
		t.Errorf("something is left behind: %v", tree(t, root))
	}
	// Told to, it takes the place in the spelling that is there.
	got := mustWrite(t, root, "ingam", first, keyFileOf(t, "q"), Options{Replace: true})
	if want := filepath.Join(root, "INGAM", "User", filepath.Base(nfd)); got != want {
		t.Errorf("replaced %s, want %s", got, want)
	}
}

func TestReplaceSameCertificateExchangesTheKeyAlone(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	cert := certificate(t, 1, person("홍길동"))
	dir := mustWrite(t, root, "ingam", cert, keyFileOf(t, "p"), Options{})
	// As another program wrote it.
	if err := os.Rename(filepath.Join(dir, keyFile), filepath.Join(dir, "SIGNPRI.KEY")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kmPri.key"), []byte("km"), 0o600); err != nil {
		t.Fatal(err)
	}
	key := keyFileOf(t, "q")
	mustWrite(t, root, "ingam", cert, key, Options{Replace: true})
	names, err := list(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"SIGNPRI.KEY", "kmPri.key", "signCert.der"}, names); diff != "" {
		t.Error(diff)
	}
	e, err := Open(dir)
	if err != nil || !bytes.Equal(e.KeyDER, key) {
		t.Errorf("Open: %v", err)
	}
}

func TestReplaceAnotherCertificateKeepsOtherFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := mustWrite(t, root, "ingam", certificate(t, 1, person("홍길동")), keyFileOf(t, "p"), Options{})
	if err := os.WriteFile(filepath.Join(dir, "CaPubs"), []byte("chain"), 0o600); err != nil {
		t.Fatal(err)
	}
	cert, key := certificate(t, 2, person("홍길동")), keyFileOf(t, "q")
	if got := mustWrite(t, root, "ingam", cert, key, Options{Replace: true}); got != dir {
		t.Errorf("written to %s", got)
	}
	e, err := Open(dir)
	if err != nil || !bytes.Equal(e.CertDER, cert) || !bytes.Equal(e.KeyDER, key) {
		t.Errorf("Open: %v", err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "CaPubs")); err != nil || string(b) != "chain" {
		t.Errorf("CaPubs: %q, %v", b, err)
	}
	names, err := list(filepath.Dir(dir))
	if err != nil || len(names) != 1 {
		t.Errorf("beside it: %v, %v", names, err)
	}
	// What it can't keep, it does not touch.
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	before := tree(t, root)
	if _, err := Write(root, "ingam", certificate(t, 3, person("홍길동")), key, Options{Replace: true}); err == nil {
		t.Error("replaced a folder that holds folders")
	}
	if diff := cmp.Diff(before, tree(t, root)); diff != "" {
		t.Error(diff)
	}
}

func TestTwoWritersAtOnce(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	const n = 8
	certs, key := make([][]byte, n), keyFileOf(t, "p")
	for i := range certs {
		certs[i] = certificate(t, int64(i+1), person("홍길동"))
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { _, errs[i] = Write(root, "ingam", certs[i], key, Options{}) })
	}
	wg.Wait()
	won := -1
	for i, err := range errs {
		switch {
		case err == nil && won >= 0:
			t.Errorf("%d and %d both wrote", won, i)
		case err == nil:
			won = i
		case !errors.Is(err, ErrExists):
			t.Errorf("writer %d: %v", i, err)
		}
	}
	entries, listErrs := List(root)
	if won < 0 || len(listErrs) != 0 || len(entries) != 1 || !bytes.Equal(entries[0].CertDER, certs[won]) {
		t.Errorf("winner %d, %d entries, %v", won, len(entries), listErrs)
	}
	if got := len(tree(t, root)); got != 6 {
		t.Errorf("left behind: %v", tree(t, root))
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t, 1, person("a")), keyFileOf(t, "p")
	plain, err := x509.MarshalPKCS8PrivateKey(sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, ca  string
		cert, key []byte
		want      error
	}{
		{"a key in clear", "ingam", cert, plain, ErrNotEncrypted},
		{"no key", "ingam", cert, nil, ErrNotEncrypted},
		{"no certificate", "ingam", key, key, ErrFormat},
		{"no subject", "ingam", certificate(t, 1, npki.Name{}), key, ErrFormat},
		{"no CA", "", cert, key, ErrCA},
		{"CA above", "..", cert, key, ErrCA},
		{"CA elsewhere", "a/b", cert, key, ErrCA},
		{"CA on another drive", "C:", cert, key, ErrCA},
		{"CA with a backslash", `a\b`, cert, key, ErrCA},
		{"CA hidden", ".x", cert, key, ErrCA},
		{"CA with NUL", "a\x00", cert, key, ErrCA},
		{"CA too long", strings.Repeat("a", 65), cert, key, ErrCA},
	} {
		root := t.TempDir()
		if dir, err := Write(root, c.ca, c.cert, c.key, Options{Replace: true}); !errors.Is(err, c.want) {
			t.Errorf("%s: %s, %v", c.what, dir, err)
		}
		if left := tree(t, root); len(left) != 1 {
			t.Errorf("%s: left behind %v", c.what, left)
		}
	}
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	outer := t.TempDir()
	root := filepath.Join(outer, "NPKI")
	key := keyFileOf(t, "p")
	seen := make(map[string]string)
	for i, cn := range []string{
		"../../../evil", "..", "a/b", `a\b`, "/etc/passwd", `C:\x`, "a\x00b", "a\nb", "a:b", "a*?<>|\"b",
		"\u202egnp.exe", "\u200b", strings.Repeat("a", 300), strings.Repeat("가", 100), strings.Repeat("가", 100) + "나",
		"a_b", "con", "x.", "x ",
	} {
		name := person(cn)
		cert := certificate(t, int64(i+1), name)
		dir := mustWrite(t, root, "ingam", cert, key, Options{})
		base := filepath.Base(dir)
		if filepath.Dir(dir) != filepath.Join(root, "ingam", "USER") {
			t.Fatalf("%q is written to %s", cn, dir)
		}
		if len(base) > 255 || strings.ContainsAny(base, "/\\:*?\"<>|\x00\n\u202e\u200b") {
			t.Errorf("%q becomes %q", cn, base)
		}
		if other, ok := seen[base]; ok {
			t.Errorf("%q and %q share %q", cn, other, base)
		}
		seen[base] = cn
		if e, err := Open(dir); err != nil || e.DN != norm.NFC.String(name.String()) {
			t.Errorf("%q: DN %q, %v", cn, e.DN, err)
		}
	}
	names, err := list(outer)
	if err != nil || len(names) != 1 {
		t.Errorf("outside of the NPKI folder: %v, %v", names, err)
	}
	entries, errs := List(root)
	if len(entries) != len(seen) || len(errs) != 0 {
		t.Errorf("List finds %d of %d, %v", len(entries), len(seen), errs)
	}
}

func TestFolderNameEndsWell(t *testing.T) {
	t.Parallel()
	raw, err := npki.Name{{Type: npki.OIDCommonName, Value: "x."}}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := folderName(raw); err != nil || !strings.HasPrefix(got, "cn=x_~") || len(got) != 14 {
		t.Errorf("folderName = %q, %v", got, err)
	}
}
