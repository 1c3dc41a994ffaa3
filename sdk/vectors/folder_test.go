package vectors_test

import (
	"archive/zip"
	"bytes"
	"encoding/pem"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/pki/npki/folder"
)

// folderItem is a file of a folder. What it holds stands in another file of
// the vectors.
type folderItem struct {
	Path        string `json:"path"`
	Certificate string `json:"certificate,omitempty"` // in certificates.json
	KeyFile     string `json:"keyFile,omitempty"`     // the case in key-files.json
	PEM         bool   `json:"pem,omitempty"`         // written as PEM
	Text        string `json:"text,omitempty"`        // something else
}

type folderEntry struct {
	CA            string `json:"ca"`
	DN            string `json:"dn"`
	Certificate   string `json:"certificate"`
	KeyFile       string `json:"keyFile"`
	KMCertificate string `json:"kmCertificate,omitempty"`
	KMKeyFile     string `json:"kmKeyFile,omitempty"`
}

type folderCase struct {
	Name    string        `json:"name"`
	Files   []folderItem  `json:"files"`
	Entries []folderEntry `json:"entries"` // in any order
	Zip     octets        `json:"zip,omitempty"`
}

func TestFolders(t *testing.T) {
	t.Parallel()
	settle(t, "folders.json", func(old []folderCase) []folderCase {
		f := folderCases(t)
		for i := range f {
			found := list(t, unpack(t, f[i].Files))
			if len(found) != len(f[i].Entries) {
				t.Errorf("%s: Go finds %d entries, not %d", f[i].Name, len(found), len(f[i].Entries))
			}
			for _, e := range found {
				matchEntry(t, f[i], e)
			}
			if f[i].Zip == nil {
				continue
			}
			f[i].Zip = nil
			if i < len(old) {
				f[i].Zip = old[i].Zip
			}
			f[i].Zip = zipOf(t, f[i], f[i].Zip)
		}
		return f
	})
}

const (
	field  = "the field's own"
	modern = "PBES2 with AES-256"
)

func folderCases(t testing.TB) []folderCase {
	t.Helper()
	names := map[string]string{}
	for _, n := range []string{"customer", "corporate", "km"} {
		names[n] = certificateOf(t, n, "", certificate(t, n)).Subject
	}
	pair := func(dir, who, keyFile string) []folderItem {
		return []folderItem{{Path: dir + "/signCert.der", Certificate: who}, {Path: dir + "/signPri.key", KeyFile: keyFile}}
	}
	entry := func(who, keyFile string) folderEntry {
		return folderEntry{CA: "ingam", DN: names[who], Certificate: who, KeyFile: keyFile}
	}
	dir := "NPKI/ingam/USER/" + names["customer"]
	both := entry("customer", modern)
	both.KMCertificate, both.KMKeyFile = "km", field
	cased := entry("customer", field)
	cased.CA = "INGAM"
	return []folderCase{
		{Name: "as the field has it", Files: pair(dir, "customer", field), Entries: []folderEntry{entry("customer", field)}, Zip: octets{}},
		{Name: "in other case", Files: []folderItem{
			{Path: "npki/INGAM/User/x/SignCert.der", Certificate: "customer"}, {Path: "npki/INGAM/User/x/SIGNPRI.KEY", KeyFile: field},
		}, Entries: []folderEntry{cased}},
		{Name: "decomposed Hangul", Files: pair(norm.NFD.String(dir), "customer", field), Entries: []folderEntry{entry("customer", field)}},
		{Name: "PEM", Files: []folderItem{
			{Path: dir + "/signCert.der", Certificate: "customer", PEM: true}, {Path: dir + "/signPri.key", KeyFile: field, PEM: true},
		}, Entries: []folderEntry{entry("customer", field)}},
		{Name: "with a pair for encryption and other files", Files: append(pair(dir, "customer", modern),
			folderItem{Path: dir + "/kmCert.der", Certificate: "km"}, folderItem{Path: dir + "/kmPri.key", KeyFile: field},
			folderItem{Path: dir + "/CaPubs", Text: "chain"}, folderItem{Path: "NPKI/readme.txt", Text: "hello"},
		), Entries: []folderEntry{both}},
		{Name: "two certificates", Files: append(pair(dir, "customer", field), pair("NPKI/ingam/USER/"+names["corporate"], "corporate", modern)...),
			Entries: []folderEntry{entry("customer", field), entry("corporate", modern)}},
		{Name: "a certificate without its key", Files: pair(dir, "customer", field)[:1], Entries: []folderEntry{}},
	}
}

// bytesOf gives what a file holds.
func bytesOf(t testing.TB, i folderItem) []byte {
	t.Helper()
	switch {
	case i.Certificate != "" && i.PEM:
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(t, i.Certificate).Raw})
	case i.Certificate != "":
		return certificate(t, i.Certificate).Raw
	case i.KeyFile != "" && i.PEM:
		return pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: sealedKey(t, i.KeyFile)})
	case i.KeyFile != "":
		return sealedKey(t, i.KeyFile)
	}
	return []byte(i.Text)
}

func sealedKey(t testing.TB, name string) []byte {
	t.Helper()
	return keyFile(t, keyFileCase{Name: name, Password: password}).File
}

// unpack writes files below a folder of the test's own.
func unpack(t testing.TB, files []folderItem) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		at := filepath.Join(root, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, bytesOf(t, f), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// list reads the NPKI folder below root as the ingam program does.
func list(t testing.TB, root string) []folder.Entry {
	t.Helper()
	below, err := os.ReadDir(root)
	if err != nil || len(below) != 1 {
		t.Fatalf("%d folders, %v", len(below), err)
	}
	entries, errs := folder.List(filepath.Join(root, below[0].Name()))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return entries
}

func matchEntry(t testing.TB, c folderCase, e folder.Entry) {
	t.Helper()
	for _, w := range c.Entries {
		if e.DN == w.DN && e.CA == w.CA && bytes.Equal(e.CertDER, certificate(t, w.Certificate).Raw) && bytes.Equal(e.KeyDER, sealedKey(t, w.KeyFile)) {
			return
		}
	}
	t.Errorf("%s: Go finds %s of %s, which is not expected", c.Name, e.DN, e.CA)
}

// zipOf packs the files of a case, or keeps what is committed when it holds
// the same: how well they are packed is up to the library.
func zipOf(t testing.TB, c folderCase, old octets) octets {
	t.Helper()
	if r, err := zip.NewReader(bytes.NewReader(old), int64(len(old))); err == nil && holds(t, r, c.Files) {
		return old
	}
	if !*update {
		t.Fatalf("%s: the zip holds something else", c.Name)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range c.Files {
		out := must(w.Create(f.Path))(t)
		if _, err := out.Write(bytesOf(t, f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func holds(t testing.TB, r *zip.Reader, files []folderItem) bool {
	t.Helper()
	if len(r.File) != len(files) {
		return false
	}
	for i, f := range r.File {
		if f.Name != files[i].Path || !bytes.Equal(inflated(t, f), bytesOf(t, files[i])) {
			return false
		}
	}
	return true
}

func inflated(t testing.TB, f *zip.File) []byte {
	t.Helper()
	in := must(f.Open())(t)
	defer in.Close()
	return must(io.ReadAll(io.LimitReader(in, 1<<20)))(t)
}

// unzip writes what a zip holds below a folder of the test's own.
func unzip(t testing.TB, packed []byte) string {
	t.Helper()
	root := t.TempDir()
	r := must(zip.NewReader(bytes.NewReader(packed), int64(len(packed))))(t)
	for _, f := range r.File {
		if !path.IsAbs(f.Name) && !strings.Contains(f.Name, "..") && !strings.HasSuffix(f.Name, "/") {
			at := filepath.Join(root, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, inflated(t, f), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if !strings.HasSuffix(f.Name, "/") {
			t.Errorf("the zip holds a file %q", f.Name)
		}
	}
	return root
}
