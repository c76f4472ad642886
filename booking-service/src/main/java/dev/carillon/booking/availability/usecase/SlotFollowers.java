package dev.carillon.booking.availability.usecase;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.UUID;

/** Who is to know when slots in which somebody is booked take no bookings any more, or take them again. */
public interface SlotFollowers {
    /** Called in the transaction that closes or opens them, which has them locked: locks nothing that is locked before slots. */
    Uni<Void> follow(Tx tx, Collection<UUID> slots);
}
