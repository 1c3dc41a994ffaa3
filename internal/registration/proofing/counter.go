package proofing

import (
	"context"
	"crypto/subtle"
	"errors"
	"strconv"

	"github.com/ingam-pki/ingam/internal/fault"
)

// AtCounter is an identity document that a teller had in hand. Tries belong to
// the case.
const AtCounter Factor = "id-card-at-counter"

// CounterCard is what a teller reads from an identity document. Hyphens, dots
// and blanks between digits are passed over.
type CounterCard struct {
	Document      string // a Document
	Number        string // the person's own number (13 digits), or the passport's
	Name          string // in Hangul, where the document says it so
	Birth         string // yyyymmdd, as the other dates; may be empty: the number or the MRZ tells it
	IssueDate     string
	Expires       string // may be empty: where the document has none, and of a passport
	Licence       string // of a driver's licence: its number, 12 digits or with the place in letters
	LicenceSerial string // of a driver's licence: 암호일련번호, 5 or 6 characters
	MRZ           string // of a passport: the two lines at its foot
	Nationality   string // of a passport: three letters; may be empty
	Image         []byte // JPEG or PNG; may be empty
}

// CheckAtCounter has an identity document confirmed that a teller had in hand.
// subject is what tries are counted for: the case's id. A customer's number (of a
// passport: the birth date) and name must be those that the bank knows before
// anybody is asked. A business's visitor is no customer: their IdentityNumber is
// empty, and their Name what they gave at the beginning, or empty; the issuer is
// asked about what the card says.
//
// What is not in a form that a genuine card could have is refused with the field
// and what is wrong with it, and counts as no try. Where the issuer does not
// answer the refusal is ErrIssuerSilent, and no try is counted, either. The proof
// says what was checked, as that of CheckCard; its picture's hash, type and size
// stand there only when there was one.
func (s *Service) CheckAtCounter(ctx context.Context, p Person, subject string, c CounterCard) (Proof, error) {
	card, birth, err := s.readCounterCard(p, c)
	if err != nil {
		return Proof{}, err
	}
	evidence := map[string]string{"document": string(card.Document)}
	if len(c.Image) > 0 {
		pic, err := s.lookInTurn(ctx, c.Image)
		if err != nil {
			return Proof{}, err
		}
		card.Image = pic.file
		evidence["pictureSHA256"], evidence["pictureType"], evidence["pictureBytes"] = pic.hash, pic.kind, strconv.Itoa(len(pic.file))
	}
	transaction, err := s.try(ctx, subject, AtCounter, func(ctx context.Context) (Finding, *fault.Fault, error) {
		if refusal := p.bears(card, birth); refusal != nil {
			return Finding{Verdict: Mismatch}, refusal, nil
		}
		f, err := s.Cards.CheckCard(ctx, card, birth)
		return f, counterFaults[f.Verdict], silent(err)
	})
	if err != nil {
		return Proof{}, err
	}
	if p.IdentityNumber == "" { // whom the card names is all that is known of a visitor
		p = Person{IdentityNumber: card.Number, Name: card.Name}
	}
	evidence["person"] = s.Tag(p)
	return s.proof(AtCounter, transaction, evidence), nil
}

var counterFaults = map[Verdict]*fault.Fault{
	Mismatch: ErrCounterMismatch, Lost: ErrCounterLost, Expired: ErrCounterExpired, Unreadable: ErrCounterUnreadable,
}

// bears says why a card is not the person's, nil when it may be.
func (p Person) bears(card Card, birth string) *fault.Fault {
	if p.IdentityNumber == "" {
		if p.Name != "" && !sameName(card.Name, p.Name) {
			return ErrVisitorName
		}
		return nil
	}
	if card.Document != Passport && subtle.ConstantTimeCompare([]byte(card.Number), []byte(p.IdentityNumber)) == 0 {
		return ErrCounterNumber
	}
	if p.Birth != "" && subtle.ConstantTimeCompare([]byte(birth), []byte(p.Birth)) == 0 {
		return ErrCounterBirth
	}
	if !sameName(card.Name, p.Name) {
		return ErrCounterName
	}
	return nil
}

// silent says to a teller what a service that doesn't answer means there.
func silent(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Unavailable {
		return ErrIssuerSilent.With(err).After(f.Retry)
	}
	return err
}
