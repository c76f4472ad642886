package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.Slot.Ties;
import dev.carillon.booking.availability.SlotTimes;
import dev.carillon.booking.availability.SlotTimes.SlotTime;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.EntityTransactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Opens a resource, with its slots up to the horizon, in one transaction. */
@ApplicationScoped
public class OpenResource {
    /** More would be written in one transaction than a client should wait for. */
    public static final int MOST_SLOTS = 20_000;

    /** What the wish came to. */
    public sealed interface Outcome {
        record Opened(Resource resource) implements Outcome {}

        /** Its hours and horizon make more than {@link #MOST_SLOTS}. */
        record TooManySlots() implements Outcome {}

        record Decided(Verdict verdict) implements Outcome {}
    }

    private final EntityTransactions transactions;
    private final IdempotencyKeys keys;
    private final ResourceStore resources;
    private final SlotBook book;
    private final SlotGeneration generation;

    public OpenResource(
            Mutiny.SessionFactory sessions,
            IdempotencyKeys keys,
            ResourceStore resources,
            SlotBook book,
            SlotGeneration generation) {
        this.transactions = new EntityTransactions(sessions);
        this.keys = keys;
        this.resources = resources;
        this.book = book;
        this.generation = generation;
    }

    public Uni<Outcome> open(Resource resource, IdempotencyKeys.@Nullable Key key) {
        var now = resource.createdAt();
        var times = SlotTimes.of(resource, resource.dayOf(now), resource.horizonAt(now), MOST_SLOTS);
        if (times.size() > MOST_SLOTS) {
            return Uni.createFrom().item(new Outcome.TooManySlots());
        }
        return transactions.inTransaction((session, tx) -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? openFresh(session, tx, resource, slots(resource, times, now), key)
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    /** Those that begin after {@code now}. */
    private List<Slot> slots(Resource resource, List<SlotTime> times, Instant now) {
        return times.stream()
                .filter(time -> time.startAt().isAfter(now))
                .map(time -> book.made(resource, time, resource.capacity(), Ties.GENERATED))
                .toList();
    }

    private Uni<Outcome> openFresh(
            Mutiny.Session session, Tx tx, Resource resource, List<Slot> made, IdempotencyKeys.@Nullable Key key) {
        List<IdempotencyKeys.Answered> answered =
                key == null ? List.of() : List.of(new IdempotencyKeys.Answered(key, 201, resource.id()));
        return resources
                .insert(session, resource, resource.horizonAt(resource.createdAt()))
                .chain(() -> book.open(tx, made, resource.createdAt()))
                .chain(() -> generation.goOnTomorrow(tx, resource, resource.createdAt()))
                .chain(() -> keys.remember(tx, answered))
                .replaceWith(new Outcome.Opened(resource));
    }
}
