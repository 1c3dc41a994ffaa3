-- +goose Up

-- The log is asked for what happened last: at all, by somebody, to something.
CREATE INDEX audit_entry_at ON audit_entry (at, lane, seq);
CREATE INDEX audit_entry_by ON audit_entry (caller, at, lane, seq);
CREATE INDEX audit_entry_of ON audit_entry (object, at, lane, seq);
