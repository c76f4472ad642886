-- A message is updated some five times, and those of one page often together. With room on its page a new version needs no entry in any index (HOT).
ALTER TABLE message SET (fillfactor = 50);
