ALTER TABLE booking_reminders
    DROP CONSTRAINT booking_reminders_status_check,
    ADD CONSTRAINT booking_reminders_status_check CHECK (status IN ('proposed', 'pending', 'booked', 'cancelled'));
