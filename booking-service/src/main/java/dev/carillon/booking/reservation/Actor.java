package dev.carillon.booking.reservation;

/** Who wants something of a booking. */
public enum Actor {
    /** Or whoever acts for them, such as a bot. */
    CUSTOMER,
    /** Is not held to the notice that customers have to give. */
    STAFF
}
