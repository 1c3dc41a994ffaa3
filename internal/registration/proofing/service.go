package proofing

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// Verdict is a service's answer about one thing.
type Verdict string

// The verdicts. Which of them a service can give stands at its interface.
const (
	Match      Verdict = "match"
	Mismatch   Verdict = "mismatch"
	Lost       Verdict = "lost"
	Expired    Verdict = "expired"
	Unreadable Verdict = "unreadable"
	Locked     Verdict = "locked"
	Replayed   Verdict = "replayed"
	None       Verdict = "none"
)

// Finding is a verdict and the number under which the service keeps it.
type Finding struct {
	Verdict     Verdict
	Transaction string
}

// cardChecker asks the issuers of identity documents: match, mismatch, lost,
// expired or unreadable. birth is yyyymmdd. An error means that there is no
// answer.
type cardChecker interface {
	CheckCard(ctx context.Context, c Card, birth string) (Finding, error)
}

// accountChecker asks the core bank whether an account is the customer's and
// its password right: match, mismatch or locked.
type accountChecker interface {
	CheckAccount(ctx context.Context, customerNumber, account, password string) (Finding, error)
}

// otpChecker asks the core bank about a one-time password: match, mismatch,
// replayed, locked or none.
type otpChecker interface {
	CheckOTP(ctx context.Context, customerNumber, code string) (Finding, error)
}

// messenger sends a short message.
type messenger interface {
	Send(ctx context.Context, phone, text string) (transaction string, err error)
}

// Config is what a Service works with.
type Config struct {
	Tx       Transactor
	Counter  Counter
	Locks    Locks // the same store as Counter
	Cards    cardChecker
	Accounts accountChecker
	OTPs     otpChecker
	Messages messenger
	// Index gives the keyed hash under which a secret can be found again
	// (keys.Ring.Index). Codes are kept only as such.
	Index func(table, column string, value []byte) []byte
	Now   func() time.Time
	// Random makes the codes; crypto/rand when nil.
	Random io.Reader
	// Bank is the name under which messages are sent.
	Bank string
	// Invented says that all customers are: the check digits of their numbers
	// follow a rule under which nobody's real number comes out, and their driving
	// licences come from a region that there is not. Only a demo says so.
	Invented bool
}

// Service checks factors. Its methods wait for outside services and must not
// be called within a transaction, except for Settle.
type Service struct {
	Config
	tries Limiter
	desk  chan struct{}
}

// New makes a Service.
func New(c Config) *Service {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Service{Config: c, tries: Limiter{Tx: c.Tx, Counter: c.Counter, Now: c.Now}, desk: make(chan struct{}, 1)}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// CheckCard has an identity document confirmed. Number and name must be those
// that the bank knows before anybody is asked, so that nobody learns anything
// about a stranger's document. The service sees the picture as it was drawn
// again here, and the proof's hash and size are of that; its type is of the
// file that the customer sent.
func (s *Service) CheckCard(ctx context.Context, p Person, c Card) (Proof, error) {
	if !p.accepts(c.Document) {
		return Proof{}, ErrDocument
	}
	c, field := c.tidy(s.now())
	if field != "" {
		return Proof{}, ErrCardForm.With(nil, "field", field)
	}
	pic, err := s.lookInTurn(ctx, c.Image)
	if err != nil {
		return Proof{}, err
	}
	c.Image, c.Channel, c.LicenceSerial, c.Expires = pic.file, "", "", ""
	transaction, err := s.try(ctx, p.ID, IDCard, func(ctx context.Context) (Finding, *fault.Fault, error) {
		if c.Document != Passport && subtle.ConstantTimeCompare([]byte(c.Number), []byte(p.IdentityNumber)) == 0 {
			return Finding{Verdict: Mismatch}, ErrCardMismatch, nil
		}
		if !sameName(c.Name, p.Name) {
			return Finding{Verdict: Mismatch}, ErrNameDiffers, nil
		}
		f, err := s.Cards.CheckCard(ctx, c, p.Birth)
		return f, cardFaults[f.Verdict], err
	})
	if err != nil {
		return Proof{}, err
	}
	return s.proof(IDCard, transaction, map[string]string{
		"document":      string(c.Document),
		"person":        s.Tag(p),
		"pictureSHA256": pic.hash,
		"pictureType":   pic.kind,
		"pictureBytes":  strconv.Itoa(len(c.Image)),
	}), nil
}

// Tag is a keyed hash over who a person is: the same as long as the bank knows
// them by the same name and identity number.
func (s *Service) Tag(p Person) string {
	return hex.EncodeToString(s.Index("proofs", "person", []byte(p.IdentityNumber+"\x00"+tidyName(p.Name))))
}

var cardFaults = map[Verdict]*fault.Fault{
	Mismatch: ErrCardMismatch, Lost: ErrCardLost, Expired: ErrCardExpired, Unreadable: ErrCardUnreadable,
}

// CheckAccount has an account and its password confirmed.
func (s *Service) CheckAccount(ctx context.Context, p Person, account, password string) (Proof, error) {
	account = strip(account, "- ")
	if !digits(account, 10, 16) || !digits(password, 4, 4) {
		return Proof{}, ErrAccountForm
	}
	transaction, err := s.try(ctx, p.ID, Account, func(ctx context.Context) (Finding, *fault.Fault, error) {
		f, err := s.Accounts.CheckAccount(ctx, p.CustomerNumber, account, password)
		return f, accountFaults[f.Verdict], err
	})
	if err != nil {
		return Proof{}, err
	}
	return s.proof(Account, transaction, map[string]string{"person": s.Tag(p)}), nil
}

var accountFaults = map[Verdict]*fault.Fault{Mismatch: ErrAccountWrong, Locked: ErrAccountLocked}

// CheckOTP has a one-time password confirmed.
func (s *Service) CheckOTP(ctx context.Context, p Person, code string) (Proof, error) {
	code = strip(code, " ")
	if !digits(code, 6, 6) {
		return Proof{}, ErrCodeForm
	}
	transaction, err := s.try(ctx, p.ID, OTP, func(ctx context.Context) (Finding, *fault.Fault, error) {
		f, err := s.OTPs.CheckOTP(ctx, p.CustomerNumber, code)
		return f, otpFaults[f.Verdict], err
	})
	if err != nil {
		return Proof{}, err
	}
	return s.proof(OTP, transaction, nil), nil
}

var otpFaults = map[Verdict]*fault.Fault{Mismatch: ErrOTPWrong, Replayed: ErrOTPReplayed, Locked: ErrOTPLocked, None: ErrOTPNone}

// try charges one try, asks, and says what came of it. Only a match goes
// through; a verdict for which there is no fault is a defect. Tries stay
// charged until Settle; where no answer came they are given back. The question
// is asked to its end even when the caller hangs up: else one who does would
// guess for nothing. The clients' own timeouts bound it.
func (s *Service) try(ctx context.Context, person string, factor Factor, ask func(ctx context.Context) (Finding, *fault.Fault, error)) (string, error) {
	left, until, err := s.tries.Charge(ctx, person, factor)
	if err != nil {
		return "", err
	}
	if !until.IsZero() {
		return "", s.locked(lockedAt(factor), until)
	}
	finding, refusal, err := ask(context.WithoutCancel(ctx))
	if err == nil && refusal == nil && finding.Verdict != Match {
		err = fmt.Errorf("proofing %s: unexpected verdict %q", factor, finding.Verdict)
	}
	if err != nil {
		if back := s.tries.Refund(ctx, person, factor); back != nil {
			return "", back
		}
		return "", err
	}
	if refusal != nil {
		return "", s.wrong(refusal, left, factor)
	}
	return finding.Transaction, nil
}

// decisive are the refusals that say more than "wrong": they are shown even
// when they were the last try.
var decisive = map[*fault.Fault]bool{ErrCardLost: true, ErrAccountLocked: true, ErrOTPLocked: true, ErrOTPNone: true,
	ErrCounterLost: true, ErrCounterExpired: true}

// lockedAt is what one reads who can't try a factor: at the counter a teller.
func lockedAt(factor Factor) *fault.Fault {
	if factor == AtCounter {
		return ErrCounterLocked
	}
	return ErrLocked
}

// wrong is what the customer gets for a charged try that failed.
func (s *Service) wrong(refusal *fault.Fault, left int, factor Factor) error {
	if left == 0 && !decisive[refusal] {
		return s.locked(lockedAt(factor), s.now().Add(LockFor))
	}
	return refusal.With(nil, "left", strconv.Itoa(left))
}

func (s *Service) locked(f *fault.Fault, until time.Time) error {
	return f.With(nil, "until", Clock(until)).After(until.Sub(s.now()))
}

func (s *Service) proof(factor Factor, transaction string, evidence map[string]string) Proof {
	if evidence == nil {
		evidence = make(map[string]string, 1)
	}
	evidence["transaction"] = transaction
	return Proof{Factor: factor, At: s.now(), Evidence: evidence}
}

// Locked says until when a person can't try a factor: of those that are locked
// here. What the core bank has locked it tells when it is asked.
func (s *Service) Locked(ctx context.Context, person string) (map[Factor]time.Time, error) {
	return s.Locks.LockedFactors(ctx, person, s.now())
}

// Settle forgets what was counted and sent on the way to a proof. Call it in
// the transaction that stores the proof.
func (s *Service) Settle(ctx context.Context, person, applicationID string, factor Factor) error {
	if err := s.tries.Reset(ctx, person, factor); err != nil || factor != Phone {
		return err
	}
	if err := s.tries.Reset(ctx, person, PhoneSend); err != nil {
		return err
	}
	return s.Counter.DropPhoneCode(ctx, applicationID)
}
