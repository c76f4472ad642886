package dev.carillon.relay.engine;

import org.apache.kafka.clients.producer.Producer;

/** Breaks the rule that the engine knows Kafka by its port alone, on purpose. */
public record EngineThatKnowsKafka(Producer<String, String> producer) {}
