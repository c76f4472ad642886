/** What the client's failures mean. */
@NullMarked
package dev.carillon.relay.kafka;

import org.jspecify.annotations.NullMarked;
