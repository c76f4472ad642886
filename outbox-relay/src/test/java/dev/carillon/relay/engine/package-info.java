@NullMarked
package dev.carillon.relay.engine;

import org.jspecify.annotations.NullMarked;
