package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.LimitedCustomer;
import dev.carillon.booking.reservation.WaitlistEnd;
import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.booking.reservation.WaitlistStatus;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.LimitedCustomers;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who waits does about it: accepts what is offered, once, while it is offered, or leaves the waitlist, with which an offer passes on to
 * the next who fits. What is offered in a slot that was closed cannot be accepted, and is withdrawn then.
 *
 * <p>The slot is looked at under the booking's lock and not locked: whoever closes it later finds the booking, and tells its customer.
 */
@ApplicationScoped
public class AnswerOffer {
    private static final int OK = 200;

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final BookingChange change;
    private final SlotStore slots;
    private final BookingStore bookings;
    private final LimitedCustomers customers;
    private final WaitlistStore waitlist;
    private final WithdrawOffers withdrawOffers;
    private final BookingEvents bookingEvents;
    private final WaitlistEvents waitlistEvents;
    private final Outbox outbox;
    private final HoldTimers holds;
    private final Traces traces;

    AnswerOffer(
            Transactions transactions,
            IdempotencyKeys keys,
            BookingChange change,
            SlotStore slots,
            BookingStore bookings,
            LimitedCustomers customers,
            WaitlistStore waitlist,
            WithdrawOffers withdrawOffers,
            BookingEvents bookingEvents,
            WaitlistEvents waitlistEvents,
            Outbox outbox,
            HoldTimers holds,
            Traces traces) {
        this.transactions = transactions;
        this.keys = keys;
        this.change = change;
        this.slots = slots;
        this.bookings = bookings;
        this.customers = customers;
        this.waitlist = waitlist;
        this.withdrawOffers = withdrawOffers;
        this.bookingEvents = bookingEvents;
        this.waitlistEvents = waitlistEvents;
        this.outbox = outbox;
        this.holds = holds;
        this.traces = traces;
    }

    /** What becomes of the booking that was offered, whose row is locked. */
    @FunctionalInterface
    private interface Answer {
        Uni<Outcome> decide(Tx tx, TracedBooking offered);
    }

    /**
     * Books what is offered. The resource's limit for each customer is asked now: an offer does not count.
     *
     * @param revision that the entry must have; null for any
     */
    public Uni<WaitlistOutcome> accept(
            String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return waitlist.find(tenant, id)
                .chain(found -> found.isEmpty()
                        ? outcome(new WaitlistOutcome.NoSuchEntry())
                        : answer(found.get().entry(), WaitlistStatus.BOOKED, revision, key, this::accept));
    }

    /**
     * Takes somebody off the list; who has left already stays so.
     *
     * @param revision that the entry must have; null for any
     */
    public Uni<WaitlistOutcome> leave(
            String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return transactions
                .inTransaction(tx -> leave(tx, tenant, id, revision, key))
                .chain(left -> left instanceof WaitlistOutcome.Done(TracedEntry still)
                                && still.entry().status() == WaitlistStatus.PROPOSED
                        ? decline(still.entry(), revision, key)
                        : Uni.createFrom().item(left));
    }

    private Uni<WaitlistOutcome> leave(
            Tx tx, String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return keys.once(
                tx,
                key,
                () -> waitlist.lock(tx, tenant, id)
                        .chain(found -> found.isEmpty()
                                ? outcome(new WaitlistOutcome.NoSuchEntry())
                                : leaveOrDecline(tx, found.get(), revision)),
                AnswerOffer::left,
                verdict -> new WaitlistOutcome.OfOffer(new Outcome.Decided(verdict)));
    }

    /** What is still offered is left only once it is declined, which remembers the key. */
    private static Optional<IdempotencyKeys.Made> left(WaitlistOutcome outcome) {
        return outcome instanceof WaitlistOutcome.Done(TracedEntry entry)
                        && entry.entry().status() != WaitlistStatus.PROPOSED
                ? Optional.of(new IdempotencyKeys.Made(OK, entry.id()))
                : Optional.empty();
    }

    /** Who was offered something that is withdrawn by now waits again, and has not left yet. */
    private Uni<WaitlistOutcome> decline(
            WaitlistEntry offered, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return answer(offered, WaitlistStatus.CANCELLED, revision, key, this::decline)
                .chain(outcome -> outcome instanceof WaitlistOutcome.OfOffer(Outcome.SlotClosed ignored)
                        ? leave(offered.tenant(), offered.id(), revision, key)
                        : outcome(outcome));
    }

    /** What is offered is declined later, once its booking's row is locked, which comes before this one. */
    private Uni<WaitlistOutcome> leaveOrDecline(Tx tx, TracedEntry locked, @Nullable Integer revision) {
        var other = otherRevision(locked.entry(), revision);
        if (other.isPresent()) {
            return outcome(new WaitlistOutcome.OfOffer(other.get()));
        }
        var now = holds.now();
        return switch (locked.entry().status()) {
            case WAITLIST ->
                save(tx, locked, entry -> entry.cancelled(WaitlistEnd.LEFT, now), now)
                        .map(WaitlistOutcome.Done::new);
            case PROPOSED, CANCELLED -> outcome(new WaitlistOutcome.Done(locked));
            case BOOKED ->
                outcome(new WaitlistOutcome.Refused(
                        WaitlistStatus.BOOKED, WaitlistStatus.CANCELLED, "It is booked; cancel the booking"));
        };
    }

    private Uni<WaitlistOutcome> answer(
            WaitlistEntry entry,
            WaitlistStatus wanted,
            @Nullable Integer revision,
            IdempotencyKeys.@Nullable Key key,
            Answer answer) {
        var other = otherRevision(entry, revision);
        var booking = entry.bookingId();
        if (booking == null) {
            return outcome(
                    other.isPresent()
                            ? new WaitlistOutcome.OfOffer(other.get())
                            : new WaitlistOutcome.Refused(entry.status(), wanted, "Nothing is offered"));
        }
        return change.apply(
                        new BookingChange.Wish(entry.tenant(), booking, null, key),
                        // Once the key is judged: its repeat means the revision before.
                        (tx, offered) ->
                                other.isPresent() ? Uni.createFrom().item(other.get()) : answer.decide(tx, offered))
                .chain(outcome -> outcome instanceof Outcome.Done
                        ? waitlist.find(entry.tenant(), entry.id())
                                .map(found -> new WaitlistOutcome.Done(found.orElseThrow()))
                        : outcome(refusal(entry, wanted, outcome)));
    }

    /** An entry whose revision is the one that is meant keeps it for as long as its booking is an offer. */
    private static Optional<Outcome> otherRevision(WaitlistEntry entry, @Nullable Integer revision) {
        return revision == null || revision == entry.revision()
                ? Optional.empty()
                : Optional.of(new Outcome.OtherRevision(entry.revision()));
    }

    private static WaitlistOutcome refusal(WaitlistEntry entry, WaitlistStatus wanted, Outcome outcome) {
        return outcome instanceof Outcome.Refused(Transition.Refused refused)
                ? new WaitlistOutcome.Refused(ended(refused.booking(), entry), wanted, refused.why())
                : new WaitlistOutcome.OfOffer(outcome);
    }

    /** The booking was locked after the entry was read, and says more. */
    private static WaitlistStatus ended(Booking booking, WaitlistEntry entry) {
        return switch (booking.status()) {
            case PROPOSED -> entry.status();
            case CANCELLED -> entry.status() == WaitlistStatus.BOOKED ? entry.status() : WaitlistStatus.CANCELLED;
            case PENDING, BOOKED, ARRIVED, CHECKED_IN, FULFILLED, NOSHOW -> WaitlistStatus.BOOKED;
        };
    }

    /** What is offered in a slot that was closed is refused, and withdrawn by the same transaction. */
    private Uni<Outcome> accept(Tx tx, TracedBooking offered) {
        if (offered.booking().isWithdrawn()) {
            return closed();
        }
        return isAtLimit(tx, offered.booking()).chain(isAtLimit -> {
            var now = holds.now();
            return switch (offered.booking().accept(now)) {
                case Transition.Changed(Booking booked) ->
                    bookings.isInClosedSlot(tx, booked)
                            .chain(isClosed -> isClosed
                                    ? withdrawOffers
                                            .withdraw(tx, List.of(offered), now)
                                            .chain(AnswerOffer::closed)
                                    : book(tx, offered.with(booked), isAtLimit, now));
                case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(offered));
                case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
            };
        });
    }

    private Uni<Outcome> book(Tx tx, TracedBooking accepted, boolean isAtLimit, Instant now) {
        var booked = accepted.booking();
        return isAtLimit
                ? Uni.createFrom().item(limit(booked))
                : change.save(tx, booked, bookingEvents.told(booked, traces.current(), now))
                        .chain(() -> holds.disarm(tx, booked.id()))
                        .chain(() -> saveOfOffer(tx, booked, entry -> entry.accepted(now), now))
                        .replaceWith(new Outcome.Done(accepted));
    }

    /** No refusal that keeps things as they are: the offer is withdrawn. */
    private static Uni<Outcome> closed() {
        return Uni.createFrom().item(new Outcome.SlotClosed("The slot is closed, and what was offered is withdrawn"));
    }

    private Uni<Boolean> isAtLimit(Tx tx, Booking offered) {
        var appointment = offered.appointment();
        int most = Objects.requireNonNullElse(appointment.rules().maxPerCustomer(), Integer.MAX_VALUE);
        var limited = LimitedCustomer.of(offered.tenant(), appointment, offered.customer());
        return customers.lockAndCount(tx, limited.stream().toList(), holds::now).map(ahead -> ahead.values().stream()
                .anyMatch(count -> count >= most));
    }

    private static Outcome limit(Booking booked) {
        return new Outcome.CustomerLimit(
                Objects.requireNonNull(booked.appointment().rules().maxPerCustomer()));
    }

    private Uni<Outcome> decline(Tx tx, TracedBooking offered) {
        if (offered.booking().isWithdrawn()) {
            return closed();
        }
        var now = holds.now();
        return switch (offered.booking().decline(now)) {
            case Transition.Changed(Booking declined) ->
                change.save(tx, declined, bookingEvents.told(declined, traces.current(), now))
                        .chain(() -> holds.disarm(tx, declined.id()))
                        .chain(() -> giveBack(tx, declined, now))
                        .chain(() -> saveOfOffer(
                                tx, declined, entry -> entry.cancelled(WaitlistEnd.OFFER_DECLINED, now), now))
                        .replaceWith(new Outcome.Done(offered.with(declined)));
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(offered));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }

    private Uni<Void> giveBack(Tx tx, Booking declined, Instant now) {
        return slots.lock(tx, List.of(declined.appointment().slotId()))
                .chain(locked -> holds.passOn(
                        tx,
                        locked.stream()
                                .map(slot -> slot.giveBack(declined.places()))
                                .toList(),
                        now));
    }

    private Uni<Void> saveOfOffer(Tx tx, Booking booking, UnaryOperator<WaitlistEntry> next, Instant now) {
        return waitlist.lockOfOffers(tx, List.of(booking.id()))
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : save(tx, found.getFirst(), next, now).replaceWithVoid());
    }

    private Uni<TracedEntry> save(Tx tx, TracedEntry before, UnaryOperator<WaitlistEntry> next, Instant now) {
        var after = before.with(next.apply(before.entry()));
        return waitlist.save(tx, List.of(after.entry()))
                .chain(() -> outbox.append(tx, waitlistEvents.told(after, now)))
                .replaceWith(after);
    }

    private static Uni<WaitlistOutcome> outcome(WaitlistOutcome outcome) {
        return Uni.createFrom().item(outcome);
    }
}
