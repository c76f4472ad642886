-- Dead letters are looked for by tenant and in the order of their ids: lists go from the newest, redrives from the oldest.
CREATE INDEX delivery_dead ON delivery (tenant, id) WHERE status = 'dead';

-- Dead letters that are attempted again at a rate. The row says how far it is: position is the last delivery that was looked at. Whoever has taken the
-- job's timer goes on with it, in the transaction that moves the position. Only what was dead when the job began is redriven: each delivery once.
CREATE TABLE redrive (
    id              uuid        PRIMARY KEY,
    tenant          text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
    message_id      uuid,
    channel         text,
    destination     text,
    due_from        timestamptz,
    due_to          timestamptz,
    rate_per_second integer     NOT NULL CHECK (rate_per_second > 0),
    total           bigint      NOT NULL,
    redriven        bigint      NOT NULL DEFAULT 0,
    passed_over     bigint      NOT NULL DEFAULT 0,
    position        uuid        NOT NULL,
    created_by      text        NOT NULL,
    created_at      timestamptz NOT NULL,
    stopped_by      text,
    ended_at        timestamptz
);
-- One at a time for each tenant: two at once would share no rate.
CREATE UNIQUE INDEX redrive_running ON redrive (tenant) WHERE state = 'running';
