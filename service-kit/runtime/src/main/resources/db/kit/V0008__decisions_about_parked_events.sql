-- What an operator decided about a parked event, which is gone since: when the answer was lost and the request is repeated, it is answered by this.
-- Kept for seven days at least; each decision removes those that are older.
CREATE TABLE outbox_decision (
    parked_id       bigint      PRIMARY KEY,
    decision        text        NOT NULL CHECK (decision IN ('published', 'skipped')),
    idempotency_key text,
    decided_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT, INSERT, DELETE ON outbox_decision TO "${relayRole}";
