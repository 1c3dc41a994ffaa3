package vectors_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pfx"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// typeScriptFile is what from-typescript.mjs writes.
type typeScriptFile struct {
	KeyFiles []struct {
		Name     string `json:"name"`
		Scheme   string `json:"scheme"`
		Password string `json:"password"`
		Key      string `json:"key"`
		WithR    bool   `json:"withR"`
		File     octets `json:"file"`
	} `json:"keyFiles"`
	PFX []struct {
		Name       string        `json:"name"`
		Password   string        `json:"password"`
		Identities []pfxIdentity `json:"identities"`
		File       octets        `json:"file"`
	} `json:"pfx"`
	Zip struct {
		CA          string `json:"ca"`
		Certificate string `json:"certificate"`
		KeyFile     string `json:"keyFile"` // a name in keyFiles
		Zip         octets `json:"zip"`
	} `json:"zip"`
	EncryptedVID struct {
		Key         string `json:"key"`
		Certificate string `json:"certificate"`
		R           octets `json:"r"`
	} `json:"encryptedVid"` // that of the request
	Renewal struct {
		Key       string `json:"key"`
		Challenge string `json:"challenge"`
		Signer    string `json:"signer"`  // a key, and the certificate of that name
		Message   octets `json:"message"` // a request for the key, signed by the signer
	} `json:"renewal"`
}

// request is what the old key has signed.
func (f typeScriptFile) request(t testing.TB) []byte {
	t.Helper()
	content, attached := must(cms.Parse(f.Renewal.Message))(t).Content()
	if !attached {
		t.Fatal("the request is not in the message")
	}
	return content
}

func fromTypeScript(t testing.TB) typeScriptFile {
	t.Helper()
	var f typeScriptFile
	d := json.NewDecoder(bytes.NewReader(must(os.ReadFile("testdata/from-typescript.json"))(t)))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTypeScriptsKeyFiles(t *testing.T) {
	t.Parallel()
	f := fromTypeScript(t)
	if len(f.KeyFiles) == 0 {
		t.Fatal("there are none")
	}
	for _, c := range f.KeyFiles {
		k, e, err := npki.DecryptKey(c.File, []byte(c.Password))
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		want := key(t, c.Key)
		if !c.WithR {
			want.R = nil
		}
		if !k.Signer.Equal(want.Signer) || !bytes.Equal(k.R, want.R) || schemes[e.Scheme] != c.Scheme {
			t.Errorf("%s: another key, R or scheme: %s", c.Name, e.Scheme)
		}
	}
}

func TestTypeScriptsPFX(t *testing.T) {
	t.Parallel()
	f := fromTypeScript(t)
	if len(f.PFX) == 0 {
		t.Fatal("there are none")
	}
	for _, c := range f.PFX {
		got, err := pfx.Decode(c.File, []byte(c.Password))
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		checkIdentities(t, c.Name, got, c.Identities)
	}
}

func TestTypeScriptsZip(t *testing.T) {
	t.Parallel()
	f := fromTypeScript(t)
	entries := list(t, unzip(t, f.Zip.Zip))
	if len(entries) != 1 {
		t.Fatalf("%d entries", len(entries))
	}
	e, c := entries[0], certificate(t, f.Zip.Certificate)
	if e.CA != f.Zip.CA || !bytes.Equal(e.CertDER, c.Raw) || e.DN != must(npki.ParseName(c.RawSubject))(t).String() {
		t.Errorf("found %s of %s", e.DN, e.CA)
	}
	for _, k := range f.KeyFiles {
		if k.Name == f.Zip.KeyFile {
			if !bytes.Equal(e.KeyDER, k.File) {
				t.Error("another key file")
			}
			return
		}
	}
	t.Errorf("there is no key file %q", f.Zip.KeyFile)
}

func TestTypeScriptsEncryptedVID(t *testing.T) {
	t.Parallel()
	f := fromTypeScript(t)
	e := must(npki.ParseEncryptedVID(must(pkcs10.Parse(f.request(t)))(t).EncryptedVID))(t)
	r, err := e.Open(key(t, f.EncryptedVID.Key).Signer)
	if err != nil || !bytes.Equal(r, f.EncryptedVID.R) || !e.IsFor(certificate(t, f.EncryptedVID.Certificate)) {
		t.Error(err)
	}
}

func TestTypeScriptsRequest(t *testing.T) {
	t.Parallel()
	f := fromTypeScript(t)
	r, err := pkcs10.Parse(f.request(t))
	if err != nil {
		t.Fatal(err)
	}
	if r.Challenge != f.Renewal.Challenge || !bytes.Equal(r.RawPublicKey, keyring().Keys[f.Renewal.Key].SPKI) {
		t.Errorf("challenge %q, or another key", r.Challenge)
	}
}

// A renewal is a request inside of a message that the old key signed: attached,
// its certificate alone, no attributes. Since nothing in it is drawn at random,
// it is the message that Go makes of the same parts.
func TestTypeScriptsRenewal(t *testing.T) {
	t.Parallel()
	f := fromTypeScript(t)
	message := f.Renewal.Message
	m := must(cms.Parse(message))(t)
	signers := must(m.Verify(nil))(t)
	old := certificate(t, f.Renewal.Signer)
	if len(signers) != 1 || !signers[0].Certificate.Equal(old) || len(m.Certificates) != 1 {
		t.Fatalf("%d signers, %d certificates, or not the old one's", len(signers), len(m.Certificates))
	}
	if same := must(cms.Sign(f.request(t), old, key(t, f.Renewal.Signer).Signer, cms.SignOptions{}))(t); !bytes.Equal(same, message) {
		t.Error("Go writes it in another way")
	}
	message[len(message)-1] ^= 1
	if _, err := must(cms.Parse(message))(t).Verify(nil); err == nil {
		t.Error("it holds with another signature")
	}
}
