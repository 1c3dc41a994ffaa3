package faults_test

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
)

// order is what a child process is told to do: recover, then issue.
type order struct {
	URL     string
	Dir     string // where the authority's keys and the ring lie
	Wants   []want // in this order, by Workers at the same time
	Workers int    // goroutines
	Step    int    // kill -9 oneself after this step of the cycle …
	Hit     int    // … when it is reached for the Hit-th time; 0: never

	Deeds []deed // instead of Wants, one after the other
	At    int64  // the time of the deeds, in microseconds
}

// want is one application of one person.
type want struct{ Application, Subscriber string }

// afterAck is the moment after step 8 when the certificate was acknowledged.
const afterAck = 9

// passphrase seals the ring of these tests.
var passphrase = []byte("nobody's data")

// child is the service as far as issuing goes. What it tells its parent, it
// tells in one write to a pipe, which outlives it:
//
//	sign HASH                        a signature over these bytes is about to be made
//	ack APPLICATION SERIAL HASH      the certificate was handed out
//	refuse APPLICATION NAME          it was refused
//	recovered N
func child(ctx context.Context, o order, out io.Writer) error {
	if len(o.Deeds) > 0 {
		return liveChild(ctx, o, out)
	}
	ring, err := keys.ReadRing(filepath.Join(o.Dir, "ring.json"), passphrase)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, o.URL, ring)
	if err != nil {
		return err
	}
	made, err := readCeremony(filepath.Join(o.Dir, "ca.json"))
	if err != nil {
		return err
	}
	step, tell := o.steps(out)
	config := catest.Config(made, time.Now)
	config.Step = step
	config.Signer = tellingSigner{config.Signer, tell}
	a, err := ca.New(config, s, s, audit.New(s, ring.AuditKey(), time.Now))
	if err != nil {
		return err
	}
	recovered, err := a.Recover(ctx)
	if err != nil {
		return err
	}
	tell("recovered %d", recovered)

	queue := make(chan want)
	problems := make([]error, o.Workers)
	var wg sync.WaitGroup
	for i := range o.Workers {
		wg.Go(func() {
			for w := range queue {
				problems[i] = errors.Join(problems[i], issue(ctx, a, w, tell))
				step(afterAck)
			}
		})
	}
	for _, w := range o.Wants {
		queue <- w
	}
	close(queue)
	wg.Wait()
	return errors.Join(append(problems, s.Close())...)
}

// steps gives what is called after each step, and kills at the ordered one, and
// what tells the parent.
func (o order) steps(out io.Writer) (step func(int), tell func(string, ...any)) {
	var hits atomic.Int32
	step = func(n int) {
		if n == o.Step && int(hits.Add(1)) == o.Hit {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}
	tell = func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	return step, tell
}

func issue(ctx context.Context, a *ca.Authority, w want, tell func(string, ...any)) error {
	// The same application has the same key in every process.
	seed := sha256.Sum256([]byte(w.Application))
	r, err := catest.Request(rand.NewChaCha8(seed), w.Application)
	if err != nil {
		return err
	}
	r.ApplicationID, r.SubscriberID = w.Application, w.Subscriber
	record, err := a.Issue(ctx, authz.Caller{Role: authz.Customer, ID: w.Subscriber}, r)
	switch {
	case errors.Is(err, ca.ErrPersonHolds):
		tell("refuse %s %s", w.Application, ca.ErrPersonHolds.Name)
	case err != nil:
		return fmt.Errorf("issuing %s: %w", w.Application, err)
	default:
		tell("ack %s %s %s", w.Application, record.Serial, sum(record.DER))
	}
	return nil
}

// tellingSigner tells what it signs before it does.
type tellingSigner struct {
	crypto.Signer
	tell func(string, ...any)
}

func (s tellingSigner) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	s.tell("sign %x", digest)
	return s.Signer.Sign(random, digest, opts)
}

func sum(b []byte) string {
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:])
}

// keptCeremony is a ceremony in a file: only of tests, so not sealed.
type keptCeremony struct{ Root, Issuing, KM, OCSP, IssuingKey, KMKey []byte }

func writeCeremony(path string, made *ca.Ceremony) error {
	content, err := json.Marshal(keptCeremony{
		made.Root.Raw, made.Issuing.Raw, made.KM.Raw, made.OCSP.Raw,
		x509.MarshalPKCS1PrivateKey(made.IssuingKey), x509.MarshalPKCS1PrivateKey(made.KMKey),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

func readCeremony(path string) (*ca.Ceremony, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var kept keptCeremony
	if err := json.Unmarshal(content, &kept); err != nil {
		return nil, err
	}
	made := &ca.Ceremony{}
	for _, c := range []struct {
		der  []byte
		into **x509.Certificate
	}{{kept.Root, &made.Root}, {kept.Issuing, &made.Issuing}, {kept.KM, &made.KM}, {kept.OCSP, &made.OCSP}} {
		if *c.into, err = x509.ParseCertificate(c.der); err != nil {
			return nil, err
		}
	}
	if made.IssuingKey, err = x509.ParsePKCS1PrivateKey(kept.IssuingKey); err != nil {
		return nil, err
	}
	made.KMKey, err = x509.ParsePKCS1PrivateKey(kept.KMKey)
	return made, err
}
