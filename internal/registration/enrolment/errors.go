package enrolment

import "errors"

// What a Register answers when a rule of the database says no.
var (
	ErrOpenApplication = errors.New("enrolment: person has an open application of this kind")
	ErrNoApplication   = errors.New("enrolment: no such application")
	ErrStale           = errors.New("enrolment: application was changed meanwhile")
)
