package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.SlotPlan;
import dev.carillon.booking.availability.SlotTimes;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.kit.tx.EntityTransactions;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Changes a resource, and its slots with it, in one transaction: what its hours have no longer is closed, what they have now is opened, and the capacity
 * of what they have is the resource's. What is booked stays booked.
 *
 * <p>The resource is locked before its slots; nobody who has a slot asks for a resource.
 */
@ApplicationScoped
public class ChangeResource {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(Resource resource) implements Outcome {}

        record NotFound() implements Outcome {}

        /** Its hours and horizon make more than {@link OpenResource#MOST_SLOTS}. */
        record TooManySlots() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}
    }

    /** How often it is tried again when others kept a row locked for too long. */
    private static final int LOCKED_AGAIN = 3;

    private final EntityTransactions transactions;
    private final ResourceStore resources;
    private final SlotBook book;
    private final SlotGeneration clock;

    public ChangeResource(
            Mutiny.SessionFactory sessions, ResourceStore resources, SlotBook book, SlotGeneration clock) {
        this.transactions = new EntityTransactions(sessions);
        this.resources = resources;
        this.book = book;
        this.clock = clock;
    }

    /**
     * @param revision the one that the client means; null for any
     * @param change what becomes of the resource as it is when nobody else changes it
     */
    public Uni<Outcome> change(String tenant, UUID id, @Nullable Integer revision, UnaryOperator<Resource> change) {
        return transactions
                .inTransaction((session, tx) -> resources.lock(session, tx, id).chain(found -> found.map(
                                ResourceStore.Generated::resource)
                        .filter(resource -> resource.tenant().equals(tenant))
                        .map(resource -> change(session, tx, resource, revision, change))
                        .orElseGet(() -> Uni.createFrom().item(new Outcome.NotFound()))))
                // Others may be booking what is to be closed.
                .onFailure(Outages::isLockConflict)
                .retry()
                .atMost(LOCKED_AGAIN);
    }

    private Uni<Outcome> change(
            Mutiny.Session session,
            Tx tx,
            Resource resource,
            @Nullable Integer revision,
            UnaryOperator<Resource> change) {
        if (revision != null && revision != resource.revision()) {
            return Uni.createFrom().item(new Outcome.OtherRevision(resource.revision()));
        }
        var changed = change.apply(resource);
        return changed.hasOtherSlotsThan(resource)
                ? changeWithSlots(session, tx, changed)
                : resources.change(session, changed).replaceWith(new Outcome.Changed(changed));
    }

    private Uni<Outcome> changeWithSlots(Mutiny.Session session, Tx tx, Resource changed) {
        var now = clock.now();
        var end = changed.horizonAt(now);
        var times = SlotTimes.of(changed, changed.dayOf(now), end, OpenResource.MOST_SLOTS);
        return times.size() > OpenResource.MOST_SLOTS
                ? Uni.createFrom().item(new Outcome.TooManySlots())
                : book.fit(tx, changed, SlotPlan::of, times, now, null, now)
                        .chain(() -> resources.change(session, changed))
                        .chain(() -> resources.setGeneratedUntil(session, changed.id(), end))
                        .replaceWith(new Outcome.Changed(changed));
    }
}
