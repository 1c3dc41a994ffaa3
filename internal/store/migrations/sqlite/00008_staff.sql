-- +goose Up

-- Who works at the bank, and how they come in.
CREATE TABLE staff (
    id            TEXT NOT NULL PRIMARY KEY,
    number        TEXT NOT NULL,
    name          BLOB NOT NULL,
    role          TEXT NOT NULL,
    branch        TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    state         TEXT NOT NULL,
    epoch         INTEGER NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    last_login    INTEGER
) STRICT;
CREATE UNIQUE INDEX staff_number ON staff (number);

CREATE TABLE staff_passkey (
    id               TEXT NOT NULL PRIMARY KEY,
    staff_id         TEXT NOT NULL REFERENCES staff (id),
    rp               TEXT NOT NULL,
    credential_index BLOB NOT NULL,
    name             BLOB NOT NULL,
    credential_id    BLOB NOT NULL,
    public_key       BLOB NOT NULL,
    transports       BLOB NOT NULL,
    flags            INTEGER NOT NULL,
    sign_count       INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    used_at          INTEGER
) STRICT;
CREATE UNIQUE INDEX staff_passkey_credential ON staff_passkey (rp, credential_index);
CREATE INDEX staff_passkey_of ON staff_passkey (staff_id, created_at);

-- The one-time code that waits for an account, as its keyed hash.
CREATE TABLE staff_code (
    staff_id   TEXT NOT NULL PRIMARY KEY REFERENCES staff (id),
    hash       BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Who somebody is at the bank's provider, as a keyed hash: one for an account
-- and issuer, and nobody has another's.
CREATE TABLE staff_identity (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    issuer   TEXT NOT NULL,
    subject  BLOB NOT NULL,
    bound_at INTEGER NOT NULL,
    PRIMARY KEY (staff_id, issuer)
) STRICT;
CREATE UNIQUE INDEX staff_identity_subject ON staff_identity (subject);
