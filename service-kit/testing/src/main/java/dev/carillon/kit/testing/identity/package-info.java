/**
 * An issuer of tokens for tests: its key pair is made when the JVM first asks, so that no private key is in the repository.
 */
@NullMarked
package dev.carillon.kit.testing.identity;

import org.jspecify.annotations.NullMarked;
