-- What has slots: a room, a machine, a person. Its timer of the kind "slots" is when further slots are generated.
CREATE TABLE resource (
    id              uuid        PRIMARY KEY,
    tenant          text        NOT NULL,
    name            text        NOT NULL,
    zone            text        NOT NULL,
    slot_length     text        NOT NULL,
    buffer          text        NOT NULL,
    capacity        integer     NOT NULL,
    horizon_days    integer     NOT NULL,
    -- JSON, as in the HTTP contract.
    weekly          text        NOT NULL,
    exceptions      text        NOT NULL,
    reminders       text        NOT NULL,
    -- The first local day whose slots have not been generated.
    generated_until date        NOT NULL,
    revision        integer     NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX resource_of_tenant ON resource (tenant, id);

-- booked counts the places of its pending and booked bookings; one statement changes it, and only under the row's lock.
-- It is in no index, so that a hot slot's versions stay on its page.
CREATE TABLE slot (
    id          uuid        PRIMARY KEY,
    tenant      text        NOT NULL,
    resource_id uuid        NOT NULL REFERENCES resource (id),
    start_at    timestamptz NOT NULL,
    end_at      timestamptz NOT NULL,
    local_start timestamp   NOT NULL,
    capacity    integer     NOT NULL CHECK (capacity >= 0),
    booked      integer     NOT NULL DEFAULT 0 CHECK (booked >= 0),
    status      text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    revision    integer     NOT NULL DEFAULT 1,
    CONSTRAINT slot_is_unique UNIQUE (resource_id, start_at)
) WITH (fillfactor = 80);

-- A pending one has a timer of the kind "hold".
CREATE TABLE booking (
    id                  uuid        PRIMARY KEY,
    tenant              text        NOT NULL,
    slot_id             uuid        NOT NULL REFERENCES slot (id),
    places              integer     NOT NULL CHECK (places > 0),
    status              text        NOT NULL CHECK (status IN ('pending', 'booked', 'cancelled')),
    cancellation_reason text,
    -- What the client sees in the ETag: its own changes.
    revision            integer     NOT NULL,
    -- What events carry: every change.
    version             bigint      NOT NULL,
    -- How often it was moved; the SEQUENCE of its calendar file.
    sequence            integer     NOT NULL,
    customer_id         text,
    customer_name       text        NOT NULL,
    customer_email      text,
    customer_chat_id    text,
    customer_zone       text,
    customer_language   text,
    hold_expires_at     timestamptz,
    created_at          timestamptz NOT NULL,
    booked_at           timestamptz,
    cancelled_at        timestamptz,
    traceparent         text,
    tracestate          text
);
CREATE INDEX booking_of_tenant ON booking (tenant, id);
CREATE INDEX booking_of_slot ON booking (slot_id, id);
CREATE INDEX booking_of_customer ON booking (tenant, customer_id, id) WHERE customer_id IS NOT NULL;

-- What became of the messages that were sent because of a booking, by the highest version of each.
CREATE TABLE booking_message (
    message_id uuid        PRIMARY KEY,
    booking_id uuid        NOT NULL,
    purpose    text        NOT NULL,
    status     text        NOT NULL,
    version    bigint      NOT NULL,
    at         timestamptz NOT NULL,
    error      text
);
CREATE INDEX message_of_booking ON booking_message (booking_id, message_id);
CREATE INDEX message_not_delivered ON booking_message (booking_id) WHERE status IN ('failed', 'expired');
