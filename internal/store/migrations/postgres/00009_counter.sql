-- +goose Up

-- The cases of the branches' counters. What names a person is sealed.
CREATE TABLE counter_case (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    branch          TEXT COLLATE "C" NOT NULL,
    subscriber_id   TEXT NOT NULL,
    act             TEXT NOT NULL,
    kind            TEXT NOT NULL,
    serial          TEXT COLLATE "C" NOT NULL,
    about           TEXT COLLATE "C" NOT NULL,
    visitor         TEXT NOT NULL,
    visitor_name    BYTEA NOT NULL,
    why             BYTEA NOT NULL,
    reason          BIGINT NOT NULL,
    invalidity_date BIGINT,
    consents        TEXT NOT NULL,
    proof           TEXT NOT NULL,
    finding         BIGINT NOT NULL,
    failed          BIGINT NOT NULL,
    check_id        TEXT NOT NULL,
    checks          BIGINT NOT NULL,
    attached        TEXT NOT NULL,
    seen            BYTEA NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'submitted', 'approved', 'done', 'refused', 'withdrawn', 'lapsed')),
    revision        BIGINT NOT NULL,
    maker           TEXT NOT NULL,
    handler         TEXT NOT NULL,
    submitter       TEXT NOT NULL,
    decider         TEXT NOT NULL,
    note            BYTEA NOT NULL,
    application     TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    submitted_at    BIGINT,
    decided_at      BIGINT,
    next_check_at   BIGINT,
    expires_at      BIGINT NOT NULL,
    ended_at        BIGINT
);
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
    case_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    entries BYTEA NOT NULL
);

-- Pictures of papers.
CREATE TABLE scan (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    case_id    TEXT COLLATE "C" NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    file       BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX scan_of ON scan (case_id);
CREATE INDEX scan_ended ON scan (ended_at) WHERE ended_at IS NOT NULL;
