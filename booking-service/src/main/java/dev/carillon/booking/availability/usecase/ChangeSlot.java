package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.SlotStatus;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes a slot's capacity, or closes it. What is booked stays booked. */
@ApplicationScoped
public class ChangeSlot {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(Slot slot) implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}
    }

    private final Transactions transactions;
    private final SlotStore slots;

    public ChangeSlot(Transactions transactions, SlotStore slots) {
        this.transactions = transactions;
        this.slots = slots;
    }

    /**
     * @param revision the one that the client means; null for any
     * @param capacity null to leave it
     * @param status null to leave it
     */
    public Uni<Outcome> change(
            String tenant,
            UUID id,
            @Nullable Integer revision,
            @Nullable Integer capacity,
            @Nullable SlotStatus status) {
        return transactions.inTransaction(tx -> slots.lock(tx, List.of(id)).chain(found -> {
            if (found.isEmpty() || !found.getFirst().tenant().equals(tenant)) {
                return Uni.createFrom().item(new Outcome.NotFound());
            }
            var slot = found.getFirst();
            if (revision != null && revision != slot.revision()) {
                return Uni.createFrom().item(new Outcome.OtherRevision(slot.revision()));
            }
            return save(
                    tx,
                    slot.changedTo(
                            capacity == null ? slot.capacity() : capacity, status == null ? slot.status() : status));
        }));
    }

    private Uni<Outcome> save(Tx tx, Slot slot) {
        return slots.change(tx, slot).replaceWith(new Outcome.Changed(slot));
    }
}
