package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Answered;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts somebody on a waitlist, and offers them at once what is free, unless others who wait come first. */
@ApplicationScoped
public class JoinWaitlist {
    /**
     * A wish.
     *
     * @param slotId the only slot that will do; null for any of the resource
     * @param resourceId null when there is a slot
     */
    public record Request(
            String tenant,
            @Nullable UUID slotId,
            @Nullable UUID resourceId,
            int places,
            Customer customer,
            TraceContext trace,
            IdempotencyKeys.@Nullable Key key) {}

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final ResourceStore resources;
    private final SlotStore slots;
    private final WaitlistStore waitlist;
    private final WaitlistEvents events;
    private final EventIds ids;
    private final Outbox outbox;
    private final HoldTimers clock;
    private final FreePlaces freePlaces;

    JoinWaitlist(
            Transactions transactions,
            IdempotencyKeys keys,
            ResourceStore resources,
            SlotStore slots,
            WaitlistStore waitlist,
            WaitlistEvents events,
            EventIds ids,
            Outbox outbox,
            HoldTimers clock,
            FreePlaces freePlaces) {
        this.transactions = transactions;
        this.keys = keys;
        this.resources = resources;
        this.slots = slots;
        this.waitlist = waitlist;
        this.events = events;
        this.ids = ids;
        this.outbox = outbox;
        this.clock = clock;
        this.freePlaces = freePlaces;
    }

    public Uni<WaitlistOutcome> join(Request request) {
        return (request.slotId == null
                        ? ofResource(request, Objects.requireNonNull(request.resourceId))
                        : ofSlot(request, request.slotId))
                .chain(outcome -> outcome instanceof WaitlistOutcome.Done(TracedEntry joined)
                        ? offer(joined)
                        : Uni.createFrom().item(outcome));
    }

    private Uni<WaitlistOutcome> ofResource(Request request, UUID resourceId) {
        return resources
                .find(request.tenant, resourceId)
                .chain(found -> found.isEmpty()
                        ? refused(new WaitlistOutcome.NothingToWaitFor("resource", resourceId))
                        : add(request, resourceId));
    }

    private Uni<WaitlistOutcome> ofSlot(Request request, UUID slotId) {
        return slots.find(request.tenant, slotId)
                .chain(found -> found.isEmpty()
                        ? refused(new WaitlistOutcome.NothingToWaitFor("slot", slotId))
                        : ofSlot(request, found.get()));
    }

    /** A full slot is worth waiting for, one that takes no more bookings is not. */
    private Uni<WaitlistOutcome> ofSlot(Request request, Slot slot) {
        return slot.take(request.places, clock.now(), Duration.ZERO) instanceof Slot.Taking.Closed(String why)
                ? refused(new WaitlistOutcome.SlotClosed(why))
                : add(request, slot.resourceId());
    }

    private Uni<WaitlistOutcome> add(Request request, UUID resourceId) {
        return transactions.inTransaction(
                tx -> keys.judge(tx, Collections.singletonList(request.key)).chain(verdicts -> {
                    if (!(verdicts.getFirst() instanceof Verdict.Fresh)) {
                        return refused(new WaitlistOutcome.OfOffer(new Outcome.Decided(verdicts.getFirst())));
                    }
                    var now = clock.now();
                    var joined = new TracedEntry(
                            WaitlistEntry.joined(
                                    ids.next(),
                                    request.tenant,
                                    resourceId,
                                    request.slotId,
                                    request.places,
                                    request.customer,
                                    now),
                            request.trace);
                    var answered = request.key == null
                            ? List.<Answered>of()
                            : List.of(new Answered(request.key, 201, joined.id()));
                    return waitlist.insert(tx, List.of(joined))
                            .chain(() -> keys.remember(tx, answered))
                            .chain(() -> outbox.append(tx, events.told(joined, now)))
                            .replaceWith(new WaitlistOutcome.Done(joined));
                }));
    }

    /** It has joined, whatever comes of looking for places now. */
    private Uni<WaitlistOutcome> offer(TracedEntry joined) {
        return freePlaces
                .offer(joined.entry().resourceId())
                .chain(() -> waitlist.find(joined.entry().tenant(), joined.id()))
                .map(found -> new WaitlistOutcome.Done(found.orElse(joined)));
    }

    private static Uni<WaitlistOutcome> refused(WaitlistOutcome outcome) {
        return Uni.createFrom().item(outcome);
    }
}
