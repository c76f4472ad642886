-- A migration of its own: one that held several tables could wait in a circle with whoever books or moves meanwhile.
-- Whether the booking's events have said that its slot is closed.
ALTER TABLE booking ADD COLUMN slot_closed boolean NOT NULL DEFAULT false;
CREATE INDEX booking_ahead_of_slot ON booking (slot_id, id) WHERE status IN ('pending', 'booked');
