-- +goose Up

-- What is to be told and what was told. Nothing in it says who a person is but
-- the subscriber's id.
CREATE TABLE notice (
    id            TEXT NOT NULL PRIMARY KEY,
    dedupe        TEXT NOT NULL,
    channel       TEXT NOT NULL CHECK (channel IN ('mail', 'message')),
    subscriber_id TEXT NOT NULL,
    event         TEXT NOT NULL,
    serial        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    facts         TEXT NOT NULL,
    urgent        INTEGER NOT NULL,
    happened_at   INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    due_at        INTEGER,
    tries         INTEGER NOT NULL,
    round         INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered', 'dead', 'dropped')),
    holder        TEXT NOT NULL,
    held_until    INTEGER NOT NULL,
    carrier_id    TEXT NOT NULL,
    sent_at       INTEGER,
    delivered_at  INTEGER,
    failure       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX notice_once ON notice (dedupe, channel);
CREATE INDEX notice_due ON notice (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX notice_of ON notice (subscriber_id, created_at);
CREATE INDEX notice_dead ON notice (state, created_at) WHERE state = 'dead';

CREATE TABLE notice_preference (
    subscriber_id TEXT NOT NULL PRIMARY KEY,
    mail          INTEGER NOT NULL,
    message       INTEGER NOT NULL,
    lang          TEXT NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

-- Who of many instances does a piece of periodic work, until when by the
-- database's own clock.
CREATE TABLE lease (
    name       TEXT NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    held_until INTEGER NOT NULL
) STRICT;
