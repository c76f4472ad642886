/** The checker of histories proves itself: relays and consumers that are broken on purpose, over real servers, are found out. */
@NullMarked
package dev.carillon.kit.history;

import org.jspecify.annotations.NullMarked;
