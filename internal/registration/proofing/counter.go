package proofing

import (
	"context"
	"errors"
)

// AtCounter is an identity document that a teller had in hand. Tries belong to
// the case.
const AtCounter Factor = "id-card-at-counter"

// CounterCard is what a teller reads from an identity document.
type CounterCard struct {
	Document      string // a Document
	Number        string // the person's own number (13 digits), or the passport's
	Name          string
	Birth         string // yyyymmdd, as the other dates; may be empty where the number tells it
	IssueDate     string
	Expires       string // empty where the document has none
	Licence       string // of a driver's licence: its number
	LicenceSerial string // of a driver's licence: 암호일련번호, 5 or 6 characters
	MRZ           string // of a passport: the two lines at its foot
	Nationality   string // of a passport: three letters; may be empty
	Image         []byte // may be empty
}

// CheckAtCounter has an identity document confirmed that a teller had in hand.
func (s *Service) CheckAtCounter(ctx context.Context, p Person, subject string, c CounterCard) (Proof, error) {
	return Proof{}, errors.New("proofing: the counter is not here yet")
}
