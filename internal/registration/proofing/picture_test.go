package proofing

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
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

// asGIF makes GIFs known to the decoder, as any package of the program could.
func asGIF(img image.Image) []byte {
	var b bytes.Buffer
	_ = gif.Encode(&b, img, nil)
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
		{"gif that is whole", asGIF(drawn(856, 540, card)), ErrPictureFormat},
		{"text", []byte("here is my card"), ErrPictureFormat},
	} {
		_, err := look(t.Context(), test.file)
		if f := fault.Of(err); (f == nil) != (test.want == nil) || f != nil && f.Fault != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// tedious makes a progressive JPEG of many scans, each of which is 24 bytes and
// walks over all of the picture's blocks to change none.
func tedious(side, scans int) []byte {
	var b bytes.Buffer
	segment := func(marker byte, content ...byte) {
		b.Write([]byte{0xff, marker, 0, byte(len(content) + 2)})
		b.Write(content)
	}
	oneCode := func(class, value byte) []byte { // a Huffman table whose code 0 is value
		return append(append([]byte{class, 1}, make([]byte, 15)...), value)
	}
	b.Write([]byte{0xff, 0xd8})
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	segment(0xc2, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)
	segment(0xc4, oneCode(0x00, 0)...)
	segment(0xc4, oneCode(0x10, 0xe0)...) // a run of 16384 blocks and more without coefficients
	for range scans {
		segment(0xda, 1, 1, 0, 1, 63, 0)
		b.Write(bytes.Repeat([]byte{0x7f, 0xff, 0x00}, 4))
	}
	b.Write([]byte{0xff, 0xd9})
	return b.Bytes()
}

func TestLookEnds(t *testing.T) {
	t.Parallel()
	if _, err := look(t.Context(), tedious(640, 12)); fault.Of(err).Fault != ErrPictureBlank {
		t.Errorf("a progressive JPEG of a dozen scans: %v", err)
	}
	if _, err := look(t.Context(), tedious(6320, 100_000)); fault.Of(err).Fault != ErrPictureBroken {
		t.Errorf("a JPEG that takes half an hour: %v", err)
	}
	film := append(asJPEG(drawn(540, 856, card)), bytes.Repeat([]byte("film and \xff\xda"+string(make([]byte, 65000))), 70)...)
	if _, err := look(t.Context(), film); err != nil {
		t.Errorf("a picture with a film behind it: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := look(gone, asPNG(drawn(856, 540, card))); !errors.Is(err, context.Canceled) {
		t.Errorf("for one who has left: %v", err)
	}
}

// FuzzLook: no file does more than be refused, and what is let in keeps the
// bounds.
func FuzzLook(f *testing.F) {
	small := asPNG(drawn(480, 480, card))
	f.Add(small)
	f.Add(claims(small, 60_000, 60_000))
	f.Add(asJPEG(drawn(480, 500, card)))
	f.Add(inserted(asJPEG(drawn(480, 500, card)), 0xe1, exif(binary.BigEndian, 6)))
	f.Add(small[:100])
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := look(t.Context(), file)
		if err == nil && (len(p.hash) != 64 || p.kind != "png" && p.kind != "jpeg") {
			t.Errorf("let in as %+v", p)
		}
		if err != nil && fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("no fault: %v", err)
		}
		if err != nil {
			return
		}
		c, kind, err := image.DecodeConfig(bytes.NewReader(p.file))
		if err != nil || kind != "jpeg" || max(c.Width, c.Height) > maxPictureSide || min(c.Width, c.Height) < minPictureSide {
			t.Errorf("a %s of %d×%d goes on, %v", kind, c.Width, c.Height, err)
		}
	})
}
