-- Imports of other tools' exports: what each file brought, which machines it told of, what could not be used.
--
-- Every tool is an origin of its own: what one tool no longer tells of closes only what it told of before. Origin 0, which
-- has no row, is Interdict's own looking.

CREATE TABLE origin (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE                      -- the format, such as glpi-json
) STRICT;

CREATE TABLE batch (
    id         INTEGER PRIMARY KEY,
    file       TEXT NOT NULL,                      -- its name, as the person called it
    sha256     TEXT NOT NULL,                      -- of the file as it lay there
    bytes      INTEGER NOT NULL,
    format     TEXT NOT NULL,
    encoding   TEXT,
    layers     TEXT NOT NULL,                      -- JSON array: what was peeled off
    made       TEXT,                               -- when the data was made, where the file says
    imported   TEXT NOT NULL,
    used       INTEGER NOT NULL,
    rejected   INTEGER NOT NULL,
    machines   INTEGER NOT NULL,
    titles     INTEGER NOT NULL,                   -- records that name no machine
    keeps_days INTEGER,                            -- how long the tool may tell of what is gone
    undone     TEXT,
    sealed     INTEGER NOT NULL DEFAULT 0          -- 1: what was before it is forgotten, so it cannot be undone
) STRICT;

-- The same file is taken once; after an undo it may come again.
CREATE UNIQUE INDEX batch_by_content ON batch (sha256, format) WHERE undone IS NULL;

CREATE TABLE batch_reject (
    batch   INTEGER NOT NULL REFERENCES batch (id),
    ord     INTEGER NOT NULL,
    place   TEXT NOT NULL,
    reason  TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    PRIMARY KEY (batch, ord)
) STRICT, WITHOUT ROWID;

-- What was left out on purpose, by reason.
CREATE TABLE batch_skip (
    batch  INTEGER NOT NULL REFERENCES batch (id),
    reason TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (batch, reason)
) STRICT, WITHOUT ROWID;

-- What an export tells of without saying on which machines.
CREATE TABLE batch_title (
    batch      INTEGER NOT NULL REFERENCES batch (id),
    ord        INTEGER NOT NULL,
    source     TEXT NOT NULL,
    name       TEXT,
    version    TEXT,
    publisher  TEXT,
    identifier TEXT,
    devices    INTEGER,                            -- on how many machines, where it is told
    PRIMARY KEY (batch, ord)
) STRICT, WITHOUT ROWID;

-- By what the machines of exports are known: docs/import.md says which rule joins them.
CREATE TABLE machine_name (
    kind    TEXT NOT NULL,                         -- uuid, serial, fqdn, hostname, or tool:FORMAT
    value   TEXT NOT NULL,                         -- lower case
    machine INTEGER NOT NULL REFERENCES machine (id),
    PRIMARY KEY (kind, value, machine)
) STRICT, WITHOUT ROWID;

CREATE INDEX machine_name_by_machine ON machine_name (machine, kind);

INSERT INTO machine_name (kind, value, machine)
    SELECT CASE WHEN instr(hostname, '.') > 0 THEN 'fqdn' ELSE 'hostname' END, lower(hostname), id
    FROM machine WHERE hostname <> '';

INSERT OR IGNORE INTO machine_name (kind, value, machine)
    SELECT 'hostname', lower(substr(hostname, 1, instr(hostname, '.') - 1)), id
    FROM machine WHERE instr(hostname, '.') > 1;

-- Which machine each device of a batch was taken for, and by which rule.
CREATE TABLE batch_machine (
    batch   INTEGER NOT NULL REFERENCES batch (id),
    machine INTEGER NOT NULL REFERENCES machine (id),
    rule    TEXT NOT NULL,                         -- new, machine-id, tool-id, uuid, serial, fqdn, hostname
    told    TEXT NOT NULL,                         -- how the export calls it
    PRIMARY KEY (batch, machine)
) STRICT, WITHOUT ROWID;

ALTER TABLE scan ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan ADD COLUMN batch INTEGER REFERENCES batch (id);
CREATE INDEX scan_by_batch ON scan (batch) WHERE batch IS NOT NULL;

ALTER TABLE installation ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;

ALTER TABLE machine_source RENAME TO machine_source_before;
CREATE TABLE machine_source (
    machine   INTEGER NOT NULL REFERENCES machine (id),
    origin    INTEGER NOT NULL,
    source    TEXT NOT NULL,
    any_scan  INTEGER NOT NULL REFERENCES scan (id),
    full_scan INTEGER REFERENCES scan (id),
    PRIMARY KEY (machine, origin, source)
) STRICT, WITHOUT ROWID;
INSERT INTO machine_source (machine, origin, source, any_scan, full_scan)
    SELECT machine, 0, source, any_scan, full_scan FROM machine_source_before;
DROP TABLE machine_source_before;

-- What the rows were that a batch changed, so that it can be undone.
CREATE TABLE batch_before (
    batch        INTEGER NOT NULL REFERENCES batch (id),
    machine      INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    install_date TEXT,
    raw          TEXT,
    PRIMARY KEY (batch, machine, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch_source_before (
    batch     INTEGER NOT NULL REFERENCES batch (id),
    machine   INTEGER NOT NULL,
    origin    INTEGER NOT NULL,
    source    TEXT NOT NULL,
    any_scan  INTEGER,                             -- NULL: there was none
    full_scan INTEGER,
    PRIMARY KEY (batch, machine, origin, source)
) STRICT, WITHOUT ROWID;
