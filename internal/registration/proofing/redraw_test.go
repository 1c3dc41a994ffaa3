package proofing

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"
)

// inserted puts a segment behind a JPEG's first two bytes.
func inserted(file []byte, marker byte, content []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))
	return bytes.Join([][]byte{file[:2], segment, content, file[2:]}, nil)
}

// exif makes an Exif that tells how the camera was held and where it was.
func exif(order binary.AppendByteOrder, turned uint16) []byte {
	b := []byte("Exif\x00\x00II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("Exif\x00\x00MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 3)
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		if kind == 3 {
			b = order.AppendUint16(b, uint16(value))
			b = append(b, 0, 0)
			return
		}
		b = order.AppendUint32(b, value)
	}
	entry(0x010f, 2, 12, 8+2+3*12+4) // Make
	entry(0x0112, 3, 1, uint32(turned))
	entry(0x8825, 4, 1, 8+2+3*12+4+12) // GPS
	b = order.AppendUint32(b, 0)
	b = append(b, "SECRETPHONE\x00"...)
	b = order.AppendUint16(b, 1)
	entry(2, 2, 24, 0)
	return append(b, "37.5665N126.9780E-SEOUL\x00"...)
}

func appended() []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, _ := w.Create("payload.html")
	_, _ = io.WriteString(f, "<script>alert(document.domain)</script>")
	_ = w.Close()
	return b.Bytes()
}

// textChunk puts a text into a PNG.
func textChunk(file []byte, text string) []byte {
	chunk := append([]byte("tEXt"), text...)
	whole := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	whole = binary.BigEndian.AppendUint32(append(whole, chunk...), crc32.ChecksumIEEE(chunk))
	const header = 8 + 25
	return bytes.Join([][]byte{file[:header], whole, file[header:]}, nil)
}

func TestNothingButThePictureGoesOn(t *testing.T) {
	t.Parallel()
	jpg, pic := asJPEG(drawn(856, 540, card)), asPNG(drawn(856, 540, card))
	const script = "<script>alert(1)</script>"
	for name, file := range map[string][]byte{
		"Exif with a place":     inserted(jpg, 0xe1, exif(binary.LittleEndian, 1)),
		"Exif of another order": inserted(jpg, 0xe1, exif(binary.BigEndian, 1)),
		"XMP":                   inserted(jpg, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>SEOUL</x:xmpmeta>")),
		"a comment":             inserted(jpg, 0xfe, []byte(script)),
		"a colour profile":      inserted(jpg, 0xe2, []byte("ICC_PROFILE\x00\x01\x01SECRETPHONE")),
		"a zip behind a JPEG":   append(bytes.Clone(jpg), appended()...),
		"a film behind a JPEG":  append(bytes.Clone(jpg), "ftypmp42 film of SEOUL"...),
		"a page behind a JPEG":  append(bytes.Clone(jpg), script...),
		"a zip behind a PNG":    append(bytes.Clone(pic), appended()...),
		"a text in a PNG":       textChunk(pic, "Comment\x00"+script),
	} {
		got, err := look(t.Context(), file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, left := range []string{"Exif", "SECRETPHONE", "SEOUL", "xmpmeta", "ICC_PROFILE", "script", "payload", "PK\x03\x04", "ftyp", "PNG"} {
			if bytes.Contains(got.file, []byte(left)) {
				t.Errorf("%s: %q goes on", name, left)
			}
		}
		if rest := behindPicture(t, got.file); len(rest) != 0 {
			t.Errorf("%s: %d bytes go on behind the picture", name, len(rest))
		}
		sum := sha256.Sum256(got.file)
		if got.hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the hash is of something else", name)
		}
		if strings.Contains(name, "PNG") != (got.kind == "png") {
			t.Errorf("%s: said to be %s", name, got.kind)
		}
	}
}

// behindPicture walks over a JPEG's segments, sees that there are only those
// that pixels need, and gives what follows its end.
func behindPicture(t *testing.T, file []byte) []byte {
	t.Helper()
	rest := file[2:]
	for len(rest) > 4 && rest[0] == 0xff {
		marker := rest[1]
		switch marker {
		case 0xdb, 0xc0, 0xc4, 0xda:
		default:
			t.Errorf("a segment %#x goes on", marker)
		}
		rest = rest[2+int(binary.BigEndian.Uint16(rest[2:])):]
		if marker == 0xda {
			break
		}
	}
	end := bytes.Index(rest, []byte{0xff, 0xd9})
	if end < 0 {
		t.Fatal("no end")
	}
	return rest[end+2:]
}

// TestUpright takes the same scene with the camera held in each way.
func TestUpright(t *testing.T) {
	t.Parallel()
	const w, h = 600, 500
	// Each quarter of the scene has a brightness of its own.
	scene := func(x, y int) uint8 { return [2][2]uint8{{20, 90}, {160, 240}}[y*2/h][x*2/w] }
	for turned := 1; turned <= 8; turned++ {
		// What the sensor saw: for each of its points the scene's, by the
		// words of the standard: which side of the scene row and column 0 are.
		sw, sh := w, h
		if turned >= 5 {
			sw, sh = h, w
		}
		sensor := drawn(sw, sh, func(col, row int) uint8 {
			x, y := col, row
			switch turned {
			case 2: // row 0 top, column 0 right
				x = w - 1 - col
			case 3: // bottom, right
				x, y = w-1-col, h-1-row
			case 4: // bottom, left
				y = h - 1 - row
			case 5: // left, top
				x, y = row, col
			case 6: // right, top
				x, y = w-1-row, col
			case 7: // right, bottom
				x, y = w-1-row, h-1-col
			case 8: // left, bottom
				x, y = row, h-1-col
			}
			return scene(x, y)
		})
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			got, err := look(t.Context(), inserted(asJPEG(sensor), 0xe1, exif(order, uint16(turned))))
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(bytes.NewReader(got.file))
			if err != nil || img.Bounds() != image.Rect(0, 0, w, h) {
				t.Fatalf("orientation %d: %v, %v", turned, img.Bounds(), err)
			}
			for _, p := range []image.Point{{60, 50}, {540, 50}, {60, 450}, {540, 450}} {
				want, is := int(scene(p.X, p.Y)), int(color.GrayModel.Convert(img.At(p.X, p.Y)).(color.Gray).Y)
				if max(want-is, is-want) > 4 {
					t.Errorf("orientation %d, %v: brightness %d at %v, want %d", turned, order, is, p, want)
				}
			}
		}
	}
}

func TestOrientation(t *testing.T) {
	t.Parallel()
	jpg := asJPEG(drawn(480, 480, card))
	whole := exif(binary.LittleEndian, 6)
	behind := append(bytes.Clone(jpg), inserted(jpg, 0xe1, whole)...)
	for _, c := range []struct {
		name string
		file []byte
		want int
	}{
		{"told", inserted(jpg, 0xe1, whole), 6},
		{"behind another segment", inserted(inserted(jpg, 0xe1, whole), 0xe0, []byte("JFIF\x00")), 6},
		{"filling before it", append([]byte{0xff, 0xd8, 0xff}, inserted(jpg, 0xe1, whole)[2:]...), 6},
		{"not told", jpg, 1}, {"nothing", nil, 1}, {"PNG", asPNG(drawn(480, 480, card)), 1},
		{"0", inserted(jpg, 0xe1, exif(binary.LittleEndian, 0)), 1}, {"9", inserted(jpg, 0xe1, exif(binary.LittleEndian, 9)), 1},
		{"in another picture behind this one", behind, 1},
		{"no TIFF", inserted(jpg, 0xe1, []byte("Exif\x00\x00XX*\x00\x08\x00\x00\x00")), 1},
		{"a directory outside", inserted(jpg, 0xe1, []byte("Exif\x00\x00II*\x00\xff\xff\xff\xff")), 1},
	} {
		if got := orientation(c.file); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	for n := range whole {
		orientation(inserted(jpg, 0xe1, whole[:n])) // cut off anywhere, it does no harm
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, toW, toH int }{
		{856, 540, 856, 540}, {2400, 1600, 2400, 1600}, {2401, 1600, 2400, 1599}, {4800, 3000, 2400, 1500}, {3000, 4800, 1500, 2400}, {5000, 1000, 2400, 480},
	} {
		got, err := look(t.Context(), asPNG(drawn(c.w, c.h, func(x, y int) uint8 { return uint8(x/80*16 + y/80*16) })))
		if err != nil {
			t.Errorf("%d×%d: %v", c.w, c.h, err)
			continue
		}
		config, kind, err := image.DecodeConfig(bytes.NewReader(got.file))
		if err != nil || kind != "jpeg" || config.Width != c.toW || config.Height != c.toH {
			t.Errorf("%d×%d becomes %s of %d×%d, %v", c.w, c.h, kind, config.Width, config.Height, err)
		}
	}
	for _, strip := range [][2]int{{5000, 990}, {2404, 480}, {481, 2409}} { // drawn again, their other side would be too short
		if _, err := look(t.Context(), asPNG(drawn(strip[0], strip[1], card))); err == nil || !strings.Contains(err.Error(), ErrPictureSmall.Name) {
			t.Errorf("a strip of %v: %v", strip, err)
		}
	}
}

// TestShrinkIsTheMean holds the filter against one that is too plain to err.
func TestShrinkIsTheMean(t *testing.T) {
	t.Parallel()
	src := image.NewNRGBA(image.Rect(3, 5, 3+30, 5+20)) // a picture need not begin at 0,0
	for i := range src.Pix {
		src.Pix[i] = uint8(i * 7919 >> 3)
	}
	for i := 3; i < len(src.Pix); i += 4 {
		src.Pix[i] = 0xff
	}
	for _, size := range [][2]int{{30, 20}, {15, 10}, {10, 5}, {7, 3}, {29, 19}, {1, 1}} {
		w, h := size[0], size[1]
		got, err := shrink(t.Context(), src, w, h)
		if err != nil {
			t.Fatal(err)
		}
		for y := range h {
			for x := range w {
				var sum [3]int
				// Each pixel counts as w×h small ones, each of the outcome as 30×20.
				for sy := y * 20; sy < (y+1)*20; sy++ {
					for sx := x * 30; sx < (x+1)*30; sx++ {
						c := src.NRGBAAt(3+sx/w, 5+sy/h)
						sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
					}
				}
				want := color.RGBA{uint8((sum[0] + 300) / 600), uint8((sum[1] + 300) / 600), uint8((sum[2] + 300) / 600), 0xff}
				if is := got.RGBAAt(x, y); is != want {
					t.Fatalf("%d×%d at %d,%d: %v, want %v", w, h, x, y, is, want)
				}
			}
		}
	}
}

// TestTransparent: what is hidden under transparency doesn't go on, and a
// picture that is nothing without it is blank.
func TestTransparent(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 600, 500))
	for y := range 500 {
		for x := range 600 {
			c := color.NRGBA{R: card(x, y), A: 0} // left: there, but not to be seen
			if x >= 300 {
				c = color.NRGBA{R: card(x, y), G: card(x, y), B: card(x, y), A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	got, err := look(t.Context(), asPNG(img))
	if err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(bytes.NewReader(got.file))
	if err != nil {
		t.Fatal(err)
	}
	for x := 10; x < 280; x += 30 {
		if v := color.GrayModel.Convert(out.At(x, 250)).(color.Gray).Y; v < 250 {
			t.Errorf("what was transparent at %d has brightness %d", x, v)
		}
	}
	white := image.NewNRGBA(image.Rect(0, 0, 600, 500))
	for i := range white.Pix {
		white.Pix[i] = 0xff
		if i%4 == 3 {
			white.Pix[i] = card(i/4%600, i/2400)
		}
	}
	if _, err := look(t.Context(), asPNG(white)); err == nil || !strings.Contains(err.Error(), ErrPictureBlank.Name) {
		t.Errorf("white on white: %v", err)
	}
}

// TestLargestInTime: forty megapixels are done well before patience ends.
func TestLargestInTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	file := inserted(asJPEG(drawn(7300, 5470, card)), 0xe1, exif(binary.BigEndian, 6))
	begin := time.Now()
	got, err := look(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(got.file))
	if err != nil || config.Width != 1798 || config.Height != 2400 {
		t.Errorf("%d×%d, %v", config.Width, config.Height, err)
	}
	t.Logf("%d bytes became %d in %v", len(file), len(got.file), time.Since(begin))
}

func BenchmarkLook(b *testing.B) {
	for _, size := range []int{856, 4000} {
		jpg, pic := asJPEG(drawn(size, size*3/4, card)), &bytes.Buffer{}
		if err := png.Encode(pic, drawn(size, size*3/4, card)); err != nil {
			b.Fatal(err)
		}
		for kind, file := range map[string][]byte{"jpeg": jpg, "png": pic.Bytes()} {
			b.Run(fmt.Sprintf("%s-%d", kind, size), func(b *testing.B) {
				for b.Loop() {
					if _, err := look(b.Context(), file); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
