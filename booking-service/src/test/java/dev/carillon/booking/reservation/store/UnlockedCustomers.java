package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.LimitedCustomer;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Vetoed;
import java.util.List;

/** Counts a customer's bookings without the lock: what the limit would be without it. */
@Vetoed
public class UnlockedCustomers extends LimitedCustomers {
    @Override
    Uni<Void> lock(Tx tx, List<LimitedCustomer> customers) {
        return Uni.createFrom().voidItem();
    }
}
