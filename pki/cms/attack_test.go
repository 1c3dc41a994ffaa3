package cms_test

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"slices"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/internal/pkitest"
)

// parts splits a DER element's content into its elements.
func parts(t testing.TB, element []byte) [][]byte {
	t.Helper()
	s := cryptobyte.String(element)
	var body cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&body, &tag) {
		t.Fatal("not an element")
	}
	var out [][]byte
	for !body.Empty() {
		var e cryptobyte.String
		if !body.ReadAnyASN1Element(&e, &tag) {
			t.Fatal("not an element inside")
		}
		out = append(out, e)
	}
	return out
}

func wrap(tag byte, elements ...[]byte) []byte {
	body := slices.Concat(elements...)
	der, err := asn1.Marshal(asn1.RawValue{Class: int(tag >> 6), IsCompound: tag&0x20 != 0, Tag: int(tag & 0x1f), Bytes: body})
	if err != nil {
		panic(err)
	}
	return der
}

// rebuild takes a message apart into SignedData's parts and the signer's
// parts, lets change work on them, and puts them together.
func rebuild(t testing.TB, message []byte, change func(sd, signer [][]byte) ([][]byte, [][]byte)) []byte {
	t.Helper()
	info := parts(t, message)
	sd := parts(t, parts(t, info[1])[0])
	signer := parts(t, parts(t, sd[len(sd)-1])[0])
	sd, signer = change(sd, signer)
	sd[len(sd)-1] = wrap(0x31, wrap(0x30, signer...))
	return wrap(0x30, info[0], wrap(0xa0, wrap(0x30, sd...)))
}

func verify(message, content []byte) error {
	sd, err := cms.Parse(message)
	if err != nil {
		return err
	}
	_, err = sd.Verify(content)
	return err
}

var attributed = cms.SignOptions{SignedAttributes: true, SigningTime: pkitest.Now}

func TestRebuildIsNeutral(t *testing.T) {
	good := mustSign(t, texts["text"], attributed)
	same := rebuild(t, good, func(sd, signer [][]byte) ([][]byte, [][]byte) { return sd, signer })
	if !bytes.Equal(good, same) {
		t.Fatal("taking apart and putting together changes the message")
	}
}

// A signature over attributes is passed off as one over a text that is those
// attributes.
func TestAttributesAsContent(t *testing.T) {
	var stolen []byte
	forged := rebuild(t, mustSign(t, texts["text"], attributed), func(sd, signer [][]byte) ([][]byte, [][]byte) {
		stolen = append([]byte{0x31}, signer[3][1:]...)
		sd[2] = wrap(0x30, parts(t, sd[2])[0], wrap(0xa0, wrap(0x04, stolen)))
		return sd, slices.Delete(signer, 3, 4)
	})
	if err := verify(forged, nil); !errors.Is(err, cms.ErrAttributes) {
		t.Errorf("attached: %v", err)
	}
	if err := verify(forged, stolen); !errors.Is(err, cms.ErrAttributes) {
		t.Errorf("attached and given: %v", err)
	}
}

func TestMessagesPutTogetherWrong(t *testing.T) {
	w := makeWorld()
	for name, tc := range map[string]struct {
		change func(sd, signer [][]byte) ([][]byte, [][]byte)
		want   error
	}{
		"content swapped": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			sd[2] = wrap(0x30, parts(t, sd[2])[0], wrap(0xa0, wrap(0x04, []byte("another"))))
			return sd, signer
		}, cms.ErrDigest},
		"attribute left out": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			signer[3] = wrap(0xa0, parts(t, signer[3])[1:]...)
			return sd, signer
		}, cms.ErrAttributes},
		"attribute twice": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			all := parts(t, signer[3])
			signer[3] = wrap(0xa0, append(all, all[0])...)
			return sd, signer
		}, cms.ErrAttributes},
		"attribute changed": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			all := parts(t, signer[3])
			i := slices.IndexFunc(all, func(a []byte) bool { return bytes.Contains(a, []byte("260302")) })
			all[i] = bytes.Replace(all[i], []byte("260302"), []byte("260301"), 1)
			signer[3] = wrap(0xa0, all...)
			return sd, signer
		}, cms.ErrSignature},
		"another certificate of the same name and number": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			twin := pkitest.Issue(t, pkitest.Template(0x80_01, "user", true), w.root, w.user.Key)
			sd[3] = wrap(0xa0, twin.Raw)
			return sd, signer
		}, cms.ErrSigningCert},
		"no certificate": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			return slices.Delete(sd, 3, 4), signer
		}, cms.ErrNoCertificate},
		"hash named is not the one signed": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			signer[2] = bytes.Replace(signer[2], []byte{3, 4, 2, 1}, []byte{3, 4, 2, 3}, 1)
			return sd, signer
		}, cms.ErrDigest},
		"SHA-1": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			signer[4] = wrap(0x30, []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5}, []byte{5, 0})
			return sd, signer
		}, cms.ErrUnsupported},
		"sha256WithRSAEncryption is as good": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			signer[4] = wrap(0x30, []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11}, []byte{5, 0})
			return sd, signer
		}, nil},
		"attributes sent out of order": {func(sd, signer [][]byte) ([][]byte, [][]byte) {
			all := parts(t, signer[3])
			slices.Reverse(all)
			signer[3] = wrap(0xa0, all...)
			return sd, signer
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if err := verify(rebuild(t, mustSign(t, texts["text"], attributed), tc.change), nil); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// KOSCOM's form: SignedData alone, version 0, the signer's own subject where
// the issuer belongs. With a ContentInfo around it the same is refused.
func TestBareForm(t *testing.T) {
	w := makeWorld()
	message := rebuild(t, mustSign(t, texts["text"], cms.SignOptions{}), func(sd, signer [][]byte) ([][]byte, [][]byte) {
		sd[0] = []byte{2, 1, 0}
		signer[1] = wrap(0x30, w.user.RawSubject, parts(t, signer[1])[1])
		return sd, signer
	})
	if err := verify(message, nil); !errors.Is(err, cms.ErrNoCertificate) {
		t.Errorf("with ContentInfo: %v", err)
	}
	bare := parts(t, parts(t, message)[1])[0]
	if err := verify(bare, nil); err != nil {
		t.Errorf("bare: %v", err)
	}
}

func TestNoSigner(t *testing.T) {
	message := mustSign(t, texts["text"], cms.SignOptions{})
	info := parts(t, message)
	sd := parts(t, parts(t, info[1])[0])
	sd[len(sd)-1] = wrap(0x31)
	if err := verify(wrap(0x30, info[0], wrap(0xa0, wrap(0x30, sd...))), nil); !errors.Is(err, cms.ErrNoSigner) {
		t.Errorf("got %v", err)
	}
}

func TestLimits(t *testing.T) {
	deep := bytes.Repeat([]byte{0x30, 0x80}, 100)
	if _, err := cms.Parse(append(deep, make([]byte, 200)...)); !errors.Is(err, cms.ErrTooDeep) {
		t.Errorf("deep: %v", err)
	}
	many := bytes.Repeat([]byte{0x05, 0x00}, cms.MaxElements+1)
	if _, err := cms.Parse(append(append([]byte{0x30, 0x80}, many...), 0, 0)); !errors.Is(err, cms.ErrTooMany) {
		t.Errorf("many: %v", err)
	}
	if _, err := cms.Parse(make([]byte, cms.MaxSize+1)); !errors.Is(err, cms.ErrTooLarge) {
		t.Errorf("large: %v", err)
	}
	w := makeWorld()
	certs := make([][]byte, cms.MaxCertificates)
	for i := range certs {
		certs[i] = w.root.Raw
	}
	if _, err := cms.Sign(nil, w.user.Certificate, w.user.Key, cms.SignOptions{Certificates: certs}); !errors.Is(err, cms.ErrTooMany) {
		t.Errorf("certificates: %v", err)
	}
}
