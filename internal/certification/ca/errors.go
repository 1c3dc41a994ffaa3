package ca

import "errors"

// What a Ledger and a Backlog answer when a rule of the database says no.
var (
	ErrApplicationUsed = errors.New("ca: application already has a certificate")
	ErrSerialUsed      = errors.New("ca: serial number already used")
	ErrSubjectUsed     = errors.New("ca: subject name already used")
	ErrKeyUsed         = errors.New("ca: public key already certified")
	ErrHolds           = errors.New("ca: person holds a live certificate of this kind")
	ErrNoCertificate   = errors.New("ca: no such certificate")
	ErrWrongState      = errors.New("ca: certificate is not in a state that allows this")
)
