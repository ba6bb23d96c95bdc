-- What a person needs to see whether two are one machine. Never edit this file once released; a change is a new file.
--
-- A JSON object with `told`, what the export said of the device, and `known`, what was known of the machine before. Only of
-- devices that were taken for a machine by their host name alone, and of new ones with a namesake.
ALTER TABLE batch_machine ADD COLUMN sides TEXT;

-- What is gone from one machine, for when two become one; what is there has `detection_open`.
CREATE INDEX detection_gone ON detection (machine) WHERE gone IS NOT NULL;
