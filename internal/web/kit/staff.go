package kit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// The cookies of those who work here, and where browsers send them.
const (
	StaffCookie = "ingam_staff"
	StaffPath   = "/console"
	// LoginCookie holds the token of a login at the bank's provider that has
	// begun: the way back leads in from another site, where StaffCookie does not
	// come along.
	LoginCookie = "ingam_staff_login"
	LoginPath   = "/console/login"
)

const (
	staffKey = "staff"
	epochKey = "epoch"
	agentKey = "agent"
	placeKey = "place"
	tightKey = "limited"
)

// StaffSessions knows who of those who work here is logged in, and keeps small
// things for one browser. Beside what Sessions does it holds a session to the
// browser and the network that it was begun in. The cookie is sent to the console
// alone, and never when another site leads there: the page that a provider sends
// a browser back to has to answer with a page of its own, and lead on from there.
type StaffSessions struct {
	jar
	https bool
	moved func(ctx context.Context, request, accountID string) error
}

// NewStaffSessions makes sessions as NewSessions does. moved is told of each
// session that was shown from elsewhere, and is over for it.
func NewStaffSessions(store scs.Store, https bool, now func() time.Time, moved func(ctx context.Context, request, accountID string) error) *StaffSessions {
	cookie := scs.SessionCookie{Name: StaffCookie, Path: StaffPath, Secure: https, SameSite: http.SameSiteStrictMode}
	return &StaffSessions{jar: newJar(store, "staff:", cookie, now), https: https, moved: moved}
}

// Wrap loads the session before the handler and stores it after. One that was
// stolen, as far as can be told, or lasts too long is over before.
func (s *StaffSessions) Wrap(next http.Handler) http.Handler { return s.held(next, false) }

// WrapQuiet is Wrap for what a page asks by itself, over and over: it does not
// keep the session of somebody who has walked away from idling.
func (s *StaffSessions) WrapQuiet(next http.Handler) http.Handler { return s.held(next, true) }

func (s *StaffSessions) held(next http.Handler, quiet bool) http.Handler {
	return s.wrap(next, quiet, func(r *http.Request) (*http.Request, error) {
		ctx := r.Context()
		id, _ := s.Account(ctx)
		if id == "" {
			return r, nil
		}
		moved := !same(s.scs.GetString(ctx, agentKey), agent(r)) || !same(s.scs.GetString(ctx, placeKey), Network(ctx))
		if !moved && !s.overdue(ctx) {
			return r, nil
		}
		if err := s.End(ctx); err != nil || !moved {
			return r, err
		}
		return r, s.moved(context.WithoutCancel(ctx), RequestID(ctx), id)
	})
}

// Begin logs somebody in, in the browser and from the network of a request.
func (s *StaffSessions) Begin(ctx context.Context, r *http.Request, accountID string, epoch int64) error {
	if err := s.begin(ctx, staffKey, accountID); err != nil {
		return err
	}
	s.scs.Put(ctx, epochKey, epoch)
	s.scs.Put(ctx, agentKey, agent(r))
	s.scs.Put(ctx, placeKey, Network(ctx))
	return nil
}

// Account is the id of who is logged in, or empty, and the epoch of the account
// when they did.
func (s *StaffSessions) Account(ctx context.Context) (id string, epoch int64) {
	return s.scs.GetString(ctx, staffKey), s.scs.GetInt64(ctx, epochKey)
}

// Limit says whether the session is good for one's own account only: until they
// have a way to log in again. It is for the session that Begin began.
func (s *StaffSessions) Limit(ctx context.Context, limited bool) { s.scs.Put(ctx, tightKey, limited) }

// Limited says what Limit said; false when it said nothing.
func (s *StaffSessions) Limited(ctx context.Context) bool { return s.scs.GetBool(ctx, tightKey) }

// PutLogin keeps a value of at most MaxPut bytes for this browser while it is at
// another site, for SessionIdle.
func (s *StaffSessions) PutLogin(ctx context.Context, w http.ResponseWriter, value []byte) error {
	if len(value) > MaxPut {
		return errPutSize
	}
	token := rand.Text()
	if err := s.box.put(ctx, token, LoginCookie, value, s.now().Add(SessionIdle)); err != nil {
		return ErrStoreDown.With(err)
	}
	http.SetCookie(w, s.login(token, int(SessionIdle.Seconds())))
	return nil
}

// TakeLogin gives what PutLogin kept, once; nil when there is nothing.
func (s *StaffSessions) TakeLogin(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	c, err := r.Cookie(LoginCookie)
	if err != nil || c.Value == "" || len(c.Value) > maxKey {
		return nil, nil //nolint:nilerr // no cookie: nothing was kept
	}
	http.SetCookie(w, s.login("", -1))
	value, err := s.box.take(r.Context(), c.Value, LoginCookie)
	if err != nil {
		return nil, ErrStoreDown.With(err)
	}
	return value, nil
}

func (s *StaffSessions) login(token string, seconds int) *http.Cookie {
	return &http.Cookie{Name: LoginCookie, Value: token, Path: LoginPath, MaxAge: seconds, //nolint:gosec // Secure where there is https
		HttpOnly: true, Secure: s.https, SameSite: http.SameSiteLaxMode}
}

// agent stands for the browser of a request.
func agent(r *http.Request) string {
	sum := sha256.Sum256([]byte(r.UserAgent()))
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
