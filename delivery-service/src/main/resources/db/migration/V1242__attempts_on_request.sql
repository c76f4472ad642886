-- Whether the next attempt, or the one in flight, is on an operator's word: such a one is not paid for by a retry budget.
ALTER TABLE delivery ADD COLUMN on_request boolean NOT NULL DEFAULT false;
