package console

import (
	"net/http"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// queue is GET /console/queue; ?list= is another than the caller's own.
func (c *Console) queue(w http.ResponseWriter, r *http.Request) {
	which := counter.MineQueue
	switch list := counter.Queue(r.URL.Query().Get("list")); list {
	case counter.BranchQueue, counter.WaitingQueue:
		which = list
	case counter.MineQueue, counter.ApproveQueue:
	}
	c.showQueue(w, r, which)
}

// approvals is GET /console/approvals.
func (c *Console) approvals(w http.ResponseWriter, r *http.Request) {
	c.showQueue(w, r, counter.ApproveQueue)
}

func (c *Console) showQueue(w http.ResponseWriter, r *http.Request, which counter.Queue) {
	// The word is asked for before the list: what comes in between shows as news.
	f, _, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	rows, err := c.Desk.Counter.Queue(r.Context(), caller(r), which)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.Queue{Frame: f, Which: string(which), At: c.Now(), Latest: f.Revision}
	if r.URL.Query().Has("list") {
		view.Path = view.Where(string(which))
	}
	if len(rows) >= counter.MaxQueue {
		view.Most = len(rows)
	}
	who := me(r).ID
	for _, row := range rows {
		one := row.Case
		view.Lines = append(view.Lines, pages.Line{ID: one.ID, Act: string(one.Act), Kind: string(one.Kind), State: string(one.State),
			Since: since(one), Customer: row.Name, Sort: string(row.Sort), Handler: row.HandlerName, Maker: row.MakerName,
			Mine: one.Handler == who, Made: one.Maker == who || one.Submitter == who, Branch: one.Branch, Finding: one.Finding != 0, NextAt: one.NextCheckAt})
	}
	c.show(w, r, view)
}

// since is what a queue is in order of.
func since(one counter.Case) time.Time {
	if one.State == counter.Submitted && !one.SubmittedAt.IsZero() {
		return one.SubmittedAt
	}
	return one.CreatedAt
}

// queueNews is GET /console/queue.json: how long the queues are, and a word that
// changes when they do; with ?list= the ids of one of them.
func (c *Console) queueNews(w http.ResponseWriter, r *http.Request) {
	ctx, who := r.Context(), caller(r)
	if list := counter.Queue(r.URL.Query().Get("list")); list != "" {
		if !slices.Contains(counter.QueueOrder, list) {
			kit.Fail(w, r, counter.ErrQueue.With(nil))
			return
		}
		rows, err := c.Desk.Counter.Queue(ctx, who, list)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		ids := make([]string, 0, len(rows))
		for _, row := range rows {
			ids = append(ids, row.Case.ID)
		}
		kit.WriteJSON(w, r, http.StatusOK, map[string]any{"ids": ids})
		return
	}
	counts, revision, err := c.Desk.Counter.Counts(ctx, who)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.WriteJSON(w, r, http.StatusOK, map[string]any{"counts": counts, "revision": revision})
}
