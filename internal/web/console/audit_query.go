package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// trails is the audit log as auditors read it; audit.Reader is.
type trails interface {
	Look(ctx context.Context, caller authz.Caller, q audit.Query) (audit.Page, error)
	OfPerson(ctx context.Context, caller authz.Caller, subscriberID string, q audit.Query) (audit.Page, error)
	OfStaff(ctx context.Context, caller authz.Caller, id string, q audit.Query) (audit.Page, error)
	Export(ctx context.Context, caller authz.Caller, q audit.Query, w io.Writer) (rows int, cut bool, err error)
	Check(ctx context.Context, caller authz.Caller, place string) (audit.Report, error)
}

// What the filter refuses.
var (
	errDay = fault.Define(1067, "console-no-such-day", fault.Invalid,
		fault.Text{KO: "그런 날짜가 없어요.", EN: "There is no such day."},
		fault.Text{KO: "2027-03-14처럼 적어 주세요.", EN: "Please write it as 2027-03-14."})
	errNobodyHasIt = fault.Define(1068, "console-no-such-number", fault.Invalid,
		fault.Text{KO: "그런 사번을 가진 직원이 없어요.", EN: "Nobody has this employee number."},
		fault.Text{KO: "사번을 다시 확인해 주세요.", EN: "Please check the number."})
)

// perTrail is how many entries a page of the log has.
const perTrail = 50

// maxWord bounds what the address says of one field, in bytes.
const maxWord = 120

// filterOf reads what the address asks for.
func filterOf(query url.Values) pages.AuditFilter {
	get := func(name string) string {
		value := strings.TrimSpace(query.Get(name))
		if len(value) > maxWord {
			return ""
		}
		return value
	}
	return pages.AuditFilter{From: get("from"), To: get("to"), Act: get("act"), Outcome: get("outcome"),
		Role: get("role"), Who: get("who"), By: get("by"), Object: get("object")}
}

// queryOf is a filter as the log takes it. Days are Seoul's, the last one
// counts as a whole.
func (c *Console) queryOf(r *http.Request, f pages.AuditFilter) (q audit.Query, err error) {
	q = audit.Query{Act: authz.Act(f.Act), Outcome: audit.Outcome(f.Outcome), Role: authz.Role(f.Role), Caller: f.By, Object: f.Object, Limit: perTrail}
	if q.From, err = dayOf(f.From, "from"); err != nil {
		return q, err
	}
	if q.To, err = dayOf(f.To, "to"); err != nil {
		return q, err
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1)
	}
	if f.Who != "" {
		a, err := c.Accounts.ByNumber(r.Context(), caller(r), f.Who)
		if errors.Is(err, staff.ErrNoAccount) {
			err = errNobodyHasIt.With(err, "field", "who")
		}
		if err != nil {
			return q, err
		}
		q.Caller = a.ID
	}
	return q, nil
}

func dayOf(text, field string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, seoul.Zone)
	if err != nil {
		return time.Time{}, errDay.With(nil, "field", field) // the error quotes what was typed
	}
	return day, nil
}

// look finds what an address asks for: one person's trail, one caller's, or all.
func (c *Console) look(r *http.Request, f pages.AuditFilter, person, after string) (audit.Page, error) {
	q, err := c.queryOf(r, f)
	if err == nil && after != "" {
		var place audit.Cursor
		place, err = audit.ParseCursor(after)
		q.After = &place
	}
	switch {
	case err != nil:
		return audit.Page{}, err
	case person != "":
		return c.Trails.OfPerson(r.Context(), caller(r), person, q)
	case q.Caller != "":
		return c.Trails.OfStaff(r.Context(), caller(r), q.Caller, q)
	}
	return c.Trails.Look(r.Context(), caller(r), q)
}

// addressOf writes a filter as the address has it.
func addressOf(f pages.AuditFilter) url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"from": f.From, "to": f.To, "act": f.Act, "outcome": f.Outcome, "role": f.Role,
		"who": f.Who, "by": f.By, "object": f.Object} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}
