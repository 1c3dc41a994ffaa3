package wallet_test

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/npki"
)

func nameOfFault(err error) string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Name
}

func TestParseAnswers(t *testing.T) {
	t.Parallel()
	a, err := wallet.ParseAnswers([]byte(`{"keyPassword":"x","card":{"name":"홍길동"},"otpURL":"http://127.0.0.1:1/otp"}`))
	if err != nil || a.KeyPassword != "x" || a.Card.Name != "홍길동" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, text := range []string{
		"", "{", "[]", `{"keyPassword":7}`, `{"password":"x"}`, `{} {}`, `{"otpURL":"https://bank.example"}`,
		`{"phoneCodeURL":"http://10.0.0.1/"}`, `{"otpURL":"http://me@127.0.0.1/"}`,
		`{"keyPassword":"` + strings.Repeat("x", wallet.MaxAnswers) + `"}`,
	} {
		if _, err := wallet.ParseAnswers([]byte(text)); nameOfFault(err) != "answers-invalid" {
			t.Errorf("%.40q gives %v", text, err)
		}
	}
	// A secret that stands in the wrong place is not repeated.
	_, err = wallet.ParseAnswers([]byte(`{"account":"s3cret-value"}`))
	if what, todo := fault.Of(err).Public("en"); strings.Contains(what+todo+err.Error(), "s3cret") {
		t.Errorf("the refusal repeats the value: %s", what)
	}
}

// FuzzParseAnswers sees that what is taken can be written and read again, and
// that no address outside this machine passes.
func FuzzParseAnswers(f *testing.F) {
	f.Add([]byte(`{"loginPassword":"a","keyPassword":"b","agreeRequired":true,"card":{"document":"passport","number":"M1"},"account":{"account":"1","password":"2"},"otp":"123456"}`))
	f.Add([]byte(`{"otpURL":"http://localhost:1/otp?customer=1","phoneCodeURL":"http://[::1]/"}`))
	f.Add([]byte(`{"otpURL":"http://127.0.0.1@evil/"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := wallet.ParseAnswers(text)
		if err != nil {
			if nameOfFault(err) != "answers-invalid" {
				t.Fatalf("%v is no refusal for a person", err)
			}
			return
		}
		for _, address := range []string{a.OTPURL, a.PhoneCodeURL} {
			host := strings.TrimPrefix(address, "http://")
			if address != "" && !strings.HasPrefix(host, "127.") && !strings.HasPrefix(host, "localhost") && !strings.HasPrefix(host, "[") {
				t.Errorf("%q is taken for this machine", address)
			}
		}
		again, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if len(again) > wallet.MaxAnswers {
			return // escapes made it longer
		}
		if _, err := wallet.ParseAnswers(again); err != nil {
			t.Errorf("read once, not twice: %v", err)
		}
	})
}

// held puts some certificates into a root and lists them.
func held(t testing.TB, root string, customers ...wallettest.Customer) []wallet.Certificate {
	t.Helper()
	for _, c := range customers {
		cert, err := world().Certify(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := world().Store(root, "ingam", cert); err != nil {
			t.Fatal(err)
		}
	}
	certs, errs := wallet.List(root)
	if errs != nil {
		t.Fatal(errs)
	}
	return certs
}

func TestChoose(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	started := now.Add(-24 * time.Hour)
	certs := held(t, root,
		wallettest.Customer{Name: "홍길동", NotBefore: started},
		wallettest.Customer{Name: "이만료", NotBefore: started.AddDate(0, -8, 0), NotAfter: now.Add(-time.Hour)},
	)
	if len(certs) != 2 || certs[0].Owner() != "홍길동" {
		t.Fatalf("%d certificates, the first of %s", len(certs), certs[0].Owner())
	}
	for selection, want := range map[string]string{
		"": "홍길동", "1": "홍길동", "2": "이만료", "0002": "이만료",
		certs[1].Dir: "이만료", filepath.Join(certs[1].Dir, "signCert.der"): "이만료",
	} {
		if got, err := wallet.Choose(selection, certs, now); err != nil || got.Owner() != want {
			t.Errorf("%q gives %v, want %s", selection, err, want)
		}
	}
	for selection, want := range map[string]string{
		"0": "no-such-number", "3": "no-such-number", "9999": "no-such-number",
		"12345": "file-unreadable", "-1": "file-unreadable", "1 ": "file-unreadable", "٣": "file-unreadable", "none": "file-unreadable", root: "not-a-certificate",
	} {
		if _, err := wallet.Choose(selection, certs, now); nameOfFault(err) != want {
			t.Errorf("%q gives %v, want %s", selection, err, want)
		}
	}
	if _, err := wallet.Choose("1", nil, now); nameOfFault(err) != "no-certificates" {
		t.Error(err)
	}
	// The only one is taken although it has expired: its refusal says more.
	if got, err := wallet.Choose("", certs[1:], now); err != nil || got.Owner() != "이만료" {
		t.Error(err)
	}
	two := held(t, root, wallettest.Customer{Name: "김하늘", NotBefore: started})
	if _, err := wallet.Choose("", two, now); !wallet.IsAmbiguous(err) {
		t.Error(err)
	}
}

// FuzzChoose sees that a selection is a number of the list or a path, and that
// nothing else is made of it.
func FuzzChoose(f *testing.F) {
	for _, s := range []string{"", "0", "1", "2", "01", "99999999999999999999", "-1", "1e3", "./1", "\x00", "NPKI", "１"} {
		f.Add(s)
	}
	certs := held(f, f.TempDir(), wallettest.Customer{Name: "홍길동", NotBefore: now.Add(-time.Hour)})
	empty := f.TempDir()
	f.Fuzz(func(t *testing.T, selection string) {
		n, isNumber := wallet.ParseNumber(selection)
		if back, err := strconv.ParseUint(selection, 10, 64); isNumber && (err != nil || back != uint64(n)) {
			t.Errorf("%q is read as %d", selection, n)
		}
		if !isNumber && selection != "" {
			selection = filepath.Join(empty, selection)
			if !strings.HasPrefix(selection, empty) {
				return // out of the folder, where anything may lie
			}
		}
		got, err := wallet.Choose(selection, certs, now)
		chosen := selection == "" || isNumber && n == 1
		if chosen != (err == nil) || err == nil && got.Dir != certs[0].Dir {
			t.Errorf("%q gives %q, %v", selection, got.Dir, err)
		}
		if err != nil && nameOfFault(err) == "" {
			t.Errorf("%v is no refusal for a person", err)
		}
	})
}

func TestStates(t *testing.T) {
	t.Parallel()
	c := held(t, t.TempDir(), wallettest.Customer{Name: "홍길동", NotBefore: now})[0]
	end := c.NotAfter()
	for at, want := range map[time.Time]wallet.State{
		now.Add(-time.Second): wallet.Early, now: wallet.Usable,
		end.AddDate(0, 0, -31): wallet.Usable, end.AddDate(0, 0, -30): wallet.Soon, end: wallet.Soon, end.Add(time.Second): wallet.Expired,
	} {
		if got := c.State(at); got != want {
			t.Errorf("at %v: %s, want %s", at, got, want)
		}
	}
	if k := wallet.KindOf(c.Certificate); k.Name != string(npki.PersonalBank) {
		t.Errorf("kind %+v", k)
	}
	if k := wallet.KindOf(world().Root); k.Name != "" || k.Policy != "" || k.Title.KO == "" {
		t.Errorf("the root's kind is %+v", k)
	}
}

func TestCheckNewPassword(t *testing.T) {
	t.Parallel()
	if err := wallet.CheckNewPassword([]byte(wallettest.Password), "ko"); err != nil {
		t.Error(err)
	}
	for password, want := range map[string][]string{
		"":               {"10자보다", "영문자가", "숫자가", "특수문자가"},
		"short1!":        {"10자보다"},
		"nodigitshere!!": {"숫자가"},
		"has'quote123!":  {"쓸 수 없는 문자"},
		"한글암호가열자넘어요1!a":  {"아닌 글자"},
	} {
		err := wallet.CheckNewPassword([]byte(password), "ko")
		if nameOfFault(err) != "password-rules" {
			t.Fatalf("%q gives %v", password, err)
		}
		what, _ := fault.Of(err).Public("ko")
		for _, rule := range want {
			if !strings.Contains(what, rule) {
				t.Errorf("%q: %q does not name %q", password, what, rule)
			}
		}
		if password != "" && strings.Contains(what+err.Error(), password) {
			t.Errorf("the refusal repeats the password: %s", what)
		}
	}
}

func TestReadCertificates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	block := func(typ string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: der}))
	}
	for name, c := range map[string]struct {
		content string
		want    int
	}{
		"der":       {string(world().Root.Raw), 1},
		"two der":   {string(world().Root.Raw) + string(world().Issuing.Raw), 2},
		"bundle":    {"# root\n" + block("CERTIFICATE", world().Root.Raw) + block("CERTIFICATE", world().Issuing.Raw), 2},
		"with key":  {block("PRIVATE KEY", []byte{1}) + block("CERTIFICATE", world().Root.Raw), 1},
		"old label": {block("X509 CERTIFICATE", world().Root.Raw), 1},
		"key only":  {block("PRIVATE KEY", []byte{1}), 0},
		"damaged":   {block("CERTIFICATE", world().Root.Raw[:99]), 0},
		"text":      {"hello", 0},
		"empty":     {"", 0},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		certs, err := wallet.ReadCertificates(path)
		if len(certs) != c.want || (err == nil) != (c.want > 0) || err != nil && nameOfFault(err) != "not-a-certificate" {
			t.Errorf("%s: %d certificates, %v; want %d", name, len(certs), err, c.want)
		}
	}
	if _, err := wallet.ReadCertificates(dir); !errors.Is(err, fs.ErrInvalid) && nameOfFault(err) != "file-unreadable" {
		t.Errorf("a folder gives %v", err)
	}
	if _, err := wallet.ReadAll(strings.NewReader(strings.Repeat("x", 11)), "x", 10); nameOfFault(err) != "file-too-large" {
		t.Error(err)
	}
}
