-- A migration of its own: one that held several tables could wait in a circle with whoever books or moves meanwhile.
-- As booking_of_email and booking_of_chat.
CREATE INDEX entry_of_email ON waitlist_entry (tenant, lower(customer_email COLLATE "C")) WHERE customer_email IS NOT NULL;
CREATE INDEX entry_of_chat ON waitlist_entry (tenant, customer_chat_id) WHERE customer_chat_id IS NOT NULL;
