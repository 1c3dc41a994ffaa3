-- +goose Up

-- Who works at the bank, and how they come in.
CREATE TABLE staff (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number        TEXT COLLATE "C" NOT NULL,
    name          BYTEA NOT NULL,
    role          TEXT NOT NULL,
    branch        TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    state         TEXT NOT NULL,
    epoch         BIGINT NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    last_login    BIGINT
);
CREATE UNIQUE INDEX staff_number ON staff (number);

CREATE TABLE staff_passkey (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    staff_id         TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    rp               TEXT NOT NULL,
    credential_index BYTEA NOT NULL,
    name             BYTEA NOT NULL,
    credential_id    BYTEA NOT NULL,
    public_key       BYTEA NOT NULL,
    transports       BYTEA NOT NULL,
    flags            BIGINT NOT NULL,
    sign_count       BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    used_at          BIGINT
);
CREATE UNIQUE INDEX staff_passkey_credential ON staff_passkey (rp, credential_index);
CREATE INDEX staff_passkey_of ON staff_passkey (staff_id, created_at);

-- The one-time code that waits for an account, as its keyed hash.
CREATE TABLE staff_code (
    staff_id   TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id),
    hash       BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Who somebody is at the bank's provider, as a keyed hash: one for an account
-- and issuer, and nobody has another's.
CREATE TABLE staff_identity (
    staff_id TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    issuer   TEXT COLLATE "C" NOT NULL,
    subject  BYTEA NOT NULL,
    bound_at BIGINT NOT NULL,
    PRIMARY KEY (staff_id, issuer)
);
CREATE UNIQUE INDEX staff_identity_subject ON staff_identity (subject);
