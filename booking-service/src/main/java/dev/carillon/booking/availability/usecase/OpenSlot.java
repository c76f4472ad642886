package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.Slot.Ties;
import dev.carillon.booking.availability.SlotTimes.SlotTime;
import dev.carillon.booking.availability.store.ResourceStore;
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
    private final ResourceStore resources;
    private final SlotBook book;
    private final SlotGeneration generation;

    public OpenSlot(
            Transactions transactions,
            IdempotencyKeys keys,
            ResourceStore resources,
            SlotBook book,
            SlotGeneration generation) {
        this.transactions = transactions;
        this.keys = keys;
        this.resources = resources;
        this.book = book;
        this.generation = generation;
    }

    public Uni<Outcome> open(Resource resource, SlotTime time, int capacity, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? openFresh(tx, book.made(resource, time, capacity, Ties.EXTRA), key)
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> openFresh(Tx tx, Slot slot, IdempotencyKeys.@Nullable Key key) {
        var now = generation.now();
        if (!slot.startAt().isAfter(now)) {
            return Uni.createFrom().item(new Outcome.Begun());
        }
        return resources
                .lock(tx, slot.resourceId())
                .chain(() -> book.open(tx, List.of(slot), now))
                .chain(inserted -> {
                    if (inserted.isEmpty()) {
                        return Uni.createFrom().item(new Outcome.Exists());
                    }
                    List<IdempotencyKeys.Answered> answered =
                            key == null ? List.of() : List.of(new IdempotencyKeys.Answered(key, 201, slot.id()));
                    return keys.remember(tx, answered).replaceWith(new Outcome.Opened(slot));
                });
    }
}
