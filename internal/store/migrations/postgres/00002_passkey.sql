-- +goose Up

CREATE TABLE passkey (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    subscriber_id    TEXT NOT NULL,
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
CREATE UNIQUE INDEX passkey_credential ON passkey (rp, credential_index);
CREATE INDEX passkey_of ON passkey (subscriber_id, created_at);
