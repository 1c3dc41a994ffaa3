package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/notice"
)

var _ notice.Outbox = (*Store)(nil)

// maxClaim bounds how many notices one claim may take.
const maxClaim = 64

const noticeColumns = `id, dedupe, channel, subscriber_id, event, serial, kind, facts, urgent, happened_at, created_at,
	due_at, tries, round, state, carrier_id, sent_at, delivered_at, failure`

func scanNotice(row scanner) (e notice.Entry, err error) {
	var facts string
	var urgent int64
	err = row.Scan(&e.ID, &e.Key, &e.Channel, &e.SubscriberID, &e.Event, &e.Serial, &e.Kind, &facts, &urgent,
		clock{&e.At}, clock{&e.CreatedAt}, clock{&e.DueAt}, &e.Tries, &e.Round, &e.State, &e.CarrierID,
		clock{&e.SentAt}, clock{&e.DeliveredAt}, &e.Failure)
	if err != nil {
		return e, err
	}
	e.Urgent = urgent != 0
	if facts == "" {
		return e, nil
	}
	if err := json.Unmarshal([]byte(facts), &e.Facts); err != nil {
		return e, fmt.Errorf("reading facts of notice %s: %w", e.ID, err)
	}
	return e, nil
}

// AddNotice stores an entry unless there is one of its key and channel.
func (s *Store) AddNotice(ctx context.Context, e notice.Entry) (added bool, err error) {
	values, err := noticeValues(e)
	if err != nil {
		return false, err
	}
	n, err := s.exec(ctx, `INSERT INTO notice (`+noticeColumns+`, holder, held_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, '', 0)
		ON CONFLICT (dedupe, channel) DO NOTHING`, values...)
	if err != nil {
		return false, fmt.Errorf("adding notice: %w", err)
	}
	return n == 1, nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ClaimNotices takes entries that are due and that nobody holds, at most 64. A
// claim lasts by the database's clock. It writes only when there is something.
func (s *Store) ClaimNotices(ctx context.Context, c notice.Claim) ([]notice.Entry, error) {
	where := ` FROM notice WHERE state = $1 AND due_at <= $2 AND held_until <= ` + s.engine.clock()
	if c.UrgentOnly {
		where += ` AND urgent = 1`
	}
	var one int
	found, err := s.get(ctx, `SELECT 1`+where+` LIMIT 1`, []any{string(c.State), c.Due.UnixMicro()}, &one)
	if err != nil {
		return nil, fmt.Errorf("looking for notices: %w", err)
	}
	if !found {
		return nil, nil
	}
	var claimed []notice.Entry
	err = s.InTx(ctx, func(ctx context.Context) error {
		claimed = nil
		err := s.each(ctx, `SELECT `+noticeColumns+where+` ORDER BY due_at LIMIT $3`+s.engine.skipLocked(),
			[]any{string(c.State), c.Due.UnixMicro(), min(max(c.Most, 1), maxClaim)}, func(row scanner) error {
				e, err := scanNotice(row)
				claimed = append(claimed, e)
				return err
			})
		if err != nil || len(claimed) == 0 {
			return err
		}
		return s.hold(ctx, c, claimed)
	})
	if err != nil {
		return nil, fmt.Errorf("claiming notices: %w", err)
	}
	return claimed, nil
}

func (s *Store) hold(ctx context.Context, c notice.Claim, claimed []notice.Entry) error {
	tried := 0
	if c.State == notice.Waiting {
		tried = 1
	}
	args, marks := []any{c.Holder, c.TTL.Microseconds(), tried}, make([]string, len(claimed))
	for i := range claimed {
		claimed[i].Tries += tried
		args = append(args, claimed[i].ID)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	_, err := s.exec(ctx, `UPDATE notice SET holder = $1, held_until = `+s.engine.clock()+` + $2, tries = tries + $3
		WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
	return err
}

// HoldsNotice says whether a claim still stands.
func (s *Store) HoldsNotice(ctx context.Context, id, holder string) (bool, error) {
	var one int
	held, err := s.get(ctx, `SELECT 1 FROM notice WHERE id = $1 AND holder = $2 AND held_until > `+s.engine.clock(),
		[]any{id, holder}, &one)
	if err != nil {
		return false, fmt.Errorf("looking at a claim: %w", err)
	}
	return held, nil
}

// SettleNotice ends a claim with what became of it. A claim that has lapsed
// settles as long as nobody else took it: the work was done.
func (s *Store) SettleNotice(ctx context.Context, id, holder string, o notice.Outcome) (held bool, err error) {
	n, err := s.exec(ctx, `UPDATE notice SET state = $3, due_at = $4, carrier_id = $5, sent_at = $6, delivered_at = $7,
		failure = $8, holder = '', held_until = 0 WHERE id = $1 AND holder = $2`,
		id, holder, string(o.State), micros(o.DueAt), o.CarrierID, micros(o.SentAt), micros(o.DeliveredAt), o.Failure)
	if err != nil {
		return false, fmt.Errorf("settling notice: %w", err)
	}
	return n == 1, nil
}

// NoticesOf gives a person's newest, newest first.
func (s *Store) NoticesOf(ctx context.Context, subscriberID string, most int) ([]notice.Entry, error) {
	return s.notices(ctx, `WHERE subscriber_id = $1 ORDER BY created_at DESC, id LIMIT $2`, subscriberID, most)
}

// NoticesIn gives the oldest of a state, oldest first.
func (s *Store) NoticesIn(ctx context.Context, state notice.State, most int) ([]notice.Entry, error) {
	return s.notices(ctx, `WHERE state = $1 ORDER BY created_at, id LIMIT $2`, string(state), most)
}

func (s *Store) notices(ctx context.Context, where string, args ...any) ([]notice.Entry, error) {
	var found []notice.Entry
	err := s.each(ctx, `SELECT `+noticeColumns+` FROM notice `+where, args, func(row scanner) error {
		e, err := scanNotice(row)
		found = append(found, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing notices: %w", err)
	}
	return slices.Clip(found), nil
}

// ReviveNotice lets a dead one wait again as a new round.
func (s *Store) ReviveNotice(ctx context.Context, id string, due time.Time) error {
	n, err := s.exec(ctx, `UPDATE notice SET state = 'waiting', due_at = $2, tries = 0, round = round + 1, carrier_id = '',
		sent_at = NULL, delivered_at = NULL, holder = '', held_until = 0 WHERE id = $1 AND state = 'dead'`, id, due.UnixMicro())
	if err != nil {
		return fmt.Errorf("reviving notice: %w", err)
	}
	if n == 0 {
		return notice.ErrNoNotice
	}
	return nil
}

// NoticeChoice gives how a person wants to be told.
func (s *Store) NoticeChoice(ctx context.Context, subscriberID string) (notice.Choice, error) {
	var mail, message int64
	var c notice.Choice
	found, err := s.get(ctx, `SELECT mail, message, lang FROM notice_preference WHERE subscriber_id = $1`,
		[]any{subscriberID}, &mail, &message, &c.Lang)
	if err != nil {
		return notice.Choice{}, fmt.Errorf("finding choice of notices: %w", err)
	}
	if !found {
		return notice.Choice{}, notice.ErrNoChoice
	}
	c.Mail, c.Message = mail != 0, message != 0
	return c, nil
}

// SaveNoticeChoice keeps it in place of the one before.
func (s *Store) SaveNoticeChoice(ctx context.Context, subscriberID string, c notice.Choice, at time.Time) error {
	_, err := s.exec(ctx, `INSERT INTO notice_preference (subscriber_id, mail, message, lang, updated_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subscriber_id) DO UPDATE SET mail = excluded.mail,
		message = excluded.message, lang = excluded.lang, updated_at = excluded.updated_at`,
		subscriberID, flag(c.Mail), flag(c.Message), c.Lang, at.UnixMicro())
	if err != nil {
		return fmt.Errorf("saving choice of notices: %w", err)
	}
	return nil
}
