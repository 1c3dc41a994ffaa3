-- +goose Up

-- Where the identity was proven: all that there were, online.
ALTER TABLE application ADD COLUMN desk TEXT NOT NULL DEFAULT 'online';

-- Reference numbers and authorization codes that were handed out, as keyed
-- hashes. The one with the highest generation is an application's pair.
CREATE TABLE redemption (
    reference_index BLOB NOT NULL PRIMARY KEY,
    application_id  TEXT NOT NULL,
    code_hash       BLOB NOT NULL,
    way             TEXT NOT NULL,
    handed_by       TEXT NOT NULL,
    handed_at       INTEGER NOT NULL,
    until           INTEGER NOT NULL,
    wrong           INTEGER NOT NULL,
    generation      INTEGER NOT NULL,
    opened_at       INTEGER,
    spent_at        INTEGER
) STRICT;
CREATE UNIQUE INDEX redemption_of ON redemption (application_id, generation);
