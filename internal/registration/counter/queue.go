package counter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Queue is a list of cases that somebody is to look at.
type Queue string

// The queues of a branch.
const (
	MineQueue    Queue = "mine"    // what the caller works on
	BranchQueue  Queue = "branch"  // all that is going
	ApproveQueue Queue = "approve" // what the caller could decide, if they are a supervisor
	WaitingQueue Queue = "waiting" // what waits for the authenticity service
)

// QueueOrder is the order in which queues are offered.
var QueueOrder = []Queue{MineQueue, ApproveQueue, WaitingQueue, BranchQueue}

// MaxQueue is how many cases a queue shows; Counts says how many there are.
const MaxQueue = 200

// ErrQueue says that there is no such queue.
var ErrQueue = fault.Define(2461, "queue-unknown", fault.NotFound,
	fault.Text{KO: "그런 업무함은 없어요.", EN: "There is no such queue."},
	fault.Text{KO: "내 업무, 승인 대기, 진위확인 대기, 영업점 전체 가운데 골라 주세요.", EN: "Choose mine, approve, waiting or branch."})

// going are the states of cases that go on.
var going = []State{Open, Waiting, Submitted, Approved}

// Row is one case in a queue, with the names that people know.
type Row struct {
	Case        Case
	Name        string // the customer's
	Sort        subscriber.Sort
	HandlerName string
	MakerName   string
}

// Queue gives the cases of one of the queues of the caller's branch, the oldest
// first. What is the caller's own matter as a customer is not among them.
func (s *Service) Queue(ctx context.Context, caller authz.Caller, q Queue) ([]Row, error) {
	rows, err := s.queue(ctx, caller, q)
	if err != nil {
		return nil, s.refused(ctx, caller, authz.ViewQueue, "branch:"+caller.Branch, err)
	}
	return rows, nil
}

func (s *Service) queue(ctx context.Context, caller authz.Caller, q Queue) ([]Row, error) {
	if err := authz.AllowOn(caller, authz.ViewQueue, authz.Object{Branch: caller.Branch}); err != nil {
		return nil, err
	}
	found, err := s.find(ctx, caller, q)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, caller, found)
	if err != nil {
		return nil, err
	}
	err = s.Log.Record(ctx, caller, authz.ViewQueue, "branch:"+caller.Branch, "queue", string(q), "cases", strconv.Itoa(len(rows)))
	if err != nil {
		return nil, fmt.Errorf("recording a view: %w", err)
	}
	return rows, nil
}

func (s *Service) find(ctx context.Context, caller authz.Caller, q Queue) (found []Case, err error) {
	states, handler := going, ""
	switch q {
	case MineQueue:
		handler = caller.ID
	case BranchQueue:
	case WaitingQueue:
		states = []State{Waiting}
	case ApproveQueue:
		states = []State{Submitted}
	default:
		return nil, ErrQueue
	}
	if found, err = s.Queues.QueueOf(ctx, caller.Branch, states, handler, MaxQueue); err != nil {
		return nil, fmt.Errorf("reading a queue: %w", err)
	}
	if q == ApproveQueue {
		open, err := s.Queues.QueueOf(ctx, caller.Branch, []State{Open}, "", MaxQueue)
		if err != nil {
			return nil, fmt.Errorf("reading a queue: %w", err)
		}
		found = append(found, open...)
		found = slices.DeleteFunc(found, func(c Case) bool { return !decides(caller, c) })
	}
	return slices.DeleteFunc(found, func(c Case) bool { return caller.Self != "" && c.SubscriberID == caller.Self }), nil
}

// Next is the case that has waited longest for a decision of the caller, other than
// one; empty when there is none. It names nobody, so it is no audit entry.
func (s *Service) Next(ctx context.Context, caller authz.Caller, other string) (id string, err error) {
	if err := authz.AllowOn(caller, authz.ViewQueue, authz.Object{Branch: caller.Branch}); err != nil {
		return "", s.refused(ctx, caller, authz.ViewQueue, "branch:"+caller.Branch, err)
	}
	found, err := s.find(ctx, caller, ApproveQueue)
	if err != nil {
		return "", err
	}
	now := s.now()
	i := slices.IndexFunc(found, func(c Case) bool { return c.ID != other && !c.due(now) })
	if i < 0 {
		return "", nil
	}
	return found[i].ID, nil
}

// decides says whether a case waits for a decision that is not the caller's own.
func decides(caller authz.Caller, c Case) bool {
	if c.State == Open && c.Failed < MaxFailed {
		return false
	}
	return c.Maker != caller.ID && (c.State == Open && c.Handler != caller.ID || c.State == Submitted && c.Submitter != caller.ID)
}

// rows adds the names, and leaves out what is over by now.
func (s *Service) rows(ctx context.Context, caller authz.Caller, found []Case) (rows []Row, err error) {
	people := make(map[string]subscriber.Subscriber)
	var ids []string
	for _, c := range found {
		state := c.State
		if c, err = s.follow(ctx, caller, c); err != nil {
			return nil, err
		}
		if c.State != state {
			continue
		}
		who, ok := people[c.SubscriberID]
		if !ok {
			if who, err = s.Known.Subscriber(ctx, c.SubscriberID); err != nil {
				return nil, fmt.Errorf("reading a subscriber: %w", err)
			}
			people[c.SubscriberID] = who
		}
		rows = append(rows, Row{Case: c, Name: who.Name, Sort: who.Sort})
		ids = append(ids, c.Handler, c.Maker)
	}
	names, err := s.named(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		rows[i].HandlerName, rows[i].MakerName = names[r.Case.Handler], names[r.Case.Maker]
	}
	return rows, nil
}

// Counts says how long the queues of the caller's branch are, and a word that
// is another one whenever anything in them has changed. It names nobody, so it
// is no audit entry: pages ask again and again.
func (s *Service) Counts(ctx context.Context, caller authz.Caller) (lengths map[Queue]int, revision string, err error) {
	if err := authz.AllowOn(caller, authz.ViewQueue, authz.Object{Branch: caller.Branch}); err != nil {
		return nil, "", s.refused(ctx, caller, authz.ViewQueue, "branch:"+caller.Branch, err)
	}
	counts, err := s.Queues.CountsOf(ctx, caller.Branch, caller.ID, caller.Self)
	if err != nil {
		return nil, "", fmt.Errorf("counting cases: %w", err)
	}
	lengths = map[Queue]int{MineQueue: 0, ApproveQueue: 0, WaitingQueue: 0, BranchQueue: 0}
	slices.SortFunc(counts, func(a, b Count) int { return cmp.Compare(a.line(), b.line()) })
	sum := sha256.New()
	for _, c := range counts {
		lengths[BranchQueue] += c.Cases
		if c.Mine {
			lengths[MineQueue] += c.Cases
		}
		if c.State == Waiting {
			lengths[WaitingQueue] += c.Cases
		}
		if !c.Made && (c.State == Submitted || c.State == Open && c.Stuck && !c.Mine) {
			lengths[ApproveQueue] += c.Cases
		}
		_, _ = fmt.Fprintln(sum, c.line()) // a hash takes everything
	}
	return lengths, hex.EncodeToString(sum.Sum(nil))[:16], nil
}

func (c Count) line() string {
	return fmt.Sprint(c.State, c.Mine, c.Made, c.Stuck, " ", c.Cases, " ", c.Changes, " ", c.Latest.UnixMicro())
}
