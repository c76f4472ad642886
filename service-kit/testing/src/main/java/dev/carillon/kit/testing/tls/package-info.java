/**
 * Certificates for servers that tests start. Each lives for two days and is vouched for by nobody but itself, so that nothing but the test has reason to trust it.
 */
@NullMarked
package dev.carillon.kit.testing.tls;

import org.jspecify.annotations.NullMarked;
