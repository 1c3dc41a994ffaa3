package counter

import (
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// final says whether a finding ends a case: nobody has a right to a card that
// was reported lost.
func final(f *fault.Error) bool { return f.Fault == proofing.ErrCardLost }

// failed says whether a finding is one against the visitor, not only about how
// something was entered.
func failed(f *fault.Error) bool { return f.Kind == fault.Refused || f.Kind == fault.Locked }
