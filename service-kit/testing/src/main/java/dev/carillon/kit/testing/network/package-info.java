/**
 * What can happen on the way to a server, done to real connections, and what a server proves itself by.
 */
@NullMarked
package dev.carillon.kit.testing.network;

import org.jspecify.annotations.NullMarked;
