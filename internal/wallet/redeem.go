package wallet

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/ingam-pki/ingam/client"
)

// maxNamed is how many keys that wait here are named to the bank.
const maxNamed = 16

// Redeem leads an application that was made at a branch to the stored
// certificate, with the application as it stood at last. open shows the bank
// reference number and code; keys are the hashes of keys that wait here: codes that were spent by
// one of them, whose answer was lost, are taken once more. Like Run it can be
// broken off at any point and run again with the same codes.
func (i *Issue) Redeem(ctx context.Context, open func(ctx context.Context, keys [][]byte) (client.Application, error)) (Issued, client.Application, error) {
	kept, err := pendingKeys(i.Root, i.Server)
	if err != nil {
		return Issued{}, client.Application{}, err
	}
	app, err := open(ctx, hashesOf(kept))
	if err != nil {
		return Issued{}, app, i.outside(err)
	}
	if over(app.State) {
		return Issued{}, app, errApplicationOver.With(nil, "state", string(app.State))
	}
	i.reached("application")
	var issued Issued
	if app.State == client.ApplicationStateIssued {
		issued, err = i.fetch(ctx, app, kept, true)
	} else {
		i.Watch.Step(client.NeedKey, 1, 1)
		issued, err = i.certify(ctx, app, kept)
	}
	return issued, app, err
}

// hashesOf names the keys that were made last.
func hashesOf(kept []*pending) [][]byte {
	latest := slices.Clone(kept)
	slices.SortFunc(latest, func(a, b *pending) int { return b.note.MadeAt.Compare(a.note.MadeAt) })
	var hashes [][]byte
	for _, p := range latest[:min(len(latest), maxNamed)] {
		sum := sha256.Sum256(p.spki)
		hashes = append(hashes, sum[:])
	}
	return hashes
}
