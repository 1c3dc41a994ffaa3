package redeem

import "errors"

// What a Register answers.
var (
	ErrNoPair        = errors.New("redeem: no such reference number")
	ErrReferenceUsed = errors.New("redeem: this reference number is taken")
)
