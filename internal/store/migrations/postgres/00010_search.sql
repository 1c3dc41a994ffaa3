-- +goose Up

-- By what staff find a customer: keyed hashes over name with birth date, and over
-- the phone number. Those of older rows are filled in the background; until then
-- name_birth_index is NULL.
ALTER TABLE subscriber ADD COLUMN branch TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriber ADD COLUMN name_birth_index BYTEA;
ALTER TABLE subscriber ADD COLUMN phone_index BYTEA;
CREATE INDEX subscriber_name_birth ON subscriber (name_birth_index);
CREATE INDEX subscriber_phone ON subscriber (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX subscriber_unindexed ON subscriber (id) WHERE name_birth_index IS NULL;
