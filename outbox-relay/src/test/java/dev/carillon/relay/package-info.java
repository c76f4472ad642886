/** The relay's promises, on fakes and on real servers. */
@NullMarked
package dev.carillon.relay;

import org.jspecify.annotations.NullMarked;
