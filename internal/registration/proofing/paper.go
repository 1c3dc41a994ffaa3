package proofing

import (
	"bytes"
	"context"
	"fmt"
	"image"
)

// Redrawn is a picture as it was drawn again from its pixels: nothing else of
// the file that came is in it.
type Redrawn struct {
	File   []byte
	Type   string // of File, as HTTP names it
	SHA256 string // hex, of File
	Width  int    // pixels
	Height int
}

// Redraw draws a picture of a paper again, under the bounds that hold for
// pictures of cards: JPEG or PNG, MaxPictureBytes. Of an animated PNG its first
// picture stays. Refusals: ErrPictureFormat, ErrPictureLarge, ErrPictureSmall,
// ErrPictureBlank, ErrPictureBroken.
func (s *Service) Redraw(ctx context.Context, file []byte) (Redrawn, error) {
	pic, err := s.lookInTurn(ctx, file)
	if err != nil {
		return Redrawn{}, err
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(pic.file))
	if err != nil {
		return Redrawn{}, fmt.Errorf("reading a picture that was just drawn: %w", err)
	}
	return Redrawn{File: pic.file, Type: "image/" + kind, SHA256: pic.hash, Width: config.Width, Height: config.Height}, nil
}
