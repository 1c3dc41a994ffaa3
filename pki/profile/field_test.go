package profile_test

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// The measure of "extension for extension": fed with what stands in a real
// certificate, our profiles make its to-be-signed bytes again, bit for bit.

func parseName(t *testing.T, raw []byte) npki.Name {
	t.Helper()
	n, err := npki.ParseName(raw)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sameBytes compares with a dump that shows where.
func sameBytes(t *testing.T, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Error(cmp.Diff(hex.Dump(want), hex.Dump(got)))
	}
}

func TestSubscriberOfTheField(t *testing.T) {
	t.Parallel()
	real := fixture(t, "yessign-test/signCert.der")
	p, _ := profile.Set(asn1.ObjectIdentifier{1, 2, 410, 200005, 1}).OfKind(npki.PersonalBank)
	p.Validity, p.RenewalDays = profile.Period{Months: 1}, 7 // a test certificate
	p.CPSURI = "http://snoopy.yessign.or.kr/cps.htm"
	p.NoticeText = noticeIn(t, real)
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	identity, err := npki.IdentifyDataOf(real)
	if err != nil {
		t.Fatal(err)
	}
	root := npki.Name{
		{Type: npki.OIDCountry, Value: "KR"},
		{Type: npki.OIDOrganization, Value: "KISA"},
		{Type: npki.OIDOrganizationalUnit, Value: "Korea Certification Authority Central"},
		{Type: npki.OIDCommonName, Value: "Kisa Test RootCA 7"},
	}
	rootName, err := root.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	tbs, err := p.Prepare(profile.Request{
		Serial: real.SerialNumber,
		Issuer: &profile.Issuer{RawSubject: real.RawIssuer, KeyID: real.AuthorityKeyId,
			IssuerName: rootName, IssuerSerial: big.NewInt(2)},
		Subject: parseName(t, real.RawSubject), PublicKey: real.RawSubjectPublicKeyInfo,
		RealName: identity.RealName, VID: &identity.VIDs[0], NotBefore: real.NotBefore,
		CRLURL: real.CRLDistributionPoints[0], OCSPURL: real.OCSPServer[0],
	})
	if err != nil {
		t.Fatal(err)
	}
	sameBytes(t, tbs, real.RawTBSCertificate)
	der, err := profile.Assemble(tbs, real.Signature)
	if err != nil {
		t.Fatal(err)
	}
	sameBytes(t, der, real.Raw)
}

func TestAuthoritiesOfTheField(t *testing.T) {
	t.Parallel()
	root := fixture(t, "ca/KISA-RootCA-4.der")
	p, _ := profile.Set(profile.DefaultArc).Named(profile.Root)
	tbs, err := p.Prepare(profile.Request{
		Serial: root.SerialNumber, Subject: parseName(t, root.RawSubject),
		PublicKey: root.RawSubjectPublicKeyInfo, NotBefore: root.NotBefore, NotAfter: root.NotAfter,
	})
	if err != nil {
		t.Fatal(err)
	}
	sameBytes(t, tbs, root.RawTBSCertificate)

	for _, file := range []string{"CrossCertCA4", "SignKorea-CA4", "TradeSignCA4", "signGATE-CA6", "yessignCA-Class3"} {
		t.Run(file, func(t *testing.T) {
			real := fixture(t, "ca/"+file+".der")
			p, _ := profile.Set(profile.DefaultArc).Named(profile.CA)
			p.CPSURI, p.NoticeText = "http://www.rootca.or.kr/rca/cps.html", noticeIn(t, real)
			identity, err := npki.IdentifyDataOf(real)
			if err != nil {
				t.Fatal(err)
			}
			tbs, err := p.Prepare(profile.Request{
				Serial: real.SerialNumber, Issuer: profile.IssuerOf(root),
				Subject: parseName(t, real.RawSubject), PublicKey: real.RawSubjectPublicKeyInfo,
				RealName: identity.RealName, NotBefore: real.NotBefore, NotAfter: real.NotAfter,
				CRLURL: real.CRLDistributionPoints[0],
			})
			if err != nil {
				t.Fatal(err)
			}
			sameBytes(t, tbs, real.RawTBSCertificate)
		})
	}
}

// noticeIn reads the explicitText out of a certificate by encoding/asn1, apart
// from the code under test.
func noticeIn(t *testing.T, cert *x509.Certificate) string {
	t.Helper()
	for _, e := range cert.Extensions {
		if e.Id.String() != "2.5.29.32" {
			continue
		}
		var policies []struct {
			OID        asn1.ObjectIdentifier
			Qualifiers []struct {
				ID    asn1.ObjectIdentifier
				Value asn1.RawValue
			}
		}
		if _, err := asn1.Unmarshal(e.Value, &policies); err != nil {
			t.Fatal(err)
		}
		for _, q := range policies[0].Qualifiers {
			if q.ID.String() != "1.3.6.1.5.5.7.2.2" {
				continue
			}
			var text asn1.RawValue
			if _, err := asn1.Unmarshal(q.Value.Bytes, &text); err != nil {
				t.Fatal(err)
			}
			if text.Tag != asn1.TagBMPString {
				t.Fatal(fmt.Errorf("explicitText has tag %d", text.Tag))
			}
			var s string
			if _, err := asn1.Unmarshal(text.FullBytes, &s); err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatal("there is no notice")
	return ""
}
