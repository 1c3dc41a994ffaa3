-- +goose Up

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE subscriber (
    id              TEXT NOT NULL PRIMARY KEY,
    customer_number TEXT NOT NULL,
    sort            TEXT NOT NULL,
    identity_index  BLOB NOT NULL,
    name            BLOB NOT NULL,
    roman_name      BLOB NOT NULL,
    identity_number BLOB NOT NULL,
    birth           BLOB NOT NULL,
    phone           BLOB NOT NULL,
    mail            BLOB NOT NULL,
    deceased        INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX subscriber_customer ON subscriber (customer_number);
-- One person is one subscriber: "one certificate per person" rests on it.
CREATE UNIQUE INDEX subscriber_identity ON subscriber (identity_index);

CREATE TABLE login (
    login_index   BLOB NOT NULL PRIMARY KEY,
    subscriber_id TEXT NOT NULL,
    password      TEXT NOT NULL
) STRICT;

CREATE TABLE application (
    id            TEXT NOT NULL PRIMARY KEY,
    subscriber_id TEXT NOT NULL,
    kind          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('started', 'consented', 'proofed', 'ready', 'issued', 'rejected', 'abandoned', 'lapsed')),
    revision      INTEGER NOT NULL,
    challenge     TEXT NOT NULL,
    consents      TEXT NOT NULL,
    proofs        TEXT NOT NULL,
    rejected_for  INTEGER NOT NULL,
    serial        TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX application_open ON application (subscriber_id, kind)
    WHERE state IN ('started', 'consented', 'proofed', 'ready');
CREATE INDEX application_of ON application (subscriber_id, created_at);
CREATE INDEX application_expiry ON application (expires_at)
    WHERE state IN ('started', 'consented', 'proofed', 'ready');

CREATE TABLE attempts (
    subject      TEXT NOT NULL,
    factor       TEXT NOT NULL,
    failed       INTEGER NOT NULL,
    locked_until INTEGER,
    PRIMARY KEY (subject, factor)
) STRICT;

CREATE TABLE phone_code (
    application_id TEXT NOT NULL PRIMARY KEY,
    hash           BLOB NOT NULL,
    expires_at     INTEGER NOT NULL,
    sent           INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate (
    serial          TEXT NOT NULL PRIMARY KEY,
    issuer          TEXT NOT NULL,
    application_id  TEXT NOT NULL,
    subscriber_id   TEXT NOT NULL,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('pending', 'held', 'valid', 'suspended', 'revoked', 'expired')),
    subject_index   BLOB NOT NULL,
    key_hash        BLOB NOT NULL,
    subject         BLOB NOT NULL,
    tbs             BLOB NOT NULL,
    der             BLOB,
    not_before      INTEGER NOT NULL,
    not_after       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    issued_at       INTEGER,
    changed_at      INTEGER NOT NULL,
    revoked_at      INTEGER,
    reason          INTEGER NOT NULL,
    invalidity_date INTEGER
) STRICT;
CREATE UNIQUE INDEX certificate_application ON certificate (application_id);
CREATE UNIQUE INDEX certificate_subject ON certificate (subject_index);
CREATE UNIQUE INDEX certificate_key ON certificate (key_hash);
-- One live certificate for a person and kind.
CREATE UNIQUE INDEX certificate_holder ON certificate (subscriber_id, kind)
    WHERE state IN ('pending', 'held', 'valid', 'suspended');
CREATE INDEX certificate_of ON certificate (subscriber_id, created_at);
CREATE INDEX certificate_pending ON certificate (created_at) WHERE state = 'pending';
CREATE INDEX certificate_revoked ON certificate (issuer, serial) WHERE revoked_at IS NOT NULL;

CREATE TABLE crl (
    issuer      TEXT NOT NULL,
    number      INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    der         BLOB NOT NULL,
    PRIMARY KEY (issuer, number)
) STRICT;

CREATE TABLE crl_number (
    issuer TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_lane (
    lane INTEGER NOT NULL PRIMARY KEY,
    seq  INTEGER NOT NULL,
    seal BLOB NOT NULL
) STRICT;

CREATE TABLE audit_entry (
    lane    INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    role    TEXT NOT NULL,
    caller  TEXT NOT NULL,
    request TEXT NOT NULL,
    act     TEXT NOT NULL,
    object  TEXT NOT NULL,
    outcome TEXT NOT NULL,
    code    INTEGER NOT NULL,
    detail  TEXT NOT NULL,
    prev    BLOB NOT NULL,
    seal    BLOB NOT NULL,
    PRIMARY KEY (lane, seq)
) STRICT;

-- SQLite has one writer: one lane is enough.
INSERT INTO audit_lane (lane, seq, seal) VALUES (0, 0, x'');

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    data       BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_expiry ON session (expires_at);
