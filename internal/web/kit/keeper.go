package kit

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
)

// MaxPut is the size of the largest value that Sessions.Put takes, in bytes.
const MaxPut = 4 << 10

const maxKey = 64

var errPutSize = errors.New("kit: value or key is too large for a session")

// refresher is a store that can change what is there without making it anew.
type refresher interface {
	// Touch lets a session that has not expired live until then at least. It
	// need not write when the session lives that long anyway.
	Touch(ctx context.Context, token string, until time.Time) error
	// Update changes a session that has not expired; found is false when there
	// is none.
	Update(ctx context.Context, token string, data []byte, expiry time.Time) (found bool, err error)
	// Take gives a session and deletes it, in one step.
	Take(ctx context.Context, token string) (data []byte, found bool, err error)
}

// loaded is which token a request came with, once it was found; it travels in
// the context. A quiet request does not put off the end that idling brings.
type loaded struct {
	token string
	quiet bool
}

type loadedKey struct{}

// keeper is the store as scs sees it. A request that began before a logout, or
// before the next login, and ends after it must not bring back what is over:
// keeper stores a session that was loaded only while it is still there. When a
// session expires is decided here, by our clock.
type keeper struct {
	scs.Store
	prefix string // of every name in the store
	now    func() time.Time
}

func (k keeper) until() time.Time { return k.now().Add(SessionIdle + idleSlack) }

// FindCtx gives a session, puts off the end that idling brings, and notes that
// the request has it.
func (k keeper) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, found, err := k.find(ctx, token)
	if err != nil || !found {
		return nil, false, err
	}
	if l, ok := ctx.Value(loadedKey{}).(*loaded); ok {
		if l.token = token; l.quiet {
			return data, true, nil
		}
	}
	if r, ok := k.Store.(refresher); ok {
		err = r.Touch(ctx, k.prefix+token, k.now().Add(SessionIdle))
	} else {
		err = k.commit(ctx, token, data, k.until())
	}
	return data, err == nil, err
}

func (k keeper) find(ctx context.Context, token string) ([]byte, bool, error) {
	if c, ok := k.Store.(scs.CtxStore); ok {
		return c.FindCtx(ctx, k.prefix+token)
	}
	return k.Find(k.prefix + token)
}

// CommitCtx stores a new session, or an old one that is not over.
func (k keeper) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	if l, ok := ctx.Value(loadedKey{}).(*loaded); ok && l.token == token {
		if r, ok := k.Store.(refresher); ok {
			_, err := r.Update(ctx, k.prefix+token, data, k.until())
			return err
		}
		if _, found, err := k.find(ctx, token); err != nil || !found {
			return err
		}
	}
	return k.commit(ctx, token, data, k.until())
}

func (k keeper) commit(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if c, ok := k.Store.(scs.CtxStore); ok {
		return c.CommitCtx(ctx, k.prefix+token, data, expiry)
	}
	return k.Commit(k.prefix+token, data, expiry)
}

// DeleteCtx ends a session.
func (k keeper) DeleteCtx(ctx context.Context, token string) error {
	if c, ok := k.Store.(scs.CtxStore); ok {
		return c.DeleteCtx(ctx, k.prefix+token)
	}
	return k.Delete(k.prefix + token)
}

// box keeps values beside the sessions, each as an entry of its own under a
// name that has the session's token in it: requests that come together don't
// overwrite one another's, and what is taken is taken once. Who has a new token
// can't find what was put under the old one.
type box struct {
	keeper keeper
	alone  *sync.Mutex // for stores that can't take in one step
}

// boxed is the name of a value. No token has a colon in it.
func boxed(token, key string) string { return "box:" + token + ":" + key }

func (b box) put(ctx context.Context, token, key string, value []byte, until time.Time) error {
	return b.keeper.commit(ctx, boxed(token, key), value, until)
}

func (b box) take(ctx context.Context, token, key string) ([]byte, error) {
	name := boxed(token, key)
	if r, ok := b.keeper.Store.(refresher); ok {
		data, _, err := r.Take(ctx, b.keeper.prefix+name)
		return data, err
	}
	b.alone.Lock()
	defer b.alone.Unlock()
	data, found, err := b.keeper.find(ctx, name)
	if err != nil || !found {
		return nil, err
	}
	return data, b.keeper.DeleteCtx(ctx, name)
}
