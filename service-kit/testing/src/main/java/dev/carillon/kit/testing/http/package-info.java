/**
 * A client for the service under test, by its HTTP API alone: a caller with credentials, and one that sends what no decent client would.
 */
@NullMarked
package dev.carillon.kit.testing.http;

import org.jspecify.annotations.NullMarked;
