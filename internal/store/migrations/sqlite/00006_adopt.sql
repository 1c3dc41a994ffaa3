-- +goose Up

-- What was issued before there were emergency codes: found without looking at
-- all the others.
CREATE INDEX certificate_older ON certificate (serial) WHERE emergency_index IS NULL;
