/**
 * Quarkus test resources around the servers: {@code @QuarkusTestResource(value = ServiceDatabase.class, initArgs = …)} and
 * {@code @QuarkusTestResource(Broker.class)}. The servers are the JVM's shared ones; what a resource makes on them is fresh.
 */
@NullMarked
package dev.carillon.kit.testing.quarkus;

import org.jspecify.annotations.NullMarked;
