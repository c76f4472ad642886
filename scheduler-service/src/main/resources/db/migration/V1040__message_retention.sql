-- What a message was about is forgotten some time after its end, and the message itself later. Only messages that have ended are in these indexes:
-- creating and staging cost nothing more.
ALTER TABLE message ADD COLUMN redacted boolean NOT NULL DEFAULT false;
CREATE INDEX message_to_redact ON message (ended_at) WHERE ended_at IS NOT NULL AND NOT redacted;
CREATE INDEX message_to_forget ON message (ended_at) WHERE redacted;

-- Room for the next state on the page of the last, which then needs no new entry in any index.
ALTER TABLE message SET (fillfactor = 80);
