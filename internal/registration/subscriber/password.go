package subscriber

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Costs of a password's hash: argon2id (RFC 9106) with 19 MiB, two passes and
// one lane takes some 30 ms of one core. Hashes with other costs stay valid and are made anew
// at the next login.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
)

// Bounds for what a stored hash may ask of us.
const (
	maxMemory = 256 * 1024 // KiB
	maxTime   = 16
)

var errHash = errors.New("subscriber: not an argon2id hash in PHC form")

type phc struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		b64.EncodeToString(p.salt), b64.EncodeToString(p.key))
}

func (p phc) current() bool {
	return p.memory == argonMemory && p.time == argonTime && p.threads == argonThreads && len(p.key) == argonKey
}

func parsePHC(s string) (phc, error) {
	part := strings.Split(s, "$")
	if len(s) > 512 || len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errHash
	}
	var p phc
	if n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil || n != 3 {
		return phc{}, errHash
	}
	if p.memory < 8 || p.memory > maxMemory || p.time < 1 || p.time > maxTime || p.threads < 1 || p.threads > 16 {
		return phc{}, errHash
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.Strict().DecodeString(part[4]); err != nil || len(p.salt) < 8 {
		return phc{}, errHash
	}
	if p.key, err = base64.RawStdEncoding.Strict().DecodeString(part[5]); err != nil || len(p.key) < 16 || len(p.key) > 64 {
		return phc{}, errHash
	}
	return p, nil
}

// hashPassword gives the PHC string of a password.
func (s *Service) hashPassword(ctx context.Context, password string) (string, error) {
	p := phc{memory: argonMemory, time: argonTime, threads: argonThreads, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	if _, err := io.ReadFull(s.Random, p.salt); err != nil {
		return "", fmt.Errorf("making a salt: %w", err)
	}
	var err error
	p.key, err = s.derive(ctx, p, password)
	return p.String(), err
}

// derive runs the hash, at most two at a time: each takes 19 MiB and a core.
func (s *Service) derive(ctx context.Context, p phc, password string) ([]byte, error) {
	select {
	case s.mill <- struct{}{}:
		defer func() { <-s.mill }()
		return argon2.IDKey([]byte(password), p.salt, p.time, p.memory, p.threads, uint32(len(p.key))), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// checkPassword says whether a password belongs to a stored hash, and whether
// the hash should be made anew with today's costs.
func (s *Service) checkPassword(ctx context.Context, stored, password string) (right, renew bool, err error) {
	p, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	key, err := s.derive(ctx, p, password)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1, !p.current(), nil
}
