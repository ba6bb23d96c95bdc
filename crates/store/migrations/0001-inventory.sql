-- The inventory: machines, their scans, what was seen on them and what it came to. Never edit this file once released;
-- a change is a new file.
--
-- Instants are RFC 3339 texts in UTC and stand only in `scan`; everything else points to the scan that saw it.
-- Vocabulary words (sources, families, states) are stored as written in the JSON promise.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE machine (
    id            INTEGER PRIMARY KEY,
    machine_id    TEXT NOT NULL UNIQUE,
    hostname      TEXT NOT NULL,
    os_family     TEXT NOT NULL,
    os_name       TEXT NOT NULL,
    os_version    TEXT NOT NULL,
    arch          TEXT NOT NULL,
    installations INTEGER NOT NULL DEFAULT 0       -- how many are open: a rollup kept by every scan
) STRICT;

CREATE TABLE scan (
    id                INTEGER PRIMARY KEY,
    machine           INTEGER NOT NULL REFERENCES machine (id),
    started           TEXT NOT NULL,
    finished          TEXT NOT NULL,
    tool_version      TEXT NOT NULL,
    catalogue_version TEXT NOT NULL,               -- of the probes, not of the detections
    probe_count       INTEGER NOT NULL,
    source_label      TEXT NOT NULL,               -- where it came from, for people: "this computer", a file's name
    covered           TEXT NOT NULL,               -- JSON array of the sources that were fully looked at
    observation_count INTEGER NOT NULL
) STRICT;

CREATE INDEX scan_by_machine ON scan (machine, started);

CREATE TABLE scan_collector (
    scan   INTEGER NOT NULL REFERENCES scan (id),
    ord    INTEGER NOT NULL,
    name   TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    count  INTEGER NOT NULL,
    PRIMARY KEY (scan, ord)
) STRICT, WITHOUT ROWID;

-- Per machine and source, the newest scan that read the source at all and the newest that read all of it.
-- An open installation was last seen by the later of `full_scan` and its own `last_seen`, so that a scan that finds
-- everything as it was writes nothing per installation.
CREATE TABLE machine_source (
    machine   INTEGER NOT NULL REFERENCES machine (id),
    source    TEXT NOT NULL,
    any_scan  INTEGER NOT NULL REFERENCES scan (id),
    full_scan INTEGER REFERENCES scan (id),
    PRIMARY KEY (machine, source)
) STRICT, WITHOUT ROWID;

-- Each distinct piece of software once, however many machines have it. `fingerprint` is a hash of the eight fields that
-- narrows the search; the fields themselves are always compared, so that a collision merges nothing.
CREATE TABLE software (
    id           INTEGER PRIMARY KEY,
    fingerprint  INTEGER NOT NULL,
    source       TEXT NOT NULL,
    registration INTEGER NOT NULL,                 -- 1: says that software was installed; 0: a trace of some
    name         TEXT,
    version      TEXT,
    publisher    TEXT,
    identifier   TEXT,
    signer       TEXT,
    arch         TEXT,
    display_name TEXT,
    title        TEXT NOT NULL AS (coalesce(name, display_name, identifier, '')) VIRTUAL
) STRICT;

CREATE INDEX software_by_fingerprint ON software (fingerprint);
CREATE INDEX software_by_title
    ON software (title COLLATE NOCASE, title, coalesce(version, ''), coalesce(publisher, ''))
    WHERE registration = 1;

-- One interval during which one piece of software stood in one place of one machine. `number` counts per machine, so
-- that a machine's rows lie together. Machine and scans are the recording's own and not declared as references: each
-- declaration is another lookup for each of millions of rows.
CREATE TABLE installation (
    machine          INTEGER NOT NULL,
    number           INTEGER NOT NULL,
    software         INTEGER NOT NULL REFERENCES software (id),
    path             TEXT,
    install_location TEXT,
    install_date     TEXT,
    scope            TEXT,
    raw              TEXT,                         -- JSON object, or NULL when empty
    first_seen       INTEGER NOT NULL,
    last_seen        INTEGER NOT NULL,
    gone             INTEGER,                      -- the scan that no longer found it
    PRIMARY KEY (machine, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX installation_by_software ON installation (software, machine) WHERE gone IS NULL;

-- One interval during which a product, or a vendor without a known product, was found on one machine. Version, presence,
-- confidence and evidence are those of `last_seen`.
CREATE TABLE detection (
    id                INTEGER PRIMARY KEY,
    machine           INTEGER NOT NULL REFERENCES machine (id),
    vendor            TEXT NOT NULL,
    product           TEXT,
    version           TEXT,
    presence          TEXT NOT NULL,
    confidence        REAL NOT NULL,
    evidence          TEXT NOT NULL,               -- JSON array
    catalogue_version TEXT NOT NULL,
    first_seen        INTEGER NOT NULL REFERENCES scan (id),
    last_seen         INTEGER NOT NULL REFERENCES scan (id),
    gone              INTEGER REFERENCES scan (id),
    ended_by          TEXT CHECK ((ended_by IS NULL) = (gone IS NULL)) -- 'scan': no longer found; 'catalogue': no longer identified
) STRICT;

CREATE UNIQUE INDEX detection_open ON detection (machine, vendor, coalesce(product, '')) WHERE gone IS NULL;
CREATE INDEX detection_by_product ON detection (vendor, product) WHERE gone IS NULL;
