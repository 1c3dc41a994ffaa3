package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/fault"
)

// FuzzBodies gives anything to each body that the API takes: no panic, and a
// refusal that the customer can read and that repeats nothing.
func FuzzBodies(f *testing.F) {
	for _, b := range bodies {
		f.Add(b.example)
	}
	f.Add(`{"terms":[{}]}`)
	f.Add(`{"terms":null}`)
	f.Add(`{"name":"x","response":{"a":{"a":[{}],"A":1},"b":[[]]}}`)
	f.Add(`{"response":null,"RESPONSE":{}}`)
	f.Add(`{"csr":"AA==","csr":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		for name, b := range bodies {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(text))
			r.Header.Set("Content-Type", "application/json")
			err := take(r, 0, b.make())
			if err == nil {
				continue
			}
			refusal := fault.Of(err)
			if refusal.Fault == fault.Unexpected {
				t.Errorf("%s: no fault for it: %v", name, err)
			}
			for _, value := range refusal.Params {
				if len(value) > 64 {
					t.Errorf("%s: repeats %d bytes of the body", name, len(value))
				}
			}
		}
	})
}
