-- A recurring schedule. Its next timer is the row of the same id in timer, kind schedule.
CREATE TABLE schedule (
    id             uuid        PRIMARY KEY,
    tenant         text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
    -- What the client sees in the ETag: its own changes.
    revision       integer     NOT NULL,
    rule_kind      text        NOT NULL CHECK (rule_kind IN ('cron', 'rrule')),
    rule           text        NOT NULL,
    zone           text        NOT NULL,
    gap            text        NOT NULL CHECK (gap IN ('shift', 'skip')),
    overlap        text        NOT NULL CHECK (overlap IN ('first', 'both')),
    start_local    timestamp   NOT NULL,
    end_at         timestamptz,
    count          integer,
    misfire        text        NOT NULL CHECK (misfire IN ('fire-once', 'skip', 'catch-up')),
    -- Durations of ISO 8601.
    misfire_window text,
    expires_after  text,
    recipient      text        NOT NULL,
    content        text        NOT NULL,
    ordering_key   text,
    on_failure     text,
    metadata       text,
    -- After it there is no occurrence, whatever the rule says: the earliest of endAt, UNTIL and the last that counts.
    last_at        timestamptz,
    -- Every occurrence up to here has its message, or none by what was decided.
    decided_until  timestamptz NOT NULL,
    traceparent    text,
    tracestate     text,
    created_at     timestamptz NOT NULL
);
CREATE INDEX schedule_of_tenant ON schedule (tenant, id);

-- The occurrences that have a message: the key by which none gets two, whatever crashes.
CREATE TABLE schedule_run (
    schedule_id  uuid        NOT NULL REFERENCES schedule ON DELETE CASCADE,
    zone         text        NOT NULL,
    local        timestamp   NOT NULL,
    -- Whether it is the second instant of a local time that comes twice.
    second       boolean     NOT NULL,
    due_at       timestamptz NOT NULL,
    message_id   uuid        NOT NULL,
    -- When an edit or a pause called back a message that delivery has already; until delivery's answer is known.
    withdrawn_at timestamptz,
    PRIMARY KEY (schedule_id, local, second, zone)
);
CREATE INDEX schedule_run_due ON schedule_run (due_at);
CREATE INDEX schedule_run_withdrawn ON schedule_run (schedule_id) WHERE withdrawn_at IS NOT NULL;

-- The messages of a schedule. Messages of other sources cost it nothing.
CREATE INDEX message_of_schedule ON message (source_id, id) WHERE source_type = 'schedule';
