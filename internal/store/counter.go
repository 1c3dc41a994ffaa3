package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

var (
	_ counter.Register = (*Store)(nil)
	_ counter.Queues   = (*Store)(nil)
)

const caseColumns = `id, branch, subscriber_id, act, kind, serial, about, visitor, visitor_name, why, reason, invalidity_date,
	consents, proof, finding, failed, check_id, checks, attached, seen, state, revision, maker, handler, submitter, decider, note,
	application, created_at, updated_at, submitted_at, decided_at, next_check_at, expires_at, ended_at`

// goingStates is what counter.State.Going says, and the index counter_case_going.
const goingStates = `('open', 'waiting', 'submitted', 'approved')`

// CreateCase stores a new case. When the customer has one that is going for the
// same that is ErrOpenCase, and the transaction may go on.
func (s *Store) CreateCase(ctx context.Context, c counter.Case) error {
	p, err := s.packCase(c)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, `INSERT INTO counter_case (`+caseColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
			$27, $28, $29, $30, $31, $32, $33, $34, $35)
		ON CONFLICT (subscriber_id, act, about) WHERE state IN `+goingStates+` DO NOTHING`,
		c.ID, c.Branch, c.SubscriberID, string(c.Act), string(c.Kind), c.Serial, c.About(), string(c.Visitor), p.visitorName, p.why,
		int(c.Reason), micros(c.Invalidity), p.consents, p.proof, c.Finding, c.Failed, c.Check, c.Checks, p.attached, p.seen,
		string(c.State), c.Revision, c.Maker, c.Handler, c.Submitter, c.Decider, p.note, c.Application, c.CreatedAt.UnixMicro(),
		c.UpdatedAt.UnixMicro(), micros(c.SubmittedAt), micros(c.DecidedAt), micros(c.NextCheckAt), c.ExpiresAt.UnixMicro(), micros(c.EndedAt))
	if err != nil {
		return fmt.Errorf("creating case: %w", err)
	}
	if n == 0 {
		return counter.ErrOpenCase
	}
	return nil
}

// Case finds by id, and locks the row when ctx carries a transaction.
func (s *Store) Case(ctx context.Context, id string) (counter.Case, error) {
	found, err := s.cases(ctx, `WHERE id = $1`+s.forUpdate(ctx), id)
	if err != nil {
		return counter.Case{}, err
	}
	if len(found) == 0 {
		return counter.Case{}, counter.ErrNoCase
	}
	return found[0], nil
}

// SaveCase stores what steps change, with Revision+1; ErrStale when the stored
// Revision is not c's, ErrNoCase when there is none.
func (s *Store) SaveCase(ctx context.Context, c counter.Case) error {
	p, err := s.packCase(c)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, `UPDATE counter_case SET revision = revision + 1, consents = $3, proof = $4, finding = $5, failed = $6,
		check_id = $7, checks = $8, attached = $9, seen = $10, state = $11, handler = $12, submitter = $13, decider = $14, note = $15,
		application = $16, updated_at = $17, submitted_at = $18, decided_at = $19, next_check_at = $20, expires_at = $21, ended_at = $22
		WHERE id = $1 AND revision = $2`,
		c.ID, c.Revision, p.consents, p.proof, c.Finding, c.Failed, c.Check, c.Checks, p.attached, p.seen, string(c.State), c.Handler,
		c.Submitter, c.Decider, p.note, c.Application, c.UpdatedAt.UnixMicro(), micros(c.SubmittedAt), micros(c.DecidedAt),
		micros(c.NextCheckAt), c.ExpiresAt.UnixMicro(), micros(c.EndedAt))
	if err != nil {
		return fmt.Errorf("saving case: %w", err)
	}
	if n == 1 {
		return nil
	}
	var one int
	found, err := s.get(ctx, `SELECT 1 FROM counter_case WHERE id = $1`, []any{c.ID}, &one)
	if err != nil {
		return fmt.Errorf("finding case: %w", err)
	}
	if !found {
		return counter.ErrNoCase
	}
	return counter.ErrStale
}

// CasesOf gives up to limit cases of a customer, the newest first.
func (s *Store) CasesOf(ctx context.Context, subscriberID string, limit int) ([]counter.Case, error) {
	return s.cases(ctx, `WHERE subscriber_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`, subscriberID, limit)
}

// packedCase is what of a case is sealed or in JSON.
type packedCase struct {
	visitorName, why, seen, note []byte
	consents, proof, attached    string
}

// attached and seen are how papers stand in a case's columns; they are read and
// written only with their case. The conversions stop compiling when the domain's
// types change: then old rows need a thought.
type attached struct {
	ID     string        `json:"id"`
	Paper  counter.Paper `json:"paper"`
	SHA256 string        `json:"sha256"`
	Bytes  int           `json:"bytes"`
	Width  int           `json:"width"`
	Height int           `json:"height"`
	By     string        `json:"by"`
	At     time.Time     `json:"at"`
}

type seen struct {
	Paper  counter.Paper `json:"paper"`
	Number string        `json:"number"`
	By     string        `json:"by"`
	At     time.Time     `json:"at"`
}

func (s *Store) packCase(c counter.Case) (p packedCase, err error) {
	var steps enrolment.Application
	steps.Consents = c.Consents
	if c.Proof != nil {
		steps.Proofs = []proofing.Proof{*c.Proof}
	}
	if p.consents, p.proof, err = encodeSteps(steps); err != nil {
		return p, err
	}
	pictures, papers := make([]attached, len(c.Attached)), make([]seen, len(c.Seen))
	for i, a := range c.Attached {
		pictures[i] = attached(a)
	}
	for i, one := range c.Seen {
		papers[i] = seen(one)
	}
	pictureText, err := json.Marshal(pictures)
	if err != nil {
		return p, fmt.Errorf("encoding attached papers: %w", err)
	}
	paperText, err := json.Marshal(papers)
	if err != nil {
		return p, fmt.Errorf("encoding seen papers: %w", err)
	}
	x := s.sealer("counter_case", c.ID)
	p.attached = string(pictureText)
	p.visitorName, p.why = x.seal("visitor_name", []byte(c.VisitorName)), x.seal("why", []byte(c.Why))
	p.seen, p.note = x.seal("seen", paperText), x.seal("note", []byte(c.Note))
	return p, x.err
}

func (s *Store) unpackCase(p packedCase, c *counter.Case) error {
	var steps enrolment.Application
	if err := decodeSteps(p.consents, p.proof, &steps); err != nil {
		return err
	}
	c.Consents = steps.Consents
	if len(steps.Proofs) > 0 {
		c.Proof = &steps.Proofs[0]
	}
	x := s.sealer("counter_case", c.ID)
	c.VisitorName, c.Why = string(x.open("visitor_name", p.visitorName)), string(x.open("why", p.why))
	paperText := x.open("seen", p.seen)
	c.Note = string(x.open("note", p.note))
	if x.err != nil {
		return x.err
	}
	var pictures []attached
	var papers []seen
	if err := json.Unmarshal([]byte(p.attached), &pictures); err != nil {
		return fmt.Errorf("decoding attached papers: %w", err)
	}
	if err := json.Unmarshal(paperText, &papers); err != nil {
		return fmt.Errorf("decoding seen papers: %w", err)
	}
	for _, a := range pictures {
		c.Attached = append(c.Attached, counter.Attached(a))
	}
	for _, one := range papers {
		c.Seen = append(c.Seen, counter.Seen(one))
	}
	return nil
}

func (s *Store) cases(ctx context.Context, where string, args ...any) ([]counter.Case, error) {
	var found []counter.Case
	err := s.each(ctx, `SELECT `+caseColumns+` FROM counter_case `+where, args, func(row scanner) error {
		var c counter.Case
		var p packedCase
		var about string // what Case.About says
		err := row.Scan(&c.ID, &c.Branch, &c.SubscriberID, &c.Act, &c.Kind, &c.Serial, &about, &c.Visitor, &p.visitorName, &p.why,
			&c.Reason, clock{&c.Invalidity}, &p.consents, &p.proof, &c.Finding, &c.Failed, &c.Check, &c.Checks, &p.attached, &p.seen,
			&c.State, &c.Revision, &c.Maker, &c.Handler, &c.Submitter, &c.Decider, &p.note, &c.Application, clock{&c.CreatedAt},
			clock{&c.UpdatedAt}, clock{&c.SubmittedAt}, clock{&c.DecidedAt}, clock{&c.NextCheckAt}, clock{&c.ExpiresAt}, clock{&c.EndedAt})
		if err == nil {
			err = s.unpackCase(p, &c)
		}
		found = append(found, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding cases: %w", err)
	}
	return found, nil
}
