package lifecycle

import "errors"

// What the store answers.
var (
	ErrNoCode     = errors.New("lifecycle: nobody has this emergency code")
	ErrNoProposal = errors.New("lifecycle: no such proposal")
)
