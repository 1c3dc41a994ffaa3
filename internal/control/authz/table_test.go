package authz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// want is the policy written a second time, by role, so that a slip in the
// table shows.
var want = map[Role]map[condition][]Act{
	Anonymous: {every: {LogIn, ReportLossByCode, RedeemCodes, LogInStaff, ActivateStaff}},
	Customer: {
		own: {
			LogOut, StartApplication, ViewApplication, GiveConsent, ProveIdentity, AbandonApplication,
			IssueCertificate, ViewCertificate, RevokeCertificate, HoldCertificate, ReleaseCertificate,
			ReportLoss, ViewEmergencyCode, AddPasskey, ViewPasskeys, RemovePasskey, ViewNotices, ChooseNotices,
		},
		every: {ReportLossByCode, RedeemCodes},
	},
	CodeHolder: {own: {HoldCertificate, ReportLoss}},
	Redeemer:   {own: {LogOut, ViewApplication, IssueCertificate, ViewCertificate, ViewEmergencyCode}, every: {RedeemCodes}},
	Teller: {
		own:       {LogOutStaff, EndStaffSessions, ViewOwnAccount, ManageOwnPasskey},
		branch:    {OpenCase, ViewCase, WorkOnCase, TakeCase, SubmitCase, WithdrawCase, ViewQueue, ViewScan, PrintPaper, HandOutCodes},
		explained: {ViewCustomer, ExportCustomer},
		every: {
			SearchCustomers, ViewApplication, ViewCertificate, HoldCertificate, ReportLoss,
			ProposeAct, ViewProposals, EnrolSubscriber,
		},
	},
	Supervisor: {
		own:              {LogOutStaff, EndStaffSessions, ViewOwnAccount, ManageOwnPasskey},
		branch:           {OpenCase, ViewCase, WorkOnCase, TakeCase, SubmitCase, WithdrawCase, ViewQueue, ApplyAtBranch, ViewScan, PrintPaper, HandOutCodes},
		branch | another: {DecideCase},
		another:          {DecideProposal},
		explained:        {ViewCustomer, ExportCustomer},
		every: {
			SearchCustomers, ViewApplication, AbandonApplication, ViewCertificate, HoldCertificate,
			RevokeCertificate, ReleaseCertificate, ReportLoss, ProposeAct, ViewProposals, EnrolSubscriber,
		},
	},
	Operator: {
		own:         {LogOutStaff, ViewOwnAccount, ManageOwnPasskey},
		own | every: {EndStaffSessions},
		another:     {DecideProposal},
		every: {
			ViewCertificate, RevokeCertificate, HoldCertificate, ReleaseCertificate, ReportLoss, ProposeAct, ViewProposals,
			IssueCRL, MakeAuthority, EnrolSubscriber, RotateKeys, VerifyAudit, ViewNotices, RetryNotices, ViewStaff, ManageStaff, InviteOfficer,
		},
	},
	Security: {
		own:         {LogOutStaff, ViewOwnAccount, ManageOwnPasskey},
		own | every: {EndStaffSessions},
		every:       {ViewStaff, ManageStaff},
	},
	Auditor: {
		own:   {LogOutStaff, EndStaffSessions, ViewOwnAccount, ManageOwnPasskey},
		every: {VerifyAudit, ViewAudit, ExportAudit, ViewProposals, ViewCase, ViewStaff},
	},
	System: {every: {
		LapseApplication, IssueCertificate, RevokeCertificate, HoldCertificate, ExpireCertificate,
		RemindSubscriber, AdoptCertificate, IssueCRL, EnrolSubscriber, EraseScans, ManageStaff, EndStaffSessions, WorkOnCase, LapseCase,
	}},
}

var roles = []Role{Anonymous, Customer, CodeHolder, Redeemer, Teller, Supervisor, Operator, Security, Auditor, System, "stranger", ""}

func wanted(role Role, act Act) condition {
	for c, acts := range want[role] {
		if slices.Contains(acts, act) {
			return c
		}
	}
	return 0
}

// objects are one of each sort that a condition tells apart.
var objects = []struct {
	name   string
	object Object
	meets  condition // what a caller with ID "me", at branch 012, meets
}{
	{"one's own", Object{Owner: "me", Application: "me", Branch: "099", Maker: "they"}, own},
	{"another's", Object{Owner: "they", Application: "theirs", Branch: "099", Maker: "they"}, another},
	{"another's, who said why", Object{Owner: "they", Branch: "099", Maker: "they", Explained: true}, another | explained},
	{"at the same branch", Object{Owner: "they", Branch: "012", Maker: "they"}, another | branch | explained},
	{"at the same branch, made by oneself", Object{Owner: "they", Branch: "012", Maker: "me"}, branch | explained},
	{"at the same branch, of oneself as a customer", Object{Owner: "myself", Branch: "012", Maker: "they", Explained: true}, 0},
	{"nobody's", Object{}, 0},
}

// may is the conditions' meaning written a second time.
func may(c, meets condition, staff bool, o Object) bool {
	mine := o.Owner == "me" || staff && o.Owner == "myself"
	switch {
	case c == 0:
		return false
	case c&own != 0 && meets&own != 0:
		return true
	case staff && mine:
		return false
	case c&another != 0 && meets&another == 0:
		return false
	case c&every != 0, c == another:
		return true
	case c&branch != 0:
		return meets&branch != 0
	case c&explained != 0:
		return meets&explained != 0
	}
	return false
}

func TestAllowWalksTheTable(t *testing.T) {
	checks := 0
	for _, role := range roles {
		for act := range table {
			c := wanted(role, act)
			for _, o := range objects {
				staff := slices.Contains(Staff, role)
				caller := Caller{Role: role, ID: "me", Branch: "012", Self: "myself"}
				meets := o.meets
				if o.object.Owner == "me" {
					meets |= another // made by somebody else
				}
				check(t, caller, act, o.object, o.name, may(c, meets, staff, o.object))
				checks++
			}
			// Without an id nothing is one's own, without a branch nothing is at it.
			check(t, Caller{Role: role}, act, Object{}, "nobody asks", c&every != 0)
		}
	}
	check(t, Caller{Role: System}, Act("no.such.act"), Object{}, "no such act", false)
	t.Logf("%d checks", checks)
}

func check(t *testing.T, caller Caller, act Act, o Object, name string, allowed bool) {
	t.Helper()
	err := AllowOn(caller, act, o)
	if allowed && err != nil {
		t.Errorf("%s may not %s, %s: %v", caller.Role, act, name, err)
	}
	if !allowed && !errors.Is(err, ErrForbidden) {
		t.Errorf("%s may %s, %s: %v", caller.Role, act, name, err)
	}
}

// TestPolicyInWords prints the table as an auditor reads it (go test -v).

func TestPolicyInWords(t *testing.T) {
	var out strings.Builder
	for _, line := range Policy() {
		fmt.Fprintf(&out, "%-24s", line.Act)
		for _, g := range line.Grants {
			fmt.Fprintf(&out, "  %s: %s", g.Role, g.Condition.EN)
		}
		out.WriteByte('\n')
	}
	t.Log("\n" + out.String())
	if len(Policy()) != len(table) {
		t.Errorf("%d lines for %d acts", len(Policy()), len(table))
	}
}
