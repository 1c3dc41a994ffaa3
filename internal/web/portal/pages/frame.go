package pages

import "time"

// Frame is what every page needs besides its own. The zero value of each field
// has a meaning; Lang and Now alone must be set.
type Frame struct {
	Lang        string        // "ko" or "en"
	Path        string        // of the page with its query, for the language and look forms to come back to
	Now         time.Time     // days left are counted from here
	Ahead       time.Duration // how far Now is ahead of the real time, for scripts; a demo's can be
	Bank        string        // the bank's name; empty: 인감은행
	CallCentre  string        // empty: 1588-0000
	Visitor     *Visitor      // nil when nobody is logged in
	IdleSeconds int           // after how long a session ends; 0: no warning
	Demo        bool          // outside services are simulated: a banner says so
	DemoDesk    string        // URL of the simulators' own page, shown in the banner; may be empty
	Look        string        // auto (or empty), light, dark, contrast
	AssetBase   string        // "/assets/<hash>"; empty: what New was given
	Problem     *Problem      // why what was just tried was refused
	Notice      string        // what was just done, a key of texts without "notice."; may be empty
	Enter       string        // where one comes back in who is not logged in but has codes; empty: /login
}

func (f Frame) frame() Frame { return f }

// Visitor is who is logged in.
type Visitor struct{ Name string }

// Problem is a refusal as a fault tells it: what happened, what to do, the
// number for the call centre, and the field it is about (empty when it is about
// none).
type Problem struct {
	Title  string
	Detail string
	Code   int
	Field  string
}

// Step is what the pages of one application share.
type Step struct {
	Frame
	ID        string    // of the application
	Kind      string    // npki.Kind
	KindTitle string    // as the bank names it; empty: by Kind
	ExpiresAt time.Time // until when it can be gone on with
	Way       string    // enrolment.Way: issue (or empty), renew, reissue, resume
	Replaces  string    // serial of the certificate that it is about; empty for an issue
	Branch    string    // three digits: made at a branch; empty: online
}

func (s Step) way() string { return s.Way }

// track is what the stepper shows the steps of.
func (s Step) track() string {
	if s.Branch != "" {
		return "codes"
	}
	return s.Way
}

// Application is one open application as a list shows it.
type Application struct {
	ID        string
	Kind      string
	KindTitle string
	Way       string // see Step
	Number    int    // from 1: the step it is at
	Branch    string // three digits: made at a branch; empty: online
	ExpiresAt time.Time
}

// Kind is one kind of certificate that can be chosen.
type Kind struct {
	Kind         string // npki.Kind
	Title        string // as the bank names it; empty: by Kind
	Online       bool   // can be applied for here
	Fee          int    // won; 0 is free
	ValidityDays int
	Held         bool // the visitor has one already
}

// Certificate is one issued certificate.
type Certificate struct {
	Serial    string // lower-case hex
	Kind      string
	KindTitle string
	Owner     string // the person's name
	Bank      string // empty: the frame's
	State     string // held, valid, suspended, revoked, expired; valid one near its end shows as expiring
	NotBefore time.Time
	NotAfter  time.Time
	IssuedAt  time.Time
	ChangedAt time.Time // when the state changed last; zero: never
	Reason    int       // RFC 5280 CRLReason, when revoked, suspended or held
	Next      *Advice   // what had best be done; may be nil
	Events    []Event   // newest first
	// For the page of one certificate:
	Subject     string // folder form
	Issuer      string // folder form
	Fingerprint string // hex of the SHA-256 of the DER
	Policy      string // OID
	Algorithm   string // such as "RSA 2048, SHA-256"
	ReplacedBy  string // serial of the one that took its place
	// Acts are what its owner can do with it now: renew, reissue, resume,
	// suspend, revoke, code (see the emergency code).
	Acts []string
}

// Terms is one text to agree to. Text is the contract in Korean; Translation
// is the English courtesy, empty in Korean.
type Terms struct {
	Name        string
	Version     string
	SHA256      string
	Title       string
	Text        string
	Translation string
	Required    bool
	Agreed      bool // ticked before, or consent was given
}

// Factor is one way to prove an identity, as the overview shows it.
type Factor struct {
	Name   string    // id-card, account, otp, phone
	Proven bool      //
	At     time.Time // when it was proven
	Next   bool      // the one to go on with
	Locked time.Time // until when it can't be tried; zero: it can
}

// Report is what was found out about a signature.
type Report struct {
	Verdict string // valid, invalid, unknown
	Reason  string // short name, shown small
	Title   string // what was found, in the page's language
	Detail  string
	At      time.Time
	Signers []Signer
	Text    string // what was signed, when it is text
	Size    int64  // bytes of what was signed
}

// Signer is one signer in a Report.
type Signer struct {
	Name     string // as the certificate says
	Issuer   string // its CN
	Serial   string
	SignedAt time.Time // as the signer says; zero: not said
	Verdict  string    // valid, invalid, unknown
	Title    string
	NotAfter time.Time
}

// Sample is a customer of the demo bank, shown at its login.
type Sample struct {
	LoginID  string
	Password string
	Note     string
}
