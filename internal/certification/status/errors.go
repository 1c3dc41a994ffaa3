package status

import "errors"

// ErrNoCRL says that no list was issued yet.
var ErrNoCRL = errors.New("status: no revocation list yet")
