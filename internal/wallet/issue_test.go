package wallet_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/npki"
)

func TestIssue(t *testing.T) {
	t.Parallel()
	b, who := newBank(t), &customer{}
	root := filepath.Join(t.TempDir(), "NPKI")
	issued, err := b.issueTo(root, who).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"consent", "otp", "phone", "password"}, who.asked); diff != "" {
		t.Error(diff)
	}
	if who.sentTo != "010-****-0001" || issued.Resumed {
		t.Errorf("sent to %q, resumed %v", who.sentTo, issued.Resumed)
	}
	certs, errs := wallet.List(root)
	if len(certs) != 1 || errs != nil {
		t.Fatalf("%d certificates, %v", len(certs), errs)
	}
	key, err := certs[0].OpenKey([]byte(wallettest.Password))
	if err != nil || len(key.R) != npki.RSize {
		t.Errorf("key: %v, R of %d bytes", err, len(key.R))
	}
	noKeyLeft(t, root)
}

func noKeyLeft(t *testing.T, root string) {
	t.Helper()
	left, err := os.ReadDir(root + wallet.PendingSuffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
		t.Errorf("left in the pending area: %v, %v", left, err)
	}
}

// TestIssueSpoiled sees that nothing a bank answers makes the wallet store
// what is not its own, or write where it should not.
func TestIssueSpoiled(t *testing.T) {
	t.Parallel()
	other := spkiOf(t, world().KM.Raw)
	for name, c := range map[string]struct {
		spoil func(b *bank)
		want  string // name of the refusal
		kept  bool   // the key must still be there
	}{
		"terms of another hash": {func(b *bank) {
			b.terms = func(t []client.Terms) []client.Terms { t[0].Text += "!"; return t }
		}, "server-answer", false},
		"certificate of another key": {func(b *bank) {
			b.certify = func(_ []byte, c *client.Certificate) { *c = *b.certificate(other) }
		}, "not-our-certificate", true},
		"certificate that nobody signed": {func(b *bank) {
			b.certify = func(_ []byte, c *client.Certificate) { c.Certificate[len(c.Certificate)-1] ^= 1 }
		}, "server-answer", true},
		"chain that does not fit": {func(b *bank) {
			b.certify = func(_ []byte, c *client.Certificate) { c.Chain = [][]byte{world().Root.Raw} }
		}, "server-answer", true},
		"no chain": {func(b *bank) {
			b.certify = func(_ []byte, c *client.Certificate) { c.Chain = nil }
		}, "server-answer", true},
		"folder of another place": {func(b *bank) {
			b.keyRequest = func(k *client.KeyRequest) { k.CA = "../../outside" }
		}, "server-answer", false},
		"key of a million bits": {func(b *bank) {
			b.keyRequest = func(k *client.KeyRequest) { k.MinBits = 1 << 20 }
		}, "server-answer", false},
		"no key management certificate": {func(b *bank) {
			b.keyRequest = func(k *client.KeyRequest) { k.KMCertificate = []byte("none") }
		}, "server-answer", false},
		"application without end": {func(b *bank) {
			b.after = func(a *client.Application) { a.Needs = []client.Need{client.NeedOTP} }
		}, "server-answer", false},
		"step that nobody knows": {func(b *bank) {
			b.after = func(a *client.Application) { a.Needs = []client.Need{"dance"} }
		}, "unknown-step", false},
		"application that lapsed": {func(b *bank) {
			b.after = func(a *client.Application) { a.State = client.ApplicationStateLapsed }
		}, "application-over", false},
		"page instead of an answer": {func(b *bank) {
			b.raw = map[string]string{"GET /api/v1/kinds": "<html>"}
		}, "server-answer", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBank(t)
			c.spoil(b)
			dir := t.TempDir()
			root := filepath.Join(dir, "NPKI")
			_, err := b.issueTo(root, &customer{}).Run(t.Context())
			var refusal *fault.Error
			if !errors.As(err, &refusal) || refusal.Name != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			if certs, _ := wallet.List(root); len(certs) > 0 {
				t.Error("a certificate was stored")
			}
			keys, err := filepath.Glob(filepath.Join(root+wallet.PendingSuffix, "*", "signPri.key"))
			if err != nil || (len(keys) == 1) != c.kept {
				t.Errorf("kept keys: %v, %v", keys, err)
			}
		})
	}
}

var errStopped = errors.New("stopped here")

// TestIssueResumed breaks an issue off at each point and runs it again.
func TestIssueResumed(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"application", "key-kept", "certified", "stored"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			b, first, second := newBank(t), &customer{}, &customer{}
			root := filepath.Join(t.TempDir(), "NPKI")
			ctx, cancel := context.WithCancelCause(t.Context())
			broken := b.issueTo(root, first)
			broken.Reached = func(at string) {
				if at == point {
					cancel(errStopped)
					panic(errStopped)
				}
			}
			func() {
				defer func() {
					if r := recover(); r != errStopped { //nolint:errorlint // the very value
						t.Fatalf("ended with %v before %s", r, point)
					}
				}()
				_, _ = broken.Run(ctx)
			}()
			issued, err := b.issueTo(root, second).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			madeBefore := point != "application"
			if issued.Resumed != madeBefore || strings.Contains(strings.Join(second.asked, " "), "password") == madeBefore {
				t.Errorf("resumed: %v; asked again: %v", issued.Resumed, second.asked)
			}
			for _, request := range b.requests {
				if !bytes.Equal(request, b.requests[0]) {
					t.Error("the bank saw two requests that differ")
				}
			}
			noKeyLeft(t, root)
		})
	}
}

// TestIssueAnotherChallenge: the bank wants a new request after a key was
// kept. A new key is made, and the old one goes only when the certificate is
// there.
func TestIssueAnotherChallenge(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	root := filepath.Join(t.TempDir(), "NPKI")
	keptKeys := func() int {
		keys, _ := filepath.Glob(filepath.Join(root+wallet.PendingSuffix, "*", "signPri.key"))
		return len(keys)
	}
	b.raw = map[string]string{"POST /api/v1/applications/APP1/certificate": "out of order"}
	if _, err := b.issueTo(root, &customer{}).Run(t.Context()); err == nil || keptKeys() != 1 {
		t.Fatalf("%v, %d keys", err, keptKeys())
	}
	b.raw, b.challenge = nil, "challenge-2"
	again := b.issueTo(root, &customer{})
	again.Reached = func(point string) {
		if point == "certified" && keptKeys() != 2 {
			t.Errorf("%d keys before the certificate is here, want both", keptKeys())
		}
	}
	issued, err := again.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	certs, _ := wallet.List(root)
	if len(certs) != 1 || certs[0].Dir != issued.Dir {
		t.Fatalf("%d certificates", len(certs))
	}
	if _, err := certs[0].OpenKey([]byte(wallettest.Password)); err != nil {
		t.Error(err)
	}
	noKeyLeft(t, root)
}

// TestPendingDamaged: what can't be read may be the only copy of a key, and
// is never passed over in silence, nor removed.
func TestPendingDamaged(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	root := filepath.Join(t.TempDir(), "NPKI")
	b.raw = map[string]string{"POST /api/v1/applications/APP1/certificate": "out of order"}
	if _, err := b.issueTo(root, &customer{}).Run(t.Context()); err == nil {
		t.Fatal("no error")
	}
	notes, err := filepath.Glob(filepath.Join(root+wallet.PendingSuffix, "*", "request.json"))
	if err != nil || len(notes) != 1 {
		t.Fatal(notes, err)
	}
	if err := os.WriteFile(notes[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = b.issueTo(root, &customer{}).Run(t.Context())
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Name != "pending-damaged" {
		t.Errorf("%v, want pending-damaged", err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(notes[0]), "signPri.key")); err != nil {
		t.Error(err)
	}
	// A folder that a crash left half-written is not one of these: nobody
	// heard of its key.
	if err := os.RemoveAll(filepath.Dir(notes[0])); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root+wallet.PendingSuffix, ".new-123"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.raw = nil
	if _, err := b.issueTo(root, &customer{}).Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestPendingOver: an application that the bank calls over gives its key up.
func TestPendingOver(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	root := filepath.Join(t.TempDir(), "NPKI")
	b.raw = map[string]string{"POST /api/v1/applications/APP1/certificate": "out of order"}
	if _, err := b.issueTo(root, &customer{}).Run(t.Context()); err == nil {
		t.Fatal("no error")
	}
	b.after = func(a *client.Application) { a.State = client.ApplicationStateLapsed }
	if _, err := b.issueTo(root, &customer{}).Run(t.Context()); err == nil {
		t.Fatal("no error")
	}
	noKeyLeft(t, root)
}

func TestCheckServer(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://Bank.example/":      "https://bank.example",
		"bank.example":               "https://bank.example",
		"https://bank.example/ingam": "https://bank.example/ingam",
		"http://127.0.0.1:8480":      "http://127.0.0.1:8480",
		"http://localhost:8480/":     "http://localhost:8480",
		"http://[::1]:8480":          "http://[::1]:8480",
	} {
		if got, err := wallet.CheckServer(in); err != nil || got != want {
			t.Errorf("%s gives %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"http://bank.example", "ftp://bank.example", "https://", "https://me:secret@bank.example",
		"https://bank.example/?a=b", "http://127.0.0.1.bank.example", "http://10.0.0.1", ""} {
		if got, err := wallet.CheckServer(in); err == nil {
			t.Errorf("%q is taken as %q", in, got)
		}
	}
}
