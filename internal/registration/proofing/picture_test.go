package proofing

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/ingam-pki/ingam/internal/fault"
)

func drawn(width, height int, at func(x, y int) uint8) image.Image {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetGray(x, y, color.Gray{Y: at(x, y)})
		}
	}
	return img
}

func asPNG(img image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func asJPEG(img image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

func card(x, y int) uint8 { return uint8(x/8*16 + y/8*16) }

// claims makes a PNG's header say another size; the pixels don't follow.
func claims(file []byte, width, height uint32) []byte {
	file = bytes.Clone(file)
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func TestLook(t *testing.T) {
	t.Parallel()
	good := asPNG(drawn(856, 540, card))
	for _, test := range []struct {
		name string
		file []byte
		want *fault.Fault
	}{
		{"png", good, nil},
		{"jpeg", asJPEG(drawn(540, 856, card)), nil},
		{"just large enough", asPNG(drawn(480, 480, card)), nil},
		{"a pixel too small", asPNG(drawn(479, 900, card)), ErrPictureSmall},
		{"white", asPNG(drawn(856, 540, func(int, int) uint8 { return 255 })), ErrPictureBlank},
		{"covered lens", asJPEG(drawn(856, 540, func(int, int) uint8 { return 8 + uint8(rand.IntN(5)) })), ErrPictureBlank},
		{"claims to be huge", claims(good, 60_000, 60_000), ErrPictureLarge},
		{"claims more than 40 megapixels", claims(good, 8000, 5001), ErrPictureLarge},
		{"claims more than it has", claims(good, 2000, 2000), ErrPictureBroken},
		{"cut off", good[:len(good)/2], ErrPictureBroken},
		{"too many bytes", append(bytes.Clone(good), make([]byte, MaxPictureBytes)...), ErrPictureLarge},
		{"nothing", nil, ErrPictureFormat},
		{"gif", []byte("GIF89a\x00\x04\x00\x04\x00\x00\x00;"), ErrPictureFormat},
		{"text", []byte("here is my card"), ErrPictureFormat},
	} {
		_, err := look(test.file)
		if f := fault.Of(err); (f == nil) != (test.want == nil) || f != nil && f.Fault != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// FuzzLook: no file does more than be refused, and what is let in keeps the
// bounds.
func FuzzLook(f *testing.F) {
	small := asPNG(drawn(480, 480, card))
	f.Add(small)
	f.Add(claims(small, 60_000, 60_000))
	f.Add(asJPEG(drawn(480, 500, card)))
	f.Add(small[:100])
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := look(file)
		if err == nil && (len(p.hash) != 64 || p.kind != "png" && p.kind != "jpeg") {
			t.Errorf("let in as %+v", p)
		}
		if err != nil && fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("no fault: %v", err)
		}
	})
}
