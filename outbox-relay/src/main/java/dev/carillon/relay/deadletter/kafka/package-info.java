/**
 * Dead letters and redrives on Kafka itself: no state is kept anywhere else. Each redrive is a group of one member, whose committed offsets carry what
 * it is about as their metadata, so that every relay can tell of it and end it.
 */
@NullMarked
package dev.carillon.relay.deadletter.kafka;

import org.jspecify.annotations.NullMarked;
