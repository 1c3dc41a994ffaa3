package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/pki/npki"
)

const (
	maxFolderName = 255 // bytes, of all common file systems
	maxCAName     = 64
	hashLength    = 4 // bytes of the hash that tells altered names apart
)

// folderName makes the name of a certificate's folder from its subject:
// cn=…,ou=…,o=…,c=kr with the values as they are, as the field has it. What
// some file system can't hold, or could be made to climb out of the folder,
// becomes an underscore, and an over-long name is cut; a name changed this
// way ends in a hash of the subject, so that two never meet.
func folderName(rawSubject []byte) (string, error) {
	subject, err := npki.ParseName(rawSubject)
	if err != nil {
		return "", fmt.Errorf("%w: subject: %w", ErrFormat, err)
	}
	if len(subject) == 0 {
		return "", fmt.Errorf("%w: subject is empty", ErrFormat)
	}
	parts := make([]string, len(subject))
	for i, a := range subject {
		keyword, _, _ := strings.Cut(npki.Name{a}.String(), "=")
		parts[len(subject)-1-i] = keyword + "=" + a.Value
	}
	plain := norm.NFC.String(strings.Join(parts, ","))
	name := strings.Map(safeRune, plain)
	if last := name[len(name)-1]; last == '.' || last == ' ' { // Windows drops these
		name = name[:len(name)-1] + "_"
	}
	if name == plain && len(name) <= maxFolderName {
		return name, nil
	}
	sum := sha256.Sum256(rawSubject)
	tail := "~" + hex.EncodeToString(sum[:hashLength])
	return cut(name, maxFolderName-len(tail)) + tail, nil
}

// safeRune replaces what is a separator or forbidden on some file system, and
// what can't be seen or turns the reading direction round.
func safeRune(r rune) rune {
	if strings.ContainsRune(`/\:*?"<>|`, r) || r == utf8.RuneError ||
		unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
		return '_'
	}
	return r
}

// cut shortens s to at most n bytes between two characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// checkCA says whether a CA's name can be a folder's as it is.
func checkCA(ca string) error {
	if ca == "" || len(ca) > maxCAName || !utf8.ValidString(ca) || norm.NFC.String(ca) != ca {
		return ErrCA
	}
	for i, r := range ca {
		ok := unicode.IsLetter(r) || unicode.IsDigit(r) || i > 0 && (r == '-' || r == '_')
		if !ok {
			return ErrCA
		}
	}
	return nil
}
