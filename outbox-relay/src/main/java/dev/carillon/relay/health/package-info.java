/**
 * Health: liveness says that the loops turn; readiness asks each database and names each with what is wrong (Kafka is asked
 * by Quarkus's own check).
 */
@NullMarked
package dev.carillon.relay.health;

import org.jspecify.annotations.NullMarked;
