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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Books places in a slot. Requests that come at the same time share a transaction, whatever their slots: the slots are locked, the requests decided
 * one after another as they came, and the places counted by one statement that commits with the bookings and their events. So a slot is never
 * oversold, under any number of instances, and a hot one is not limited to one commit for each booking.
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
                this::commit);
    }

    public Uni<Outcome> book(Request request) {
        return groups.submit(request);
    }

    /**
     * The same on the caller's transaction, which has locked neither customers nor slots, and which sees to it that nothing is done twice: the request
     * has no key. What is refused has written nothing.
     */
    public Uni<Outcome> book(Tx tx, Request request) {
        return decide(tx, List.of(request), List.of(new Verdict.Fresh())).map(List::getFirst);
    }

    private Uni<List<Outcome>> commit(List<Request> group) {
        return transactions
                .inTransaction(tx -> keys.judge(
                                tx,
                                group.stream()
                                        .<IdempotencyKeys.@Nullable Key>map(Request::key)
                                        .toList())
                        .chain(verdicts -> decide(tx, group, verdicts)))
                // Many may want the row of a hot slot.
                .onFailure(Outages::isLockConflict)
                .retry()
                .atMost(BookingChange.LOCKED_AGAIN);
    }

    /** The rules of the resources are read before anything is locked: they say which customers are to be locked, and those come before slots. */
    private Uni<List<Outcome>> decide(Tx tx, List<Request> group, List<Verdict> verdicts) {
        var slotIds = group.stream().map(Request::slotId).toList();
        return bookings.appointments(tx, slotIds)
                .map(found -> found.stream().collect(Collectors.toMap(Appointment::slotId, Function.identity())))
                .chain(appointments -> customers
                        .lockAndCount(tx, limited(group, verdicts, appointments), holds::now)
                        .chain(ahead -> slots.lock(tx, slotIds)
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
                .flatMap(request -> Optional.ofNullable(appointments.get(request.slotId))
                        .flatMap(appointment -> LimitedCustomer.of(request.tenant, appointment, request.customer))
                        .stream())
                .toList();
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
            this.before = locked.stream().collect(Collectors.toMap(Slot::id, Function.identity()));
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
