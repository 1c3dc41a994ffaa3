package counter

import (
	"slices"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// final says whether a finding ends a case: nobody has a right to a card that
// was reported lost.
func final(f *fault.Error) bool { return f.Fault == proofing.ErrCounterLost }

// against are the findings against who shows a card. The others are about how it
// was entered, and count for nothing.
var against = []*fault.Fault{
	proofing.ErrCounterMismatch, proofing.ErrCounterUnreadable, proofing.ErrCounterNumber, proofing.ErrCounterBirth,
	proofing.ErrCounterName, proofing.ErrVisitorName, proofing.ErrCounterLocked,
}

func failed(f *fault.Error) bool { return slices.Contains(against, f.Fault) }
