-- Timers beyond the horizon (carillon.timer.horizon) wait here, so that the table of what is near stays small, however much is pending.
-- There is no index by instant: every armed timer would pay for it, and the deeper it is the more. A sweep reads the whole table instead, a piece
-- after the other, several times within the horizon, and moves what is near. A timer is in one of the two tables and never in both.
CREATE TABLE timer_far (
    kind    text        NOT NULL,
    id      uuid        NOT NULL,
    due_at  timestamptz NOT NULL,
    version bigint      NOT NULL DEFAULT nextval('timer_version'),
    PRIMARY KEY (kind, id)
);

-- How far the sweep is: one row, locked by the node that sweeps the next piece.
CREATE TABLE timer_sweep (
    only_one    boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    began_at    timestamptz NOT NULL,
    -- Whether it makes up for sweeps that nobody made, as fast as it can.
    hurried     boolean     NOT NULL,
    next_block  bigint      NOT NULL,
    -- Counts the pieces that were made in a hurry: what they move may be due long since, and before where nodes look.
    hurries     bigint      NOT NULL DEFAULT 0
);
INSERT INTO timer_sweep (began_at, hurried, next_block) VALUES ('epoch', true, 0);

WITH far AS (DELETE FROM timer WHERE due_at > clock_timestamp() + interval '1 hour' RETURNING kind, id, due_at, version)
INSERT INTO timer_far (kind, id, due_at, version) SELECT kind, id, due_at, version FROM far;

-- Rows are claimed and gone within the hour: room for the claim on the same page, and dead ones are removed often.
ALTER TABLE timer SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
