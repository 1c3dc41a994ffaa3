package mail

import (
	"strings"
	"testing"
)

// FuzzReply keeps something of whatever a server says last: short, printable,
// and never an address.
func FuzzReply(f *testing.F) {
	f.Add("2.0.0 Ok: queued as 4XyZ12")
	f.Add("queued for <hong@customer.example>\r\n250 x")
	f.Add(strings.Repeat("x", 1000))
	f.Fuzz(func(t *testing.T, reply string) {
		text := kept(reply)
		if len(text) > maxReply || strings.Contains(text, "@") || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q is kept of %q", text, reply)
		}
	})
}
