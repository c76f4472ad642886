-- What the message exists for is gone: a recall that delivery refuses is wished for again when the open attempt has failed.
ALTER TABLE message ADD COLUMN unwanted boolean NOT NULL DEFAULT false;

-- The messages of a booking, which end when it is moved or cancelled. Messages of other sources cost it nothing.
CREATE INDEX message_of_booking ON message (source_id) WHERE source_type = 'booking';

-- What was last applied of each booking: events of a lower version are late and change nothing. Outlives the booking, so that
-- an event redriven long after a cancellation finds it.
CREATE TABLE booking_reminders (
    booking_id uuid        PRIMARY KEY,
    tenant     text        NOT NULL,
    version    bigint      NOT NULL,
    status     text        NOT NULL CHECK (status IN ('pending', 'booked', 'cancelled')),
    sequence   integer     NOT NULL,
    start_at   timestamptz NOT NULL
);
CREATE INDEX booking_reminders_start ON booking_reminders (start_at);
