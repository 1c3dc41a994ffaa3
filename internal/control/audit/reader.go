package audit

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
)

// Archive finds entries. The store implements it.
type Archive interface {
	// Find gives entries, the newest first. It looks through a bounded number of
	// entries; Stopped says that it ended there.
	Find(ctx context.Context, q Query) (Found, error)
	// ObjectsOf names all that belongs to a subscriber as entries name it: the
	// person, their certificates, applications, cases. At most limit of them.
	ObjectsOf(ctx context.Context, subscriberID string, limit int) ([]string, error)
}

// Reader lets auditors look at the log. Each look is an entry of its own, written
// before anything is shown.
type Reader struct {
	archive Archive
	log     *Log
}

// NewReader makes one over an archive and the log that it is of.
func NewReader(archive Archive, log *Log) *Reader { return &Reader{archive: archive, log: log} }

// Page is some of what a query asked for, the newest first.
type Page struct {
	Entries []Entry
	Next    *Cursor // to go on with; nil: these are the last
	Stopped bool    // so much was looked through that the page is not full; going on may find more
}

// logObject is what an entry about the log as a whole is about.
const logObject = "audit"

// Look gives what a query asks for. Who asks for one person's trail by a filter is
// refused their own, as at OfPerson and OfStaff. The errors are authz.ErrForbidden and those
// of a query.
func (r *Reader) Look(ctx context.Context, caller authz.Caller, q Query) (Page, error) {
	return r.look(ctx, caller, authz.ViewAudit, logObject, q, authz.Object{}, nil)
}

// OfPerson gives the trail of a customer: entries about the person, and about
// their certificates, applications and cases. Nobody looks at their own.
func (r *Reader) OfPerson(ctx context.Context, caller authz.Caller, subscriberID string, q Query) (Page, error) {
	if !idForm.MatchString(subscriberID) || len(subscriberID) > maxName || personal(subscriberID) {
		return Page{}, ErrQuery.With(nil, "field", "subscriber")
	}
	return r.look(ctx, caller, authz.ViewAudit, "subscriber:"+subscriberID, q, authz.Object{Owner: subscriberID},
		func(ctx context.Context, q *Query) error {
			objects, err := r.archive.ObjectsOf(ctx, subscriberID, MaxObjects+1)
			if len(objects) > MaxObjects {
				return ErrMany.With(nil)
			}
			q.Object, q.Objects = "", objects
			return err
		})
}

// OfStaff gives the trail of somebody who works here, or of any other caller:
// what they did, and what they were refused.
func (r *Reader) OfStaff(ctx context.Context, caller authz.Caller, id string, q Query) (Page, error) {
	if !idForm.MatchString(id) || len(id) > maxName || personal(id) {
		return Page{}, ErrQuery.With(nil, "field", "caller")
	}
	return r.look(ctx, caller, authz.ViewAudit, "staff:"+id, q, authz.Object{Owner: id}, func(_ context.Context, q *Query) error {
		q.Caller = id
		return nil
	})
}

// look authorises, records and finds, in this order.
func (r *Reader) look(ctx context.Context, caller authz.Caller, act authz.Act, object string, q Query, about authz.Object,
	more func(context.Context, *Query) error,
) (Page, error) {
	q, err := r.begin(ctx, caller, act, object, q, about, more)
	if err != nil {
		return Page{}, err
	}
	found, err := r.archive.Find(ctx, q)
	if err != nil {
		return Page{}, fmt.Errorf("looking at the audit log: %w", err)
	}
	return Page(found), nil
}

func (r *Reader) begin(ctx context.Context, caller authz.Caller, act authz.Act, object string, q Query, about authz.Object,
	more func(context.Context, *Query) error,
) (Query, error) {
	if about.Owner == "" {
		about.Owner = q.owner()
	}
	if err := authz.AllowOn(caller, act, about); err != nil {
		return Query{}, r.refused(ctx, caller, act, object, err)
	}
	q, err := q.check()
	facts := q.facts()
	if err == nil && more != nil {
		err = more(ctx, &q)
	}
	if err != nil {
		return Query{}, err
	}
	return q, r.log.Record(ctx, caller, act, object, facts...)
}

// refused records a refusal and gives it back.
func (r *Reader) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	outcome := Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = Denied
	}
	if fault.Of(err) == nil {
		return err
	}
	return errors.Join(err, r.log.Refuse(context.WithoutCancel(ctx), caller, act, object, outcome, err))
}

// Check verifies the log's chains, one slice after the other, so that a page can
// show how far it is: place is empty at first, then what the report before said.
// The errors are authz.ErrForbidden and ErrPlace.
func (r *Reader) Check(ctx context.Context, caller authz.Caller, place string) (Report, error) {
	if err := authz.Allow(caller, authz.VerifyAudit, ""); err != nil {
		return Report{}, r.refused(ctx, caller, authz.VerifyAudit, logObject, err)
	}
	if place == "" {
		if err := r.log.Record(ctx, caller, authz.VerifyAudit, logObject, "step", "begun"); err != nil {
			return Report{}, err
		}
	}
	report, err := r.log.Check(ctx, place, checkSlice)
	if err == nil && report.Done {
		err = r.log.Record(ctx, caller, authz.VerifyAudit, logObject, "step", "done", "entries", fmt.Sprint(report.Summary.Entries),
			"problems", fmt.Sprint(report.Summary.Problems))
	}
	return report, err
}

// Export writes what a query asks for as CSV, the newest first, up to 100,000
// rows; where it was cut the last row says so. Of rows it counts entries. What
// was written before an error stays written.
func (r *Reader) Export(ctx context.Context, caller authz.Caller, q Query, w io.Writer) (rows int, cut bool, err error) {
	q, err = r.begin(ctx, caller, authz.ExportAudit, logObject, q, authz.Object{}, nil)
	if err != nil {
		return 0, false, err
	}
	q.Limit = MaxPage
	out := newSheet(w)
	for looks := 0; err == nil; looks++ {
		var found Found
		if found, err = r.archive.Find(ctx, q); err != nil {
			break
		}
		for _, e := range found.Entries {
			if rows == maxRows {
				cut = true
				break
			}
			out.entry(e)
			rows++
		}
		cut = cut || looks == maxLooks && found.Next != nil
		if err = out.flush(); found.Next == nil || cut {
			break
		}
		q.After = found.Next
	}
	if err == nil && cut {
		out.note(rows)
		err = out.flush()
	}
	if err != nil {
		return rows, cut, fmt.Errorf("exporting the audit log: %w", err)
	}
	return rows, cut, r.log.Record(ctx, caller, authz.ExportAudit, logObject, "step", "done", "rows", fmt.Sprint(rows), "cut", fmt.Sprint(cut))
}
