/**
 * Webhook endpoints: registered addresses with secrets of their own.
 *
 * <p>Guarantees that a secret leaves the database only to sign, and is shown once; that both secrets sign while one is rotated; and that an endpoint which
 * is disabled loses nothing: what is to go to it is held. Never calls an endpoint, and never lets a tenant know of another's.
 */
@NullMarked
package dev.carillon.delivery.endpoint;

import org.jspecify.annotations.NullMarked;
