package status_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"math/big"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

func number(t testing.TB, serial string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(serial, 16)
	if !ok {
		t.Fatalf("serial %q", serial)
	}
	return n
}

func (h *house) question(t testing.TB, nonce []byte, hash crypto.Hash, serials ...string) []byte {
	t.Helper()
	ids := make([]ocsp.CertID, len(serials))
	for i, serial := range serials {
		var err error
		if ids[i], err = ocsp.NewCertID(hash, h.made.Issuing, number(t, serial)); err != nil {
			t.Fatal(err)
		}
	}
	der, err := ocsp.CreateRequest(ids, nonce)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// asked asks and gives the verified answer.
func (h *house) asked(t testing.TB, r *status.Responder, request []byte) *ocsp.Response {
	t.Helper()
	answer, err := r.Respond(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	response, err := ocsp.ParseResponse(answer.DER)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Verify(h.made.Issuing, h.clock.now()); err != nil {
		t.Fatal(err)
	}
	return response
}

func TestRespond(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.responder(t)
	good, revoked, held := h.issue(t, 1), h.issue(t, 2), h.issue(t, 3)
	h.clock.move(90 * time.Second)
	at := h.clock.now()
	do(t, h.Revoke(t.Context(), operator, revoked.Serial, ca.KeyCompromise, time.Time{}))
	do(t, h.Hold(t.Context(), operator, held.Serial, "bank"))
	h.clock.move(time.Second)
	nonce := bytes.Repeat([]byte{7}, 32)
	for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256} {
		response := h.asked(t, r, h.question(t, nonce, hash, revoked.Serial, good.Serial, "00abcdef", held.Serial, good.Serial))
		if err := response.CheckNonce(nonce); err != nil {
			t.Errorf("%s: %v", hash, err)
		}
		want := []ocsp.Single{
			{Status: ocsp.Revoked, RevokedAt: at, Reason: int(ca.KeyCompromise)},
			{Status: ocsp.Good}, {Status: ocsp.Unknown},
			{Status: ocsp.Revoked, RevokedAt: at, Reason: int(ca.OnHold)},
			{Status: ocsp.Good},
		}
		if len(response.Singles) != len(want) {
			t.Fatalf("%s: %d answers to %d questions", hash, len(response.Singles), len(want))
		}
		for i, got := range response.Singles {
			if got.Status != want[i].Status || got.Reason != want[i].Reason || !got.RevokedAt.Equal(want[i].RevokedAt) {
				t.Errorf("%s, answer %d: %s reason %d at %s", hash, i, got.Status, got.Reason, got.RevokedAt)
			}
			if !got.ThisUpdate.Equal(h.clock.now()) || !got.NextUpdate.Equal(h.clock.now().Add(10*time.Minute)) {
				t.Errorf("%s, answer %d: from %s to %s", hash, i, got.ThisUpdate, got.NextUpdate)
			}
		}
	}
	do(t, h.Release(t.Context(), operator, held.Serial, "bank"))
	if got := h.asked(t, r, h.question(t, nonce, crypto.SHA1, held.Serial)).Singles[0]; got.Status != ocsp.Good {
		t.Errorf("released, but %s", got.Status)
	}
}

// TestStrangerReads: another library agrees on the answer.
func TestStrangerReads(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.responder(t)
	record := h.issue(t, 1)
	do(t, h.Revoke(t.Context(), operator, record.Serial, ca.Superseded, time.Time{}))
	answer, err := r.Respond(t.Context(), h.question(t, nil, crypto.SHA1, record.Serial))
	if err != nil {
		t.Fatal(err)
	}
	got, err := xocsp.ParseResponse(answer.DER, h.made.Issuing)
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != xocsp.Revoked || got.RevocationReason != xocsp.Superseded || got.SerialNumber.Cmp(number(t, record.Serial)) != 0 {
		t.Errorf("status %d, reason %d, serial %x", got.Status, got.RevocationReason, got.SerialNumber)
	}
}

func TestOtherIssuersAreUnknown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.responder(t)
	record := h.issue(t, 1)
	ours, err := ocsp.NewCertID(crypto.SHA256, h.made.Issuing, number(t, record.Serial))
	do(t, err)
	roots, err := ocsp.NewCertID(crypto.SHA256, h.made.Root, number(t, record.Serial))
	do(t, err)
	halfName, halfKey := ours, ours // one hash of ours with one of another's
	halfName.IssuerKeyHash, halfKey.IssuerNameHash = roots.IssuerKeyHash, roots.IssuerNameHash
	request, err := ocsp.CreateRequest([]ocsp.CertID{roots, ours, halfName, halfKey}, nil)
	do(t, err)
	got := h.asked(t, r, request).Singles
	for i, want := range []ocsp.CertStatus{ocsp.Unknown, ocsp.Good, ocsp.Unknown, ocsp.Unknown} {
		if got[i].Status != want {
			t.Errorf("answer %d is %s, want %s", i, got[i].Status, want)
		}
	}
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.responder(t)
	for name, request := range map[string][]byte{"nothing": nil, "noise": []byte("GET / HTTP/1.1"), "large": make([]byte, 1<<20)} {
		answer, err := r.Respond(t.Context(), request)
		if err == nil || answer.Status != ocsp.MalformedRequest || !bytes.Equal(answer.DER, ocsp.ErrorResponse(ocsp.MalformedRequest)) {
			t.Errorf("%s: %s, %v", name, answer.Status, err)
		}
	}
}

// countingKey counts signatures and can be made to wait or fail.
type countingKey struct {
	crypto.Signer
	calls atomic.Int32
	most  atomic.Int32
	now   atomic.Int32
	gate  chan struct{}
	fail  error
}

func (k *countingKey) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	k.calls.Add(1)
	now := k.now.Add(1)
	defer k.now.Add(-1)
	for most := k.most.Load(); now > most && !k.most.CompareAndSwap(most, now); most = k.most.Load() {
	}
	if k.gate != nil {
		<-k.gate
	}
	if k.fail != nil {
		return nil, k.fail
	}
	return k.Signer.Sign(random, digest, opts)
}

func TestSameQuestionIsSignedOnceASecond(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key := &countingKey{Signer: h.made.OCSPKey}
	r := h.responder(t, func(c *status.ResponderConfig) { c.Key = key })
	record := h.issue(t, 1)
	plain := h.question(t, nil, crypto.SHA1, record.Serial)
	for range 5 {
		h.asked(t, r, plain)
	}
	if n := key.calls.Load(); n != 1 {
		t.Errorf("5 times the same question: signed %d times", n)
	}
	nonced := h.question(t, []byte("0123456789abcdef"), crypto.SHA1, record.Serial)
	h.asked(t, r, nonced)
	h.asked(t, r, nonced)
	if n := key.calls.Load(); n != 3 {
		t.Errorf("2 questions with a nonce: signed %d times", n-1)
	}
	do(t, h.Revoke(t.Context(), operator, record.Serial, ca.Unspecified, time.Time{}))
	if got := h.asked(t, r, nonced).Singles[0].Status; got != ocsp.Revoked {
		t.Errorf("with a nonce after a revocation: %s", got)
	}
	h.clock.move(time.Second)
	if got := h.asked(t, r, plain).Singles[0].Status; got != ocsp.Revoked {
		t.Errorf("a second after a revocation: %s", got)
	}
	h.clock.move(-time.Minute) // a clock that was set back gives no old answers
	if n := key.calls.Load(); h.asked(t, r, plain) == nil || key.calls.Load() != n+1 {
		t.Error("an answer from the future was given again")
	}
}

func TestSigningIsBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key := &countingKey{Signer: h.made.OCSPKey, gate: make(chan struct{})}
	r := h.responder(t, func(c *status.ResponderConfig) {
		c.Key, c.Signing, c.Waiting = key, 2, time.Hour
	})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	statuses := make([]ocsp.ResponseStatus, 10)
	for i := range statuses {
		wg.Go(func() {
			answer, _ := r.Respond(ctx, h.question(t, fmt.Appendf(nil, "nonce %02d", i), crypto.SHA1, "01"))
			statuses[i] = answer.Status
		})
	}
	key.gate <- struct{}{}
	key.gate <- struct{}{}
	cancel() // those who wait are told to try later
	close(key.gate)
	wg.Wait()
	if most := key.most.Load(); most > 2 {
		t.Errorf("%d signatures at the same time, want 2 at most", most)
	}
	for i, s := range statuses {
		if s != ocsp.Successful && s != ocsp.TryLater {
			t.Errorf("question %d: %s", i, s)
		}
	}
}

func TestTryLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issue(t, 1)
	request := h.question(t, nil, crypto.SHA1, record.Serial)
	busy := &countingKey{Signer: h.made.OCSPKey, fail: errors.New("the token is gone")}
	answer, err := h.responder(t, func(c *status.ResponderConfig) { c.Key = busy }).Respond(t.Context(), request)
	if err == nil || answer.Status != ocsp.InternalError {
		t.Errorf("no key: %s, %v", answer.Status, err)
	}
	r := h.responder(t)
	h.clock.move(2 * 366 * 24 * time.Hour)
	if answer, err := r.Respond(t.Context(), request); err == nil || answer.Status != ocsp.TryLater {
		t.Errorf("after the signer's end: %s, %v", answer.Status, err)
	}
	h.clock.move(-2 * 366 * 24 * time.Hour)
	do(t, h.store.Close())
	if answer, err := r.Respond(t.Context(), request); err == nil || answer.Status != ocsp.TryLater {
		t.Errorf("no store: %s, %v", answer.Status, err)
	}
}

func TestSignerIsTheDelegate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.responder(t)
	for name, err := range map[string]error{
		"not for OCSP":  r.UseSigner(h.made.KM, h.made.KMKey),
		"not certified": r.UseSigner(h.made.Root, h.made.RootKey),
		"another's key": r.UseSigner(h.made.OCSP, h.made.KMKey),
		"none":          r.UseSigner(nil, nil),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	record := h.issue(t, 1)
	request := h.question(t, nil, crypto.SHA1, record.Serial)
	h.asked(t, r, request)
	certificate, key, err := h.RenewOCSPSigner(t.Context(), system, 2048)
	do(t, err)
	do(t, r.UseSigner(certificate, key))
	if got := h.asked(t, r, request).Responder; !got.Equal(certificate) {
		t.Errorf("still signed by %s", got.Subject.CommonName)
	}
}
