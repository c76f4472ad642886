package dev.carillon.relay;

/** What order is kept for: Kafka orders one key of one topic. */
public record RecordKey(String topic, String key) {}
