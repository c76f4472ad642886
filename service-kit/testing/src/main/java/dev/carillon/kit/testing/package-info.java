/**
 * Fixtures that every module's tests share: time that a test turns by hand, real servers and the Quarkus resources around them.
 * Never a part of a running service, except that the local stack starts its servers with the same classes.
 */
@NullMarked
package dev.carillon.kit.testing;

import org.jspecify.annotations.NullMarked;
