package responder

import (
	"encoding/base64"
	"strings"
)

// decodePath reads an OCSP request from what follows /ocsp/ in a path that was
// percent-decoded already. Clients differ: some leave /, + and = as they are,
// some use the URL-safe alphabet, some drop the padding, and some servers on
// the way turn + into a blank.
func decodePath(text string) ([]byte, bool) {
	text = strings.NewReplacer(" ", "+", "-", "+", "_", "/").Replace(text)
	text = strings.TrimRight(text, "=")
	if text == "" || strings.ContainsAny(text, "\r\n") { // which base64 would skip
		return nil, false
	}
	der, err := base64.RawStdEncoding.DecodeString(text)
	return der, err == nil
}
