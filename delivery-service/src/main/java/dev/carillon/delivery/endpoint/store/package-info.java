/**
 * Endpoints and their encrypted secrets in PostgreSQL.
 */
@NullMarked
package dev.carillon.delivery.endpoint.store;

import org.jspecify.annotations.NullMarked;
