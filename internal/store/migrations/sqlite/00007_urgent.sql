-- +goose Up

-- What is urgent is found without looking at all the reminders that came before.
CREATE INDEX notice_urgent ON notice (state, due_at) WHERE urgent = 1 AND due_at IS NOT NULL;
