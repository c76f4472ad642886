@NullMarked
package dev.carillon.relay.http;

import org.jspecify.annotations.NullMarked;
