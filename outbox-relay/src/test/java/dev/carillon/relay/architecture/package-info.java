/** Who may know whom in the relay. */
@NullMarked
package dev.carillon.relay.architecture;

import org.jspecify.annotations.NullMarked;
