-- What all lanes that stand at one base have after it is one range of transactions: one look into each partition, where the index that begins
-- with the lane takes one for each of 64 (docs/decisions/0022). Appending waits while the partitions that are there get theirs.
CREATE INDEX outbox_event_step ON outbox_event (xid);
