-- The log: what was recorded, changed or decided, in a chain of hashes. Never edit this file once released; a change is a
-- new file. What an entry's hash is made over stands in docs/log.md.
CREATE TABLE log (
    number   INTEGER PRIMARY KEY CHECK (number > 0), -- 1, 2, 3 ... without a gap
    instant  TEXT NOT NULL,                          -- RFC 3339, UTC, by the clock of the machine that wrote it
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL,                          -- JSON object: keys sorted, no blanks
    previous TEXT NOT NULL,                          -- the hash of the entry before; of entry 1: 64 zeros
    hash     TEXT NOT NULL                           -- SHA-256 in lower-case hexadecimal
) STRICT;

-- These keep mistakes out, not somebody who may write to the file: him the chain finds, against a head written elsewhere.
CREATE TRIGGER log_stays_as_it_is BEFORE UPDATE ON log
BEGIN
    SELECT raise(ABORT, 'entries of the log are never changed');
END;

CREATE TRIGGER log_stays_whole BEFORE DELETE ON log
BEGIN
    SELECT raise(ABORT, 'entries of the log are never deleted');
END;

CREATE TRIGGER log_grows_at_its_end BEFORE INSERT ON log
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM log)
    OR NEW.previous IS NOT coalesce(
        (SELECT hash FROM log ORDER BY number DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
    )
BEGIN
    SELECT raise(ABORT, 'an entry of the log follows its last one');
END;

-- What was there before there was a log. The program makes its first entry of it when it opens the database.
INSERT INTO setting (key, value)
SELECT 'log-to-begin', json_object('machines', (SELECT count(*) FROM machine), 'scans', (SELECT count(*) FROM scan));
