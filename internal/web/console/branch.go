package console

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Desk is what the pages of tellers and supervisors work with.
type Desk struct {
	Counter     *counter.Service
	Terms       func(kind npki.Kind) []enrolment.Terms
	RenewalDays func(kind npki.Kind) int
}

// branchRoutes are those of who works at a branch.
func (c *Console) branchRoutes() []Route {
	return []Route{
		{Pattern: "GET /console/customers", Act: authz.SearchCustomers, Handle: c.customers},
		{Pattern: "POST /console/customers", Act: authz.SearchCustomers, Handle: c.search},
		{Pattern: "GET /console/customers/{number}", Act: authz.ViewCustomer, Handle: c.customer},
		{Pattern: "POST /console/customers/{number}", Act: authz.ViewCustomer, Handle: c.explain},
		{Pattern: "POST /console/customers/{number}/export.csv", Act: authz.ExportCustomer, Handle: c.export},
		{Pattern: "GET /console/customers/{number}/open", Act: authz.OpenCase, Handle: c.wish},
		{Pattern: "POST /console/customers/{number}/open", Act: authz.OpenCase, Handle: c.open},
		{Pattern: "GET /console/cases/{id}", Act: authz.ViewCase, Handle: c.showCase},
		{Pattern: "GET /console/cases/{id}/state.json", Act: authz.ViewCase, Quiet: true, Handle: c.standing},
		{Pattern: "POST /console/cases/{id}/prove", Act: authz.WorkOnCase, Handle: c.prove},
		{Pattern: "POST /console/cases/{id}/papers", Act: authz.WorkOnCase, Handle: c.attach},
		{Pattern: "POST /console/cases/{id}/detach", Act: authz.WorkOnCase, Handle: c.detach},
		{Pattern: "POST /console/cases/{id}/submit", Act: authz.SubmitCase, Handle: c.submit},
		{Pattern: "POST /console/cases/{id}/take", Act: authz.TakeCase, Handle: c.take},
		{Pattern: "POST /console/cases/{id}/withdraw", Act: authz.WithdrawCase, Handle: c.withdraw},
		{Pattern: "POST /console/cases/{id}/decide", Act: authz.DecideCase, Handle: c.decide},
		{Pattern: "GET /console/cases/{id}/scans/{scan}", Act: authz.ViewScan, Handle: c.scan},
		{Pattern: "GET /console/queue", Act: authz.ViewQueue, Handle: c.queue},
		{Pattern: "GET /console/approvals", Act: authz.DecideCase, Handle: c.approvals},
		{Pattern: "GET /console/queue.json", Act: authz.ViewQueue, Quiet: true, Handle: c.queueNews},
	}
}

const (
	customersPath = root + "/customers"
	queuePath     = root + "/queue"
	approvalsPath = root + "/approvals"
)

func customerPath(number string) string { return customersPath + "/" + number }

// What addresses may hold.
var (
	numberForm = regexp.MustCompile(`^[0-9A-Za-z-]{1,32}$`)
	idForm     = regexp.MustCompile(`^[A-Z2-7]{26}$`)
	serialForm = regexp.MustCompile(`^([0-9a-f]{2}){1,20}$`)
)

// numberOf is the customer that the path names.
func numberOf(r *http.Request) (string, error) {
	if number := r.PathValue("number"); numberForm.MatchString(number) {
		return number, nil
	}
	return "", subscriber.ErrNoCustomer.With(nil)
}

// caseOf is the case that the path names. What can't be one's id nobody has, so it
// is not worth an audit entry.
func caseOf(r *http.Request) (string, error) {
	if id := r.PathValue("id"); idForm.MatchString(id) {
		return id, nil
	}
	return "", counter.ErrUnknown.With(nil)
}

// branchFields are the fields of the pages of a branch.
var branchFields = []fieldFaults{
	{"name", []*fault.Fault{counter.ErrQuery, proofing.ErrCounterName, proofing.ErrCounterNameForm, proofing.ErrVisitorName}},
	{"document", []*fault.Fault{proofing.ErrCounterDocument, proofing.ErrForeignPassport}},
	{"number", []*fault.Fault{proofing.ErrNumberForm, proofing.ErrNumberDate, proofing.ErrNumberKind, proofing.ErrNumberCheck,
		proofing.ErrCounterNumber, proofing.ErrBirthDiffers}},
	{"issueDate", []*fault.Fault{proofing.ErrIssueDate, proofing.ErrIssueBeforeBirth}},
	{"expires", []*fault.Fault{proofing.ErrExpiryDate}},
	{"licence", []*fault.Fault{proofing.ErrLicenceForm, proofing.ErrLicenceRegion}},
	{"licenceSerial", []*fault.Fault{proofing.ErrLicenceSerial}},
	{"mrz", []*fault.Fault{proofing.ErrMRZMissing, proofing.ErrMRZLines, proofing.ErrMRZCharacter, proofing.ErrMRZCheck,
		proofing.ErrMRZFiller, proofing.ErrMRZDate, proofing.ErrPassportNumber}},
	{"scan", []*fault.Fault{counter.ErrScanFormat, counter.ErrScanLarge, counter.ErrScanSmall, counter.ErrScanBlank, counter.ErrScanBroken}},
	{"paper", []*fault.Fault{counter.ErrPaper}},
	{"terms", []*fault.Fault{enrolment.ErrConsentMissing}},
	{"note", []*fault.Fault{counter.ErrNote}},
	{"why", []*fault.Fault{counter.ErrWhy}},
	{"since", []*fault.Fault{lifecycle.ErrInvalidity}},
}

// inPlace shows a refusal on the page that is being made.
func inPlace(f *pages.Frame, r *http.Request, err error) {
	kit.Note(r.Context(), err)
	p := kit.SaidOf(r, err, fieldOf(err))
	f.Problem = &pages.Problem{Title: p.Title, Detail: p.Detail, Code: p.Code, Name: p.Name, Field: p.Field}
}

// kept is what a browser keeps for some pages: sealed, for who is logged in, and
// not for long.
type kept struct {
	Until time.Time       `json:"u"`
	Value json.RawMessage `json:"v"`
}

// maxKept bounds what is kept, in bytes: browsers keep cookies of up to 4 KiB.
const maxKept = 2 << 10

// keep lets the browser keep a value for the pages at and below a path.
func (c *Console) keep(w http.ResponseWriter, r *http.Request, name, at string, lasts time.Duration, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(value) > maxKept {
		return errLong.With(nil)
	}
	plain, err := json.Marshal(kept{Until: c.Now().Add(lasts), Value: value})
	if err != nil {
		return err
	}
	sealed, err := c.Sealer.Seal("cookie", name, me(r).ID+" "+at, plain)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: base64.RawURLEncoding.EncodeToString(sealed), Path: at, MaxAge: int(lasts.Seconds()), //nolint:gosec // Secure where there is https
		HttpOnly: true, Secure: c.HTTPS, SameSite: http.SameSiteStrictMode})
	return nil
}

// keptFor reads what was kept; false when there is nothing, or no longer.
func (c *Console) keptFor(r *http.Request, name, at string, v any) bool {
	for _, cookie := range r.CookiesNamed(name) {
		sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
		if err != nil {
			continue
		}
		plain, err := c.Sealer.Open("cookie", name, me(r).ID+" "+at, sealed)
		var k kept
		if err == nil && json.Unmarshal(plain, &k) == nil && c.Now().Before(k.Until) && json.Unmarshal(k.Value, v) == nil {
			return true
		}
	}
	return false
}

// names are those of who works here.
func (c *Console) names(ctx context.Context, ids []string) (map[string]string, error) {
	return c.Accounts.Names(ctx, ids)
}

// codesOf is how the codes of a case stand, as pages show it.
func codesOf(s redeem.Status, names map[string]string) pages.Codes {
	return pages.Codes{Handed: s.Handed, By: string(s.By), HandedBy: names[s.HandedBy], HandedAt: s.HandedAt, Until: s.Until,
		TriesLeft: s.TriesLeft, OpenedAt: s.OpenedAt, SpentAt: s.SpentAt}
}

// digitsOf are the digits of what was typed.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
