package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
)

// longLog is a log that takes more slices than one request checks. Its place is
// as large as that of 16 lanes with 50 problems.
type longLog struct {
	trails
	slices int
}

func (l *longLog) Check(_ context.Context, _ authz.Caller, place string) (audit.Report, error) {
	if place != "" && len(place) != 15<<10 {
		return audit.Report{}, audit.ErrPlace.With(nil)
	}
	l.slices++
	report := audit.Report{All: 900_000, Done: l.slices > slicesAtOnce, Problems: []audit.Problem{{Flaw: audit.Changed, Lane: 3, Seq: 7}}}
	report.Summary.Entries, report.Summary.Problems = int64(l.slices)*50_000, 1
	if !report.Done {
		report.Place = strings.Repeat("p", 15<<10)
	}
	return report, nil
}

// What is wrong in a long log is said once, however many slices it takes, and how
// far the check is fits where it is kept.
func TestLongLogIsChecked(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.console.Trails = &longLog{}
	d.who = staff.Account{ID: "a1", Name: "이감사", Role: authz.Auditor, State: staff.Active}
	form := url.Values{}
	for _, done := range []bool{false, true} {
		if a := d.ask(http.MethodPost, checkPath, form); a.status != http.StatusSeeOther {
			t.Fatalf("the check gave %d", a.status)
		}
		a := d.get(checkPath)
		if n := strings.Count(a.body, "3/7"); a.status != http.StatusOK || n != 1 {
			t.Errorf("%d: the finding is there %d times", a.status, n)
		}
		_, rest, more := strings.Cut(a.body, `name="place" value="`)
		if more == done {
			t.Errorf("done %v, but there is a place to go on: %v", done, more)
		}
		place, _, _ := strings.Cut(rest, `"`)
		form.Set("place", place)
	}
}
