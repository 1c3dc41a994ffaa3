package profile

import (
	"crypto/sha1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Object identifiers of the extensions (RFC 5280 4.2, RFC 6960 4.2.2.2.1) and
// of what stands in them, as DER.
var (
	extAuthorityKeyID    = oidDER(2, 5, 29, 35)
	extSubjectKeyID      = oidDER(2, 5, 29, 14)
	extKeyUsage          = oidDER(2, 5, 29, 15)
	extPolicies          = oidDER(2, 5, 29, 32)
	extSubjectAltName    = oidDER(2, 5, 29, 17)
	extBasicConstraints  = oidDER(2, 5, 29, 19)
	extPolicyConstraints = oidDER(2, 5, 29, 36)
	extExtKeyUsage       = oidDER(2, 5, 29, 37)
	extCRL               = oidDER(2, 5, 29, 31)
	extInfoAccess        = oidDER(1, 3, 6, 1, 5, 5, 7, 1, 1)
	extOCSPNoCheck       = oidDER(1, 3, 6, 1, 5, 5, 7, 48, 1, 5)
	qualifierCPS         = oidDER(1, 3, 6, 1, 5, 5, 7, 2, 1)
	qualifierNotice      = oidDER(1, 3, 6, 1, 5, 5, 7, 2, 2)
	accessOCSP           = oidDER(1, 3, 6, 1, 5, 5, 7, 48, 1)
	accessCAIssuers      = oidDER(1, 3, 6, 1, 5, 5, 7, 48, 2)
)

// Choices of GeneralName (RFC 5280 4.2.1.6).
var (
	generalDirectory = cb.Tag(4).Constructed().ContextSpecific()
	generalURI       = cb.Tag(6).ContextSpecific()
)

// extensions writes the profile's extensions in the field's order. key is the
// subjectPublicKey bits.
func (p Profile) extensions(r Request, key []byte) ([]byte, error) {
	b := cryptobyte.NewBuilder(make([]byte, 0, 1024))
	if p.AuthorityKeyID {
		add(b, extAuthorityKeyID, false, func(b *cryptobyte.Builder) { addAuthority(b, r.Issuer) })
	}
	add(b, extSubjectKeyID, false, func(b *cryptobyte.Builder) {
		sum := sha1.Sum(key)
		b.AddASN1OctetString(sum[:])
	})
	if p.KeyUsage != 0 {
		add(b, extKeyUsage, true, func(b *cryptobyte.Builder) {
			b.AddASN1(cb.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes(p.KeyUsage.bitString()) })
		})
	}
	if len(p.PolicyOID) > 0 {
		notice, err := bmp(p.NoticeText)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProfile, err)
		}
		add(b, extPolicies, p.PoliciesCritical, func(b *cryptobyte.Builder) { p.addPolicy(b, notice) })
	}
	if p.Identity != NoIdentity {
		identity := npki.IdentifyData{RealName: r.RealName}
		if r.VID != nil {
			identity.VIDs = []npki.VID{*r.VID}
		}
		san, err := identity.SubjectAltName()
		if err != nil {
			return nil, fmt.Errorf("%w: encoding the identity: %w", ErrRequest, err)
		}
		add(b, extSubjectAltName, false, func(b *cryptobyte.Builder) { b.AddBytes(san) })
	}
	p.addConstraints(b)
	p.addServices(b, r)
	return b.Bytes()
}

// add writes one extension; a critical that is false is left out, as DER wants
// it of a default.
func add(b *cryptobyte.Builder, oid []byte, critical bool, value cryptobyte.BuilderContinuation) {
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(oid)
		if critical {
			b.AddASN1Boolean(true)
		}
		b.AddASN1(cb.OCTET_STRING, value)
	})
}

// addAuthority names the issuer's key by all three of its names: the identifier,
// and the issuer's issuer with the serial there.
func addAuthority(b *cryptobyte.Builder, issuer *Issuer) {
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cb.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(issuer.KeyID) })
		b.AddASN1(cb.Tag(1).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
			b.AddASN1(generalDirectory, func(b *cryptobyte.Builder) { b.AddBytes(issuer.IssuerName) })
		})
		var serial cryptobyte.Builder
		serial.AddASN1BigInt(issuer.IssuerSerial)
		element, err := serial.Bytes()
		if err != nil {
			b.SetError(err)
			return
		}
		input, content := cryptobyte.String(element), cryptobyte.String(nil)
		input.ReadASN1(&content, cb.INTEGER) // just written
		b.AddASN1(cb.Tag(2).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(content) })
	})
}

// addPolicy writes the one policy with its qualifiers (RFC 5280 4.2.1.4). The
// notice is a BMPString: the field's programs expect that, where the RFC prefers
// UTF8String.
func (p Profile) addPolicy(b *cryptobyte.Builder, notice []byte) {
	addCPS := func(b *cryptobyte.Builder) {
		b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(qualifierCPS)
			b.AddASN1(cb.IA5String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(p.CPSURI)) })
		})
	}
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(p.PolicyOID)
			if p.CPSURI == "" && len(notice) == 0 {
				return
			}
			b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
				if p.CPSURI != "" && p.CPSFirst {
					addCPS(b)
				}
				if len(notice) > 0 {
					b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddBytes(qualifierNotice)
						b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1(bmpString, func(b *cryptobyte.Builder) { b.AddBytes(notice) })
						})
					})
				}
				if p.CPSURI != "" && !p.CPSFirst {
					addCPS(b)
				}
			})
		})
	})
}

// addConstraints writes what limits the holder of the key.
func (p Profile) addConstraints(b *cryptobyte.Builder) {
	if bc := p.BasicConstraints; bc != nil {
		add(b, extBasicConstraints, true, func(b *cryptobyte.Builder) {
			b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Boolean(true)
				if bc.PathLen != nil {
					b.AddASN1Int64(int64(*bc.PathLen))
				}
			})
		})
	}
	if skip := p.RequireExplicitPolicy; skip != nil {
		add(b, extPolicyConstraints, true, func(b *cryptobyte.Builder) {
			b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64WithTag(int64(*skip), cb.Tag(0).ContextSpecific())
			})
		})
	}
	if len(p.ExtKeyUsage) > 0 {
		add(b, extExtKeyUsage, true, func(b *cryptobyte.Builder) {
			b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, oid := range p.ExtKeyUsage {
					b.AddASN1ObjectIdentifier(oid)
				}
			})
		})
	}
	if p.OCSPNoCheck {
		add(b, extOCSPNoCheck, false, (*cryptobyte.Builder).AddASN1NULL)
	}
}

// addServices writes where to ask about the certificate.
func (p Profile) addServices(b *cryptobyte.Builder, r Request) {
	addURI := func(b *cryptobyte.Builder, uri string) {
		b.AddASN1(generalURI, func(b *cryptobyte.Builder) { b.AddBytes([]byte(uri)) })
	}
	if p.CRL {
		wrapper := cb.Tag(0).Constructed().ContextSpecific() // distributionPoint, then fullName
		add(b, extCRL, false, func(b *cryptobyte.Builder) {
			b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(wrapper, func(b *cryptobyte.Builder) {
						b.AddASN1(wrapper, func(b *cryptobyte.Builder) { addURI(b, r.CRLURL) })
					})
				})
			})
		})
	}
	ca := p.CAIssuers && r.CAURL != ""
	if !p.OCSP && !ca {
		return
	}
	access := func(b *cryptobyte.Builder, method []byte, uri string) {
		b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(method)
			addURI(b, uri)
		})
	}
	add(b, extInfoAccess, false, func(b *cryptobyte.Builder) {
		b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
			if p.OCSP {
				access(b, accessOCSP, r.OCSPURL)
			}
			if ca {
				access(b, accessCAIssuers, r.CAURL)
			}
		})
	})
}

// bmpString is the tag that cryptobyte has no name for.
const bmpString = cb.Tag(30)

// bmp writes a text as UCS-2, big-endian. What lies outside the Basic
// Multilingual Plane can't be written.
func bmp(s string) ([]byte, error) {
	out := make([]byte, 0, 2*len(s))
	for _, r := range s {
		if r > 0xffff || r == '\ufffd' || r < ' ' {
			return nil, errors.New("a notice has printable characters of the Basic Multilingual Plane only")
		}
		out = append(out, byte(r>>8), byte(r))
	}
	return out, nil
}
