-- +goose Up

-- The cases of the branches' counters. What names a person is sealed.
CREATE TABLE counter_case (
    id              TEXT NOT NULL PRIMARY KEY,
    branch          TEXT NOT NULL,
    subscriber_id   TEXT NOT NULL,
    act             TEXT NOT NULL,
    kind            TEXT NOT NULL,
    serial          TEXT NOT NULL,
    about           TEXT NOT NULL,
    visitor         TEXT NOT NULL,
    visitor_name    BLOB NOT NULL,
    why             BLOB NOT NULL,
    reason          INTEGER NOT NULL,
    invalidity_date INTEGER,
    consents        TEXT NOT NULL,
    proof           TEXT NOT NULL,
    finding         INTEGER NOT NULL,
    failed          INTEGER NOT NULL,
    check_id        TEXT NOT NULL,
    checks          INTEGER NOT NULL,
    attached        TEXT NOT NULL,
    seen            BLOB NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'submitted', 'approved', 'done', 'refused', 'withdrawn', 'lapsed')),
    revision        INTEGER NOT NULL,
    maker           TEXT NOT NULL,
    handler         TEXT NOT NULL,
    submitter       TEXT NOT NULL,
    decider         TEXT NOT NULL,
    note            BLOB NOT NULL,
    application     TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    submitted_at    INTEGER,
    decided_at      INTEGER,
    next_check_at   INTEGER,
    expires_at      INTEGER NOT NULL,
    ended_at        INTEGER
) STRICT;
-- One going case of a customer for the same.
CREATE UNIQUE INDEX counter_case_going ON counter_case (subscriber_id, act, about)
    WHERE state IN ('open', 'waiting', 'submitted', 'approved');
-- What is over, millions of them, is in no queue's way.
CREATE INDEX counter_case_queue ON counter_case (branch, created_at, id)
    WHERE state IN ('open', 'waiting', 'submitted', 'approved');
CREATE INDEX counter_case_of ON counter_case (subscriber_id, created_at, id);
CREATE INDEX counter_case_check ON counter_case (next_check_at) WHERE state = 'waiting';
CREATE INDEX counter_case_expiry ON counter_case (expires_at) WHERE state IN ('open', 'waiting', 'submitted');
CREATE INDEX counter_case_approved ON counter_case (application) WHERE state = 'approved';

-- What was entered of a card, for as long as its issuer's answer is waited for.
CREATE TABLE counter_card (
    case_id TEXT NOT NULL PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;

-- Pictures of papers.
CREATE TABLE scan (
    id         TEXT NOT NULL PRIMARY KEY,
    case_id    TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    file       BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE INDEX scan_of ON scan (case_id);
CREATE INDEX scan_ended ON scan (ended_at) WHERE ended_at IS NOT NULL;
