package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/pki/crl"
)

// errSilent says that an encoder made nothing.
var errSilent = errors.New("the encoder gave no list")

// encoders are the processes that are compared. Nothing has key and entries but
// makes no list: what it takes is in the others too.
var encoders = []string{"nothing", "ingam", "stream", "x509"}

// signer is what a process gets on its standard input.
type signer struct{ Certificate, Key []byte }

// usage is what one process took.
type usage struct {
	cpu    time.Duration
	memory int64 // peak, in bytes
}

// crl lets each encoder make the list, in turns.
func (s settings) crl(ctx context.Context, b *bank) error {
	made, err := b.authority()
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(made.IssuingKey)
	if err != nil {
		return err
	}
	var input bytes.Buffer
	if err := gob.NewEncoder(&input).Encode(signer{made.Issuing.Raw, key}); err != nil {
		return err
	}
	took := map[string][]usage{}
	for range s.rounds {
		for _, name := range encoders {
			u, err := s.process(ctx, name, input.Bytes())
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			took[name] = append(took[name], u)
		}
	}
	fmt.Printf("list of %d entries, RSA-3072, middle of %d rounds\n%-10s %12s %14s %10s %10s\n", s.entries, s.rounds, "", "processor ms", "peak memory MB", "of x509's", "of x509's")
	theirs := middleOf(took["x509"])
	for _, name := range encoders {
		u := middleOf(took[name])
		fmt.Printf("%-10s %12.0f %14.0f %10s %10s\n", name, ms(u.cpu), float64(u.memory)/(1<<20),
			fmt.Sprintf("1/%.1f", float64(theirs.cpu)/float64(u.cpu)), fmt.Sprintf("1/%.1f", float64(theirs.memory)/float64(u.memory)))
	}
	fmt.Println()
	return nil
}

func middleOf(all []usage) usage {
	cpu, memory := make([]time.Duration, len(all)), make([]int64, len(all))
	for i, u := range all {
		cpu[i], memory[i] = u.cpu, u.memory
	}
	return usage{middle(cpu), middle(memory)}
}

// process runs one encoder in a process of its own.
func (s settings) process(ctx context.Context, name string, input []byte) (usage, error) {
	self, err := os.Executable()
	if err != nil {
		return usage{}, err
	}
	cmd := exec.CommandContext(ctx, self, "-child", name, "-entries", strconv.Itoa(s.entries)) //nolint:gosec // itself
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	if err := cmd.Run(); err != nil {
		return usage{}, err
	}
	r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return usage{}, errors.New("this system does not say what a process took")
	}
	return usage{time.Duration(r.Utime.Nano() + r.Stime.Nano()), r.Maxrss << 10}, nil // Linux: in kB
}

// encode is what a process does.
func encode(name string, entries int) error {
	var from signer
	if err := gob.NewDecoder(os.Stdin).Decode(&from); err != nil {
		return err
	}
	issuer, err := x509.ParseCertificate(from.Certificate)
	if err != nil {
		return err
	}
	key, err := x509.ParsePKCS8PrivateKey(from.Key)
	if err != nil {
		return err
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return errors.New("not an RSA key")
	}
	at := issuer.NotBefore
	h := crl.Header{RawIssuer: issuer.RawSubject, KeyID: issuer.SubjectKeyId, Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.Add(24 * time.Hour)}
	switch name {
	case "nothing":
		for _, err := range revoked(entries, at) {
			if err != nil {
				return err
			}
		}
		return nil
	case "stream": // to a file, a connection
		n := &counter{}
		if err := crl.Encode(n, h, revoked(entries, at), private); err != nil {
			return err
		}
		return enough(n.size, entries)
	case "ingam": // into memory, as the publisher does
		var out bytes.Buffer
		if err := crl.Encode(&out, h, revoked(entries, at), private); err != nil {
			return err
		}
		return enough(out.Len(), entries)
	case "x509":
		list := make([]x509.RevocationListEntry, 0, entries)
		for e, err := range revoked(entries, at) {
			if err != nil {
				return err
			}
			list = append(list, x509.RevocationListEntry{SerialNumber: e.SerialNumber(), RevocationTime: e.RevokedAt, ReasonCode: int(e.Reason)})
		}
		out, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
			Number: h.Number, ThisUpdate: at, NextUpdate: h.NextUpdate, RevokedCertificateEntries: list,
		}, issuer, private)
		if err != nil {
			return err
		}
		return enough(len(out), entries)
	}
	return fmt.Errorf("there is no encoder %q", name)
}

// revoked gives entries like the authority's: serials of 16 bytes and a reason.
func revoked(n int, at time.Time) func(func(crl.Entry, error) bool) {
	return func(yield func(crl.Entry, error) bool) {
		e := crl.Entry{Serial: make([]byte, 16), Reason: crl.Superseded}
		for i := range n {
			x := uint64(i)*0x9e3779b97f4a7c15 + 1 //nolint:gosec // not negative
			for j := range e.Serial {
				e.Serial[j] = byte(x >> (8 * (j % 8)))
				x ^= x << 13
			}
			e.Serial[0] = e.Serial[0]&0x3f | 0x40
			e.RevokedAt = at.Add(-time.Duration(x%31_536_000) * time.Second) // in no order, over a year
			if !yield(e, nil) {
				return
			}
		}
	}
}

func enough(size, entries int) error {
	if size < 40*entries {
		return errSilent
	}
	return nil
}

type counter struct{ size int }

var _ io.Writer = (*counter)(nil)

func (c *counter) Write(p []byte) (int, error) {
	c.size += len(p)
	return len(p), nil
}
