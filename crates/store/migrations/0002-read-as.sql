-- As whom a machine was read, such as 'root'; NULL where the scan does not say.
ALTER TABLE scan ADD COLUMN read_as TEXT;
