package npki

import "crypto"

// VID is a virtual ID: a double hash over an identity number and R that shows
// whose certificate it is only to one who knows both (KCAC.TS.SIVID).
type VID struct {
	Hash  crypto.Hash
	Value []byte
}
