package npki

import (
	encoding_asn1 "encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// explicitTag is the context-specific constructed tag [n].
func explicitTag(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }

// addAlgorithm writes an AlgorithmIdentifier, with NULL as its parameters or
// with none.
func addAlgorithm(b *cryptobyte.Builder, oid encoding_asn1.ObjectIdentifier, null bool) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}

// readAlgorithm reads an AlgorithmIdentifier; params is the DER of its
// parameters, empty when there are none.
func readAlgorithm(s *cryptobyte.String) (oid encoding_asn1.ObjectIdentifier, params cryptobyte.String, ok bool) {
	var seq cryptobyte.String
	if !s.ReadASN1(&seq, asn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&oid) {
		return nil, nil, false
	}
	if seq.Empty() {
		return oid, nil, true
	}
	var tag asn1.Tag
	if !seq.ReadAnyASN1Element(&params, &tag) || !seq.Empty() {
		return nil, nil, false
	}
	return oid, params, true
}

// isNullOrAbsent says whether parameters are what an algorithm without
// parameters may carry.
func isNullOrAbsent(params cryptobyte.String) bool {
	return params.Empty() || string(params) == "\x05\x00"
}
