package dev.carillon.booking.reservation;

import java.util.Optional;
import java.util.UUID;

/**
 * A customer of a resource that limits how many bookings each has ahead.
 *
 * @param identity the customer's
 */
public record LimitedCustomer(String tenant, UUID resourceId, String identity) {
    /** Empty when the resource sets no limit, or when nothing but a name is known of the customer: two may have the same. */
    public static Optional<LimitedCustomer> of(String tenant, Appointment appointment, Customer customer) {
        return appointment.rules().maxPerCustomer() == null
                ? Optional.empty()
                : customer.identity().map(identity -> new LimitedCustomer(tenant, appointment.resourceId(), identity));
    }
}
