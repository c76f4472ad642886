-- An offer is a booking that is proposed: its places are counted, its timer is of the kind "hold".
ALTER TABLE booking
    DROP CONSTRAINT booking_status_check,
    ADD CONSTRAINT booking_status_check
        CHECK (status IN ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'noshow', 'cancelled'));

-- Who waits for places of a slot, or of any slot of a resource, in the order of the ids.
CREATE TABLE waitlist_entry (
    id                  uuid        PRIMARY KEY,
    tenant              text        NOT NULL,
    resource_id         uuid        NOT NULL REFERENCES resource (id),
    slot_id             uuid        REFERENCES slot (id),
    places              integer     NOT NULL CHECK (places > 0),
    status              text        NOT NULL CHECK (status IN ('waitlist', 'proposed', 'booked', 'cancelled')),
    cancellation_reason text,
    -- What was offered; an entry gets one offer.
    booking_id          uuid,
    version             bigint      NOT NULL,
    customer_id         text,
    customer_name       text        NOT NULL,
    customer_email      text,
    customer_chat_id    text,
    customer_zone       text,
    customer_language   text,
    created_at          timestamptz NOT NULL,
    ended_at            timestamptz,
    traceparent         text,
    tracestate          text
);
CREATE INDEX entry_of_tenant ON waitlist_entry (tenant, id);
CREATE INDEX entry_of_customer ON waitlist_entry (tenant, customer_id, id) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX entry_of_offer ON waitlist_entry (booking_id) WHERE booking_id IS NOT NULL;
-- What is wanted, for whoever looks for free places.
CREATE INDEX waiting ON waitlist_entry (resource_id, slot_id, places) WHERE status = 'waitlist';
CREATE INDEX waiting_for_a_slot ON waitlist_entry (slot_id, id) WHERE status = 'waitlist' AND slot_id IS NOT NULL;
CREATE INDEX waiting_for_a_resource ON waitlist_entry (resource_id, id) WHERE status = 'waitlist' AND slot_id IS NULL;
