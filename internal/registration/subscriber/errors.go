package subscriber

import "errors"

// ErrUnknown says that no such subscriber or login is kept.
var ErrUnknown = errors.New("subscriber: unknown")
