package paper

import (
	"errors"
	"html/template"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// quiet is the margin that a QR code needs, in modules (ISO/IEC 18004 §6.3.8).
const quiet = 4

// maxQR is how many bytes a QR code of ours says: an address. More would make
// its modules too small for a receipt.
const maxQR = 200

// ErrQR refuses what is no text for a QR code: empty, too long, or not ASCII.
var ErrQR = errors.New("paper: a QR code takes 1 to 200 bytes of ASCII")

// encode makes the code of a text, at level M: of the paper's wear a seventh may
// be lost.
func encode(text string) (*qr.Code, error) {
	if text == "" || len(text) > maxQR || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, ErrQR
	}
	return qr.Encode(text, qr.M)
}

// QR draws a QR code as SVG with its quiet zone: one unit is one module. It has
// no style, and is black on white in any look; what it says should stand beside
// it as text, so it is hidden from screen readers.
func QR(text string) (template.HTML, error) {
	code, err := encode(text)
	if err != nil {
		return "", err
	}
	side := strconv.Itoa(code.Size + 2*quiet)
	var path strings.Builder
	runs(code, func(x, y, n int) {
		path.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(n) + "v1h-" + strconv.Itoa(n) + "z")
	})
	return template.HTML(`<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + side + ` ` + side + //nolint:gosec // numbers and letters of ours
		`" shape-rendering="crispEdges" aria-hidden="true" focusable="false"><rect width="` + side + `" height="` + side +
		`" fill="#fff"/><path fill="#000" d="` + path.String() + `"/></svg>`), nil
}

// runs calls draw for each run of black modules in a row, from the top.
func runs(code *qr.Code, draw func(x, y, n int)) {
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			n := 0
			for code.Black(x+n, y) {
				n++
			}
			if n > 0 {
				draw(x, y, n)
				x += n
			}
		}
	}
}
