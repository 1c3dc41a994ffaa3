package pfx

import (
	"bytes"
	"crypto"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
)

var update = flag.Bool("update", false, "write docs/forms.md anew")

const (
	matrixDoc      = "../../docs/forms.md"
	matrixProgram  = "../../test/peers/Forms.java"
	matrixPassword = "opensesame 1!"
	matrixRounds   = 2048
)

// row is a line of the matrix. A cell is what came of all files of the form:
// "yes", "by parts" (Bouncy Castle's ciphers do it, its reader of key files
// does not), "no", or both when pseudo-random functions differ.
type row struct {
	form                        string
	opened                      int // files of the form that we opened: ours and others'
	written                     cell
	opensslOpens, opensslWrites cell
	castleOpens, castleWrites   cell
}

type cell map[string][]string // what came of it: of which files

func (c *cell) add(result, file string) {
	if *c == nil {
		*c = cell{}
	}
	(*c)[result] = append((*c)[result], file)
}

func (c cell) String() string {
	switch len(c) {
	case 0:
		return "–"
	case 1:
		for result := range c {
			return result
		}
	}
	var s []string
	for result, files := range c {
		slices.Sort(files)
		s = append(s, result+": "+strings.Join(files, " "))
	}
	slices.Sort(s)
	return strings.Join(s, "; ")
}

var matrixPRFs = []struct {
	name, openssl string
	hash          crypto.Hash
}{
	{"sha1", "hmacWithSHA1", crypto.SHA1},
	{"sha224", "hmacWithSHA224", crypto.SHA224},
	{"sha256", "hmacWithSHA256", crypto.SHA256},
	{"sha384", "hmacWithSHA384", crypto.SHA384},
	{"sha512", "hmacWithSHA512", crypto.SHA512},
}

type where struct {
	row  *row
	what string
}

// matrix is one run: what is written for whom, and what comes back.
type matrix struct {
	t    *testing.T
	dir  string
	ids  []Identity
	rows []*row
	// files says for each name of a file of which form it is, and with which
	// pseudo-random function.
	files map[string]where
	// castle is what Bouncy Castle did, by "opened NAME" or "wrote NAME".
	castle map[string]string
}

// TestMatrixOfForms lets OpenSSL and Bouncy Castle open what we write and us
// what they write, in every form, and holds docs/forms.md to what came of it.
func TestMatrixOfForms(t *testing.T) {
	t.Parallel()
	m := &matrix{t: t, dir: t.TempDir(), ids: both(t), files: map[string]where{}}
	for _, d := range []string{"ours", "opened", "theirs", "classes"} {
		if err := os.Mkdir(filepath.Join(m.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	m.write("password", []byte(matrixPassword+"\n"))
	for i, id := range m.ids {
		pkcs8, err := id.Key.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		m.write(fmt.Sprintf("plain.%d", i), pkcs8)
		m.write(fmt.Sprintf("key.%d.pem", i), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
		m.write(fmt.Sprintf("cert.%d", i), id.Certificate)
		m.write(fmt.Sprintf("cert.%d.pem", i), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Certificate}))
	}
	m.keyFiles()
	m.pfxFiles()
	m.runCastle()
	m.judgeCastle()
	m.compare()
}

func (m *matrix) path(name string) string { return filepath.Join(m.dir, name) }

func (m *matrix) write(name string, data []byte) {
	m.t.Helper()
	if err := os.WriteFile(m.path(name), data, 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m *matrix) read(name string) []byte {
	m.t.Helper()
	data, err := os.ReadFile(m.path(name))
	if err != nil {
		m.t.Fatal(err)
	}
	return data
}

func (m *matrix) add(form string) *row {
	r := &row{form: form}
	m.rows = append(m.rows, r)
	return r
}

// openssl runs it with the legacy provider; what it writes goes to out.
func (m *matrix) openssl(args ...string) ([]byte, bool) {
	m.t.Helper()
	out := filepath.Join(m.t.TempDir(), "out")
	args = append(args, "-out", out, "-provider", "legacy", "-provider", "default")
	if _, err := pkitest.OpenSSL(m.t, args...); err != nil {
		return nil, false
	}
	data, err := os.ReadFile(out)
	return data, err == nil
}

// opens sees that we open a key file and get the key; with R, unless OpenSSL
// dropped it.
func (m *matrix) opens(r *row, name string, file []byte, scheme npki.Scheme, withR bool) {
	m.t.Helper()
	k, e, err := npki.OpenKeyFile(file, []byte(matrixPassword))
	if err != nil || !k.Signer.Equal(m.ids[0].Key.Signer) || e.Scheme != scheme {
		m.t.Errorf("%s: not opened, or another key: %s, %v", name, e.Scheme, err)
		return
	}
	r.opened++
	if withR && !bytes.Equal(k.R, m.ids[0].Key.R) {
		m.t.Errorf("%s: R is lost", name)
	}
}

func yes(ok bool) string {
	if ok {
		return "yes"
	}
	return "no"
}

// runCastle compiles the program and lets it do all of it at once.
func (m *matrix) runCastle() {
	m.t.Helper()
	jars := "/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar"
	if out, err := exec.Command("javac", "-d", m.path("classes"), "-cp", jars, matrixProgram).CombinedOutput(); err != nil {
		m.t.Fatalf("these tests let Bouncy Castle judge, test/install.sh installs it: javac: %v\n%s", err, out)
	}
	out, err := exec.Command("java", "-cp", jars+":"+m.path("classes"), "Forms", m.dir).CombinedOutput()
	if err != nil {
		m.t.Fatalf("java: %v\n%s", err, out)
	}
	m.castle = map[string]string{}
	for line := range strings.Lines(string(out)) {
		if f := strings.SplitN(strings.TrimSpace(line), " ", 3); len(f) == 3 {
			m.castle[f[0]+" "+f[1]] = f[2]
		}
	}
}

// castleSays gives "yes", "by parts" or "no".
func (m *matrix) castleSays(what, name string) string {
	switch m.castle[what+" "+name] {
	case "itself":
		return "yes"
	case "parts":
		return "by parts"
	}
	return "no"
}

// judgeCastle sees that what it opened is the key to the last byte, R with it,
// and that we open what it wrote.
func (m *matrix) judgeCastle() {
	m.t.Helper()
	names := func(dir string) []string {
		entries, err := os.ReadDir(m.path(dir))
		if err != nil || len(entries) == 0 {
			m.t.Fatalf("%s: %d files, %v", dir, len(entries), err)
		}
		var out []string
		for _, e := range entries {
			out = append(out, e.Name())
		}
		return out
	}
	for _, name := range names("ours") {
		says := m.castleSays("opened", name)
		w := m.fileOf(name)
		w.row.castleOpens.add(says, w.what)
		if says != "no" && !bytes.Equal(m.read("opened/"+name+".0"), m.read("plain.0")) {
			m.t.Errorf("%s: Bouncy Castle reads another key", name)
		}
		if name == "two.pfx" && !bytes.Equal(m.read("opened/two.pfx.1"), m.read("plain.1")) {
			m.t.Errorf("%s: Bouncy Castle reads another second key", name)
		}
	}
	for _, name := range names("theirs") {
		w := m.fileOf(name)
		w.row.castleWrites.add(m.castleSays("wrote", name), w.what)
		file := m.read("theirs/" + name)
		switch {
		case name == "two.pfx":
			m.opensPFX(w.row, "Bouncy Castle's "+name, file, 2, true)
		case strings.HasSuffix(name, ".pfx"):
			m.opensPFX(w.row, "Bouncy Castle's "+name, file, 1, true)
		default:
			e, err := npki.EncryptionOf(file)
			if err != nil {
				m.t.Errorf("Bouncy Castle's %s: %v", name, err)
				continue
			}
			m.opens(w.row, "Bouncy Castle's "+name, file, e.Scheme, true)
		}
	}
}

func (m *matrix) fileOf(name string) where {
	m.t.Helper()
	w, ok := m.files[name]
	if !ok {
		m.t.Fatalf("%s belongs to no form", name)
	}
	return w
}

// compare prints the table and holds the document to it.
func (m *matrix) compare() {
	m.t.Helper()
	var b strings.Builder
	b.WriteString("| form | read (files) | written | OpenSSL opens ours | OpenSSL writes it | Bouncy Castle opens ours | Bouncy Castle writes it |\n|---|---|---|---|---|---|---|\n")
	for _, r := range m.rows {
		fmt.Fprintf(&b, "| %s | yes (%d) | %s | %s | %s | %s | %s |\n", r.form, r.opened, r.written, r.opensslOpens, r.opensslWrites, r.castleOpens, r.castleWrites)
	}
	m.t.Logf("what came of it:\n%s", b.String())
	doc, err := os.ReadFile(matrixDoc)
	if err != nil {
		m.t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(doc), matrixBegin)
	_, after, ok2 := strings.Cut(rest, matrixEnd)
	if !ok || !ok2 {
		m.t.Fatalf("%s has no place for the table", matrixDoc)
	}
	want := before + matrixBegin + b.String() + matrixEnd + after
	if want == string(doc) {
		return
	}
	if !*update || m.t.Failed() {
		m.t.Fatalf("%s does not say what came of it: run go test ./pki/pfx -run TestMatrixOfForms -update", matrixDoc)
	}
	if err := os.WriteFile(matrixDoc, []byte(want), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

const (
	matrixBegin = "<!-- the table: written by a test -->\n"
	matrixEnd   = "<!-- end of the table -->\n"
)
