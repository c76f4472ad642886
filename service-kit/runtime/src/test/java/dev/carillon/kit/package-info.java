/** What the kit promises, tested on real PostgreSQL. */
@NullMarked
package dev.carillon.kit;

import org.jspecify.annotations.NullMarked;
