package dev.carillon.booking.reservation.http;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * That a customer is forgotten.
 *
 * @param customerId what they were asked for by: an id, or an address or chat
 * @param bookings how many of their bookings are kept without personal data; by an address or chat, those that this request has erased
 */
@RegisterForReflection
public record ErasureView(String customerId, long bookings) {}
