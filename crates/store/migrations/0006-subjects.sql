-- Which machines have what was found, as sets. Never edit this file once released; a change is a new file.
--
-- A row is a product in one presence, or a vendor without a known product. The sets follow from the open detections; the
-- program fills them for what is there.
CREATE TABLE subject (
    vendor   TEXT NOT NULL,
    product  TEXT NOT NULL,                        -- '': not known
    presence TEXT NOT NULL,
    machines BLOB NOT NULL,                        -- as in software
    PRIMARY KEY (vendor, product, presence)
) STRICT, WITHOUT ROWID;
