package simulator

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
)

// Picture draws a picture that can pass for a sample's identity document in a
// demo: a card with a grey portrait, lines for its text and slanting stripes
// across it, so that nobody takes it for a real one. It is the same each time.
func Picture(number string) []byte {
	const width, height = 856, 540 // ID-1 at ten dots a millimetre
	tint := fnv.New32a()
	_, _ = tint.Write([]byte(number)) // a hash never fails
	hue := tint.Sum32()
	paper := color.RGBA{R: 225 + uint8(hue%16), G: 232, B: 225 + uint8(hue>>8%16), A: 255}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, paper)
			if (x+y)%120 < 14 {
				img.SetRGBA(x, y, color.RGBA{R: 200, G: 120, B: 110, A: 255})
			}
		}
	}
	box := func(x0, y0, x1, y1 int, c color.RGBA) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				img.SetRGBA(x, y, c)
			}
		}
	}
	ink := color.RGBA{R: 40, G: 44, B: 52, A: 255}
	box(580, 90, 790, 370, color.RGBA{R: 150, G: 155, B: 160, A: 255})
	box(640, 130, 730, 250, color.RGBA{R: 205, G: 190, B: 175, A: 255})
	box(60, 60, 330, 90, ink)
	for line := range 6 {
		long := 200 + int(hue>>(4*line)%16)*14
		box(60, 150+line*52, 60+long, 168+line*52, ink)
	}
	var out bytes.Buffer
	_ = png.Encode(&out, img) // writing to memory never fails
	return out.Bytes()
}
