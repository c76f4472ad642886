package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.Slot.Ties;
import dev.carillon.booking.availability.SlotPlan;
import dev.carillon.booking.availability.SlotTimes.SlotTime;
import dev.carillon.booking.availability.messaging.SlotEvents;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens, changes and closes slots in its callers' transactions, and tells of each. */
@ApplicationScoped
class SlotBook {
    private final SlotStore slots;
    private final SlotEvents events;
    private final SlotFollowers followers;
    private final EventIds ids;
    private final Outbox outbox;

    SlotBook(SlotStore slots, SlotEvents events, SlotFollowers followers, EventIds ids, Outbox outbox) {
        this.slots = slots;
        this.events = events;
        this.followers = followers;
        this.ids = ids;
        this.outbox = outbox;
    }

    /** Decides what becomes of a resource's slots. */
    @FunctionalInterface
    interface Planner {
        SlotPlan plan(Resource resource, Collection<SlotTime> times, Collection<Slot> slots, Instant now);
    }

    /**
     * Makes a resource's slots those of its hours, as {@code planner} says. What is to be changed is locked and decided again: what is booked in it may be
     * so since it was read. The resource's row must be locked by this transaction: so nobody else opens or closes its slots by its hours.
     *
     * @param times that the hours have in [from, end), in order
     * @param end null for all that is to come
     */
    Uni<Void> fit(
            Tx tx,
            Resource resource,
            Planner planner,
            List<SlotTime> times,
            Instant from,
            @Nullable Instant end,
            Instant now) {
        var starts = times.stream().map(SlotTime::startAt).toList();
        return slots.between(tx, resource.id(), from, end, starts).chain(read -> {
            var plan = planner.plan(resource, times, read, now);
            return slots.lock(tx, plan.changed().stream().map(Slot::id).toList())
                    .chain(locked -> {
                        var current = byId(read);
                        current.putAll(byId(locked));
                        return write(
                                tx, resource, planner.plan(resource, times, current.values(), now), byId(locked), now);
                    });
        });
    }

    private static Map<UUID, Slot> byId(List<Slot> slots) {
        return slots.stream().collect(Collectors.toMap(Slot::id, Function.identity()));
    }

    /** Only what is locked is changed: what turned out to be too since the slots were read is left to the next time. */
    private Uni<Void> write(Tx tx, Resource resource, SlotPlan plan, Map<UUID, Slot> locked, Instant now) {
        var closing = only(plan.closing(), locked.keySet());
        var changing = only(plan.changing(), locked.keySet());
        return change(tx, closing, locked, now)
                .chain(() -> change(tx, changing, locked, now))
                .chain(() -> open(
                        tx,
                        plan.missing().stream()
                                .map(time -> made(resource, time, resource.capacity(), Ties.GENERATED))
                                .toList(),
                        now))
                .replaceWithVoid();
    }

    private static List<Slot> only(List<Slot> slots, Set<UUID> ids) {
        return slots.stream().filter(slot -> ids.contains(slot.id())).toList();
    }

    Slot made(Resource resource, SlotTime time, int capacity, Ties ties) {
        return Slot.opened(ids.next(), resource, time, capacity, ties);
    }

    /** Those that were opened: a resource has one slot at an instant, and another one there is left as it is. */
    Uni<Set<UUID>> open(Tx tx, List<Slot> made, Instant now) {
        return slots.insert(tx, made)
                .map(Set::copyOf)
                .call(inserted -> outbox.append(
                        tx,
                        only(made, inserted).stream()
                                .map(slot -> events.opened(slot, now))
                                .toList()));
    }

    /**
     * Writes slots as they are to be.
     *
     * @param before as they are, locked by this transaction
     */
    Uni<Void> change(Tx tx, List<Slot> after, Map<UUID, Slot> before, Instant now) {
        var told = after.stream()
                .map(slot -> events.changed(Objects.requireNonNull(before.get(slot.id())), slot, now))
                .flatMap(Optional::stream)
                .toList();
        var followed = after.stream()
                .filter(slot -> slot.booked() > 0)
                .filter(slot -> slot.status()
                        != Objects.requireNonNull(before.get(slot.id())).status())
                .map(Slot::id)
                .toList();
        return slots.change(tx, after).chain(() -> outbox.append(tx, told)).chain(() -> followers.follow(tx, followed));
    }
}
