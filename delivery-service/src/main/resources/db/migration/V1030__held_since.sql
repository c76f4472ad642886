-- When a delivery was first held, since it was staged or an operator last had it attempted again: what it is given up by, however often it is let go
-- and held again.
ALTER TABLE delivery ADD COLUMN held_since timestamptz;

-- Those that wait for a disabled endpoint, in the order in which they are let go, which is that of ordering keys.
DROP INDEX delivery_held;
CREATE INDEX delivery_held ON delivery ((destination::jsonb ->> 'endpointId'), due_at, id) WHERE status = 'held';
