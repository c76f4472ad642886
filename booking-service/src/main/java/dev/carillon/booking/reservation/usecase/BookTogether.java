package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.LimitedCustomer;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.BookingStore.Bookable;
import dev.carillon.booking.reservation.store.LimitedCustomers;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.usecase.BookSlot.Request;
import dev.carillon.booking.reservation.usecase.BookTogether.Result.Answered;
import dev.carillon.booking.reservation.usecase.BookTogether.Result.LeftOut;
import dev.carillon.booking.reservation.usecase.LockedSlots.Need;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Books what a group of requests wants, in one transaction. Their keys are judged first, so that what is repeated or still runs locks nothing, and is answered
 * whatever others have locked; then what the others want is looked up. Then the limited customers and the slots are locked, the requests decided one after
 * another as they came, and the places counted by one statement that commits with the bookings, their events and the keys.
 */
@ApplicationScoped
class BookTogether {
    /** What the transaction comes to for a request. */
    sealed interface Result {
        record Answered(Outcome outcome) implements Result {}

        /** Nothing was done, since others have this locked. */
        record LeftOut(Need need) implements Result {}
    }

    /** How far a request has come. */
    private sealed interface Step {
        /** It is to be decided. */
        record Wanted(Request request, Appointment appointment) implements Step {
            private Optional<LimitedCustomer> customer() {
                return LimitedCustomer.of(request.tenant(), appointment, request.customer());
            }

            private Step unless(Predicate<Need> isLocked) {
                return Stream.concat(Stream.of(new Need(request.slotId(), null)), customer().map(this::need).stream())
                        .filter(isLocked)
                        .findFirst()
                        .<Step>map(Wanted::leftOut)
                        .orElse(this);
            }

            private Step unlessOneOf(Set<LimitedCustomer> locked) {
                return customer()
                        .filter(locked::contains)
                        .<Step>map(customer -> leftOut(need(customer)))
                        .orElse(this);
            }

            private Need need(LimitedCustomer customer) {
                return new Need(request.slotId(), customer.identity());
            }

            private static Done leftOut(Need need) {
                return new Done(new LeftOut(need));
            }
        }

        record Done(Result result) implements Step {}
    }

    private final IdempotencyKeys keys;
    private final SlotStore slots;
    private final BookingStore bookings;
    private final LimitedCustomers customers;
    private final BookingEvents events;
    private final EventIds ids;
    private final Outbox outbox;
    private final HoldTimers holds;

    BookTogether(
            IdempotencyKeys keys,
            SlotStore slots,
            BookingStore bookings,
            LimitedCustomers customers,
            BookingEvents events,
            EventIds ids,
            Outbox outbox,
            HoldTimers holds) {
        this.keys = keys;
        this.slots = slots;
        this.bookings = bookings;
        this.customers = customers;
        this.events = events;
        this.ids = ids;
        this.outbox = outbox;
        this.holds = holds;
    }

    /**
     * Waits for what others have locked, for as long as the transaction does.
     *
     * @param isLocked what is known to be locked: who needs it is left out, and nothing is waited for
     */
    Uni<List<Result>> book(Tx tx, List<Request> group, Predicate<Need> isLocked) {
        return begin(tx, group, isLocked).chain(steps -> lockAndDecide(tx, steps));
    }

    /** The same for what needs nothing that others have locked; waits for nobody, so that the order of locks does not matter. */
    Uni<List<Result>> bookFree(Tx tx, List<Request> group, Predicate<Need> isLocked) {
        return begin(tx, group, isLocked).chain(steps -> lockFreeAndDecide(tx, steps));
    }

    /** One request, whose key is none of this transaction's business; waits as {@link #book}. */
    Uni<Outcome> bookAlone(Tx tx, Request request) {
        return find(tx, List.of(request), List.of(new Verdict.Fresh()))
                .chain(steps -> lockAndDecide(tx, steps))
                .map(results -> switch (results.getFirst()) {
                    case Answered(Outcome outcome) -> outcome;
                    case LeftOut ignored -> throw new IllegalStateException("locks are waited for");
                });
    }

    private Uni<List<Step>> begin(Tx tx, List<Request> group, Predicate<Need> isLocked) {
        return keys.judge(
                        tx,
                        group.stream()
                                .<IdempotencyKeys.@Nullable Key>map(Request::key)
                                .toList())
                .chain(verdicts -> find(tx, group, verdicts))
                .map(steps -> each(steps, wanted -> wanted.unless(isLocked)));
    }

    /** The rules of the resources are read before anything is locked: they say which customers are to be locked, and those come before slots. */
    private Uni<List<Step>> find(Tx tx, List<Request> group, List<Verdict> verdicts) {
        var fresh = IntStream.range(0, group.size())
                .filter(i -> verdicts.get(i) instanceof Verdict.Fresh)
                .mapToObj(i -> group.get(i).slotId())
                .toList();
        return bookings.bookable(tx, fresh).map(found -> IntStream.range(0, group.size())
                .mapToObj(i -> step(group.get(i), verdicts.get(i), found))
                .toList());
    }

    private static Step step(Request request, Verdict verdict, Map<UUID, Bookable> found) {
        if (!(verdict instanceof Verdict.Fresh)) {
            return new Step.Done(new Answered(new Outcome.Decided(verdict)));
        }
        var slot = found.get(request.slotId());
        return slot == null || !slot.tenant().equals(request.tenant())
                ? new Step.Done(new Answered(new Outcome.NoSuchSlot(request.slotId())))
                : new Step.Wanted(request, slot.appointment());
    }

    private Uni<List<Result>> lockAndDecide(Tx tx, List<Step> steps) {
        return customers.lockAndCount(tx, limited(steps), holds::now).chain(ahead -> slots.lock(tx, slotIds(steps))
                .chain(locked -> decide(tx, steps, locked, ahead)));
    }

    private Uni<List<Result>> lockFreeAndDecide(Tx tx, List<Step> steps) {
        return slots.lockFree(tx, slotIds(steps)).chain(locked -> {
            var free = locked.stream().map(Slot::id).collect(Collectors.toSet());
            var inFree = each(steps, wanted -> wanted.unless(need -> !free.contains(need.slotId())));
            return customers.lockFree(tx, limited(inFree)).chain(others -> {
                var rest = each(inFree, wanted -> wanted.unlessOneOf(others));
                return customers
                        .lockAndCount(tx, limited(rest), holds::now)
                        .chain(ahead -> decide(tx, rest, locked, ahead));
            });
        });
    }

    private Uni<List<Result>> decide(Tx tx, List<Step> steps, List<Slot> locked, Map<LimitedCustomer, Integer> ahead) {
        var counting = new Counting(locked, ahead, holds.now());
        var results = counting.decide(steps);
        return write(tx, counting).replaceWith(results);
    }

    private static List<Step> each(List<Step> steps, Function<Step.Wanted, Step> next) {
        return steps.stream()
                .map(step -> step instanceof Step.Wanted wanted ? next.apply(wanted) : step)
                .toList();
    }

    private static Stream<Step.Wanted> wanted(List<Step> steps) {
        return steps.stream().filter(Step.Wanted.class::isInstance).map(Step.Wanted.class::cast);
    }

    private static List<LimitedCustomer> limited(List<Step> steps) {
        return wanted(steps).flatMap(wanted -> wanted.customer().stream()).toList();
    }

    private static List<UUID> slotIds(List<Step> steps) {
        return wanted(steps).map(wanted -> wanted.request().slotId()).toList();
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
        private final Map<LimitedCustomer, Integer> ahead;
        private final Instant now;
        private final List<TracedBooking> made = new ArrayList<>();
        private final List<IdempotencyKeys.Answered> answered = new ArrayList<>();

        Counting(List<Slot> locked, Map<LimitedCustomer, Integer> ahead, Instant now) {
            this.before = locked.stream().collect(Collectors.toMap(Slot::id, Function.identity()));
            this.slots = new HashMap<>(before);
            this.ahead = new HashMap<>(ahead);
            this.now = now;
        }

        List<Result> decide(List<Step> steps) {
            var results = new ArrayList<Result>(steps.size());
            for (var step : steps) {
                results.add(
                        switch (step) {
                            case Step.Done(Result result) -> result;
                            case Step.Wanted wanted -> new Answered(decide(wanted));
                        });
            }
            return results;
        }

        private Outcome decide(Step.Wanted wanted) {
            var request = wanted.request();
            var slot = slots.get(request.slotId());
            if (slot == null) {
                return new Outcome.NoSuchSlot(request.slotId());
            }
            var leadTime = wanted.appointment().rules().leadTime();
            return switch (slot.take(request.places(), now, leadTime)) {
                case Slot.Taking.Taken(Slot taken) -> bookWithinLimit(wanted, taken);
                case Slot.Taking.Full(int available) -> new Outcome.SlotFull(available);
                case Slot.Taking.Closed(String why) -> new Outcome.SlotClosed(why);
            };
        }

        private Outcome bookWithinLimit(Step.Wanted wanted, Slot taken) {
            var limited = wanted.customer();
            var most = wanted.appointment().rules().maxPerCustomer();
            if (limited.isPresent() && most != null && ahead.merge(limited.get(), 1, Integer::sum) > most) {
                return new Outcome.CustomerLimit(most);
            }
            slots.put(taken.id(), taken);
            return book(wanted.request(), wanted.appointment());
        }

        private Outcome book(Request request, Appointment appointment) {
            var hold = request.hold();
            var id = ids.next();
            var booking = hold == null
                    ? Booking.booked(id, request.tenant(), appointment, request.places(), request.customer(), now)
                    : Booking.held(
                            id,
                            request.tenant(),
                            appointment,
                            request.places(),
                            request.customer(),
                            now.plus(hold),
                            now);
            var traced = new TracedBooking(booking, request.trace());
            made.add(traced);
            var key = request.key();
            if (key != null) {
                answered.add(new IdempotencyKeys.Answered(key, 201, id));
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
