-- Whether start_local is meant the second time that it comes, where clocks are put back over it.
ALTER TABLE schedule ADD COLUMN start_second boolean NOT NULL DEFAULT false;
