package profile_test

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

func TestNotAfter(t *testing.T) {
	t.Parallel()
	year, month := profile.Period{Years: 1}, profile.Period{Months: 1}
	for _, tt := range []struct {
		period           profile.Period
		notBefore, after string
	}{
		{year, "2026-11-22T05:06:07Z", "2027-11-22T14:59:59Z"},
		{year, "2026-11-22T14:59:59Z", "2027-11-22T14:59:59Z"}, // the last second of the day in Seoul
		{year, "2026-11-22T15:00:00Z", "2027-11-23T14:59:59Z"}, // where the next one has begun
		{year, "2028-02-28T15:00:00Z", "2029-02-28T14:59:59Z"}, // 29 February in Seoul
		{year, "2027-02-28T03:00:00Z", "2028-02-28T14:59:59Z"},
		{profile.Period{Years: 4}, "2028-02-29T03:00:00Z", "2032-02-29T14:59:59Z"},
		{year, "2026-12-31T15:00:00Z", "2028-01-01T14:59:59Z"}, // new year's day in Seoul
		{month, "2027-01-31T00:00:00Z", "2027-02-28T14:59:59Z"},
		{month, "2028-01-31T00:00:00Z", "2028-02-29T14:59:59Z"},
		{month, "2027-03-31T00:00:00Z", "2027-04-30T14:59:59Z"},
		{month, "2026-12-31T00:00:00Z", "2027-01-31T14:59:59Z"},
		{month, "2020-02-24T15:00:00Z", "2020-03-25T14:59:59Z"}, // as in the field's test certificate
		{profile.Period{Months: 1, Days: 1}, "2027-01-31T00:00:00Z", "2027-03-01T14:59:59Z"},
		{profile.Period{Days: 365}, "2027-03-01T00:00:00Z", "2028-02-29T14:59:59Z"},
		{profile.Period{Years: 20}, "2030-01-01T00:00:00Z", "2050-01-01T14:59:59Z"},
	} {
		at, err := time.Parse(time.RFC3339, tt.notBefore)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.period.NotAfter(at).Format(time.RFC3339); got != tt.after {
			t.Errorf("%v from %s ends %s, want %s", tt.period, tt.notBefore, got, tt.after)
		}
	}
}

func TestPeriodText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"P1Y", "P6M", "P30D", "P1Y2M3D", "P50Y"} {
		p, err := profile.ParsePeriod(text)
		if err != nil || p.String() != text {
			t.Errorf("%s becomes %v, %v", text, p, err)
		}
	}
	for _, text := range []string{"", "P", "1Y", "P1", "P-1Y", "P0D", "P51Y", "P1D1Y", "P1Y ", "P99999D", "P1W", "P50Y600M"} {
		if p, err := profile.ParsePeriod(text); !errors.Is(err, profile.ErrPeriod) {
			t.Errorf("%q is read as %v, %v", text, p, err)
		}
	}
}

// tags reads the tags and texts of the validity, apart from the code under test.
func tags(t *testing.T, tbs []byte) []asn1.RawValue {
	t.Helper()
	var c struct {
		Version   int `asn1:"explicit,tag:0"`
		Serial    *big.Int
		Algorithm asn1.RawValue
		Issuer    asn1.RawValue
		Validity  []asn1.RawValue
		Subject   asn1.RawValue
		Key       asn1.RawValue
		Rest      asn1.RawValue `asn1:"optional,explicit,tag:3"`
	}
	if rest, err := asn1.Unmarshal(tbs, &c); err != nil || len(rest) > 0 {
		t.Fatal(err, rest)
	}
	return c.Validity
}

func TestTimesAround2050(t *testing.T) {
	t.Parallel()
	p, _ := profile.Set(profile.DefaultArc).Named(profile.Root)
	r := requestFor(t, p, nil, keys()[0], 1)
	for _, tt := range []struct {
		from, to string
		fromTag  int
		toTag    int
	}{
		{"2026-11-22T05:06:07Z", "2049-12-31T23:59:59Z", asn1.TagUTCTime, asn1.TagUTCTime},
		{"2026-11-22T05:06:07Z", "2050-01-01T00:00:00Z", asn1.TagUTCTime, asn1.TagGeneralizedTime},
		{"2050-01-01T00:00:00Z", "2051-01-01T00:00:00Z", asn1.TagGeneralizedTime, asn1.TagGeneralizedTime},
	} {
		r.NotBefore, _ = time.Parse(time.RFC3339, tt.from)
		r.NotAfter, _ = time.Parse(time.RFC3339, tt.to)
		tbs, err := p.Prepare(r)
		if err != nil {
			t.Fatal(err)
		}
		got := tags(t, tbs)
		if got[0].Tag != tt.fromTag || got[1].Tag != tt.toTag {
			t.Errorf("%s to %s has the tags %d and %d", tt.from, tt.to, got[0].Tag, got[1].Tag)
		}
		cert := sign(t, tbs, keys()[0])
		if !cert.NotBefore.Equal(r.NotBefore) || !cert.NotAfter.Equal(r.NotAfter) {
			t.Errorf("read back as %v to %v", cert.NotBefore, cert.NotAfter)
		}
	}
}

// Every profile's certificate, as crypto/x509 reads it.
func TestProfilesReadByGo(t *testing.T) {
	t.Parallel()
	set := profile.Set(profile.DefaultArc)
	made := chain(t, set)
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	usage := map[string]x509.KeyUsage{
		profile.CA: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, profile.KM: x509.KeyUsageKeyEncipherment,
		profile.OCSP: signs, "personal-bank": signs, "personal-general": signs, "corporate-bank": signs, "corporate-general": signs,
	}
	const aki, ski, ku, cp, san = "2.5.29.35 ", "2.5.29.14 ", "2.5.29.15! ", "2.5.29.32! ", "2.5.29.17 "
	const crl, aia = "2.5.29.31 ", "1.3.6.1.5.5.7.1.1 "
	subscriber := aki + ski + ku + cp + san + crl + aia
	extensions := map[string]string{
		profile.Root: ski + "2.5.29.19! ",
		profile.CA:   aki + ski + ku + cp + san + "2.5.29.19! 2.5.29.36! " + crl + aia,
		profile.OCSP: aki + ski + ku + cp + san + "2.5.29.37! 1.3.6.1.5.5.7.48.1.5 " + crl + aia,
		profile.KM:   subscriber, "personal-bank": subscriber, "personal-general": subscriber,
		"corporate-bank": subscriber, "corporate-general": subscriber,
	}
	for _, p := range set {
		cert := made[p.Name]
		var got strings.Builder
		for _, e := range cert.Extensions {
			got.WriteString(e.Id.String() + map[bool]string{true: "! ", false: " "}[e.Critical])
		}
		if diff := cmp.Diff(extensions[p.Name], got.String()); diff != "" {
			t.Errorf("%s: extensions: %s", p.Name, diff)
		}
		if cert.KeyUsage != usage[p.Name] {
			t.Errorf("%s: key usage %b", p.Name, cert.KeyUsage)
		}
		if cert.Version != 3 || cert.SignatureAlgorithm != x509.SHA256WithRSA {
			t.Errorf("%s: version %d, %v", p.Name, cert.Version, cert.SignatureAlgorithm)
		}
		if got := cert.NotAfter.Format(time.TimeOnly); got != "14:59:59" {
			t.Errorf("%s: ends %s", p.Name, got)
		}
		if want := p.PolicyOID.String(); len(p.PolicyOID) > 0 && (len(cert.Policies) != 1 || cert.Policies[0].String() != want) {
			t.Errorf("%s: policies %v, want %s", p.Name, cert.Policies, want)
		}
	}
	ca, leaf := made[profile.CA], made["personal-bank"]
	if !ca.IsCA || !ca.MaxPathLenZero || ca.RequireExplicitPolicy != 0 || !ca.RequireExplicitPolicyZero {
		t.Error("the CA is not constrained as it should be")
	}
	if made[profile.OCSP].ExtKeyUsage[0] != x509.ExtKeyUsageOCSPSigning {
		t.Error("the OCSP signer may not sign OCSP")
	}
	if err := leaf.CheckSignatureFrom(ca); err != nil {
		t.Error(err)
	}
	if err := ca.CheckSignatureFrom(made[profile.Root]); err != nil {
		t.Error(err)
	}
	identity, err := npki.IdentifyDataOf(leaf)
	if err != nil || identity.RealName != "홍길동" || !identity.VIDs[0].Matches("1234561234567", bytes.Repeat([]byte{7}, npki.RSize)) {
		t.Errorf("identity %+v, %v", identity, err)
	}
	if len(leaf.OCSPServer) != 1 || len(leaf.IssuingCertificateURL) != 1 || len(leaf.CRLDistributionPoints) != 1 {
		t.Error("an address is missing")
	}
}

func TestPrepareIsDeterministic(t *testing.T) {
	t.Parallel()
	p, _ := profile.Set(profile.DefaultArc).OfKind(npki.PersonalBank)
	r := requestFor(t, p, profile.IssuerOf(chain(t, profile.Set(profile.DefaultArc)[:2])[profile.CA]), keys()[2], 1)
	one, err1 := p.Prepare(r)
	two, err2 := p.Prepare(r)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Error("the same request gives different bytes", err1, err2)
	}
}

func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	set := profile.Set(profile.DefaultArc)
	issuer := profile.IssuerOf(chain(t, set[:2])[profile.CA])
	small, err := asn1.Marshal(struct {
		Algorithm struct {
			OID  asn1.ObjectIdentifier
			Null asn1.RawValue
		}
		Key asn1.BitString
	}{struct {
		OID  asn1.ObjectIdentifier
		Null asn1.RawValue
	}{npki.OIDRSAEncryption, asn1.NullRawValue}, asn1.BitString{Bytes: mustMarshal(t, struct {
		N *big.Int
		E int
	}{new(big.Int).SetBit(big.NewInt(1), 1023, 1), 65537}), BitLength: 8 * len(mustMarshal(t, struct {
		N *big.Int
		E int
	}{new(big.Int).SetBit(big.NewInt(1), 1023, 1), 65537}))}})
	if err != nil {
		t.Fatal(err)
	}
	for what, tt := range map[string]struct {
		change func(*profile.Profile, *profile.Request)
		want   error
	}{
		"no serial":       {func(_ *profile.Profile, r *profile.Request) { r.Serial = nil }, profile.ErrRequest},
		"serial zero":     {func(_ *profile.Profile, r *profile.Request) { r.Serial = new(big.Int) }, profile.ErrRequest},
		"serial negative": {func(_ *profile.Profile, r *profile.Request) { r.Serial = big.NewInt(-5) }, profile.ErrRequest},
		"serial of 21 octets": {func(_ *profile.Profile, r *profile.Request) {
			r.Serial = new(big.Int).SetBit(new(big.Int), 159, 1)
		}, profile.ErrRequest},
		"no issuer":        {func(_ *profile.Profile, r *profile.Request) { r.Issuer = nil }, profile.ErrRequest},
		"half an issuer":   {func(_ *profile.Profile, r *profile.Request) { r.Issuer = &profile.Issuer{} }, profile.ErrRequest},
		"no subject":       {func(_ *profile.Profile, r *profile.Request) { r.Subject = nil }, profile.ErrRequest},
		"no real name":     {func(_ *profile.Profile, r *profile.Request) { r.RealName = "" }, profile.ErrRequest},
		"no VID":           {func(_ *profile.Profile, r *profile.Request) { r.VID = nil }, profile.ErrRequest},
		"VID without room": {func(p *profile.Profile, _ *profile.Request) { p.Identity = profile.NameIdentity }, profile.ErrRequest},
		"no key":           {func(_ *profile.Profile, r *profile.Request) { r.PublicKey = nil }, profile.ErrRequest},
		"small key":        {func(_ *profile.Profile, r *profile.Request) { r.PublicKey = small }, profile.ErrRequest},
		"key below the profile's size": {func(p *profile.Profile, _ *profile.Request) {
			p.MinKeyBits, p.KeyBits = 3072, 3072
		}, profile.ErrRequest},
		"something after the key": {func(_ *profile.Profile, r *profile.Request) {
			r.PublicKey = append(bytes.Clone(r.PublicKey), 5, 0)
		}, profile.ErrRequest},
		"no CRL":           {func(_ *profile.Profile, r *profile.Request) { r.CRLURL = "" }, profile.ErrRequest},
		"no OCSP":          {func(_ *profile.Profile, r *profile.Request) { r.OCSPURL = "" }, profile.ErrRequest},
		"URL with Hangul":  {func(_ *profile.Profile, r *profile.Request) { r.CRLURL = "http://은행.example/" }, profile.ErrRequest},
		"URL with a user":  {func(_ *profile.Profile, r *profile.Request) { r.CAURL = "http://a:b@host/" }, profile.ErrRequest},
		"URL to a file":    {func(_ *profile.Profile, r *profile.Request) { r.CAURL = "file:///etc/passwd" }, profile.ErrRequest},
		"ends before":      {func(_ *profile.Profile, r *profile.Request) { r.NotAfter = r.NotBefore.Add(-time.Second) }, profile.ErrRequest},
		"year 10000":       {func(_ *profile.Profile, r *profile.Request) { r.NotAfter = r.NotBefore.AddDate(8000, 0, 0) }, profile.ErrRequest},
		"outlives":         {func(_ *profile.Profile, r *profile.Request) { r.NotAfter = r.NotBefore.AddDate(11, 0, 0) }, profile.ErrOutlives},
		"notice in emojis": {func(p *profile.Profile, _ *profile.Request) { p.NoticeText = "😀" }, profile.ErrProfile},
	} {
		p, _ := set.OfKind(npki.PersonalBank)
		r := requestFor(t, p, issuer, keys()[2], 1)
		if _, err := p.Prepare(r); err != nil {
			t.Fatal(err)
		}
		tt.change(&p, &r)
		if _, err := p.Prepare(r); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", what, err, tt.want)
		}
	}
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	der, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestAssembleRefuses(t *testing.T) {
	t.Parallel()
	p, _ := profile.Set(profile.DefaultArc).Named(profile.Root)
	tbs, err := p.Prepare(requestFor(t, p, nil, keys()[0], 1))
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Replace(tbs, []byte{1, 1, 0x0b, 5, 0}, []byte{1, 1, 0x0c, 5, 0}, 1) // SHA-384
	for what, tt := range map[string]struct{ tbs, signature []byte }{
		"no signature":   {tbs, nil},
		"nothing":        {nil, []byte{1}},
		"something more": {append(bytes.Clone(tbs), 0), []byte{1}},
		"another hash":   {other, []byte{1}},
		"cut":            {tbs[:40], []byte{1}},
	} {
		if _, err := profile.Assemble(tt.tbs, tt.signature); !errors.Is(err, profile.ErrTBS) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	arc := asn1.ObjectIdentifier{1, 2, 410, 200099, 9}
	set := profile.Set(arc)
	seen := map[string]bool{}
	for _, p := range set {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
		own := len(p.PolicyOID) > len(arc) && p.PolicyOID[:len(arc)].Equal(arc)
		if p.Name != profile.Root && p.Name != profile.CA && !own {
			t.Errorf("%s has the policy %v", p.Name, p.PolicyOID)
		}
		if seen[p.PolicyOID.String()] {
			t.Errorf("%s shares its policy", p.Name)
		}
		seen[p.PolicyOID.String()] = true
	}
	if n := len(set.Kinds()); n != 4 {
		t.Errorf("%d kinds", n)
	}
	if _, ok := set.OfKind(""); ok {
		t.Error("no kind finds a profile")
	}
}

func TestKeyID(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"yessign-test/signCert.der", "ca/KISA-RootCA-4.der"} {
		cert := fixture(t, file)
		id, err := profile.KeyID(cert.RawSubjectPublicKeyInfo)
		if err != nil || !bytes.Equal(id, cert.SubjectKeyId) {
			t.Errorf("%s: %x, %v", file, id, err)
		}
	}
}

func BenchmarkPrepare(b *testing.B) {
	set := profile.Set(profile.DefaultArc)
	p, _ := set.OfKind(npki.PersonalBank)
	r := requestFor(b, p, profile.IssuerOf(chain(b, set[:2])[profile.CA]), keys()[2], 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Prepare(r); err != nil {
			b.Fatal(err)
		}
	}
}
