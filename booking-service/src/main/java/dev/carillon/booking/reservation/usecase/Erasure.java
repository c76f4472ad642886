package dev.carillon.booking.reservation.usecase;

import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import java.util.List;
import java.util.UUID;

/** What a wish to forget a customer came to. */
public sealed interface Erasure {
    /**
     * No booking has personal data any more; also when it was so before.
     *
     * @param bookings how many are kept without; by an address, how many this request has erased, since what an earlier one erased is not found by it again
     * @param repeated whether the key's first request came to this
     */
    record Erased(long bookings, boolean repeated) implements Erasure {}

    /** @param bookings the first of those that are neither cancelled nor over */
    record Active(List<UUID> bookings) implements Erasure {}

    record NoSuchCustomer() implements Erasure {}

    /** The key was seen before, and nothing was done now. */
    record Decided(Verdict verdict) implements Erasure {}
}
