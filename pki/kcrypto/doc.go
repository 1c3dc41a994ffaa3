// Package kcrypto holds the Korean national algorithms that joint certificates
// need and the Go standard library lacks: the ciphers SEED (RFC 4269, RFC 4010)
// and ARIA (RFC 5794), and the hash function HAS-160.
//
// Do they suit my purpose? They are here to open and write the private-key
// files and messages of the field. The ciphers are table-driven: fast, but not
// constant-time, so one who shares the processor's cache may learn about the
// key. Use them where the format demands it, on the machine of the key's owner;
// take AES and SHA-256 for anything new. Each checks itself on known answers
// before its first use.
package kcrypto
