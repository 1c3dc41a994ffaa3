package pfx

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/ingam-pki/ingam/pki/npki"
)

// fuzzIterations is what a file may cost here.
const fuzzIterations = 5000

// committed are PFX that Go and OpenSSL wrote, with their password: no keys
// need be made for them, which takes long under instrumentation.
func committed(f *testing.F) (files [][]byte, password string) {
	f.Helper()
	b, err := os.ReadFile("../../sdk/vectors/testdata/pfx.json")
	if err != nil {
		f.Fatal(err)
	}
	var vectors struct {
		Open []struct{ Password, File string }
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		f.Fatal(err)
	}
	for _, v := range vectors.Open {
		file, err := hex.DecodeString(v.File)
		if err != nil {
			f.Fatal(err)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		f.Fatal("there are no vectors")
	}
	return files, vectors.Open[0].Password
}

// FuzzDecode: no file does more than be refused, and none costs more than it
// may.
func FuzzDecode(f *testing.F) {
	files, password := committed(f)
	for _, file := range files {
		f.Add(file, password)
		f.Add(indefinite(file), password)
	}
	f.Add(files[1], "wrong")
	f.Add([]byte{0x30, 0x80, 0, 0}, "")
	f.Fuzz(func(t *testing.T, file []byte, password string) {
		ids, err := decode(file, []byte(password), fuzzIterations)
		if (err == nil) != (len(ids) > 0) {
			t.Fatalf("%d identities and %v", len(ids), err)
		}
		for _, id := range ids {
			again, err := decode(encode(t, id, password, Options{Compatible: true}), []byte(password), fuzzIterations)
			if err != nil || len(again) != 1 || !bytes.Equal(again[0].Key.R, id.Key.R) {
				t.Fatalf("what was read is not written: %v", err)
			}
		}
	})
}

// FuzzContent looks behind the MAC, where chance doesn't get.
func FuzzContent(f *testing.F) {
	files, password := committed(f)
	for _, file := range files {
		der, err := toDER(file)
		if err != nil {
			f.Fatal(err)
		}
		content, _, err := readPFX(der)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
		f.Add(indefinite(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		o := &opener{password: []byte(password), bmp: bmp([]byte(password)), left: fuzzIterations}
		found, err := o.authenticatedSafe(content)
		if o.left < 0 || len(found.keys)+len(found.certs) > maxBags {
			t.Fatalf("%d iterations left, %d bags", o.left, o.bags)
		}
		if err != nil {
			return
		}
		ids, err := found.identities()
		if (err == nil) != (len(ids) > 0) {
			t.Fatalf("%d identities and %v", len(ids), err)
		}
		for _, id := range ids {
			if id.Key == nil || len(id.Key.R) != 0 && len(id.Key.R) != npki.RSize || len(id.Certificate) == 0 {
				t.Fatal("half an identity")
			}
		}
	})
}
