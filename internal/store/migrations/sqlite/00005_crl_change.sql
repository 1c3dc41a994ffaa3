-- +goose Up

-- One row for each change of what a revocation list has to name, made in the
-- transaction of the change and gone with the next list.
CREATE TABLE crl_change (
    id     INTEGER NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER certificate_listed AFTER INSERT ON certificate FOR EACH ROW
    WHEN NEW.issued_at IS NOT NULL AND NEW.revoked_at IS NOT NULL
BEGIN
    INSERT INTO crl_change (issuer) VALUES (NEW.issuer);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER certificate_relisted AFTER UPDATE ON certificate FOR EACH ROW
    WHEN NEW.issued_at IS NOT NULL AND (NEW.revoked_at IS NOT OLD.revoked_at OR NEW.revoked_at IS NOT NULL
        AND (NEW.issued_at IS NOT OLD.issued_at OR NEW.reason <> OLD.reason
            OR NEW.invalidity_date IS NOT OLD.invalidity_date))
BEGIN
    INSERT INTO crl_change (issuer) VALUES (NEW.issuer);
END;
-- +goose StatementEnd

-- Whether the lists that are there say all, nobody noted: one more each says it.
INSERT INTO crl_change (issuer) SELECT DISTINCT issuer FROM crl;
