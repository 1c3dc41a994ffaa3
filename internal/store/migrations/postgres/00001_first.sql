-- +goose Up

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE subscriber (
    id              TEXT NOT NULL PRIMARY KEY,
    customer_number TEXT NOT NULL,
    sort            TEXT NOT NULL,
    identity_index  BYTEA NOT NULL,
    name            BYTEA NOT NULL,
    roman_name      BYTEA NOT NULL,
    identity_number BYTEA NOT NULL,
    birth           BYTEA NOT NULL,
    phone           BYTEA NOT NULL,
    mail            BYTEA NOT NULL,
    deceased        BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscriber_customer ON subscriber (customer_number);
-- One person is one subscriber: "one certificate per person" rests on it.
CREATE UNIQUE INDEX subscriber_identity ON subscriber (identity_index);

CREATE TABLE login (
    login_index   BYTEA NOT NULL PRIMARY KEY,
    subscriber_id TEXT NOT NULL,
    password      TEXT NOT NULL
);

CREATE TABLE application (
    id            TEXT NOT NULL PRIMARY KEY,
    subscriber_id TEXT NOT NULL,
    kind          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('started', 'consented', 'proofed', 'ready', 'issued', 'rejected', 'abandoned', 'lapsed')),
    revision      BIGINT NOT NULL,
    challenge     TEXT NOT NULL,
    consents      TEXT NOT NULL,
    proofs        TEXT NOT NULL,
    rejected_for  BIGINT NOT NULL,
    serial        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX application_open ON application (subscriber_id, kind)
    WHERE state IN ('started', 'consented', 'proofed', 'ready');
CREATE INDEX application_of ON application (subscriber_id, created_at);
CREATE INDEX application_expiry ON application (expires_at)
    WHERE state IN ('started', 'consented', 'proofed', 'ready');

CREATE TABLE attempts (
    subject      TEXT NOT NULL,
    factor       TEXT NOT NULL,
    failed       BIGINT NOT NULL,
    locked_until BIGINT,
    PRIMARY KEY (subject, factor)
);

CREATE TABLE phone_code (
    application_id TEXT NOT NULL PRIMARY KEY,
    hash           BYTEA NOT NULL,
    expires_at     BIGINT NOT NULL,
    sent           BIGINT NOT NULL
);

CREATE TABLE certificate (
    serial          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    issuer          TEXT COLLATE "C" NOT NULL,
    application_id  TEXT NOT NULL,
    subscriber_id   TEXT NOT NULL,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('pending', 'held', 'valid', 'suspended', 'revoked', 'expired')),
    subject_index   BYTEA NOT NULL,
    key_hash        BYTEA NOT NULL,
    subject         BYTEA NOT NULL,
    tbs             BYTEA NOT NULL,
    der             BYTEA,
    not_before      BIGINT NOT NULL,
    not_after       BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    issued_at       BIGINT,
    changed_at      BIGINT NOT NULL,
    revoked_at      BIGINT,
    reason          BIGINT NOT NULL,
    invalidity_date BIGINT
);
-- Sealed bytes don't compress: don't try.
ALTER TABLE certificate ALTER COLUMN subject SET STORAGE EXTERNAL, ALTER COLUMN tbs SET STORAGE EXTERNAL,
    ALTER COLUMN der SET STORAGE EXTERNAL;
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
    issuer      TEXT COLLATE "C" NOT NULL,
    number      BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    der         BYTEA NOT NULL,
    PRIMARY KEY (issuer, number)
);

CREATE TABLE crl_number (
    issuer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);

CREATE TABLE audit_lane (
    lane BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    seal BYTEA NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE audit_entry (
    lane    BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    role    TEXT NOT NULL,
    caller  TEXT NOT NULL,
    request TEXT NOT NULL,
    act     TEXT NOT NULL,
    object  TEXT NOT NULL,
    outcome TEXT NOT NULL,
    code    BIGINT NOT NULL,
    detail  TEXT NOT NULL,
    prev    BYTEA NOT NULL,
    seal    BYTEA NOT NULL,
    PRIMARY KEY (lane, seq)
);

-- Sixteen acts can write their entries side by side.
INSERT INTO audit_lane (lane, seq, seal)
SELECT n, 0, ''::bytea FROM generate_series(0, 15) AS n;

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    data       BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_expiry ON session (expires_at);
