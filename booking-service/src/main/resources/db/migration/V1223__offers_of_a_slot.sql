-- What is offered in a slot, to be withdrawn when it is closed; an entry of a waitlist gets another offer then.
CREATE INDEX offer_of_slot ON booking (slot_id, id) WHERE status = 'proposed';
