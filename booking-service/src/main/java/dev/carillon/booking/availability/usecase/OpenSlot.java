package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.SlotTimes.SlotTime;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens one extra slot, whatever the resource's hours say. */
@ApplicationScoped
public class OpenSlot {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Opened(Slot slot) implements Outcome {}

        /** The resource has a slot that begins at this instant. */
        record Exists() implements Outcome {}

        /** It would have begun already. */
        record Begun() implements Outcome {}

        record Decided(Verdict verdict) implements Outcome {}
    }

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final SlotStore slots;
    private final SlotGeneration generation;

    public OpenSlot(Transactions transactions, IdempotencyKeys keys, SlotStore slots, SlotGeneration generation) {
        this.transactions = transactions;
        this.keys = keys;
        this.slots = slots;
        this.generation = generation;
    }

    public Uni<Outcome> open(Resource resource, SlotTime time, int capacity, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? openFresh(tx, generation.slot(resource, time, capacity), key)
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> openFresh(Tx tx, Slot slot, IdempotencyKeys.@Nullable Key key) {
        if (!slot.startAt().isAfter(generation.now())) {
            return Uni.createFrom().item(new Outcome.Begun());
        }
        return slots.insert(tx, List.of(slot)).chain(inserted -> {
            if (inserted.isEmpty()) {
                return Uni.createFrom().item(new Outcome.Exists());
            }
            List<IdempotencyKeys.Answered> answered =
                    key == null ? List.of() : List.of(new IdempotencyKeys.Answered(key, 201, slot.id()));
            return keys.remember(tx, answered).replaceWith(new Outcome.Opened(slot));
        });
    }
}
