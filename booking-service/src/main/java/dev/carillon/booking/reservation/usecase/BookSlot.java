package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.LimitedCustomer;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.LimitedCustomers;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.GroupCommit;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Books places in a slot. Requests that come at the same time share a transaction, whatever their slots: the slots are locked, the requests decided
 * one after another as they came, and the places counted by one statement that commits with the bookings and their events. So a slot is never
 * oversold, under any number of instances, and a hot one is not limited to one commit for each booking.
 *
 * <p>What others have locked is waited for shortly. Then the group goes on without the requests that need it; these wait among themselves, on one
 * connection, and are refused in the end.
 */
@ApplicationScoped
public class BookSlot {
    /**
     * A wish.
     *
     * @param hold how long the places are held without a confirmation; null to book them at once
     */
    public record Request(
            String tenant,
            UUID slotId,
            int places,
            Customer customer,
            @Nullable Duration hold,
            TraceContext trace,
            IdempotencyKeys.@Nullable Key key) {}

    /** How long a group waits for each lock, before it goes on without those of its requests that need it. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(250);
    /** How long those then wait for it, before they are refused. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(3);

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final SlotStore slots;
    private final BookingStore bookings;
    private final LimitedCustomers customers;
    private final BookingEvents events;
    private final EventIds ids;
    private final Outbox outbox;
    private final HoldTimers holds;
    private final GroupCommit<Request, Outcome> groups;
    private final GroupCommit<Request, Outcome> leftOut;

    public BookSlot(
            Vertx vertx,
            Traces traces,
            BookingSettings settings,
            Transactions transactions,
            IdempotencyKeys keys,
            SlotStore slots,
            BookingStore bookings,
            LimitedCustomers customers,
            BookingEvents events,
            EventIds ids,
            Outbox outbox,
            HoldTimers holds) {
        this.transactions = transactions;
        this.keys = keys;
        this.slots = slots;
        this.bookings = bookings;
        this.customers = customers;
        this.events = events;
        this.ids = ids;
        this.outbox = outbox;
        this.holds = holds;
        this.groups = new GroupCommit<>(
                vertx,
                traces,
                "bookings",
                GroupCommit.Limits.of(settings.bookGroup(), settings.bookGroups())
                        .withLongestQueue(settings.bookQueue()),
                group -> commit(group, SHORT_WAIT));
        // As many as all groups can leave out at once: they are tried together, and what is more would wait too long.
        int most = settings.bookGroup() * settings.bookGroups();
        this.leftOut = new GroupCommit<>(
                vertx,
                traces,
                "bookings of locked slots",
                GroupCommit.Limits.of(most, 1).withLongestQueue(most),
                group -> commit(group, LONG_WAIT));
    }

    /** {@link Outcome.SlotLocked} comes after a few seconds, and of those requests alone that need what is locked. */
    public Uni<Outcome> book(Request request) {
        return groups.submit(request)
                .chain(outcome -> outcome instanceof Outcome.SlotLocked
                        ? leftOut.submit(request)
                        : Uni.createFrom().item(outcome));
    }

    /**
     * The same on the caller's transaction, which has locked neither customers nor slots, and which sees to it that nothing is done twice: the request
     * has no key. What is refused has written nothing.
     */
    public Uni<Outcome> book(Tx tx, Request request) {
        return decide(tx, List.of(request), List.of(new Verdict.Fresh())).map(List::getFirst);
    }

    private Uni<List<Outcome>> commit(List<Request> group, Duration wait) {
        return transactions
                .inTransaction(tx -> tx.waitForLocks(wait).chain(() -> commit(tx, group)))
                .onFailure(Outages::isLockConflict)
                .recoverWithUni(() -> transactions.inTransaction(tx -> commitFree(tx, group)));
    }

    private Uni<List<Outcome>> commit(Tx tx, List<Request> group) {
        return keys.judge(
                        tx,
                        group.stream()
                                .<IdempotencyKeys.@Nullable Key>map(Request::key)
                                .toList())
                .chain(verdicts -> decide(tx, group, verdicts));
    }

    /** What of the group needs nothing that others have locked; waits for nobody, in whatever order locks are taken. */
    private Uni<List<Outcome>> commitFree(Tx tx, List<Request> group) {
        return lockFree(tx, group).chain(locked -> {
            var free = group.stream()
                    .filter(request -> !locked.isNeededBy(request))
                    .toList();
            return commit(tx, free).map(outcomes -> {
                var next = outcomes.iterator();
                return group.stream()
                        .map(request -> locked.isNeededBy(request) ? locked.refusal(request) : next.next())
                        .toList();
            });
        });
    }

    private Uni<Locked> lockFree(Tx tx, List<Request> group) {
        return appointments(tx, group).chain(appointments -> {
            var limited = group.stream()
                    .flatMap(request -> limited(request, appointments).stream())
                    .toList();
            return customers.lockFree(tx, limited).chain(lockedCustomers -> slots.lockFree(tx, slotIds(group))
                    .map(lockedSlots -> new Locked(byId(lockedSlots), lockedCustomers, appointments)));
        });
    }

    /** What others have locked of what a group needs. The rest of it is locked by the group's own transaction. */
    private record Locked(Map<UUID, Slot> slots, Set<LimitedCustomer> customers, Map<UUID, Appointment> appointments) {
        boolean isNeededBy(Request request) {
            return slots.containsKey(request.slotId)
                    || limited(request, appointments)
                            .filter(customers::contains)
                            .isPresent();
        }

        Outcome refusal(Request request) {
            var slot = slots.get(request.slotId);
            return slot == null || slot.tenant().equals(request.tenant)
                    ? new Outcome.SlotLocked()
                    : new Outcome.NoSuchSlot(request.slotId);
        }
    }

    /** The rules of the resources are read before anything is locked: they say which customers are to be locked, and those come before slots. */
    private Uni<List<Outcome>> decide(Tx tx, List<Request> group, List<Verdict> verdicts) {
        return appointments(tx, group)
                .chain(appointments -> customers
                        .lockAndCount(tx, limited(group, verdicts, appointments), holds::now)
                        .chain(ahead -> slots.lock(tx, slotIds(group))
                                .map(locked -> new Counting(locked, appointments, ahead, holds.now()))))
                .chain(counting -> {
                    var outcomes = counting.decide(group, verdicts);
                    return write(tx, counting).replaceWith(outcomes);
                });
    }

    private static List<LimitedCustomer> limited(
            List<Request> group, List<Verdict> verdicts, Map<UUID, Appointment> appointments) {
        return IntStream.range(0, group.size())
                .filter(i -> verdicts.get(i) instanceof Verdict.Fresh)
                .mapToObj(group::get)
                .flatMap(request -> limited(request, appointments).stream())
                .toList();
    }

    private static Optional<LimitedCustomer> limited(Request request, Map<UUID, Appointment> appointments) {
        return Optional.ofNullable(appointments.get(request.slotId))
                .flatMap(appointment -> LimitedCustomer.of(request.tenant, appointment, request.customer));
    }

    private Uni<Map<UUID, Appointment>> appointments(Tx tx, List<Request> group) {
        return bookings.appointments(tx, slotIds(group))
                .map(found -> found.stream().collect(Collectors.toMap(Appointment::slotId, Function.identity())));
    }

    private static List<UUID> slotIds(List<Request> group) {
        return group.stream().map(Request::slotId).toList();
    }

    private static Map<UUID, Slot> byId(List<Slot> slots) {
        return slots.stream().collect(Collectors.toMap(Slot::id, Function.identity()));
    }

    private Uni<Void> write(Tx tx, Counting counting) {
        return slots.count(tx, counting.taken())
                .chain(() -> bookings.insert(tx, counting.made))
                .chain(() -> holds.arm(
                        tx, counting.made.stream().map(TracedBooking::booking).toList()))
                .chain(() -> keys.remember(tx, counting.answered))
                .chain(() -> outbox.append(
                        tx,
                        counting.made.stream()
                                .map(one -> events.told(one.booking(), one.trace(), counting.now))
                                .toList()));
    }

    /** Decides one group's requests in their order, over the slots that its transaction has locked. */
    private final class Counting {
        private final Map<UUID, Slot> before;
        private final Map<UUID, Slot> slots;
        private final Map<UUID, Appointment> appointments;
        private final Map<LimitedCustomer, Integer> ahead;
        private final Instant now;
        private final List<TracedBooking> made = new ArrayList<>();
        private final List<IdempotencyKeys.Answered> answered = new ArrayList<>();

        Counting(
                List<Slot> locked,
                Map<UUID, Appointment> appointments,
                Map<LimitedCustomer, Integer> ahead,
                Instant now) {
            this.before = byId(locked);
            this.slots = new HashMap<>(before);
            this.appointments = appointments;
            this.ahead = new HashMap<>(ahead);
            this.now = now;
        }

        List<Outcome> decide(List<Request> group, List<Verdict> verdicts) {
            var outcomes = new ArrayList<Outcome>(group.size());
            for (int i = 0; i < group.size(); i++) {
                outcomes.add(
                        verdicts.get(i) instanceof Verdict.Fresh
                                ? decide(group.get(i))
                                : new Outcome.Decided(verdicts.get(i)));
            }
            return outcomes;
        }

        private Outcome decide(Request request) {
            var slot = slots.get(request.slotId);
            var appointment = appointments.get(request.slotId);
            if (slot == null || appointment == null || !slot.tenant().equals(request.tenant)) {
                return new Outcome.NoSuchSlot(request.slotId);
            }
            return switch (slot.take(request.places, now, appointment.rules().leadTime())) {
                case Slot.Taking.Taken(Slot taken) -> bookWithinLimit(request, appointment, taken);
                case Slot.Taking.Full(int available) -> new Outcome.SlotFull(available);
                case Slot.Taking.Closed(String why) -> new Outcome.SlotClosed(why);
            };
        }

        private Outcome bookWithinLimit(Request request, Appointment appointment, Slot taken) {
            var limited = LimitedCustomer.of(request.tenant, appointment, request.customer);
            var most = appointment.rules().maxPerCustomer();
            if (limited.isPresent() && most != null && ahead.merge(limited.get(), 1, Integer::sum) > most) {
                return new Outcome.CustomerLimit(most);
            }
            slots.put(taken.id(), taken);
            return book(request, appointment);
        }

        private Outcome book(Request request, Appointment appointment) {
            var hold = request.hold;
            var id = ids.next();
            var booking = hold == null
                    ? Booking.booked(id, request.tenant, appointment, request.places, request.customer, now)
                    : Booking.held(
                            id, request.tenant, appointment, request.places, request.customer, now.plus(hold), now);
            var traced = new TracedBooking(booking, request.trace);
            made.add(traced);
            if (request.key != null) {
                answered.add(new IdempotencyKeys.Answered(request.key, 201, id));
            }
            return new Outcome.Done(traced);
        }

        /** The slots that have fewer places now. */
        List<Slot> taken() {
            return slots.values().stream()
                    .filter(slot -> slot != before.get(slot.id()))
                    .toList();
        }
    }
}
