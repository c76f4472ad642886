/** The rules of the stored positions. */
@NullMarked
package dev.carillon.relay.store;

import org.jspecify.annotations.NullMarked;
