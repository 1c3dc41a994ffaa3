// Package wallet is the customer's side of a joint certificate: what one's
// own device does so that key and R never leave it in clear.
//
// It finds the certificates in NPKI folders, makes a key pair and R and leads
// an application at the bank from the terms to the stored certificate (Issue),
// signs files (Sign), and judges what others signed (Verify). It asks through
// the small interfaces of its caller and prints nothing: the program ingam and
// the bank's demo story are two such callers.
//
// An issue loses no key. The encrypted key is on the disk, in a folder beside
// the NPKI root, before the bank hears of it; running Issue again after a
// crash finishes with the same key and gives the same certificate.
package wallet
