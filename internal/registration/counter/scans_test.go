package counter_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
)

// What is attached is drawn again, kept sealed, shown to who may see it, and
// erased in time; its hash stays.
func TestScans(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	file := append(picture(600, 900, 60), "a comment with 850314-1000001"...)
	c, err := d.Counter.Attach(d.ctx, kim, c.ID, counter.Application, file)
	must(t, err)
	a := c.Attached[0]
	image, err := d.Counter.Scan(d.ctx, kim, c.ID, a.ID)
	must(t, err)
	sum := sha256.Sum256(image.File)
	if image.Type != "image/jpeg" || hex.EncodeToString(sum[:]) != a.SHA256 || len(image.File) != a.Bytes || a.Width != 600 || a.Height != 900 ||
		bytes.Contains(image.File, []byte("850314")) {
		t.Errorf("%s of %d bytes, %+v", image.Type, len(image.File), a)
	}
	if _, err := jpeg.Decode(bytes.NewReader(image.File)); err != nil {
		t.Error(err)
	}
	twice, err := d.Counter.Attach(d.ctx, kim, c.ID, counter.Application, file)
	if err != nil || len(twice.Attached) != 1 || twice.Revision != c.Revision {
		t.Errorf("the same twice: %d, %v", len(twice.Attached), err)
	}
	c, err = d.Counter.Attach(d.ctx, kim, c.ID, counter.Further, picture(500, 500, 90))
	must(t, err)
	gone := c.Attached[1].ID
	c, err = d.Counter.Detach(d.ctx, kim, c.ID, gone)
	must(t, err)
	_, err = d.Counter.Scan(d.ctx, kim, c.ID, gone)
	refuses(t, err, counter.ErrScanUnknown)
	if _, err := d.Store.Scan(d.ctx, gone); !errors.Is(err, counter.ErrNoScan) {
		t.Errorf("what was detached is still there: %v", err)
	}
	_, err = d.Counter.Detach(d.ctx, kim, c.ID, gone)
	refuses(t, err, counter.ErrScanUnknown)
	other := d.open(kim, wish(people[1], counter.Issue))
	_, err = d.Counter.Scan(d.ctx, kim, other.ID, a.ID) // by another case's id
	refuses(t, err, counter.ErrScanUnknown)
	if n := len(d.entries(authz.ViewScan)); n != 3 {
		t.Errorf("%d looks on record", n)
	}
	erase(d, 0)
	_, err = d.Counter.Withdraw(d.ctx, kim, c.ID, "고객이 돌아갔어요")
	must(t, err)
	d.pass(counter.ScansLast - time.Millisecond)
	erase(d, 0)
	must(t, second(d.Counter.Scan(d.ctx, kim, c.ID, a.ID)))
	d.pass(time.Millisecond)
	erase(d, 1)
	_, err = d.Counter.Scan(d.ctx, kim, c.ID, a.ID)
	refuses(t, err, counter.ErrScanErased)
	if got := d.view(c.ID); got.Attached[0] != a {
		t.Errorf("%+v", got.Attached)
	}
	_, err = d.Counter.EraseScans(d.ctx, boss)
	refuses(t, err, authz.ErrForbidden)
}

func erase(d *desk, want int) {
	d.t.Helper()
	if n, err := d.Counter.EraseScans(d.ctx, countertest.System); n != want || err != nil {
		d.t.Errorf("%d scans were erased, %v; want %d", n, err, want)
	}
}

// A configuration may keep them for longer or shorter.
func TestScansLast(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *counter.Config) { c.ScansLast = time.Hour })
	c := d.open(kim, wish(hong, counter.Issue))
	must(t, second(d.Counter.Attach(d.ctx, kim, c.ID, counter.Application, picture(500, 500, 60))))
	d.pass(2 * time.Hour)
	erase(d, 0) // the case is going
	must(t, second(d.Counter.Withdraw(d.ctx, kim, c.ID, "고객이 돌아갔어요")))
	d.pass(2 * time.Hour)
	erase(d, 1)
}

// What is no picture of a paper is not taken, whatever it is.
func TestScansRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	var archive, moving bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("../../etc/passwd")
	must(t, err)
	must(t, second(w.Write([]byte(strings.Repeat("0", 1000)))))
	must(t, z.Close())
	frame := image.NewPaletted(image.Rect(0, 0, 500, 500), color.Palette{color.Black, color.White})
	must(t, gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}))
	whole := picture(600, 600, 60)
	for name, test := range map[string]struct {
		file []byte
		want error
	}{
		"nothing": {nil, counter.ErrScanFormat}, "text": {[]byte("hello"), counter.ErrScanFormat},
		"SVG":     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><script>alert(1)</script></svg>`), counter.ErrScanFormat},
		"archive": {archive.Bytes(), counter.ErrScanFormat}, "animated": {moving.Bytes(), counter.ErrScanFormat},
		"small": {picture(300, 900, 60), counter.ErrScanSmall}, "torn": {whole[:len(whole)/2], counter.ErrScanBroken},
		"blank": {plainPicture(), counter.ErrScanBlank},
		"large": {append(whole, make([]byte, counter.MaxScanFile)...), counter.ErrScanLarge},
		"bomb":  {bomb(), counter.ErrScanLarge},
	} {
		if _, err := d.Counter.Attach(d.ctx, kim, c.ID, counter.Further, test.file); !isFault(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = d.Counter.Attach(d.ctx, kim, c.ID, "love-letter", whole)
	refuses(t, err, counter.ErrPaper)
	for n := range counter.MaxScans {
		must(t, second(d.Counter.Attach(d.ctx, kim, c.ID, counter.Further, picture(480, 480, 60+n))))
	}
	_, err = d.Counter.Attach(d.ctx, kim, c.ID, counter.Further, whole)
	refuses(t, err, counter.ErrScanMany)
	if got := d.view(c.ID); len(got.Attached) != counter.MaxScans {
		t.Errorf("%d are attached", len(got.Attached))
	}
}

// plainPicture has nothing on it.
func plainPicture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 600, 600))) // writing to memory never fails
	return b.Bytes()
}

// bomb is a small PNG that says that it has 50000 × 50000 pixels.
func bomb() []byte {
	b := picture(500, 500, 60)
	copy(b[16:24], []byte{0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50})
	// The header's checksum has to be right, or it is only broken.
	crc := crc32.ChecksumIEEE(b[12:29])
	b[29], b[30], b[31], b[32] = byte(crc>>24), byte(crc>>16), byte(crc>>8), byte(crc)
	return b
}

// A paper that was seen is noted once, with its newest number.
func TestSeen(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	c, err := d.Counter.See(d.ctx, kim, c.ID, counter.Application, " 2026-17 ")
	if err != nil || len(c.Seen) != 1 || c.Seen[0].Number != "2026-17" || c.Seen[0].By != "kim" {
		t.Errorf("%+v, %v", c.Seen, err)
	}
	again, err := d.Counter.See(d.ctx, kim, c.ID, counter.Application, "2026-17")
	if err != nil || again.Revision != c.Revision {
		t.Errorf("%+v, %v", again, err)
	}
	c, err = d.Counter.See(d.ctx, kim, c.ID, counter.Application, "2026-18")
	if err != nil || len(c.Seen) != 1 || c.Seen[0].Number != "2026-18" {
		t.Errorf("%+v, %v", c.Seen, err)
	}
	for paper, number := range map[counter.Paper]string{"nothing": "", counter.Further: strings.Repeat("1", 41)} {
		_, err = d.Counter.See(d.ctx, kim, c.ID, paper, number)
		refuses(t, err, counter.ErrPaper)
	}
}
