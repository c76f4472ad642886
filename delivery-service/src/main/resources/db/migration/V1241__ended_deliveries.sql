-- Deliveries are forgotten some time after their end. Only those that have ended are in this index: accepting and attempting cost nothing more.
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;
