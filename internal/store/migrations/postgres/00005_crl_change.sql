-- +goose Up

-- One row for each change of what a revocation list has to name, made in the
-- transaction of the change and gone with the next list. It is only added to
-- and emptied: nobody waits for another's row.
CREATE TABLE crl_change (
    id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuer TEXT COLLATE "C" NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION crl_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO crl_change (issuer) VALUES (NEW.issuer);
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER certificate_listed AFTER INSERT ON certificate FOR EACH ROW
    WHEN (NEW.issued_at IS NOT NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION crl_changed();
CREATE TRIGGER certificate_relisted AFTER UPDATE ON certificate FOR EACH ROW
    WHEN (NEW.issued_at IS NOT NULL AND (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at OR NEW.revoked_at IS NOT NULL
        AND (NEW.issued_at IS DISTINCT FROM OLD.issued_at OR NEW.reason <> OLD.reason
            OR NEW.invalidity_date IS DISTINCT FROM OLD.invalidity_date)))
    EXECUTE FUNCTION crl_changed();

-- Whether the lists that are there say all, nobody noted: one more each says it.
INSERT INTO crl_change (issuer) SELECT DISTINCT issuer FROM crl;

-- Tens of megabytes of serials don't compress: don't try.
ALTER TABLE crl ALTER COLUMN der SET STORAGE EXTERNAL;
