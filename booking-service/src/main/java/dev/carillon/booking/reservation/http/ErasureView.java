package dev.carillon.booking.reservation.http;

/**
 * That a customer is forgotten.
 *
 * @param bookings how many of their bookings are kept without personal data
 */
public record ErasureView(String customerId, long bookings) {}
