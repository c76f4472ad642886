-- What a message is being recalled for, if not to be cancelled: content, instant, expiry and metadata as its client now wants them.
ALTER TABLE message ADD COLUMN edit text;
