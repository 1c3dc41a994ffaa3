package ca_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/npki"
)

func TestIssue(t *testing.T) {
	t.Parallel()
	var steps []int
	h := newHouse(t, func(c *ca.Config) { c.Step = func(n int) { steps = append(steps, n) } })
	r := request(t, "1")
	r.RealName = "김수한무거북이와두루미삼천갑자동방" // and three more
	r.RealName += "삭치치"
	got, err := h.Issue(t.Context(), owner(r), r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8}, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	c, err := x509.ParseCertificate(got.DER)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckSignatureFrom(h.made.Issuing); err != nil {
		t.Error(err)
	}
	form := regexp.MustCompile(`^cn=` + r.RealName + `\(\)0099041` + `20260314\d{9},ou=INGAM,ou=personal4IB,o=ingam,c=kr$`)
	if !form.MatchString(got.Subject) {
		t.Errorf("subject %s does not fit %s", got.Subject, form)
	}
	if ca.SerialOf(c.SerialNumber) != got.Serial || len(got.Serial) != 32 {
		t.Errorf("serial %s in the record, %x in the certificate", got.Serial, c.SerialNumber)
	}
	identity, err := npki.IdentifyDataOf(c)
	if err != nil {
		t.Fatal(err)
	}
	want := npki.IdentifyData{RealName: r.RealName, VIDs: []npki.VID{r.VID}}
	if diff := cmp.Diff(want, identity); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	stored, err := h.store.Certificate(t.Context(), got.Serial)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, stored); diff != "" {
		t.Errorf("handed out and stored differ (-out +stored):\n%s", diff)
	}
	if stored.State != ca.Valid || !bytes.Equal(stored.TBS, c.RawTBSCertificate) || !stored.NotAfter.Equal(c.NotAfter) {
		t.Errorf("stored: state %s, not after %s", stored.State, stored.NotAfter)
	}
	fingerprint, prepared := sha256.Sum256(got.DER), sha256.Sum256(got.TBS)
	wantLog := []string{
		fmt.Sprintf("certificate.issue application:application-1 done prepared %x", prepared),
		fmt.Sprintf("certificate.issue certificate:%s done stored %x", got.Serial, fingerprint),
	}
	if diff := cmp.Diff(wantLog, h.told(t)); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}

// told gives the audit log in short.
func (h *house) told(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, e := range h.entries(t) {
		line := fmt.Sprintf("%s %s %s", e.Act, e.Object, e.Outcome)
		if e.Outcome == audit.Done {
			line += " " + e.Detail["step"] + " " + e.Detail["tbs"] + e.Detail["sha256"]
		} else {
			line += fmt.Sprint(" ", e.Code)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestIssueAgainGivesTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := request(t, "1")
	first, err := h.Issue(t.Context(), owner(r), r)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.move(time.Hour)
	again, err := h.another(t).Issue(t.Context(), owner(r), r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("asked again (-first +again):\n%s", diff)
	}
	if n := len(h.entries(t)); n != 2 {
		t.Errorf("%d audit entries, want 2: nothing happened the second time", n)
	}
}

func TestIssueRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	held := request(t, "1")
	if _, err := h.Issue(t.Context(), owner(held), held); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		change  func(*ca.Request)
		caller  authz.Caller
		want    *fault.Fault
		outcome audit.Outcome
	}{
		"person holds one": {func(r *ca.Request) { r.SubscriberID = held.SubscriberID }, owner(held), ca.ErrPersonHolds, audit.Refused},
		"key of another":   {func(r *ca.Request) { r.PublicKey = held.PublicKey }, authz.Caller{}, ca.ErrKeyCertified, audit.Refused},
		"own key for another kind": {func(r *ca.Request) {
			r.SubscriberID, r.PublicKey, r.Kind = held.SubscriberID, held.PublicKey, npki.PersonalGeneral
		}, owner(held), ca.ErrKeyCertified, audit.Refused},
		"another key for the application": {func(r *ca.Request) {
			r.ApplicationID, r.SubscriberID = held.ApplicationID, held.SubscriberID
		}, owner(held), ca.ErrOtherKey, audit.Refused},
		"another kind for the application": {func(r *ca.Request) {
			*r = held
			r.Kind = npki.PersonalGeneral
		}, owner(held), ca.ErrOtherKey, audit.Refused},
		"stranger takes the application over": {func(r *ca.Request) { r.ApplicationID = held.ApplicationID },
			authz.Caller{}, authz.ErrForbidden, audit.Denied},
		"stranger asks for another's certificate": {func(r *ca.Request) { *r = held },
			authz.Caller{Role: authz.Customer, ID: "subscriber-2"}, authz.ErrForbidden, audit.Denied},
		"stranger applies for another": {func(*ca.Request) {},
			authz.Caller{Role: authz.Customer, ID: "mallory"}, authz.ErrForbidden, audit.Denied},
		"nobody":           {func(*ca.Request) {}, authz.Caller{Role: authz.Anonymous}, authz.ErrForbidden, audit.Denied},
		"operator":         {func(*ca.Request) {}, operator, authz.ErrForbidden, audit.Denied},
		"no application":   {func(r *ca.Request) { r.ApplicationID = "" }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"no subscriber":    {func(r *ca.Request) { r.SubscriberID = "" }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"no such kind":     {func(r *ca.Request) { r.Kind = "ca" }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"no name":          {func(r *ca.Request) { r.RealName = " " }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"name with a NUL":  {func(r *ca.Request) { r.RealName = "홍\x00길동" }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"name not UTF-8":   {func(r *ca.Request) { r.RealName = "\xc8\xab\xb1\xe6" }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"no virtual id":    {func(r *ca.Request) { r.VID = npki.VID{} }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
		"short virtual id": {func(r *ca.Request) { r.VID.Value = r.VID.Value[1:] }, authz.Caller{}, ca.ErrIncomplete, audit.Refused},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := request(t, name)
			test.change(&r)
			caller := test.caller
			if caller.Role == "" {
				caller = owner(r)
			}
			before := len(h.entries(t))
			got, err := h.Issue(t.Context(), caller, r)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if diff := cmp.Diff(ca.Record{}, got); diff != "" {
				t.Errorf("a refusal came with a record: %s", diff)
			}
			log := h.entries(t)
			if len(log) != before+1 {
				t.Fatalf("%d new audit entries, want the refusal", len(log)-before)
			}
			if !slices.ContainsFunc(log, func(e audit.Entry) bool {
				return e.Outcome == test.outcome && e.Code == test.want.Number && e.Object == "application:"+r.ApplicationID
			}) {
				t.Errorf("no entry %s with number %d", test.outcome, test.want.Number)
			}
		})
	}
	if pending, err := h.store.PendingRecords(t.Context(), 10); err != nil || len(pending) != 0 {
		t.Errorf("refusals left %d pending records (%v)", len(pending), err)
	}
}

func TestIssueRefusesKeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	spki := func(key crypto.PublicKey) []byte {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	one := new(big.Int).Lsh(big.NewInt(1), 2047)
	odd := new(big.Int).Add(one, big.NewInt(1))
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := spki(&rsa.PublicKey{N: odd, E: 65537})
	bare := bytes.Replace(good, []byte{0x01, 0x01, 0x01, 0x05, 0x00}, []byte{0x01, 0x01, 0x01}, 1)
	bare[3] -= 2 // the outer length
	bare[5] -= 2 // the algorithm's
	for name, test := range map[string]struct {
		key  []byte
		want *fault.Fault
	}{
		"1024 bits":          {spki(&rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1023, 1), E: 65537}), ca.ErrKeyUnfit},
		"5120 bits":          {spki(&rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 5119, 1), E: 65537}), ca.ErrKeyUnfit},
		"exponent 3":         {spki(&rsa.PublicKey{N: odd, E: 3}), ca.ErrKeyUnfit},
		"even exponent":      {spki(&rsa.PublicKey{N: odd, E: 65538}), ca.ErrKeyUnfit},
		"even modulus":       {spki(&rsa.PublicKey{N: one, E: 65537}), ca.ErrKeyUnfit},
		"not RSA":            {spki(curve.Public()), ca.ErrKeyUnfit},
		"nothing":            {nil, ca.ErrKeyUnfit},
		"more behind it":     {append(bytes.Clone(good), 0), ca.ErrKeyUnfit},
		"another spelling":   {bare, ca.ErrKeyUnfit},
		"large":              {make([]byte, 1<<16), ca.ErrKeyUnfit},
		"the issuing CA's":   {spki(h.made.IssuingKey.Public()), ca.ErrKeyCertified},
		"the root's":         {spki(h.made.RootKey.Public()), ca.ErrKeyCertified},
		"the key management": {spki(h.made.KMKey.Public()), ca.ErrKeyCertified},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, name)
			r.PublicKey = test.key
			if _, err := h.Issue(t.Context(), owner(r), r); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// signer counts and, when told to, fails or lies.
type signer struct {
	crypto.Signer
	calls atomic.Int32
	fail  atomic.Bool
	lie   atomic.Bool
}

func (s *signer) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	s.calls.Add(1)
	if s.fail.Load() {
		return nil, errors.New("the token is gone")
	}
	signature, err := s.Signer.Sign(random, digest, opts)
	if s.lie.Load() {
		signature[10] ^= 1
	}
	return signature, err
}

func (h *house) signer(c *ca.Config) *signer {
	s := &signer{Signer: c.Signer}
	c.Signer = s
	return s
}

func TestLintStopsBeforeTheKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	says := func(severity lint.Severity) func(*ca.Config) {
		return func(c *ca.Config) {
			c.Lint = append(slices.Clone(c.Lint), lint.Rule{ID: "test", Citation: "none", Severity: severity,
				Check: func(*lint.Certificate) error { return errors.New("no") }})
		}
	}
	var touched *signer
	strict := h.another(t, says(lint.Error), func(c *ca.Config) { touched = h.signer(c) })
	r := request(t, "1")
	if _, err := strict.Issue(t.Context(), owner(r), r); !errors.Is(err, ca.ErrLint) {
		t.Errorf("got %v, want %v", err, ca.ErrLint)
	}
	if n := touched.calls.Load(); n != 0 {
		t.Errorf("the key was used %d times", n)
	}
	if _, err := h.store.ByApplication(t.Context(), r.ApplicationID); !errors.Is(err, ca.ErrNoCertificate) {
		t.Errorf("something was reserved: %v", err)
	}
	if _, err := h.another(t, says(lint.Warning)).Issue(t.Context(), owner(r), r); err != nil {
		t.Errorf("a warning stopped it: %v", err)
	}
}

// taken says that what is reserved is in use, a number of times.
type taken struct {
	ca.Ledger
	err     error
	times   int
	serials []string
}

func (l *taken) Reserve(ctx context.Context, r ca.Record) error {
	l.serials = append(l.serials, r.Serial, r.Subject)
	if l.times--; l.times >= 0 {
		return l.err
	}
	return l.Ledger.Reserve(ctx, r)
}

func TestIssueDrawsAgain(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]error{"serial": ca.ErrSerialUsed, "subject": ca.ErrSubjectUsed} {
		for times, want := range map[int]error{4: nil, 5: ca.ErrNumbering} {
			t.Run(fmt.Sprint(name, " ", times), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				ledger := &taken{Ledger: h.store, err: why, times: times}
				a, err := ca.New(h.cfg, ledger, h.store, h.log)
				if err != nil {
					t.Fatal(err)
				}
				r := request(t, "1")
				if _, err := a.Issue(t.Context(), owner(r), r); !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
				drawn := len(ledger.serials)
				slices.Sort(ledger.serials)
				if distinct := len(slices.Compact(ledger.serials)); distinct != drawn {
					t.Errorf("%d serials and names in 5 draws, want 10", distinct)
				}
			})
		}
	}
}

// repeating gives the same bytes for the first few reads.
type repeating struct{ reads int }

func (r *repeating) Read(p []byte) (int, error) {
	if r.reads--; r.reads >= 0 {
		clear(p)
		return len(p), nil
	}
	return rand.Read(p)
}

func TestSerialIsTakenOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seen := map[string]bool{}
	for _, n := range []string{"1", "2", "3"} {
		a := h.another(t, func(c *ca.Config) { c.Random = &repeating{reads: 2} })
		r := request(t, n)
		got, err := a.Issue(t.Context(), owner(r), r)
		if err != nil {
			t.Fatal(err)
		}
		if seen[got.Serial] || seen[got.Subject] {
			t.Errorf("serial %s or its name was used before", got.Serial)
		}
		seen[got.Serial], seen[got.Subject] = true, true
	}
	if !seen["40000000000000000000000000000000"] {
		t.Error("the repeated draw was never used: the test tests nothing")
	}
}

func TestIssueSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	t.Run("one application", func(t *testing.T) {
		r := request(t, "1")
		records, problems := sideBySide(8, func(int) (ca.Record, error) {
			return h.another(t).Issue(context.Background(), owner(r), r)
		})
		for i := range records {
			if problems[i] != nil || !bytes.Equal(records[i].DER, records[0].DER) {
				t.Errorf("%d: another certificate, or %v", i, problems[i])
			}
		}
	})
	t.Run("one person", func(t *testing.T) {
		_, problems := sideBySide(8, func(i int) (ca.Record, error) {
			r := request(t, fmt.Sprint("person-", i))
			r.SubscriberID = "subscriber-2"
			return h.Issue(context.Background(), owner(r), r)
		})
		issued := 0
		for _, err := range problems {
			switch {
			case err == nil:
				issued++
			case !errors.Is(err, ca.ErrPersonHolds):
				t.Errorf("got %v, want %v", err, ca.ErrPersonHolds)
			}
		}
		if issued != 1 {
			t.Errorf("%d certificates of one kind for one person", issued)
		}
	})
}

func sideBySide(n int, do func(int) (ca.Record, error)) ([]ca.Record, []error) {
	var wg sync.WaitGroup
	records, problems := make([]ca.Record, n), make([]error, n)
	for i := range n {
		wg.Go(func() { records[i], problems[i] = do(i) })
	}
	wg.Wait()
	return records, problems
}
