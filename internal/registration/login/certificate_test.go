package login_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/pki/cms"
)

func TestChallengeSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	b := open(t)
	seen := map[string]bool{}
	for _, tt := range []struct{ lang, host, want string }{
		{"ko", host, `^인감은행 로그인\n.*로그인에만.*\n주소: https://bank\.example\n시각: 2026-03-14 10:30 \(한국 시각\)\n번호: ([A-Z2-7]{26})$`},
		{"en-GB", strings.ToUpper(host), `^Log in to 인감은행\n.*logging in only.*\nAddress: https://bank\.example\nTime: 2026-03-14 10:30 \(Seoul\)\nNumber: ([A-Z2-7]{26})$`},
		{"ko", byHand, `\n주소: http://192\.0\.2\.7:8480\n`},
		{"ko", "evil.example", `\n주소: https://bank\.example\n`},
	} {
		c, state, err := b.Challenge(tt.lang, tt.host)
		do(t, err)
		if !regexp.MustCompile(tt.want).MatchString(c.Content) || !c.ExpiresAt.Equal(start.Add(3*time.Minute)) || len(state) > 2048 {
			t.Errorf("%q until %v, %d bytes of state", c.Content, c.ExpiresAt, len(state))
		}
		number := c.Content[strings.LastIndex(c.Content, " ")+1:]
		if seen[number] {
			t.Error("a number comes twice")
		}
		seen[number] = true
	}
}

func TestWithCertificate(t *testing.T) {
	t.Parallel()
	b := open(t)
	for name, o := range map[string]cms.SignOptions{
		"attached":                 {},
		"attached with attributes": {SignedAttributes: true, SigningTime: start},
		"detached":                 {Detached: true},
		"detached with attributes": {Detached: true, SignedAttributes: true, SigningTime: start},
		"a clock that is wrong":    {SignedAttributes: true, SigningTime: start.AddDate(-20, 0, 0)},
	} {
		content, state := b.challenge(t)
		who, err := b.WithCertificate(t.Context(), anonymous, state, sign(t, content, b.cert, key(), o))
		if err != nil || who.ID != "hong" || who.Name != "홍길동" {
			t.Errorf("%s: %q, %v", name, who.ID, err)
		}
		e := b.last(t)
		if e.Act != authz.LogIn || e.Object != "subscriber:hong" || e.Outcome != audit.Done ||
			e.Detail["by"] != "certificate" || e.Detail["certificate"] != b.record.Serial {
			t.Errorf("%s: audited as %+v", name, e)
		}
	}
}

// TestCertificateStates: each state of the certificate has its own refusal, and
// each refusal is in the audit log.
func TestCertificateStates(t *testing.T) {
	t.Parallel()
	act := func(f func(a *ca.Authority, serial string) error) func(*bank) error {
		return func(b *bank) error { return f(b.authority, b.record.Serial) }
	}
	ctx := context.Background()
	for name, tt := range map[string]struct {
		happens func(b *bank) error
		want    *fault.Fault
	}{
		"suspended": {act(func(a *ca.Authority, s string) error { return a.Hold(ctx, operator, s, "bank") }), login.ErrSuspended},
		"revoked": {act(func(a *ca.Authority, s string) error { return a.Revoke(ctx, operator, s, ca.Superseded, time.Time{}) }),
			login.ErrRevoked},
		"held": {func(b *bank) error {
			return b.store.ChangeState(ctx, b.record.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Held, Reason: 6, At: b.clock.now()})
		}, login.ErrHeld},
		"expired":  {func(b *bank) error { b.clock.move(400 * 24 * time.Hour); return nil }, login.ErrExpired},
		"deceased": {func(b *bank) error { b.person(t, "hong", "홍길동", "9001011000000", true); return nil }, login.ErrDeceased},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			do(t, tt.happens(b))
			for _, o := range []cms.SignOptions{{}, {SignedAttributes: true, SigningTime: start}} {
				content, state := b.challenge(t)
				who, err := b.WithCertificate(t.Context(), anonymous, state, sign(t, content, b.cert, key(), o))
				refused(t, name, err, tt.want)
				if who.ID != "" {
					t.Errorf("yet it says who it is: %q", who.ID)
				}
				if e := b.last(t); e.Outcome != audit.Refused || e.Code != tt.want.Number || e.Object != "certificate:"+b.record.Serial || e.Act != authz.LogIn {
					t.Errorf("audited as %+v", e)
				}
			}
		})
	}
}

// TestWrongSignatures: everything that is no signature of the challenge by a
// certificate of ours.
func TestWrongSignatures(t *testing.T) {
	t.Parallel()
	b := open(t)
	theirs := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "홍길동()0001"}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: start.Add(-time.Hour), NotAfter: start.AddDate(1, 0, 0),
	}
	make := func(parent *x509.Certificate, signer any, serial int64, usage x509.KeyUsage) *x509.Certificate {
		t.Helper()
		c := *theirs
		c.SerialNumber, c.KeyUsage, c.Policies = big.NewInt(serial), usage, parent.Policies
		der, err := x509.CreateCertificate(rand.Reader, &c, parent, &otherKey().PublicKey, signer)
		do(t, err)
		cert, err := x509.ParseCertificate(der)
		do(t, err)
		return cert
	}
	foreign := make(theirs, otherKey(), 1, x509.KeyUsageDigitalSignature)
	unlisted := make(b.made.Issuing, b.made.IssuingKey, 1, x509.KeyUsageDigitalSignature)
	forged := make(&x509.Certificate{Subject: b.made.Issuing.Subject, RawSubject: b.made.Issuing.RawSubject, Policies: b.made.Issuing.Policies},
		otherKey(), 2, x509.KeyUsageDigitalSignature)
	sealing := make(b.made.Issuing, b.made.IssuingKey, 3, x509.KeyUsageKeyEncipherment)
	// The serial is that of hong's certificate, the key is not.
	twin := *theirs
	twin.SerialNumber, twin.Policies = b.cert.SerialNumber, b.made.Issuing.Policies
	der, err := x509.CreateCertificate(rand.Reader, &twin, b.made.Issuing, &otherKey().PublicKey, b.made.IssuingKey)
	do(t, err)
	sameSerial, err := x509.ParseCertificate(der)
	do(t, err)

	content, _ := b.challenge(t)
	for name, tt := range map[string]struct {
		message func(content string) []byte
		want    *fault.Fault
	}{
		"nothing":              {func(string) []byte { return nil }, login.ErrSignatureForm},
		"noise":                {func(string) []byte { return []byte("MIIBnoise") }, login.ErrSignatureForm},
		"of another challenge": {func(string) []byte { return sign(t, content, b.cert, key(), cms.SignOptions{}) }, login.ErrSignature},
		"another, detached":    {func(string) []byte { return sign(t, content, b.cert, key(), cms.SignOptions{Detached: true}) }, login.ErrSignature},
		"a line feed more":     {func(c string) []byte { return sign(t, c+"\n", b.cert, key(), cms.SignOptions{}) }, login.ErrSignature},
		"by a stranger's CA":   {func(c string) []byte { return sign(t, c, foreign, otherKey(), cms.SignOptions{}) }, login.ErrForeign},
		"forged":               {func(c string) []byte { return sign(t, c, forged, otherKey(), cms.SignOptions{}) }, login.ErrForeign},
		"never issued":         {func(c string) []byte { return sign(t, c, unlisted, otherKey(), cms.SignOptions{}) }, login.ErrForeign},
		"hong's serial":        {func(c string) []byte { return sign(t, c, sameSerial, otherKey(), cms.SignOptions{}) }, login.ErrForeign},
		"not a signing key":    {func(c string) []byte { return sign(t, c, sealing, otherKey(), cms.SignOptions{}) }, login.ErrUnfit},
		"the authority itself": {func(c string) []byte { return sign(t, c, b.made.OCSP, b.made.OCSPKey, cms.SignOptions{}) }, login.ErrUnfit},
	} {
		next, state := b.challenge(t)
		_, err := b.WithCertificate(t.Context(), anonymous, state, tt.message(next))
		refused(t, name, err, tt.want)
		if e := b.last(t); e.Outcome != audit.Refused || e.Code != tt.want.Number || !strings.HasPrefix(e.Object, "certificate") {
			t.Errorf("%s: audited as %+v", name, e)
		}
	}
	_, state := b.challenge(t)
	_, err = b.WithCertificate(t.Context(), hong, state, nil)
	refused(t, "one who is logged in", err, authz.ErrForbidden)
	if e := b.last(t); e.Outcome != audit.Denied {
		t.Errorf("audited as %+v", e)
	}
}

// TestAuthorityIsNobody: certificates of the authority itself are in the ledger
// as well, and let nobody in.
func TestAuthorityIsNobody(t *testing.T) {
	t.Parallel()
	b := open(t)
	do(t, b.authority.Adopt(t.Context(), authz.Caller{Role: authz.System, ID: "t"}, b.made.OCSP))
	content, state := b.challenge(t)
	_, err := b.WithCertificate(t.Context(), anonymous, state, sign(t, content, b.made.OCSP, b.made.OCSPKey, cms.SignOptions{}))
	if f := fault.Of(err); f == nil || f.Fault != login.ErrNobody && f.Fault != login.ErrUnfit {
		t.Errorf("the OCSP signer logs in: %v", err)
	}
}

// TestStates: what an answer is held against has its kind, its person and its
// end.
func TestStates(t *testing.T) {
	t.Parallel()
	b := open(t)
	content, state := b.challenge(t)
	message := sign(t, content, b.cert, key(), cms.SignOptions{})
	_, passkeyState, err := b.LoginOptions(host)
	do(t, err)
	_, newState, err := b.PasskeyOptions(t.Context(), hong, host)
	do(t, err)
	try := func(s login.State) error {
		_, err := b.WithCertificate(t.Context(), anonymous, s, message)
		return err
	}
	for name, s := range map[string]login.State{"none": nil, "noise": login.State("{"), "empty": login.State("{}"), "a passkey's": passkeyState, "a new passkey's": newState} {
		refused(t, name, try(s), login.ErrNoChallenge)
	}
	b.clock.move(login.Lasts - time.Microsecond)
	do(t, try(state))
	b.clock.move(time.Microsecond)
	refused(t, "after three minutes", try(state), login.ErrNoChallenge)
	for name, s := range map[string]login.State{"a certificate's": state, "a new passkey's": newState} {
		_, err := b.WithPasskey(t.Context(), anonymous, s, nil)
		refused(t, name, err, login.ErrNoChallenge)
	}
}

type deaf struct{ error }

func (d deaf) Certificate(context.Context, string) (ca.Record, error) { return ca.Record{}, d.error }

// TestNoLedger: when the records don't answer that is no refusal.
func TestNoLedger(t *testing.T) {
	t.Parallel()
	b := open(t)
	c := b.Config
	down := errors.New("down")
	c.Ledger, c.Origins = deaf{down}, []string{origin}
	s, err := login.New(c)
	do(t, err)
	content, state := b.challenge(t)
	_, err = s.WithCertificate(t.Context(), anonymous, state, sign(t, content, b.cert, key(), cms.SignOptions{}))
	if !errors.Is(err, down) || fault.Of(err).Fault != fault.Unexpected {
		t.Errorf("%v", err)
	}
}

func TestPortThatIsNotSaid(t *testing.T) {
	t.Parallel()
	for configured, said := range map[string]string{
		"https://bank.example:443": "https://bank.example", "http://localhost:80/": "http://localhost",
		"https://bank.example:80": "https://bank.example:80", "https://BANK.example": "https://bank.example",
	} {
		s, err := login.New(login.Config{Bank: "b", Now: time.Now, Origins: []string{"https://first.example", configured}})
		do(t, err)
		_, host, _ := strings.Cut(said, "://") // as browsers send it
		c, _, err := s.Challenge("en", host)
		if err != nil || !strings.Contains(c.Content, "Address: "+said+"\n") {
			t.Errorf("%s: %q, %v; want %s", configured, c.Content, err, said)
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{nil, {""}, {"bank.example"}, {"ftp://bank.example"}, {"https://user@bank.example"}} {
		if _, err := login.New(login.Config{Bank: "b", Now: time.Now, Origins: bad}); err == nil {
			t.Error(fmt.Sprint(bad), "is taken")
		}
	}
}
