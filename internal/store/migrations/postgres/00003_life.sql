-- +goose Up

ALTER TABLE certificate ADD COLUMN replaces TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN exception TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN hold BIGINT NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN desk TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN hold_until BIGINT;
ALTER TABLE certificate ADD COLUMN remind_at BIGINT;
ALTER TABLE certificate ADD COLUMN emergency_index BYTEA;
-- One live certificate for a person and kind, and one more for each exception
-- that was approved. A replacement that is under way stands beside the
-- certificate whose place it takes.
DROP INDEX certificate_holder;
CREATE UNIQUE INDEX certificate_holder ON certificate (subscriber_id, kind, exception)
    WHERE state IN ('held', 'valid', 'suspended') OR (state = 'pending' AND replaces = '');
CREATE UNIQUE INDEX certificate_successor ON certificate (replaces) WHERE state = 'pending' AND replaces <> '';
CREATE UNIQUE INDEX certificate_emergency ON certificate (emergency_index);
-- What the clock has to do.
CREATE INDEX certificate_end ON certificate (not_after) WHERE state IN ('held', 'valid', 'suspended');
CREATE INDEX certificate_hold_end ON certificate (hold_until) WHERE state IN ('held', 'suspended');
CREATE INDEX certificate_reminder ON certificate (remind_at) WHERE state = 'valid';

ALTER TABLE application ADD COLUMN way TEXT NOT NULL DEFAULT 'issue';
ALTER TABLE application ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
ALTER TABLE application ADD COLUMN exception TEXT NOT NULL DEFAULT '';

-- What happened to certificates, when, and by whom. Entries are only added.
CREATE TABLE certificate_event (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    serial        TEXT COLLATE "C" NOT NULL,
    subscriber_id TEXT NOT NULL,
    at            BIGINT NOT NULL,
    act           TEXT NOT NULL,
    role          TEXT NOT NULL,
    desk          TEXT NOT NULL,
    reason        BIGINT NOT NULL,
    other         TEXT COLLATE "C" NOT NULL
);
CREATE INDEX certificate_event_of ON certificate_event (subscriber_id, at);

-- Acts that need a second person.
CREATE TABLE proposal (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    act             TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'used')),
    subscriber_id   TEXT NOT NULL,
    kind            TEXT NOT NULL,
    serial          TEXT COLLATE "C" NOT NULL,
    why             BYTEA NOT NULL,
    reason          BIGINT NOT NULL,
    invalidity_date BIGINT,
    maker           TEXT NOT NULL,
    made_at         BIGINT NOT NULL,
    decider         TEXT NOT NULL,
    decided_at      BIGINT,
    expires_at      BIGINT NOT NULL
);
CREATE INDEX proposal_open ON proposal (made_at) WHERE state = 'open';
CREATE INDEX proposal_of ON proposal (subscriber_id, made_at);
