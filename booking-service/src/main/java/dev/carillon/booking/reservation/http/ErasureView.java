package dev.carillon.booking.reservation.http;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * That a customer is forgotten.
 *
 * @param bookings how many of their bookings are kept without personal data
 */
@RegisterForReflection
public record ErasureView(String customerId, long bookings) {}
