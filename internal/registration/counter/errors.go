package counter

import "errors"

// What the store answers.
var (
	ErrNoCase   = errors.New("counter: no such case")
	ErrOpenCase = errors.New("counter: a case for the same is going")
	ErrStale    = errors.New("counter: the case was changed meanwhile")
	ErrNoCard   = errors.New("counter: no card is waited for")
	ErrNoScan   = errors.New("counter: no such scan")
)
