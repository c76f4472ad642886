/**
 * Health: liveness says that the loops turn; readiness asks each database and Kafka, within three seconds, and names each with
 * what is wrong.
 */
@NullMarked
package dev.carillon.relay.health;

import org.jspecify.annotations.NullMarked;
