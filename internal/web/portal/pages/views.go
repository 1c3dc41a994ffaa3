package pages

import "time"

// View is the content of one page; the structs below are all there are.
type View interface {
	frame() Frame
	template() string
}

// Home is /.
type Home struct {
	Frame
	Open   []Application
	Urgent *Certificate // of who is logged in, with what to do about it
}

// Login is /login. Ended says that a session ended because nothing was done.
type Login struct {
	Frame
	LoginID string // as typed before
	Next    string // where to go afterwards; a path of ours
	Ended   bool
	Samples []Sample // of the demo only
}

// Center is /center.
type Center struct {
	Frame
	Open         []Application
	Certificates []Certificate // of who is logged in; the first three are shown
}

// Wallet is /wallet. It is the same for everybody: the frame's Visitor,
// Problem, Notice and IdleSeconds are not shown.
type Wallet struct{ Frame }

// Sign is /sign; the same for everybody, as Wallet.
type Sign struct{ Frame }

// Help is /help/browser-key; the same for everybody, as Wallet.
type Help struct{ Frame }

// Offline is /offline, which a browser keeps and shows in the place of a page
// that it can't reach; the same for everybody, as Wallet.
type Offline struct{ Frame }

// Verify is /verify.
type Verify struct {
	Frame
	Text   string // the signature as pasted before
	Report *Report
}

// Apply is /apply.
type Apply struct {
	Frame
	Kinds  []Kind
	Chosen string // kind chosen before
	Open   []Application
}

// AgreeTerms is /apply/{id}/terms. Given says that consent was given before:
// the texts can be read again and that is all.
type AgreeTerms struct {
	Step
	Terms []Terms
	Given bool
}

// Identity is /apply/{id}/identity.
type Identity struct {
	Step
	Factors []Factor
}

// IDCard is /apply/{id}/id-card. Number is not here: it never goes back into
// a page. Field names: document, name, number, issueDate, licence, image.
type IDCard struct {
	Step
	Documents []string // proofing.Document, those that the person may use
	Document  string
	Name      string
	IssueDate string
	Licence   string
}

// Account is /apply/{id}/account. Field names: account, password.
type Account struct {
	Step
	Account string // as typed before
}

// OTP is /apply/{id}/otp. Field name: code.
type OTP struct{ Step }

// Phone is /apply/{id}/phone. Field name: code. The form that has a code sent
// goes to /apply/{id}/phone/code.
type Phone struct {
	Step
	Phone   string    // masked; empty before the first code
	Sent    bool      // a code was sent and can be entered
	Expires time.Time // of the code; zero: not known
}

// Confirm is /apply/{id}/confirm.
type Confirm struct {
	Step
	Name           string
	RomanName      string
	IdentityNumber string // masked: 900101-1●●●●●●
	Phone          string // masked
	ValidityDays   int
	End            time.Time // when it will end; zero: counted from its issue
	Fee            int
	CA             string
	Factors        []Factor
}

// Key is /apply/{id}/key.
type Key struct {
	Step
	CA  string       // folder name under NPKI
	Old *Certificate // to be renewed; nil else
}

// Done is /apply/{id}/done.
type Done struct {
	Step
	Certificate Certificate
	Code        string // the emergency code, 16 characters; empty: none is shown
}

// Redeem is /redeem. Field names: reference, code; keys is filled by the page's
// script.
type Redeem struct {
	Frame
	Reference string        // as typed before
	Ended     bool          // a session ended because nothing was done
	Going     string        // where to go on after codes that were entered before; a path of ours, or empty
	Waiting   []Application // of who is logged in: what waits for codes
}

// Ended is what /apply/{id} and its steps show when the application is over:
// lapsed, rejected or abandoned. Problem says why.
type Ended struct {
	Step
	State string
}

// Certificates is /certificates.
type Certificates struct {
	Frame
	Certificates []Certificate
}

// CertificateView is /certificates/{serial}.
type CertificateView struct {
	Frame
	Certificate Certificate
}

// Passkeys is /passkeys.
type Passkeys struct{ Frame }

// Failure is any page that can't be shown; Problem says why.
type Failure struct {
	Frame
	Status int // HTTP status
}

func (Home) template() string            { return "home" }
func (Offline) template() string         { return "offline" }
func (Login) template() string           { return "login" }
func (Center) template() string          { return "center" }
func (Wallet) template() string          { return "wallet" }
func (Sign) template() string            { return "sign" }
func (Help) template() string            { return "help" }
func (Verify) template() string          { return "verify" }
func (Apply) template() string           { return "apply" }
func (AgreeTerms) template() string      { return "terms" }
func (Identity) template() string        { return "identity" }
func (IDCard) template() string          { return "id-card" }
func (Account) template() string         { return "account" }
func (OTP) template() string             { return "otp" }
func (Phone) template() string           { return "phone" }
func (Confirm) template() string         { return "confirm" }
func (Key) template() string             { return "key" }
func (Done) template() string            { return "done" }
func (Redeem) template() string          { return "redeem" }
func (Ended) template() string           { return "ended" }
func (Certificates) template() string    { return "certificates" }
func (CertificateView) template() string { return "certificate" }
func (Passkeys) template() string        { return "passkeys" }
func (Failure) template() string         { return "failure" }
