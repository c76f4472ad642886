-- Customers of whom no id is known are found by their address, in any case (A to Z).
CREATE INDEX booking_of_email ON booking (tenant, lower(customer_email COLLATE "C")) WHERE customer_email IS NOT NULL;
