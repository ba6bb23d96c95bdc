-- What tools tell of without saying on which machines: each distinct thing once, and which imports tell of it. Never edit
-- this file once released; a change is a new file. The program fills the words.
ALTER TABLE batch_title RENAME TO batch_title_before;

CREATE TABLE told_title (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,                      -- the name, else the name for people, else the identifier
    version    TEXT NOT NULL,                      -- '' where it is not told, as below
    publisher  TEXT NOT NULL,
    source     TEXT NOT NULL,
    identifier TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX told_title_by_name ON told_title (name COLLATE NOCASE, name, version, publisher, source, identifier);

CREATE TABLE batch_title (
    title   INTEGER NOT NULL REFERENCES told_title (id),
    batch   INTEGER NOT NULL REFERENCES batch (id),
    devices INTEGER,                               -- on how many machines, as the tool counts; NULL where it does not say
    PRIMARY KEY (title, batch)
) STRICT, WITHOUT ROWID;

CREATE INDEX batch_title_by_batch ON batch_title (batch);

INSERT OR IGNORE INTO told_title (name, version, publisher, source, identifier)
    SELECT coalesce(name, identifier, ''), coalesce(version, ''), coalesce(publisher, ''), source, coalesce(identifier, '')
    FROM batch_title_before;

INSERT INTO batch_title (title, batch, devices)
    SELECT t.id, b.batch, sum(b.devices) FROM batch_title_before b
    JOIN told_title t ON t.name = coalesce(b.name, b.identifier, '') COLLATE NOCASE
        AND t.name = coalesce(b.name, b.identifier, '') AND t.version = coalesce(b.version, '')
        AND t.publisher = coalesce(b.publisher, '') AND t.source = b.source AND t.identifier = coalesce(b.identifier, '')
    GROUP BY t.id, b.batch;

DROP TABLE batch_title_before;

-- The words of their names and publishers in Latin letters, by their numbers.
CREATE VIRTUAL TABLE told_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
