package authz

import (
	"errors"
	"testing"
)

// want is the policy written a second time, by role, so that a slip in the
// table shows.
var want = map[Role]map[Act]whose{
	Anonymous: {LogIn: every, ReportLossByCode: every},
	Customer: {
		LogOut: own, StartApplication: own, ViewApplication: own, GiveConsent: own, ProveIdentity: own,
		AbandonApplication: own, IssueCertificate: own, ViewCertificate: own,
		RevokeCertificate: own, HoldCertificate: own, ReleaseCertificate: own,
		ReportLoss: own, ReportLossByCode: every, ViewEmergencyCode: own,
		AddPasskey: own, ViewPasskeys: own, RemovePasskey: own,
		ViewNotices: own, ChooseNotices: own,
	},
	CodeHolder: {HoldCertificate: own, ReportLoss: own},
	Teller: {
		ViewCertificate: every, RevokeCertificate: every, HoldCertificate: every, ReleaseCertificate: every,
		ReportLoss: every, ProposeAct: every, ViewProposals: every,
	},
	Supervisor: {
		ViewCertificate: every, RevokeCertificate: every, HoldCertificate: every, ReleaseCertificate: every,
		ReportLoss: every, ProposeAct: every, DecideProposal: every, ViewProposals: every,
	},
	Operator: {
		ViewCertificate: every, RevokeCertificate: every, HoldCertificate: every, ReleaseCertificate: every,
		ReportLoss: every, ProposeAct: every, DecideProposal: every, ViewProposals: every,
		IssueCRL: every, MakeAuthority: every, EnrolSubscriber: every, RotateKeys: every, VerifyAudit: every,
		ViewNotices: every, RetryNotices: every,
	},
	Auditor: {VerifyAudit: every, ViewProposals: every},
	System: {
		LapseApplication: every, IssueCertificate: every, RevokeCertificate: every, HoldCertificate: every,
		ExpireCertificate: every, RemindSubscriber: every, AdoptCertificate: every, IssueCRL: every, EnrolSubscriber: every,
	},
}

func TestAllowWalksTheTable(t *testing.T) {
	for _, role := range []Role{Anonymous, Customer, CodeHolder, Teller, Supervisor, Operator, Auditor, System, Role("stranger"), Role("")} {
		for act := range table {
			rule := want[role][act]
			check(t, Caller{Role: role, ID: "me"}, act, "me", rule != 0)
			check(t, Caller{Role: role, ID: "me"}, act, "other", rule == every)
			check(t, Caller{Role: role}, act, "", rule == every)
		}
	}
	check(t, Caller{Role: System}, Act("no.such.act"), "", false)
}

func check(t *testing.T, caller Caller, act Act, owner string, allowed bool) {
	t.Helper()
	err := Allow(caller, act, owner)
	if allowed && err != nil {
		t.Errorf("%s may not %s of %q: %v", caller.Role, act, owner, err)
	}
	if !allowed && !errors.Is(err, ErrForbidden) {
		t.Errorf("%s may %s of %q: %v", caller.Role, act, owner, err)
	}
}
