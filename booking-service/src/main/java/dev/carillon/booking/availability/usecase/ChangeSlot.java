package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.SlotStatus;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes a slot's capacity, or closes it. What is booked stays booked. */
@ApplicationScoped
public class ChangeSlot {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(Slot slot) implements Outcome {}

        record NotFound() implements Outcome {}

        /** It was to be opened, and the resource's hours have closed it. */
        record ClosedByHours() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}
    }

    private final Transactions transactions;
    private final SlotStore slots;
    private final SlotBook book;
    private final SlotGeneration clock;

    public ChangeSlot(Transactions transactions, SlotStore slots, SlotBook book, SlotGeneration clock) {
        this.transactions = transactions;
        this.slots = slots;
        this.book = book;
        this.clock = clock;
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
            return status != null && slot.ties().closedByHours()
                    ? Uni.createFrom().item(new Outcome.ClosedByHours())
                    : save(tx, slot, slot.changedTo(capacity, status));
        }));
    }

    private Uni<Outcome> save(Tx tx, Slot before, Slot after) {
        return book.change(tx, List.of(after), Map.of(before.id(), before), clock.now())
                .replaceWith(new Outcome.Changed(after));
    }
}
