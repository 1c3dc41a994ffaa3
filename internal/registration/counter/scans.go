package counter

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// Bounds of papers.
const (
	MaxScans    = 12 // of one case
	MaxScanFile = proofing.MaxPictureBytes
	maxNumber   = 40 // characters of a paper's number
)

// Image is a picture to be shown.
type Image struct {
	Type string // as HTTP names it
	File []byte
}

// Attach adds a picture of a paper, JPEG or PNG. What is kept is drawn again
// from its pixels (as JPEG); the same picture twice is kept once.
func (s *Service) Attach(ctx context.Context, caller authz.Caller, id string, p Paper, image []byte) (Case, error) {
	// Who may not attach does not keep the machine busy with pictures.
	c, err := s.allowed(ctx, caller, authz.WorkOnCase, id)
	if err == nil {
		err = attachable(caller, c, p)
	}
	var drawn proofing.Redrawn
	if err == nil {
		drawn, err = s.redraw(ctx, image)
	}
	if err != nil {
		return Case{}, s.refused(ctx, caller, authz.WorkOnCase, object(id), err)
	}
	return s.step(ctx, caller, authz.WorkOnCase, id, func(ctx context.Context, c *Case) ([]string, error) {
		if slices.ContainsFunc(c.Attached, func(a Attached) bool { return a.Paper == p && a.SHA256 == drawn.SHA256 }) {
			return nil, worked(caller, *c, Open, Waiting)
		}
		if err := attachable(caller, *c, p); err != nil {
			return nil, err
		}
		a := Attached{ID: rand.Text(), Paper: p, SHA256: drawn.SHA256, Bytes: len(drawn.File), Width: drawn.Width, Height: drawn.Height,
			By: caller.ID, At: s.now()}
		c.Attached = append(c.Attached, a)
		err := s.Scans.AddScan(ctx, Picture{ID: a.ID, CaseID: c.ID, Type: drawn.Type, File: drawn.File, At: a.At})
		return []string{"step", "attach", "paper", string(p), "scan", a.ID, "sha256", a.SHA256, "bytes", strconv.Itoa(a.Bytes)}, err
	})
}

func attachable(caller authz.Caller, c Case, p Paper) error {
	if err := worked(caller, c, Open, Waiting); err != nil {
		return err
	}
	if !slices.Contains(Papers, p) {
		return ErrPaper
	}
	if len(c.Attached) >= MaxScans {
		return ErrScanMany
	}
	return nil
}

// scanFaults are what is said of a paper's picture instead of a card's.
var scanFaults = map[*fault.Fault]*fault.Fault{
	proofing.ErrPictureFormat: ErrScanFormat, proofing.ErrPictureLarge: ErrScanLarge, proofing.ErrPictureSmall: ErrScanSmall,
	proofing.ErrPictureBlank: ErrScanBlank, proofing.ErrPictureBroken: ErrScanBroken,
}

func (s *Service) redraw(ctx context.Context, image []byte) (proofing.Redrawn, error) {
	drawn, err := s.Prover.Redraw(ctx, image)
	if f := fault.Of(err); f != nil && scanFaults[f.Fault] != nil {
		return drawn, scanFaults[f.Fault].With(err)
	}
	return drawn, err
}

// Detach removes a picture, for good.
func (s *Service) Detach(ctx context.Context, caller authz.Caller, id, scan string) (Case, error) {
	return s.step(ctx, caller, authz.WorkOnCase, id, func(ctx context.Context, c *Case) ([]string, error) {
		if err := worked(caller, *c, Open, Waiting); err != nil {
			return nil, err
		}
		at := slices.IndexFunc(c.Attached, func(a Attached) bool { return a.ID == scan })
		if at < 0 {
			return nil, ErrScanUnknown
		}
		gone := c.Attached[at]
		c.Attached = slices.Delete(c.Attached, at, at+1)
		return []string{"step", "detach", "paper", string(gone.Paper), "scan", gone.ID, "sha256", gone.SHA256}, s.Scans.DropScan(ctx, scan)
	})
}

// See notes that the original of a paper was seen, with its number, if it has
// one that is not personal. Seen again, the new number counts.
func (s *Service) See(ctx context.Context, caller authz.Caller, id string, p Paper, number string) (Case, error) {
	number = strings.TrimSpace(number)
	return s.step(ctx, caller, authz.WorkOnCase, id, func(_ context.Context, c *Case) ([]string, error) {
		if err := worked(caller, *c, Open, Waiting); err != nil {
			return nil, err
		}
		if !slices.Contains(Papers, p) || !plain(number, 0, maxNumber) {
			return nil, ErrPaper
		}
		at := slices.IndexFunc(c.Seen, func(other Seen) bool { return other.Paper == p })
		if at >= 0 && c.Seen[at].Number == number {
			return nil, nil
		}
		seen := Seen{Paper: p, Number: number, By: caller.ID, At: s.now()}
		if at >= 0 {
			c.Seen[at] = seen
		} else {
			c.Seen = append(c.Seen, seen)
		}
		return []string{"step", "see", "paper", string(p)}, nil
	})
}

// Scan gives a picture of a case. Each look is an audit entry. Refusals:
// ErrScanUnknown, ErrScanErased.
func (s *Service) Scan(ctx context.Context, caller authz.Caller, id, scan string) (Image, error) {
	image, err := s.scan(ctx, caller, id, scan)
	if err != nil {
		return Image{}, s.refused(ctx, caller, authz.ViewScan, object(id), err)
	}
	return image, nil
}

func (s *Service) scan(ctx context.Context, caller authz.Caller, id, scan string) (Image, error) {
	c, err := s.allowed(ctx, caller, authz.ViewScan, id)
	if err != nil {
		return Image{}, err
	}
	at := slices.IndexFunc(c.Attached, func(a Attached) bool { return a.ID == scan })
	if at < 0 {
		return Image{}, ErrScanUnknown
	}
	err = s.record(ctx, caller, authz.ViewScan, id, "scan", scan, "paper", string(c.Attached[at].Paper), "subscriber", c.SubscriberID)
	if err != nil {
		return Image{}, err
	}
	p, err := s.Scans.Scan(ctx, scan)
	switch {
	case errors.Is(err, ErrNoScan) && !c.State.Going():
		return Image{}, ErrScanErased.With(err)
	case errors.Is(err, ErrNoScan): // somebody has removed it meanwhile
		return Image{}, ErrScanUnknown.With(err)
	case err != nil:
		return Image{}, fmt.Errorf("reading a scan: %w", err)
	}
	return Image{Type: p.Type, File: p.File}, nil
}

// eraseBatch is how many scans are erased in one transaction.
const eraseBatch = 100

// EraseScans erases the scans of cases that have ended ScansLast ago; their
// hashes and sizes stay in the cases. It is the clock's work and may be stopped
// anywhere.
func (s *Service) EraseScans(ctx context.Context, system authz.Caller) (n int, err error) {
	if err := authz.Allow(system, authz.EraseScans, ""); err != nil {
		return 0, s.refused(ctx, system, authz.EraseScans, "scans", err)
	}
	for {
		var erased int
		err := s.Register.InTx(ctx, func(ctx context.Context) error {
			var err error
			if erased, err = s.Scans.EraseScans(ctx, s.now().Add(-s.ScansLast), eraseBatch); err != nil || erased == 0 {
				return err
			}
			return s.Log.Record(ctx, system, authz.EraseScans, "scans", "erased", strconv.Itoa(erased))
		})
		if err != nil {
			return n, fmt.Errorf("erasing scans: %w", err)
		}
		n += erased
		if erased < eraseBatch {
			return n, nil
		}
	}
}
