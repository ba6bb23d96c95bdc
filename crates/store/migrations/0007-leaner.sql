-- Evidence once per distinct value, and the list of titles in an index that holds only what is there now. Never edit this
-- file once released; a change is a new file. The program fills what needs a hash.
DROP INDEX title_by_name;
ALTER TABLE title ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0; -- a hash of name, version and publisher
CREATE INDEX title_by_fingerprint ON title (fingerprint);
CREATE INDEX title_by_name ON title (name COLLATE NOCASE, name, version, publisher) WHERE machines > 0;

CREATE TABLE evidence (
    id          INTEGER PRIMARY KEY,
    fingerprint INTEGER NOT NULL,
    traces      TEXT NOT NULL                      -- JSON array
) STRICT;

CREATE INDEX evidence_by_fingerprint ON evidence (fingerprint);

DROP INDEX detection_open;
DROP INDEX detection_by_product;
ALTER TABLE detection RENAME TO detection_before;

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
    evidence          INTEGER NOT NULL REFERENCES evidence (id),
    catalogue_version TEXT NOT NULL,
    first_seen        INTEGER NOT NULL REFERENCES scan (id),
    last_seen         INTEGER NOT NULL REFERENCES scan (id),
    gone              INTEGER REFERENCES scan (id),
    ended_by          TEXT CHECK ((ended_by IS NULL) = (gone IS NULL)) -- 'scan': no longer found; 'catalogue': no longer identified
) STRICT;

CREATE UNIQUE INDEX detection_open ON detection (machine, vendor, coalesce(product, '')) WHERE gone IS NULL;
CREATE INDEX detection_by_product ON detection (vendor, product) WHERE gone IS NULL;

-- Where something was seen once only, `last_seen` says no more than `first_seen`: 0 takes no room.
UPDATE installation SET last_seen = 0 WHERE last_seen = first_seen;
UPDATE batch_before SET last_seen = 0 WHERE EXISTS (SELECT 1 FROM installation i
    WHERE i.machine = batch_before.machine AND i.number = batch_before.number AND i.first_seen = batch_before.last_seen);
