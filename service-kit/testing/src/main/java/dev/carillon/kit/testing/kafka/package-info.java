/**
 * A real Kafka 4 (KRaft, broker and controller in one) in a JVM of its own, for tests and for the local stack, and the topics that
 * Carillon's services need. Topics come into being only by {@link dev.carillon.kit.testing.kafka.KafkaServer#createTopics}: a
 * producer that misspells one fails here as it would in production.
 */
@NullMarked
package dev.carillon.kit.testing.kafka;

import org.jspecify.annotations.NullMarked;
