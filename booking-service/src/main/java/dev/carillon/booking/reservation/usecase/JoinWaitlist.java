package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.BookingRules;
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
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
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

    private static final Logger LOG = Logger.getLogger(JoinWaitlist.class);

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

    /**
     * What is waited for.
     *
     * @param refusal why nobody can wait for it; null when they can
     */
    private record Target(UUID resourceId, @Nullable WaitlistOutcome refusal) {}

    public Uni<WaitlistOutcome> join(Request request) {
        return target(request)
                .chain(target -> add(request, target))
                .chain(outcome -> outcome instanceof WaitlistOutcome.Done(TracedEntry joined)
                        ? offer(joined)
                        : Uni.createFrom().item(outcome));
    }

    private Uni<Target> target(Request request) {
        return request.slotId == null
                ? ofResource(request, Objects.requireNonNull(request.resourceId))
                : ofSlot(request, request.slotId);
    }

    private Uni<Target> ofResource(Request request, UUID resourceId) {
        return resources
                .find(request.tenant, resourceId)
                .map(found -> new Target(
                        resourceId,
                        found.isEmpty() ? new WaitlistOutcome.NothingToWaitFor("resource", resourceId) : null));
    }

    private Uni<Target> ofSlot(Request request, UUID slotId) {
        return slots.find(request.tenant, slotId)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom()
                                .item(new Target(slotId, new WaitlistOutcome.NothingToWaitFor("slot", slotId)))
                        : resources
                                .find(request.tenant, found.get().resourceId())
                                .map(resource -> ofSlot(
                                        request,
                                        found.get(),
                                        resource.orElseThrow().rules())));
    }

    /** A full slot is worth waiting for, one that takes no more bookings is not. */
    private Target ofSlot(Request request, Slot slot, BookingRules rules) {
        return new Target(
                slot.resourceId(),
                slot.take(request.places, clock.now(), rules.leadTime()) instanceof Slot.Taking.Closed(String why)
                        ? new WaitlistOutcome.SlotClosed(why)
                        : null);
    }

    /** A key that was seen before is answered first: what was waited for then may be closed by now. */
    private Uni<WaitlistOutcome> add(Request request, Target target) {
        return transactions.inTransaction(
                tx -> keys.judge(tx, Collections.singletonList(request.key)).chain(verdicts -> {
                    if (!(verdicts.getFirst() instanceof Verdict.Fresh)) {
                        return outcome(new WaitlistOutcome.OfOffer(new Outcome.Decided(verdicts.getFirst())));
                    }
                    return target.refusal == null ? add(tx, request, target.resourceId) : outcome(target.refusal);
                }));
    }

    private Uni<WaitlistOutcome> add(Tx tx, Request request, UUID resourceId) {
        var now = clock.now();
        var joined = new TracedEntry(
                WaitlistEntry.joined(
                        ids.next(), request.tenant, resourceId, request.slotId, request.places, request.customer, now),
                request.trace);
        var answered = request.key == null ? List.<Answered>of() : List.of(new Answered(request.key, 201, joined.id()));
        return waitlist.insert(tx, List.of(joined))
                .chain(() -> keys.remember(tx, answered))
                .chain(() -> outbox.append(tx, events.told(joined, now)))
                .replaceWith(new WaitlistOutcome.Done(joined));
    }

    /** It has joined, whatever comes of looking for places now: they are looked for again. */
    private Uni<WaitlistOutcome> offer(TracedEntry joined) {
        return freePlaces
                .offer(joined.entry().resourceId())
                .chain(() -> waitlist.find(joined.entry().tenant(), joined.id()))
                .map(found -> found.orElse(joined))
                .onFailure()
                .invoke(failure -> LOG.warnf(
                        "Entry %s has joined; places were not looked for, tried again: %s", joined.id(), failure))
                .onFailure()
                .recoverWithItem(joined)
                .map(WaitlistOutcome.Done::new);
    }

    private static Uni<WaitlistOutcome> outcome(WaitlistOutcome outcome) {
        return Uni.createFrom().item(outcome);
    }
}
