-- What became of the appointment itself.
ALTER TABLE booking
    ADD COLUMN arrived_at    timestamptz,
    ADD COLUMN checked_in_at timestamptz,
    ADD COLUMN fulfilled_at  timestamptz,
    ADD COLUMN noshow_at     timestamptz,
    DROP CONSTRAINT booking_status_check,
    ADD CONSTRAINT booking_status_check
        CHECK (status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'noshow', 'cancelled'));
