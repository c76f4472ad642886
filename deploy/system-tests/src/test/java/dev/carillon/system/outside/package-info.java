/**
 * What services meet outside of Carillon and a test can let fail: names, certificates, receivers of webhooks, and the way to the relay. It knows nothing
 * of a stack.
 */
@NullMarked
package dev.carillon.system.outside;

import org.jspecify.annotations.NullMarked;
