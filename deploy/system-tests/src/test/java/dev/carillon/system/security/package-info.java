/** Who may do what: API keys, bad requests, inner addresses, and Kafka over TLS with the rights of production. */
@NullMarked
package dev.carillon.system.security;

import org.jspecify.annotations.NullMarked;
