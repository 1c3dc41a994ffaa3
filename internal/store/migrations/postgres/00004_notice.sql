-- +goose Up

-- What is to be told and what was told. Nothing in it says who a person is but
-- the subscriber's id.
CREATE TABLE notice (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    dedupe        TEXT NOT NULL,
    channel       TEXT NOT NULL CHECK (channel IN ('mail', 'message')),
    subscriber_id TEXT NOT NULL,
    event         TEXT NOT NULL,
    serial        TEXT COLLATE "C" NOT NULL,
    kind          TEXT NOT NULL,
    facts         TEXT NOT NULL,
    urgent        BIGINT NOT NULL,
    happened_at   BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    due_at        BIGINT,
    tries         BIGINT NOT NULL,
    round         BIGINT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered', 'dead', 'dropped')),
    holder        TEXT NOT NULL,
    held_until    BIGINT NOT NULL,
    carrier_id    TEXT NOT NULL,
    sent_at       BIGINT,
    delivered_at  BIGINT,
    failure       TEXT NOT NULL
);
CREATE UNIQUE INDEX notice_once ON notice (dedupe, channel);
CREATE INDEX notice_due ON notice (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notice_of ON notice (subscriber_id, created_at);
CREATE INDEX notice_dead ON notice (state, created_at) WHERE state = 'dead';

CREATE TABLE notice_preference (
    subscriber_id TEXT NOT NULL PRIMARY KEY,
    mail          BIGINT NOT NULL,
    message       BIGINT NOT NULL,
    lang          TEXT NOT NULL,
    updated_at    BIGINT NOT NULL
);

-- Who of many instances does a piece of periodic work, until when by the
-- database's own clock.
CREATE TABLE lease (
    name       TEXT NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    held_until BIGINT NOT NULL
);
