-- Room for ten million installations. Never edit this file once released; a change is a new file.
--
-- What many installations share is kept once and named by its number: the software, the place, the raw fields. Which
-- machines have a piece of software now is a set of machine numbers beside it (a roaring bitmap in its portable format,
-- https://github.com/RoaringBitmap/RoaringFormatSpec), so that who has it, who has not and how many are one look.
-- The rows of before are carried over by the program: numbers are given by hashes.

DROP INDEX software_by_fingerprint;
DROP INDEX software_by_title;
DROP INDEX installation_by_software;
ALTER TABLE software RENAME TO software_before;
ALTER TABLE installation RENAME TO installation_before;
ALTER TABLE batch_before RENAME TO batch_before_before;

-- What is installed, as people call it: one row per name, version and publisher; '' where one is not known.
CREATE TABLE title (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,                       -- the name, else the name for people, else the identifier
    version   TEXT NOT NULL,
    publisher TEXT NOT NULL,
    machines  INTEGER NOT NULL DEFAULT 0           -- how many have it now: a rollup kept by every scan
) STRICT;

CREATE UNIQUE INDEX title_by_name ON title (name COLLATE NOCASE, name, version, publisher);
CREATE INDEX title_by_machines ON title (machines DESC, name COLLATE NOCASE, id) WHERE machines > 0;
CREATE INDEX title_by_publisher ON title (publisher COLLATE NOCASE, name COLLATE NOCASE, id) WHERE machines > 0;

-- The words, in Latin letters, of titles that some machine has, by the title's number: any script finds any other.
CREATE VIRTUAL TABLE title_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');

CREATE TABLE software (
    id           INTEGER PRIMARY KEY,
    fingerprint  INTEGER NOT NULL,                 -- a hash of the eight fields that narrows the search
    title        INTEGER REFERENCES title (id),    -- NULL: a trace of some, which says not that it was installed
    source       TEXT NOT NULL,
    name         TEXT,
    version      TEXT,
    publisher    TEXT,
    identifier   TEXT,
    signer       TEXT,
    arch         TEXT,
    display_name TEXT,
    machines     BLOB                              -- the machines that have it now; NULL: none
) STRICT;

CREATE INDEX software_by_fingerprint ON software (fingerprint);
CREATE INDEX software_by_title ON software (title) WHERE title IS NOT NULL;

-- Each distinct place once. Number 0, which has no row, stands for a place of which nothing is known.
CREATE TABLE place (
    id               INTEGER PRIMARY KEY,
    fingerprint      INTEGER NOT NULL,
    path             TEXT,
    install_location TEXT,
    scope            TEXT
) STRICT;

CREATE INDEX place_by_fingerprint ON place (fingerprint);

-- Each distinct set of raw fields once. Number 0, which has no row, stands for none.
CREATE TABLE detail (
    id          INTEGER PRIMARY KEY,
    fingerprint INTEGER NOT NULL,
    raw         TEXT NOT NULL                      -- JSON object
) STRICT;

CREATE INDEX detail_by_fingerprint ON detail (fingerprint);

-- One interval during which one piece of software stood in one place of one machine. `number` counts per machine, so
-- that a machine's rows lie together. Nothing is declared as a reference: each declaration is another lookup for each of
-- millions of rows. `database check` looks for what leads nowhere.
CREATE TABLE installation (
    machine      INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    software     INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    detail       INTEGER NOT NULL,
    install_date ANY,                              -- a day as days since 1970-01-01; a text where it is written otherwise
    origin       INTEGER NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    gone         INTEGER,                          -- the scan that no longer found it
    PRIMARY KEY (machine, number)
) STRICT, WITHOUT ROWID;

-- What the rows were that a batch changed, so that it can be undone.
CREATE TABLE batch_before (
    batch        INTEGER NOT NULL REFERENCES batch (id),
    machine      INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    install_date ANY,
    detail       INTEGER NOT NULL,
    PRIMARY KEY (batch, machine, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX scan_by_start ON scan (started);
CREATE INDEX machine_by_hostname ON machine (hostname COLLATE NOCASE, machine_id);
