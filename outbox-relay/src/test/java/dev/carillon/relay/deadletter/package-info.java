@NullMarked
package dev.carillon.relay.deadletter;

import org.jspecify.annotations.NullMarked;
