-- Whether one of an ordering key is in flight is asked before each attempt of the key, and must not depend on how many of it wait.
CREATE INDEX delivery_in_flight_of_key ON delivery (tenant, ordering_key) WHERE ordering_key IS NOT NULL AND status = 'in-flight';
