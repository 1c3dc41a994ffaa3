-- +goose Up

CREATE TABLE passkey (
    id               TEXT NOT NULL PRIMARY KEY,
    subscriber_id    TEXT NOT NULL,
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
CREATE UNIQUE INDEX passkey_credential ON passkey (rp, credential_index);
CREATE INDEX passkey_of ON passkey (subscriber_id, created_at);
