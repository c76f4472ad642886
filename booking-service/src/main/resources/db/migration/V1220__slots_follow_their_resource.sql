-- What a change of a resource's hours does to a slot: one that the hours made is closed by them when they no longer have it, and open again
-- when they have it again; one that was opened by hand is left alone. closed_by_hours tells the closing by the hours from the one by hand.
ALTER TABLE slot
    ADD COLUMN generated       boolean NOT NULL DEFAULT true,
    -- Its capacity was set by hand, and does not follow the resource's.
    ADD COLUMN own_capacity    boolean NOT NULL DEFAULT false,
    ADD COLUMN closed_by_hours boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT closed_by_hours_is_closed CHECK (NOT closed_by_hours OR status = 'closed');

-- Slots that are there were not told apart when they were made: these cannot have come from the hours, and these have another capacity.
UPDATE slot s SET generated = s.end_at - s.start_at = r.slot_length::interval, own_capacity = s.capacity <> r.capacity
FROM resource r
WHERE r.id = s.resource_id AND (s.end_at - s.start_at <> r.slot_length::interval OR s.capacity <> r.capacity);

-- One slot begins at an instant, beside those that the hours have closed: they stay for their bookings.
ALTER TABLE slot DROP CONSTRAINT slot_is_unique;
CREATE UNIQUE INDEX slot_is_unique ON slot (resource_id, start_at) WHERE NOT closed_by_hours;
CREATE INDEX slot_of_resource ON slot (resource_id, start_at);
