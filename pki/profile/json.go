package profile

import (
	"bytes"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/pki/npki"
)

// maxJSON and maxProfiles bound what Parse reads.
const (
	maxJSON     = 1 << 20
	maxProfiles = 256
)

// plain has Profile's fields without its methods.
type plain Profile

// written is a profile with its object identifiers as dotted text.
type written struct {
	plain
	PolicyOID   string   `json:"policyOID,omitempty"`
	ExtKeyUsage []string `json:"extKeyUsage,omitempty"`
}

// MarshalJSON writes a profile; object identifiers are dotted text.
func (p Profile) MarshalJSON() ([]byte, error) {
	w := written{plain: plain(p)}
	if len(p.PolicyOID) > 0 {
		w.PolicyOID = p.PolicyOID.String()
	}
	for _, oid := range p.ExtKeyUsage {
		w.ExtKeyUsage = append(w.ExtKeyUsage, oid.String())
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads a profile. Fields that it doesn't know are an error: a
// misspelt one would silently weaken a certificate. It does not Validate.
func (p *Profile) UnmarshalJSON(data []byte) error {
	var w written
	if err := decode(data, &w); err != nil {
		return err
	}
	read := Profile(w.plain)
	if w.PolicyOID != "" {
		oid, err := ParseOID(w.PolicyOID)
		if err != nil {
			return fmt.Errorf("reading policyOID: %w", err)
		}
		read.PolicyOID = oid
	}
	for _, text := range w.ExtKeyUsage {
		oid, err := ParseOID(text)
		if err != nil {
			return fmt.Errorf("reading extKeyUsage: %w", err)
		}
		read.ExtKeyUsage = append(read.ExtKeyUsage, oid)
	}
	*p = read
	return nil
}

// Parse reads a JSON list of profiles (at most 1 MiB, 256 profiles) and
// validates each; names and kinds are unique.
func Parse(data []byte) (Profiles, error) {
	if len(data) > maxJSON {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrProfile, maxJSON)
	}
	var list Profiles
	if err := decode(data, &list); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	if len(list) > maxProfiles {
		return nil, fmt.Errorf("%w: more than %d profiles", ErrProfile, maxProfiles)
	}
	names, kinds := map[string]bool{}, map[npki.Kind]bool{}
	for _, p := range list {
		if err := p.Validate(); err != nil {
			return nil, err
		}
		if names[p.Name] || p.Kind != "" && kinds[p.Kind] {
			return nil, fmt.Errorf("%w: %q stands there twice", ErrProfile, p.Name)
		}
		names[p.Name], kinds[p.Kind] = true, true
	}
	return list, nil
}

// ParseOID reads a dotted object identifier.
func ParseOID(s string) (asn1.ObjectIdentifier, error) {
	errOID := errors.New("not a dotted object identifier")
	if len(s) > 256 {
		return nil, errOID
	}
	var oid asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(s, ".") {
		n, err := strconv.ParseUint(arc, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != arc {
			return nil, errOID
		}
		oid = append(oid, int(n))
	}
	if !encodable(oid) {
		return nil, errOID
	}
	return oid, nil
}

func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}
