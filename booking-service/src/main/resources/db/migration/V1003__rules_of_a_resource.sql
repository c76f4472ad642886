-- Durations are ISO 8601, as in the HTTP contract.
ALTER TABLE resource
    ADD COLUMN lead_time        text NOT NULL DEFAULT 'PT0S',
    ADD COLUMN cancel_notice    text NOT NULL DEFAULT 'PT0S',
    ADD COLUMN max_per_customer integer CHECK (max_per_customer > 0);

-- Whom a resource's limit counts as one customer; the counting statement has the same expression.
CREATE INDEX booking_of_whom ON booking (
    tenant,
    (coalesce('id:' || customer_id, 'email:' || lower(customer_email COLLATE "C"), 'telegram:' || customer_chat_id) COLLATE "C"));
