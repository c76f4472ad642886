/**
 * The HTTP {@code Idempotency-Key}: a repeated request gets the first answer again.
 *
 * <p>The key is remembered in the effect's own transaction, per tenant and path, for seven days. A first request that still runs is found at
 * once and never waited for.
 */
@NullMarked
package dev.carillon.kit.idempotency;

import org.jspecify.annotations.NullMarked;
