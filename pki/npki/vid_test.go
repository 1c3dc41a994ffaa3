package npki

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The check value of the field (KCAC.TS.SIVID).
const (
	checkIDN = "1234561234567"
	checkR   = "79EA7568A2D3776604E18BCD3A1B1B85B7DA0872"
	checkVID = "17692c8dd00ead33791de0a64a937c60799634c64ac56fa57570c0e05252ab35"
)

func TestVIDCheckValue(t *testing.T) {
	t.Parallel()
	v, err := NewVID(crypto.SHA256, checkIDN, unhex(t, checkR))
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(v.Value); got != checkVID {
		t.Errorf("VID = %s, want %s", got, checkVID)
	}
	// The same by hand, from the bytes of HashContent.
	content := append([]byte{0x30, 0x26, 0x13, 13}, checkIDN...)
	content = append(content, append([]byte{0x03, 21, 0}, unhex(t, checkR)...)...)
	inner := sha256.Sum256(content)
	if got, want := hex.EncodeToString(inner[:]), "cdff7f7c20b3219bc8ce65fe461cf826912718bf0f604cbb6e8216eac9564c30"; got != want {
		t.Errorf("inner hash = %s, want %s", got, want)
	}
	if outer := sha256.Sum256(inner[:]); !bytes.Equal(outer[:], v.Value) {
		t.Errorf("outer hash = %x, want %x", outer, v.Value)
	}
}

func TestVIDMatches(t *testing.T) {
	t.Parallel()
	for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		r := sharedR()
		v, err := NewVID(hash, checkIDN, r)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Value) != hash.Size() || !v.Matches(checkIDN, r) || !v.Equal(v) {
			t.Errorf("%v: does not match its own person", hash)
		}
		other := bytes.Clone(r)
		other[0] = 1
		for what, ok := range map[string]bool{
			"another number":          v.Matches("1234561234568", r),
			"another R":               v.Matches(checkIDN, other),
			"no R":                    v.Matches(checkIDN, nil),
			"R without leading zeros": v.Matches(checkIDN, r[2:]),
			"no number":               v.Matches("", r),
			"no hash":                 VID{Value: v.Value}.Matches(checkIDN, r),
			"no value":                VID{Hash: hash}.Matches(checkIDN, r),
		} {
			if ok {
				t.Errorf("%v: %s matches", hash, what)
			}
		}
	}
}

func TestNewVIDRefuses(t *testing.T) {
	t.Parallel()
	r := sharedR()
	for _, c := range []struct {
		what string
		hash crypto.Hash
		idn  string
		r    R
		want error
	}{
		{"empty number", crypto.SHA256, "", r, ErrIDN},
		{"hyphen", crypto.SHA256, "123456-1234567", r, ErrIDN},
		{"letters", crypto.SHA256, "M12345678", r, ErrIDN},
		{"long number", crypto.SHA256, strings.Repeat("1", 33), r, ErrIDN},
		{"short R", crypto.SHA256, checkIDN, r[1:], ErrR},
		{"no R", crypto.SHA256, checkIDN, nil, ErrR},
		{"MD5", crypto.MD5, checkIDN, r, ErrHash},
		{"no hash", 0, checkIDN, r, ErrHash},
	} {
		if _, err := NewVID(c.hash, c.idn, c.r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

func TestRAndKeysNeverPrint(t *testing.T) {
	t.Parallel()
	r := R("the secret twenty by")
	k := &PrivateKey{Signer: sharedKey(), R: r}
	d := sharedKey().D.String()
	type holder struct {
		R   R
		Key *PrivateKey
	}
	var out strings.Builder
	for _, v := range []any{r, k, holder{r, k}, &holder{r, k}, []R{r}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(j)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	}
	low := strings.ToLower(out.String())
	for _, secret := range []string{string(r), hex.EncodeToString(r), "116 104 101 32", "dghlihnly3jld", d, sharedKey().D.Text(16)} {
		if strings.Contains(low, secret) {
			t.Errorf("a secret is printed")
		}
	}
	if !strings.Contains(low, "redacted") {
		t.Error("nothing was printed at all")
	}
}

func TestNewR(t *testing.T) {
	t.Parallel()
	r, err := NewR(strings.NewReader("0123456789012345678901"))
	if err != nil || string(r) != "01234567890123456789" {
		t.Errorf("NewR = %x, %v", []byte(r), err)
	}
	if _, err := NewR(strings.NewReader("too short")); err == nil {
		t.Error("NewR without enough randomness succeeds")
	}
}

func TestIdentifyDataOfTheField(t *testing.T) {
	t.Parallel()
	cert := fixtureCert(t, "yessign-test/signCert.der")
	d, err := IdentifyDataOf(cert)
	if err != nil {
		t.Fatal(err)
	}
	want := IdentifyData{RealName: "HKD", VIDs: []VID{{
		Hash: crypto.SHA256, Value: unhex(t, "8ad4f673412f825da4d1fb4d4216946bbc7f8194a0af01f86622ee23c7ee0de7"),
	}}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	san, err := d.SubjectAltName()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(san, extension(cert)) {
		t.Errorf("SubjectAltName = %x\nwant             %x", san, extension(cert))
	}
	if d.VIDs[0].Matches(checkIDN, unhex(t, checkR)) {
		t.Error("a stranger's number and R match")
	}
}

func extension(c *x509.Certificate) []byte {
	for _, e := range c.Extensions {
		if e.Id.Equal(OIDSubjectAltName) {
			return e.Value
		}
	}
	return nil
}

func TestIdentifyDataOfCAsIsTheNameAlone(t *testing.T) {
	t.Parallel()
	for _, file := range fieldCertificates(t)[1:] {
		cert := fixtureCert(t, file)
		d, err := IdentifyDataOf(cert)
		if extension(cert) == nil {
			if !errors.Is(err, ErrNoIdentifyData) {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if d.RealName == "" || len(d.VIDs) != 0 || len(d.Other) != 0 {
			t.Errorf("%s: %+v", file, d)
		}
		if san, err := d.SubjectAltName(); err != nil || !bytes.Equal(san, extension(cert)) {
			t.Errorf("%s: SubjectAltName = %x, %v", file, san, err)
		}
	}
}

func TestIdentifyDataKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	// HAS-160, whose values can't be computed here, and a foreign type.
	has160 := unhex(t, "3030060a2a831a8c9a440a0101013022300a06082a831a8c9a440102a0140412"+strings.Repeat("00", 18))
	foreign := unhex(t, "3005060355040a")[:7]
	foreign[1] = 5
	d := IdentifyData{RealName: "홍길동", Other: [][]byte{has160, foreign}}
	v, err := NewVID(crypto.SHA256, checkIDN, sharedR())
	if err != nil {
		t.Fatal(err)
	}
	d.VIDs = []VID{v}
	der, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseIdentifyData(der)
	if err != nil {
		t.Fatalf("%v: %x", err, der)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Error(diff)
	}
}

func TestIdentifyDataRefuses(t *testing.T) {
	t.Parallel()
	good, err := IdentifyData{RealName: "a"}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for what, der := range map[string][]byte{
		"nothing":          {},
		"no name":          {0x30, 0},
		"empty name":       {0x30, 2, 0x0c, 0},
		"printable name":   {0x30, 3, 0x13, 1, 'a'},
		"broken UTF-8":     {0x30, 3, 0x0c, 1, 0xff},
		"trailing bytes":   append(bytes.Clone(good), 0),
		"trailing inside":  {0x30, 5, 0x0c, 1, 'a', 5, 0},
		"broken user info": {0x30, 7, 0x0c, 1, 'a', 0x30, 2, 0x30, 0},
		"oversize":         make([]byte, MaxIdentifyDataSize+1),
	} {
		if d, err := ParseIdentifyData(der); !errors.Is(err, ErrIdentifyData) {
			t.Errorf("%s: %+v, %v", what, d, err)
		}
	}
	for what, d := range map[string]IdentifyData{
		"no name":     {},
		"bad name":    {RealName: "\xff"},
		"bad hash":    {RealName: "a", VIDs: []VID{{Hash: crypto.MD5, Value: make([]byte, 16)}}},
		"short VID":   {RealName: "a", VIDs: []VID{{Hash: crypto.SHA256, Value: make([]byte, 31)}}},
		"a long list": {RealName: "a", VIDs: make([]VID, maxUserInfo+1)},
	} {
		if der, err := d.Marshal(); err == nil {
			t.Errorf("%s: Marshal = %x", what, der)
		}
	}
}

func TestSubjectAltNameWithOthers(t *testing.T) {
	t.Parallel()
	san, err := IdentifyData{RealName: "a"}.SubjectAltName()
	if err != nil {
		t.Fatal(err)
	}
	mail := []byte{0x81, 1, 'm'}
	otherName := []byte{0xa0, 9, 6, 3, 0x55, 4, 3, 0xa0, 2, 5, 0}
	join := func(parts ...[]byte) []byte {
		b := bytes.Join(parts, nil)
		return append([]byte{0x30, byte(len(b))}, b...)
	}
	if d, err := ParseSubjectAltName(join(mail, otherName, san[2:], mail)); err != nil || d.RealName != "a" {
		t.Errorf("among others: %+v, %v", d, err)
	}
	if _, err := ParseSubjectAltName(join(mail, otherName)); !errors.Is(err, ErrNoIdentifyData) {
		t.Errorf("without: %v", err)
	}
	if _, err := ParseSubjectAltName(join(san[2:], san[2:])); !errors.Is(err, ErrIdentifyData) {
		t.Errorf("two of them: %v", err)
	}
}
