/**
 * Making the deliveries of outcomes, notices of endpoints and pings; the only place that opens a transaction.
 */
@NullMarked
package dev.carillon.delivery.notice.usecase;

import org.jspecify.annotations.NullMarked;
