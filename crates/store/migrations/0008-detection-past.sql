-- What a detection was before: its version and its presence may change while its interval lasts. Never edit this file once
-- released; a change is a new file.
--
-- A row is an earlier value: `until` is the scan that first found it otherwise. What stays as it is has no row. Nothing is
-- declared as a reference to the detection: `database check` looks for what leads nowhere.
CREATE TABLE detection_past (
    detection INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    version   TEXT,
    presence  TEXT NOT NULL,
    PRIMARY KEY (detection, until)
) STRICT, WITHOUT ROWID;

-- The few rows of Security Center among all software.
CREATE INDEX software_of_wsc ON software (source) WHERE source = 'wsc';
