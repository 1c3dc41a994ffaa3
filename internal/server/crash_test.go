package server_test

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/server"
)

// made makes a demo's folder and closes it again.
func made(t *testing.T) server.Config {
	t.Helper()
	c := config()
	c.Data = filepath.Join(t.TempDir(), "demo")
	d, err := server.OpenDemo(t.Context(), c, server.Options{Sealing: cheap})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDemoKilledWhileMade starts a demo in folders as kill -9 leaves them at
// the moments when the files of a new authority are moved in.
func TestDemoKilledWhileMade(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string][]string{
		"before any file": {"ca", "offline", "ring.json", "config.yaml"},
		"before the last": {"ca"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := made(t)
			for _, part := range gone {
				if err := os.RemoveAll(filepath.Join(c.Data, part)); err != nil {
					t.Fatal(err)
				}
			}
			d := startDemo(t, c, server.Options{})
			if !d.New {
				t.Error("no new authority")
			}
			logIn(t, d, "hong").start(t)
		})
	}
}

// TestRenewalKilled starts a service that was killed while it wrote down a
// renewed OCSP signer.
func TestRenewalKilled(t *testing.T) {
	t.Parallel()
	c := made(t)
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(c.Data, "ca", "ocsp-*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	first, err := os.ReadFile(filepath.Join(c.Data, "ca", "ocsp.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(first)
	signer, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	soon := signer.NotAfter.Add(-24 * time.Hour)
	if !ca.OCSPSignerDue(signer, soon) {
		t.Fatal("nothing to renew")
	}
	later := server.Options{Sealing: cheap, Now: func() time.Time { return soon }}
	d, err := server.OpenDemo(t.Context(), c, later)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	renewed := files()
	if len(renewed) != 2 || filepath.Ext(renewed[1]) != ".pem" {
		t.Fatalf("renewed: %v", renewed)
	}
	if fileAt(t, renewed[0]).Before(fileAt(t, renewed[1])) {
		t.Error("the key was there before its certificate was whole")
	}
	// As kill -9 leaves it: half a certificate, and no key yet.
	content, err := os.ReadFile(renewed[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(renewed[1], content[:len(content)/2], 0o600), os.Remove(renewed[0])); err != nil {
		t.Fatal(err)
	}
	if d, err = server.OpenDemo(t.Context(), c, later); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func fileAt(t *testing.T, path string) time.Time {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

// TestRingChangedMeanwhile has the data keys changed by two commands at once:
// the later one must not write over a key that the other one added.
func TestRingChangedMeanwhile(t *testing.T) {
	t.Parallel()
	c := made(t)
	passphrase, err := os.ReadFile(filepath.Join(c.Data, "passphrase"))
	if err != nil {
		t.Fatal(err)
	}
	open := func() *server.KeyRing {
		k, err := server.OpenKeyRing(t.Context(), c, server.Options{Passphrase: bytes.Clone(passphrase), Sealing: cheap})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = k.Close() })
		return k
	}
	operator := server.Operator("op")
	slow := open()
	if _, err := slow.Rotate(t.Context(), operator); err != nil {
		t.Fatal(err)
	}
	// After this run the first key is needed no more; the next one would drop it.
	if _, dropped, err := slow.Reencrypt(t.Context(), operator); err != nil || dropped != 0 {
		t.Fatalf("the first run dropped %d keys: %v", dropped, err)
	}
	fast := open()
	added, err := fast.Rotate(t.Context(), operator)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := slow.Reencrypt(t.Context(), operator); !errors.Is(err, server.ErrRingChanged) {
		t.Errorf("the slow one dropped keys: %v", err)
	}
	if _, err := slow.Rotate(t.Context(), operator); !errors.Is(err, server.ErrRingChanged) {
		t.Errorf("the slow one added a key: %v", err)
	}
	if got := open().Ring.Current(); got != added {
		t.Errorf("the key %s is lost, current is %s", added, got)
	}
	if _, _, err := open().Reencrypt(t.Context(), operator); err != nil {
		t.Errorf("alone: %v", err)
	}
}
