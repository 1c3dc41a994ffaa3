package paper_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/web/paper"
)

// decoded is what an independent program reads from a picture.
func decoded(t *testing.T, png string) string {
	t.Helper()
	return strings.TrimSuffix(tool(t, []byte(png), "zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", "IN"), "\n")
}

func TestQRIsRead(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		"https://bank.example/redeem", "http://localhost:8480/redeem", "1234567890", "HTTPS://BANK.EXAMPLE", "x",
		"https://bank.example/redeem?" + strings.Repeat("a~", 86),
	} {
		svg, err := paper.QR(said)
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, tool(t, []byte(svg), "rsvg-convert", "-w", "600", "IN")); got != said {
			t.Errorf("%q was read as %q", said, got)
		}
	}
}

// TestQRIsPlain holds the drawing against the policy of pages and the norm: no
// style, no script, 21 modules and four more at each step, four of quiet around.
func TestQRIsPlain(t *testing.T) {
	t.Parallel()
	svg, err := paper.QR("https://bank.example/redeem")
	if err != nil {
		t.Fatal(err)
	}
	allowed := " class xmlns viewBox shape-rendering aria-hidden focusable width height fill d "
	reader := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := reader.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			for _, a := range start.Attr {
				if !strings.Contains(allowed, " "+a.Name.Local+" ") {
					t.Errorf("<%s> has %s", start.Name.Local, a.Name.Local)
				}
			}
		}
	}
	var side int
	if _, err := fmt.Sscanf(string(svg)[strings.Index(string(svg), `viewBox="0 0 `):], `viewBox="0 0 %d`, &side); err != nil {
		t.Fatal(err)
	}
	if modules := side - 8; modules < 21 || (modules-17)%4 != 0 {
		t.Errorf("the code has %d modules a side", modules)
	}
	if !strings.Contains(string(svg), `d="M4 4h7v1h-7z`) { // the corner's mark, behind the quiet zone
		t.Errorf("the code does not begin behind its quiet zone: %.200s", svg)
	}
}

func TestQRRefuses(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"", "홍길동", "a\nb", "\x00", strings.Repeat("x", 201)} {
		if _, err := paper.QR(said); !errors.Is(err, paper.ErrQR) {
			t.Errorf("%.20q: got %v", said, err)
		}
	}
}

// TestPrintedQRIsRead reads the code from the picture of a printed page.
func TestPrintedQRIsRead(t *testing.T) {
	t.Parallel()
	for _, size := range []paper.Size{paper.A4, paper.Receipt} {
		picture := filepath.Join(t.TempDir(), "page")
		tool(t, file(t, sample(size)), "pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1", "-singlefile", "IN", picture)
		raw, err := os.ReadFile(picture + ".png")
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, string(raw)); got != "https://bank.example/redeem" {
			t.Errorf("%s: the code says %q", size, got)
		}
	}
}
