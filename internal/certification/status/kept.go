package status

import (
	"context"
	"crypto/sha256"
	"sync/atomic"
)

// keptList is the latest list in memory, so that the tens of megabytes that a
// list can have are read once and not at each question. Whether it is still the
// latest, the database is asked each time.
type keptList struct {
	latest atomic.Pointer[CRL]
	turn   chan struct{} // one reads, the others wait for what it reads
}

func newKeptList() keptList { return keptList{turn: make(chan struct{}, 1)} }

// at gives the list of a head: the kept one, or the one that read gives, which
// is then kept.
func (k *keptList) at(ctx context.Context, head Head, read func(context.Context) (CRL, error)) (CRL, error) {
	if head.Number == 0 {
		return CRL{}, ErrNoCRL
	}
	if list, ok := k.find(head); ok {
		return list, nil
	}
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return CRL{}, ctx.Err()
	}
	if list, ok := k.find(head); ok {
		return list, nil
	}
	list, err := read(ctx)
	if err != nil {
		return CRL{}, err
	}
	return k.put(list), nil
}

// find gives the kept list unless the head names another. One that is newer than
// the head will do: it was issued since the head was read.
func (k *keptList) find(head Head) (CRL, bool) {
	list := k.latest.Load()
	if list == nil || list.Number < head.Number {
		return CRL{}, false
	}
	return *list, true
}

// put keeps a list that is committed, unless a newer one is kept already.
func (k *keptList) put(list CRL) CRL {
	list.SHA256 = sha256.Sum256(list.DER)
	for {
		was := k.latest.Load()
		if was != nil && was.Number >= list.Number || k.latest.CompareAndSwap(was, &list) {
			return list
		}
	}
}
