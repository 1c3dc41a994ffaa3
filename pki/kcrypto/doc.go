// Package kcrypto holds the Korean national ciphers that joint certificates
// need and the Go standard library lacks.
//
// Does it suit my purpose? SEED is here to open and write the private-key
// files and messages of the field (RFC 4269, RFC 4010). It is table-driven:
// fast, but not constant-time, so one who shares the processor's cache may
// learn about the key. Use it where the format demands it, on the machine of
// the key's owner; take AES for anything new.
package kcrypto
