package attacks_test

import (
	"bytes"
	"crypto/rsa"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"unicode/utf8"

	_ "modernc.org/sqlite"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

// vault knows every secret that was used in a world, so that it can be looked
// for afterwards. What it finds it names by its kind, never by its value.
type vault struct {
	mu    sync.Mutex
	long  map[string]string // value: kind; looked for anywhere
	short map[string]string // looked for between other than letters and digits
}

func (v *vault) keep(kind, value string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.long == nil {
		v.long, v.short = map[string]string{}, map[string]string{}
	}
	switch {
	case len(value) >= 9:
		v.long[value] = kind
	case value != "":
		v.short[value] = kind
	}
}

func (v *vault) keepCode(code string) { v.keep("code", code) }

func (v *vault) keepBytes(kind string, b []byte) {
	v.keep(kind, string(b))
	v.keep(kind+" in hex", hex.EncodeToString(b))
	v.keep(kind+" in base64", base64.RawStdEncoding.EncodeToString(b))
}

// keepKey keeps the parts by which a private key could be had again.
func (v *vault) keepKey(key *rsa.PrivateKey) {
	v.keepBytes("private exponent", key.D.Bytes())
	for _, prime := range key.Primes {
		v.keepBytes("prime", prime.Bytes())
	}
}

func (v *vault) keepSample(s simulator.Sample) {
	v.keep("password", s.Password)
	v.keep("identity number", s.IdentityNumber)
	v.keep("identity number", s.IdentityNumber[:6]+"-"+s.IdentityNumber[6:])
	v.keep("phone", s.Phone)
	v.keep("mail", s.Mail)
	v.keep("account", s.Account)
	v.keep("account password", s.AccountPassword)
	v.keep("token's seed", s.OTPSecret)
	v.keep("name", s.Name)
	v.keep("roman name", s.RomanName)
	for _, c := range s.Cards {
		v.keep("document number", c.Number)
		v.keep("licence", c.Licence)
	}
}

// find gives the kinds of secrets that stand in a text.
func (v *vault) find(text []byte) (kinds []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for value, kind := range v.long {
		if bytes.Contains(text, []byte(value)) {
			kinds = append(kinds, kind)
		}
	}
	if !utf8.Valid(text) {
		return kinds // sealed bytes: four digits come by chance
	}
	for value, kind := range v.short {
		if standsAlone(text, []byte(value)) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// standsAlone looks for a short value that no letter or digit touches: six
// digits in a row come by chance in any longer number.
func standsAlone(text, value []byte) bool {
	touches := func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	for from := 0; ; {
		i := bytes.Index(text[from:], value)
		if i < 0 {
			return false
		}
		start := from + i
		end := start + len(value)
		if (start == 0 || !touches(text[start-1])) && (end == len(text) || !touches(text[end])) {
			return true
		}
		from = start + 1
	}
}

// measures are numbers in log lines that may look like a short code.
var measures = regexp.MustCompile(`"(bytes|ms|status|code)":[0-9]+`)

func (w *world) searchLog() {
	log := measures.ReplaceAll(w.log.all(), nil)
	for _, kind := range w.vault.find(log) {
		w.t.Errorf("the log has a secret in clear: %s", kind)
	}
	if bytes.Contains(log, []byte(`"msg":"panic"`)) {
		w.t.Errorf("something panicked: %s", log)
	}
}

func (w *world) searchAudit() {
	for _, e := range w.entries() {
		text, err := json.Marshal([]any{e.Caller, e.Act, e.Object, e.Outcome, e.Detail})
		must(w, text, err)
		for _, kind := range w.vault.find(text) {
			w.t.Errorf("the audit log has a secret in clear (%s): %s %s", kind, e.Act, e.Object)
		}
	}
}

// files gives the raw bytes of the database.
func (w *world) files() map[string][]byte {
	found := map[string][]byte{}
	for _, name := range []string{"ingam.db", "ingam.db-wal", "ingam.db-shm"} {
		content, err := os.ReadFile(filepath.Join(w.data, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.t.Fatal(err)
		}
		if err == nil {
			found[name] = content
		}
	}
	return found
}

// searchFiles looks into the database: at its raw bytes for what is long
// enough not to come by chance, and at each value of each row for all.
func (w *world) searchFiles() {
	for name, content := range w.files() {
		w.vault.mu.Lock()
		for value, kind := range w.vault.long {
			if bytes.Contains(content, []byte(value)) {
				w.t.Errorf("%s has a secret in clear: %s", name, kind)
			}
		}
		w.vault.mu.Unlock()
	}
	w.rows(func(table string, value []byte) {
		for _, kind := range w.vault.find(value) {
			w.t.Errorf("table %s has a secret in clear: %s", table, kind)
		}
	})
}

// rows reads every text and blob of every table.
func (w *world) rows(look func(table string, value []byte)) {
	dsn := "file:" + filepath.ToSlash(filepath.Join(w.data, "ingam.db")) + "?" + url.Values{"mode": {"ro"}}.Encode()
	db, err := sql.Open("sqlite", dsn)
	must(w, db, err)
	defer db.Close()
	tables, err := readStrings(db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil || len(tables) < 10 {
		w.t.Fatalf("the database has only the tables %q: %v", tables, err)
	}
	for _, table := range tables {
		if err := eachValue(db, table, func(value []byte) { look(table, value) }); err != nil {
			w.t.Fatal(err)
		}
	}
}

func eachValue(db *sql.DB, table string, look func(value []byte)) error {
	rows, err := db.Query(fmt.Sprintf(`SELECT * FROM "%s"`, table)) // a name that the database gave
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for _, value := range values {
			switch value := value.(type) {
			case string:
				look([]byte(value))
			case []byte:
				look(value)
			}
		}
	}
	return rows.Err()
}

func readStrings(db *sql.DB, query string) (all []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// "I have a copy of the bank's database, its log and its audit log, taken
// while customers were at work: passwords mistyped, codes sent, a service
// down. Who are they, and with what do they prove themselves?"
func TestStolenRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	id := p.start(client.KindPersonalBank)
	p.give(id, client.NeedConsent)
	// What people type into the wrong place is as secret as what is right.
	for _, guess := range []string{p.s.Password + "x", "my-own-Secret-99"} {
		w.vault.keep("mistyped password", guess)
		_, err := w.visitor("en").LogIn(t.Context(), p.s.LoginID, guess)
		refusal{401, 2001, "login-wrong"}.is(t, err)
		_, err = w.visitor("en").LogIn(t.Context(), guess, "x") // the password as login id
		refusal{401, 2001, "login-wrong"}.is(t, err)
	}
	w.script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Malformed}, simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Status, Status: 500})
	_, err := p.SendPhoneCode(t.Context(), id)
	refusal{503, 3103, "message-unavailable"}.is(t, err)
	_, err = p.ProveIDCard(t.Context(), id, p.card())
	refusal{503, 3101, "id-check-unavailable"}.is(t, err)
	w.script()
	_, err = p.ProveAccount(t.Context(), id, p.s.Account, "9876")
	w.vault.keepCode("9876")
	refusal{422, 3301, "account-wrong"}.is(t, err)
	// A secret as the name of a field, and as the whole path.
	for _, path := range []string{"/consent", "/proofs/otp"} {
		p.send("POST", "/api/v1/applications/"+id+path, fmt.Appendf(nil, `{%q:1}`, p.s.IdentityNumber))
	}
	p.send("GET", "/api/v1/applications/"+p.s.IdentityNumber, nil)
	made := p.finish(id, 0)

	// The search has to be able to find: it looks for what is there.
	var control vault
	control.keep("serial", made.Serial)
	control.keep("application", id)
	seen := map[string]bool{}
	for name, content := range w.files() {
		for _, kind := range control.find(content) {
			seen[kind+" in the files"] = true
			t.Logf("%s: %d bytes, with the %s", name, len(content), kind)
		}
	}
	w.rows(func(table string, value []byte) {
		for _, kind := range control.find(value) {
			seen[kind+" in table "+table] = true
		}
	})
	var planted vault
	planted.keep("code", "123456")
	if len(planted.find([]byte(`{"code":"123456"}`))) != 1 || len(planted.find([]byte("ab123456cd"))) != 0 {
		t.Error("the search does not find a short code")
	}
	for _, want := range []string{"serial in the files", "application in the files", "serial in table certificate", "serial in table audit_entry"} {
		if !seen[want] {
			t.Errorf("the search does not find the %s: it looks at the wrong place", want)
		}
	}
	if !bytes.Contains(w.log.all(), []byte(`"route":"POST /api/v1/applications/{id}/consent"`)) {
		t.Error("the log has no line of the consent: the search looks at the wrong place")
	}
}
