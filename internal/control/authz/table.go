package authz

// Act is something a caller may do, as it stands in the audit log.
type Act string

// The acts of customers and of the authority.
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
	ViewAudit          Act = "audit.view"
	ExportAudit        Act = "audit.export"
	AddPasskey         Act = "passkey.add"
	ViewPasskeys       Act = "passkey.view"
	RemovePasskey      Act = "passkey.remove"
	ViewNotices        Act = "notice.view"
	ChooseNotices      Act = "notice.choose"
	RetryNotices       Act = "notice.retry"
)

// The acts at the counter, and those about the people who work there.
const (
	SearchCustomers  Act = "customer.search"
	ViewCustomer     Act = "customer.view"
	ExportCustomer   Act = "customer.export"
	OpenCase         Act = "case.open"
	ViewCase         Act = "case.view"
	WorkOnCase       Act = "case.work"
	TakeCase         Act = "case.take"
	SubmitCase       Act = "case.submit"
	DecideCase       Act = "case.decide"
	WithdrawCase     Act = "case.withdraw"
	LapseCase        Act = "case.lapse"
	ViewQueue        Act = "case.queue"
	ApplyAtBranch    Act = "case.apply"
	ViewScan         Act = "scan.view"
	EraseScans       Act = "scan.erase"
	PrintPaper       Act = "paper.print"
	HandOutCodes     Act = "codes.hand-out"
	RedeemCodes      Act = "codes.redeem"
	LogInStaff       Act = "staff.login"
	LogOutStaff      Act = "staff.logout"
	EndStaffSessions Act = "staff.end-sessions"
	ViewStaff        Act = "staff.view"
	InviteOfficer    Act = "staff.officer"
	ManageStaff      Act = "staff.manage"
	ActivateStaff    Act = "staff.activate"
	ViewOwnAccount   Act = "staff.self"
	ManageOwnPasskey Act = "staff.passkey"
)

// table is the whole of the policy: act, role, condition. What does not stand
// here is forbidden. Two rules stand above it, in Allow: nobody who works here
// acts on what is their own, unless the condition is own; and where the
// condition has another, never the maker.
var table = map[Act]map[Role]condition{
	LogIn:              {Anonymous: every},
	LogOut:             {Customer: own, Redeemer: own},
	StartApplication:   {Customer: own},
	ViewApplication:    {Customer: own, Redeemer: own, Teller: every, Supervisor: every},
	GiveConsent:        {Customer: own},
	ProveIdentity:      {Customer: own},
	AbandonApplication: {Customer: own, Supervisor: every},
	LapseApplication:   {System: every},
	IssueCertificate:   {Customer: own, Redeemer: own, System: every},
	ViewCertificate:    {Customer: own, Redeemer: own, Teller: every, Supervisor: every, Operator: every},
	RevokeCertificate:  {Customer: own, Supervisor: every, Operator: every, System: every},
	HoldCertificate:    {Customer: own, CodeHolder: own, Teller: every, Supervisor: every, Operator: every, System: every},
	ReleaseCertificate: {Customer: own, Supervisor: every, Operator: every},
	ExpireCertificate:  {System: every},
	RemindSubscriber:   {System: every},
	AdoptCertificate:   {System: every},
	ReportLoss:         {Customer: own, CodeHolder: own, Teller: every, Supervisor: every, Operator: every},
	ReportLossByCode:   {Anonymous: every, Customer: every},
	ViewEmergencyCode:  {Customer: own, Redeemer: own},
	ProposeAct:         {Teller: every, Supervisor: every, Operator: every},
	DecideProposal:     {Supervisor: another, Operator: another},
	ViewProposals:      {Teller: every, Supervisor: every, Operator: every, Auditor: every},
	IssueCRL:           {Operator: every, System: every},
	MakeAuthority:      {Operator: every},
	EnrolSubscriber:    {Teller: every, Supervisor: every, Operator: every, System: every},
	RotateKeys:         {Operator: every},
	VerifyAudit:        {Operator: every, Auditor: every},
	ViewAudit:          {Auditor: every},
	ExportAudit:        {Auditor: every},
	AddPasskey:         {Customer: own},
	ViewPasskeys:       {Customer: own},
	RemovePasskey:      {Customer: own},
	ViewNotices:        {Customer: own, Operator: every},
	ChooseNotices:      {Customer: own},
	RetryNotices:       {Operator: every},

	SearchCustomers:  {Teller: every, Supervisor: every},
	ViewCustomer:     {Teller: explained, Supervisor: explained},
	ExportCustomer:   {Teller: explained, Supervisor: explained},
	OpenCase:         {Teller: branch, Supervisor: branch},
	ViewCase:         {Teller: branch, Supervisor: branch, Auditor: every},
	WorkOnCase:       {Teller: branch, Supervisor: branch, System: every},
	TakeCase:         {Teller: branch, Supervisor: branch},
	SubmitCase:       {Teller: branch, Supervisor: branch},
	DecideCase:       {Supervisor: branch | another},
	WithdrawCase:     {Teller: branch, Supervisor: branch},
	LapseCase:        {System: every},
	ViewQueue:        {Teller: branch, Supervisor: branch},
	ApplyAtBranch:    {Supervisor: branch},
	ViewScan:         {Teller: branch, Supervisor: branch},
	EraseScans:       {System: every},
	PrintPaper:       {Teller: branch, Supervisor: branch},
	HandOutCodes:     {Teller: branch, Supervisor: branch},
	RedeemCodes:      {Anonymous: every, Customer: every, Redeemer: every},
	LogInStaff:       {Anonymous: every},
	LogOutStaff:      {Teller: own, Supervisor: own, Operator: own, Security: own, Auditor: own},
	EndStaffSessions: {Teller: own, Supervisor: own, Operator: own | every, Security: own | every, Auditor: own, System: every},
	ViewStaff:        {Operator: every, Security: every, Auditor: every},
	ManageStaff:      {Operator: every, Security: every, System: every},
	InviteOfficer:    {Operator: every},
	ActivateStaff:    {Anonymous: every},
	ViewOwnAccount:   {Teller: own, Supervisor: own, Operator: own, Security: own, Auditor: own},
	ManageOwnPasskey: {Teller: own, Supervisor: own, Operator: own, Security: own, Auditor: own},
}
