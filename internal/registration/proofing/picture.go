package proofing

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // with JPEG the two formats that phones and scanners make
	"io"
	"math"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// Bounds of a picture of an identity document.
const (
	MaxPictureBytes  = 8 << 20
	maxPicturePixels = 40_000_000
	minPictureSide   = 480
	maxPictureSide   = 2400 // of what goes on: a card's print stays legible
	pictureQuality   = 90   // of the JPEG that goes on
	blankDeviation   = 3.0  // of 255: a covered lens has noise below this
	maxScans         = 32   // of a JPEG; encoders make up to a dozen
	decodeFor        = 15 * time.Second
)

// picture is a picture as it goes on: drawn again by us, so that nothing of the
// customer's file but what can be seen leaves the house.
type picture struct {
	file []byte // JPEG
	hash string // hex of SHA-256 over file
	kind string // what the customer sent, "jpeg" or "png"
}

// look checks that a file is a picture on which something can be seen, and
// draws it again. The size that the file claims, and how often it makes the
// decoder go over all of it, are checked before any pixel is decoded.
func look(ctx context.Context, file []byte) (picture, error) {
	if len(file) > MaxPictureBytes {
		return picture{}, ErrPictureLarge
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || kind != "jpeg" && kind != "png" { // any package may make others known to the decoder
		return picture{}, ErrPictureFormat.With(nil)
	}
	if f := fits(config); f != nil {
		return picture{}, f
	}
	if kind == "jpeg" && scans(file) > maxScans+len(file)/32768 {
		return picture{}, ErrPictureBroken.With(nil)
	}
	patience, done := context.WithTimeout(ctx, decodeFor)
	defer done()
	img, _, err := image.Decode(&patientReader{patience, file})
	if ctx.Err() != nil {
		return picture{}, ctx.Err()
	}
	if err != nil {
		return picture{}, ErrPictureBroken.With(nil)
	}
	drawn, err := redraw(patience, img, orientation(file))
	if ctx.Err() != nil {
		return picture{}, ctx.Err()
	}
	if err != nil { // it took too long
		return picture{}, ErrPictureBroken.With(nil)
	}
	if deviation(drawn) < blankDeviation {
		return picture{}, ErrPictureBlank
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawn, &jpeg.Options{Quality: pictureQuality}); err != nil {
		return picture{}, fmt.Errorf("encoding picture: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	return picture{file: b.Bytes(), hash: hex.EncodeToString(sum[:]), kind: kind}, nil
}

// scans gives how many scans a JPEG has at most. Each scan of a progressive one
// may be some bytes long and cost the decoder a walk over all pixels, so a small
// file could keep it busy for half an hour. Two random bytes look like the
// beginning of a scan once in 65536 times, as in the film that phones append.
func scans(file []byte) int { return bytes.Count(file, []byte{0xff, 0xda}) }

// patientReader ends when its context does, so that a decoder that is fed by it
// doesn't go on for one who has left.
type patientReader struct {
	ctx  context.Context
	rest []byte
}

func (r *patientReader) Read(into []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	const portion = 512 // the decoder works off what it has before it asks again
	n := copy(into, r.rest[:min(len(r.rest), portion)])
	r.rest = r.rest[n:]
	return n, nil
}

func fits(c image.Config) *fault.Fault {
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return ErrPictureBroken
	case int64(c.Width)*int64(c.Height) > maxPicturePixels:
		return ErrPictureLarge
	case min(c.Width, c.Height) < minPictureSide:
		return ErrPictureSmall
	case min(c.Width, c.Height)*maxPictureSide < max(c.Width, c.Height)*minPictureSide:
		return ErrPictureSmall // so long that nothing is left of its other side
	}
	return nil
}

// deviation is the standard deviation of the brightness over a grid of
// points, 0 to 127.5.
func deviation(img image.Image) float64 {
	const grid = 96
	b := img.Bounds()
	var sum, squares float64
	for i := range grid {
		for j := range grid {
			x := b.Min.X + (2*i+1)*b.Dx()/(2*grid)
			y := b.Min.Y + (2*j+1)*b.Dy()/(2*grid)
			r, g, bl, _ := img.At(x, y).RGBA()
			v := (0.299*float64(r) + 0.587*float64(g) + 0.114*float64(bl)) / 257
			sum += v
			squares += v * v
		}
	}
	const n = grid * grid
	mean := sum / n
	return math.Sqrt(max(0, squares/n-mean*mean))
}

// lookInTurn lets one picture at a time be decoded: one of the largest takes
// some hundred megabytes for a moment.
func (s *Service) lookInTurn(ctx context.Context, file []byte) (picture, error) {
	select {
	case s.desk <- struct{}{}:
		defer func() { <-s.desk }()
		return look(ctx, file)
	case <-ctx.Done():
		return picture{}, ctx.Err()
	}
}
