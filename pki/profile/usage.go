package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
)

// KeyUsage is a set of key usages; bit n is bit n of RFC 5280 4.2.1.3. In JSON
// it is the list of their names.
type KeyUsage uint16

// The key usages.
const (
	DigitalSignature KeyUsage = 1 << iota
	NonRepudiation
	KeyEncipherment
	DataEncipherment
	KeyAgreement
	KeyCertSign
	CRLSign
	EncipherOnly
	DecipherOnly
	allKeyUsages = 1<<iota - 1
)

// usageNames are the names of RFC 5280, by bit.
var usageNames = [...]string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment",
	"keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}

// MarshalJSON gives the names in the order of their bits.
func (u KeyUsage) MarshalJSON() ([]byte, error) {
	if u&^allKeyUsages != 0 {
		return nil, errors.New("profile: there is no such key usage")
	}
	names := []string{}
	for bit, name := range usageNames {
		if u>>bit&1 == 1 {
			names = append(names, name)
		}
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads a list of names.
func (u *KeyUsage) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return err
	}
	*u = 0
next:
	for _, name := range names {
		for bit, known := range usageNames {
			if name == known {
				*u |= 1 << bit
				continue next
			}
		}
		return fmt.Errorf("profile: there is no key usage %q", name)
	}
	return nil
}

// bitString is the content of the DER BIT STRING: bit 0 is the highest, and
// trailing zeros are left out (X.690 11.2.2).
func (u KeyUsage) bitString() []byte {
	var octets [2]byte
	for bit := range usageNames {
		if u>>bit&1 == 1 {
			octets[bit/8] |= 0x80 >> (bit % 8)
		}
	}
	if octets[1] != 0 {
		return []byte{byte(bits.TrailingZeros8(octets[1])), octets[0], octets[1]}
	}
	return []byte{byte(bits.TrailingZeros8(octets[0])), octets[0]}
}
