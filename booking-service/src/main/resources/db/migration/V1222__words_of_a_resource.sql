-- A migration of its own: one that held several tables could wait in a circle with whoever books or moves meanwhile.
-- What the resource's messages say instead of the standard words: JSON, as in the HTTP contract.
ALTER TABLE resource
    ADD COLUMN language  text,
    ADD COLUMN templates text NOT NULL DEFAULT '{}';
