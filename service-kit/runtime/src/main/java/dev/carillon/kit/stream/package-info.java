/**
 * States of things as they change, shown to whoever watches.
 *
 * <p>Guarantees that a watcher sees each state once and none after a later one, and the last one always; and that any number of watchers costs a few
 * queries, four times a second. Never keeps more than one state for a watcher that reads slowly: states in between may be left out.
 */
@NullMarked
package dev.carillon.kit.stream;

import org.jspecify.annotations.NullMarked;
