-- Whether the customer has been told that the booked slot is closed, and that nobody came.
ALTER TABLE booking_reminders
    ADD COLUMN slot_closed boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT booking_reminders_status_check,
    ADD CONSTRAINT booking_reminders_status_check CHECK (status IN ('proposed', 'pending', 'booked', 'noshow', 'cancelled'));
