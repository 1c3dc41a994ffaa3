package authz

import "github.com/ingam-pki/ingam/internal/fault"

// Act is something a caller may do, as it stands in the audit log.
type Act string

// The acts.
const (
	LogIn              Act = "session.login"
	LogOut             Act = "session.logout"
	StartApplication   Act = "application.start"
	ViewApplication    Act = "application.view"
	GiveConsent        Act = "application.consent"
	ProveIdentity      Act = "application.prove"
	AbandonApplication Act = "application.abandon"
	LapseApplication   Act = "application.lapse"
	IssueCertificate   Act = "certificate.issue"
	ViewCertificate    Act = "certificate.view"
	RevokeCertificate  Act = "certificate.revoke"
	HoldCertificate    Act = "certificate.hold"
	ReleaseCertificate Act = "certificate.release"
	ExpireCertificate  Act = "certificate.expire"
	RemindSubscriber   Act = "certificate.remind"
	AdoptCertificate   Act = "certificate.adopt"
	ReportLoss         Act = "certificate.lost"
	ReportLossByCode   Act = "certificate.lost-by-code"
	ViewEmergencyCode  Act = "certificate.emergency-code"
	ProposeAct         Act = "proposal.make"
	DecideProposal     Act = "proposal.decide"
	ViewProposals      Act = "proposal.view"
	IssueCRL           Act = "crl.issue"
	MakeAuthority      Act = "authority.init"
	EnrolSubscriber    Act = "subscriber.enrol"
	RotateKeys         Act = "keys.rotate"
	VerifyAudit        Act = "audit.verify"
	AddPasskey         Act = "passkey.add"
	ViewPasskeys       Act = "passkey.view"
	RemovePasskey      Act = "passkey.remove"
	ViewNotices        Act = "notice.view"
	ChooseNotices      Act = "notice.choose"
	RetryNotices       Act = "notice.retry"
)

// whose says on whose things a role may do an act.
type whose int

const (
	own   whose = iota + 1 // the object's owner is the caller
	every                  // every object
)

// table is the whole of the policy. What does not stand here is forbidden.
var table = map[Act]map[Role]whose{
	LogIn:              {Anonymous: every},
	LogOut:             {Customer: own},
	StartApplication:   {Customer: own},
	ViewApplication:    {Customer: own},
	GiveConsent:        {Customer: own},
	ProveIdentity:      {Customer: own},
	AbandonApplication: {Customer: own},
	LapseApplication:   {System: every},
	IssueCertificate:   {Customer: own, System: every},
	ViewCertificate:    {Customer: own, Teller: every, Supervisor: every, Operator: every},
	RevokeCertificate:  {Customer: own, Teller: every, Supervisor: every, Operator: every, System: every},
	HoldCertificate:    {Customer: own, CodeHolder: own, Teller: every, Supervisor: every, Operator: every, System: every},
	ReleaseCertificate: {Customer: own, Teller: every, Supervisor: every, Operator: every},
	ExpireCertificate:  {System: every},
	RemindSubscriber:   {System: every},
	AdoptCertificate:   {System: every},
	ReportLoss:         {Customer: own, CodeHolder: own, Teller: every, Supervisor: every, Operator: every},
	ReportLossByCode:   {Anonymous: every, Customer: every},
	ViewEmergencyCode:  {Customer: own},
	ProposeAct:         {Teller: every, Supervisor: every, Operator: every},
	DecideProposal:     {Supervisor: every, Operator: every},
	ViewProposals:      {Teller: every, Supervisor: every, Operator: every, Auditor: every},
	IssueCRL:           {Operator: every, System: every},
	MakeAuthority:      {Operator: every},
	EnrolSubscriber:    {Operator: every, System: every},
	RotateKeys:         {Operator: every},
	VerifyAudit:        {Operator: every, Auditor: every},
	AddPasskey:         {Customer: own},
	ViewPasskeys:       {Customer: own},
	RemovePasskey:      {Customer: own},
	ViewNotices:        {Customer: own, Operator: every},
	ChooseNotices:      {Customer: own},
	RetryNotices:       {Operator: every},
}

// ErrForbidden is the refusal of Allow. A stranger's object and one that does
// not exist look the same to a customer, so doors may show NotFound instead.
var ErrForbidden = fault.Define(1003, "forbidden", fault.Forbidden,
	fault.Text{KO: "이 작업을 할 수 있는 권한이 없어요.", EN: "You are not allowed to do this."},
	fault.Text{KO: "본인의 아이디로 로그인했는지 확인해 주세요.", EN: "Please check that you are logged in with your own id."})

// Allow says whether a caller may do an act on something that owner owns
// (a subscriber id; empty when it is nobody's). The error is ErrForbidden.
func Allow(caller Caller, act Act, owner string) error {
	switch table[act][caller.Role] {
	case every:
		return nil
	case own:
		if caller.ID != "" && caller.ID == owner {
			return nil
		}
	}
	return ErrForbidden
}
