/**
 * Who calls: JWT bearer tokens of any OIDC issuer and API keys, with tenants and scopes.
 *
 * <p>Guarantees that an authenticated caller has a tenant. Keys are known by their SHA-256 alone; the scheduler owns them and the other services
 * follow its compacted topic.
 */
@NullMarked
package dev.carillon.kit.identity;

import org.jspecify.annotations.NullMarked;
