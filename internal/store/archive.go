package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
)

var _ audit.Archive = (*Store)(nil)

// lookThrough is how many entries are read for what has no index: a role, an act,
// an outcome. For time, caller and object there are indices.
const lookThrough = 100_000

// Find gives entries of the audit log, the newest first, as they stand in the
// database. Of several objects it asks one after the other, each by its index:
// the database would at times rather read the whole log backwards.
func (s *Store) Find(ctx context.Context, q audit.Query) (audit.Found, error) {
	limit := min(q.Limit, maxEntries)
	var found audit.Found
	objects := q.Objects
	if len(objects) == 0 {
		objects = []string{q.Object}
	}
	if len(objects) == 1 && (q.Role != "" || q.Act != "" || q.Outcome != "") {
		return s.findThrough(ctx, q, objects[0], limit)
	}
	for _, object := range objects {
		if q.Object != "" && object != q.Object {
			continue
		}
		w := whereOf(q)
		if object != "" {
			w.add("object = ", object)
		}
		entries, err := s.entries(ctx, w, limit+1)
		if err != nil {
			return audit.Found{}, err
		}
		found.Entries = append(found.Entries, entries...)
	}
	if len(objects) > 1 {
		slices.SortFunc(found.Entries, newestFirst)
	}
	return cutAt(found, limit), nil
}

// findThrough looks for what has no index, in the next so many entries.
func (s *Store) findThrough(ctx context.Context, q audit.Query, object string, limit int) (audit.Found, error) {
	window, w := whereOf(audit.Query{From: q.From, To: q.To, Caller: q.Caller, After: q.After}), whereOf(q)
	if object != "" {
		window.add("object = ", object)
		w.add("object = ", object)
	}
	var end audit.Cursor
	stops, err := s.get(ctx, window.boundary(), window.args, clock{&end.At}, &end.Lane, &end.Seq)
	if err != nil {
		return audit.Found{}, fmt.Errorf("searching the audit log: %w", err)
	}
	if stops {
		w.place(">=", end)
	}
	entries, err := s.entries(ctx, w, limit+1)
	found := cutAt(audit.Found{Entries: entries}, limit)
	if stops && found.Next == nil {
		found.Next, found.Stopped = &end, true
	}
	return found, err
}

// cutAt cuts what was found to a page.
func cutAt(f audit.Found, limit int) audit.Found {
	if len(f.Entries) > limit {
		f.Entries = f.Entries[:limit:limit]
		next := f.Entries[limit-1].Place()
		f.Next = &next
	}
	return f
}

func newestFirst(a, b audit.Entry) int {
	return -cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.Seq, b.Seq))
}

// conditions are what a row has to fulfil.
type conditions struct {
	all  []string
	args []any
}

func whereOf(q audit.Query) *conditions {
	w := new(conditions)
	if !q.From.IsZero() {
		w.add("at >= ", q.From.UnixMicro())
	}
	if !q.To.IsZero() {
		w.add("at < ", q.To.UnixMicro())
	}
	for column, value := range map[string]string{"caller": q.Caller, "role": string(q.Role), "act": string(q.Act), "outcome": string(q.Outcome)} {
		if value != "" {
			w.add(column+" = ", value)
		}
	}
	if q.After != nil {
		w.place("<", *q.After)
	}
	return w
}

func (w *conditions) add(condition string, value any) {
	w.args = append(w.args, value)
	w.all = append(w.all, condition+"$"+strconv.Itoa(len(w.args)))
}

// place asks for what stands on one side of a place. The time alone is said
// again: an index is entered by it.
func (w *conditions) place(side string, c audit.Cursor) {
	w.add("at "+side[:1]+"= ", c.At.UnixMicro())
	n := len(w.args)
	w.args = append(w.args, c.Lane, c.Seq)
	w.all = append(w.all, fmt.Sprintf("(at, lane, seq) %s ($%d, $%d, $%d)", side, n, n+1, n+2))
}

func (w *conditions) text() string {
	if len(w.all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.all, " AND ")
}

const backwards = ` ORDER BY at DESC, lane DESC, seq DESC LIMIT `

// newest asks for so many entries.
func (w *conditions) newest(limit int) string {
	return selectEntry + w.text() + backwards + strconv.Itoa(limit)
}

// boundary asks for the place of the last entry that is looked through.
func (w *conditions) boundary() string {
	return `SELECT at, lane, seq FROM audit_entry` + w.text() + backwards + `1 OFFSET ` + strconv.Itoa(lookThrough-1)
}

func (s *Store) entries(ctx context.Context, w *conditions, limit int) ([]audit.Entry, error) {
	var entries []audit.Entry
	err := s.each(ctx, w.newest(limit), w.args, func(row scanner) error {
		e, err := scanEntry(row)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("searching the audit log: %w", err)
	}
	return entries, nil
}

// ObjectsOf names what belongs to a subscriber, as entries name it.
func (s *Store) ObjectsOf(ctx context.Context, subscriberID string, limit int) ([]string, error) {
	objects := []string{"subscriber:" + subscriberID}
	for _, sort := range []struct{ name, query string }{
		{"certificate:", `SELECT serial FROM certificate WHERE subscriber_id = $1 ORDER BY created_at DESC LIMIT `},
		{"application:", `SELECT id FROM application WHERE subscriber_id = $1 ORDER BY created_at DESC LIMIT `},
		{"case:", `SELECT id FROM counter_case WHERE subscriber_id = $1 ORDER BY created_at DESC LIMIT `},
		{"proposal:", `SELECT id FROM proposal WHERE subscriber_id = $1 ORDER BY made_at DESC LIMIT `},
	} {
		err := s.each(ctx, sort.query+strconv.Itoa(max(limit-len(objects), 0)), []any{subscriberID}, func(row scanner) error {
			var id string
			err := row.Scan(&id)
			objects = append(objects, sort.name+id)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("finding what belongs to a subscriber: %w", err)
		}
	}
	return objects, nil
}
