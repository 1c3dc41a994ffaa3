package staff

import "errors"

// What the store answers.
var (
	ErrUnknown     = errors.New("staff: no such account")
	ErrNumberTaken = errors.New("staff: the employee number is taken")
)
