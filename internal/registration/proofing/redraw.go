package proofing

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/draw"
)

// redraw gives the pixels of a picture and nothing else: upright, at most
// maxPictureSide long, on white where it is transparent. It ends with the
// context.
func redraw(ctx context.Context, img image.Image, turned int) (*image.RGBA, error) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > maxPictureSide {
		w, h = max(1, w*maxPictureSide/long), max(1, h*maxPictureSide/long)
	}
	small, err := shrink(ctx, img, w, h)
	if err != nil {
		return nil, err
	}
	return upright(small, turned), nil
}

// shrink scales a picture down with a box filter: each pixel becomes the mean
// of what it covers, in whole numbers. A source pixel is as wide as w units, one
// of the outcome as b.Dx(), and so they come out even.
func shrink(ctx context.Context, img image.Image, w, h int) (*image.RGBA, error) {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	line := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	narrow, sums := make([]uint64, 3*w), make([]uint64, 3*w)
	area := uint64(b.Dx()) * uint64(b.Dy())
	y, room := 0, b.Dy() // the line of out that is filled, and what it still takes
	for sy := b.Min.Y; sy < b.Max.Y; sy++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(line, line.Rect, img, image.Pt(b.Min.X, sy), draw.Over)
		squeeze(narrow, line.Pix, b.Dx(), w)
		for left := h; left > 0; {
			part := min(left, room)
			for i, v := range narrow {
				sums[i] += v * uint64(part)
			}
			left, room = left-part, room-part
			if room == 0 {
				for x := range w {
					at := out.PixOffset(x, y)
					for c := range 3 {
						out.Pix[at+c] = uint8((sums[3*x+c] + area/2) / area)
					}
					out.Pix[at+3] = 0xff
				}
				clear(sums)
				y, room = y+1, b.Dy()
			}
		}
	}
	return out, nil
}

// squeeze is shrink along one line: n pixels of RGBA to w sums of RGB.
func squeeze(into []uint64, pix []byte, n, w int) {
	clear(into)
	x, room := 0, n
	for s := range n {
		r, g, b := uint64(pix[4*s]), uint64(pix[4*s+1]), uint64(pix[4*s+2])
		for left := w; left > 0; {
			part := min(left, room)
			p := uint64(part)
			into[3*x] += r * p
			into[3*x+1] += g * p
			into[3*x+2] += b * p
			left, room = left-part, room-part
			if room == 0 {
				x, room = x+1, n
			}
		}
	}
}

// upright undoes how the camera was held (Exif 2.32, tag Orientation).
func upright(img *image.RGBA, turned int) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if turned <= 1 || turned > 8 {
		return img
	}
	size := image.Rect(0, 0, w, h)
	if turned >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turned {
			case 2: // mirrored
				tx = w - 1 - x
			case 3: // on its head
				tx, ty = w-1-x, h-1-y
			case 4: // mirrored on its head
				ty = h - 1 - y
			case 5: // mirrored along the diagonal
				tx, ty = y, x
			case 6: // to be turned right
				tx, ty = h-1-y, x
			case 7: // mirrored along the other diagonal
				tx, ty = h-1-y, w-1-x
			case 8: // to be turned left
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}

// orientation finds how the camera was held, 1 to 8, in the Exif of a JPEG; 1
// when it is not told. It reads nothing else there.
func orientation(file []byte) int {
	if len(file) < 4 || file[0] != 0xff || file[1] != 0xd8 {
		return 1
	}
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xff { // filling
			rest = rest[1:]
			continue
		}
		if marker == 0xda || size < 2 || 2+size > len(rest) { // pixels follow
			return 1
		}
		if tiff, ok := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			return orientationIn(tiff)
		}
		rest = rest[2+size:]
	}
	return 1
}

// orientationIn looks into the first directory of a TIFF.
func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for n := order.Uint16(tiff[at:]); n > 0 && len(entries) >= 12; n-- {
		const orientationTag, short = 0x0112, 3
		if order.Uint16(entries) == orientationTag {
			value := int(order.Uint16(entries[8:]))
			if order.Uint16(entries[2:]) != short || value < 1 || value > 8 {
				return 1
			}
			return value
		}
		entries = entries[12:]
	}
	return 1
}
