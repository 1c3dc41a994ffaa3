package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

// BenchmarkIssue is what the store does for one certificate: an entry and the
// reservation in one transaction, an entry and the completion in another. Eight
// workers, and the disk is asked to keep what it is told.
func BenchmarkIssue(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(engine.Name, func(b *testing.B) {
			url := engine.URL(b)
			if engine.Name == "postgres" {
				url = pgtest.URL(b) // with fsync
			}
			ring := keys.NewRing()
			s := storetest.Open(b, url, ring)
			log := audit.New(s, ring.AuditKey(), func() time.Time { return noon })
			var n atomic.Int64
			b.SetParallelism(4) // times two cores
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := issue(s, log, n.Add(1)); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

func issue(s *store.Store, log *audit.Log, n int64) error {
	caller := authz.Caller{Role: authz.Customer, ID: fmt.Sprint("s", n), Request: "r"}
	serial := make([]byte, 16)
	_, _ = rand.Read(serial)
	r := ca.Record{
		Serial: fmt.Sprintf("%x", serial), Issuer: "aa", ApplicationID: fmt.Sprint("a", n), SubscriberID: caller.ID,
		Kind: "personal-bank", Subject: fmt.Sprint("cn=", n), KeyHash: fmt.Append(nil, n), TBS: make([]byte, 1200),
		NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0), CreatedAt: noon,
	}
	ctx := context.Background()
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := log.Record(ctx, caller, authz.IssueCertificate, "application:"+r.ApplicationID, "serial", r.Serial); err != nil {
			return err
		}
		return s.Reserve(ctx, r)
	})
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := log.Record(ctx, caller, authz.IssueCertificate, "certificate:"+r.Serial); err != nil {
			return err
		}
		_, err := s.Complete(ctx, r.Serial, make([]byte, 1600), ca.Valid, noon)
		return err
	})
}
