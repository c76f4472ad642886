package dev.carillon.scheduler.reminder.usecase;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.EndMessages;
import dev.carillon.scheduler.message.usecase.NewMessages;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.reminder.Booking;
import dev.carillon.scheduler.reminder.KnownBooking;
import dev.carillon.scheduler.reminder.NoticeMessages;
import dev.carillon.scheduler.reminder.ReminderPlan;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Brings the messages of bookings to what their latest state asks for: one statement group for any number of bookings. Locks what is known of the
 * bookings, then their messages, then the timers of those.
 */
@ApplicationScoped
public class FollowBookings {
    /** A booking as it was told, and the trace that its messages continue. */
    public record Told(Booking booking, TraceContext trace) {
        private Told later(Told other) {
            return other.booking.version() > booking.version() ? other : this;
        }
    }

    private final KnownBookingStore knownBookings;
    private final MessageStore messages;
    private final EndMessages endMessages;
    private final NewMessages newMessages;
    private final Staging staging;
    private final EventIds ids;

    public FollowBookings(
            KnownBookingStore knownBookings,
            MessageStore messages,
            EndMessages endMessages,
            NewMessages newMessages,
            Staging staging,
            EventIds ids) {
        this.knownBookings = knownBookings;
        this.messages = messages;
        this.endMessages = endMessages;
        this.newMessages = newMessages;
        this.staging = staging;
        this.ids = ids;
    }

    /** @param told in any order; of several states of one booking the latest counts */
    public Uni<Void> follow(Tx tx, List<Told> told) {
        if (told.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<UUID, Told> latest = new HashMap<>();
        told.forEach(one -> latest.merge(one.booking.id(), one, Told::later));
        return knownBookings
                .lock(tx, latest.values().stream().map(Told::booking).toList())
                .chain(known -> follow(tx, known, latest));
    }

    private Uni<Void> follow(Tx tx, List<KnownBooking> known, Map<UUID, Told> latest) {
        var now = staging.now();
        var applied = new ArrayList<KnownBooking>();
        var ending = new ArrayList<UUID>();
        var created = new ArrayList<TracedMessage>();
        for (var before : known) {
            var told = latest.get(before.id());
            if (told == null || !before.isOlderThan(told.booking)) {
                continue;
            }
            var plan = ReminderPlan.of(before, told.booking, now);
            applied.add(KnownBooking.of(told.booking));
            if (plan.endsEarlier()) {
                ending.add(before.id());
            }
            created.addAll(messages(told, plan, now));
        }
        return save(tx, applied).chain(() -> end(tx, ending)).chain(() -> add(tx, created, now));
    }

    private List<TracedMessage> messages(Told told, ReminderPlan plan, Instant now) {
        return NoticeMessages.of(told.booking, plan.notices(), ids::next, now).stream()
                .map(message -> newMessages.asAccepted(new TracedMessage(message, told.trace), now))
                .toList();
    }

    private Uni<Void> save(Tx tx, List<KnownBooking> applied) {
        return applied.isEmpty() ? Uni.createFrom().voidItem() : knownBookings.save(tx, applied);
    }

    private Uni<Void> end(Tx tx, List<UUID> bookings) {
        return bookings.isEmpty()
                ? Uni.createFrom().voidItem()
                : messages.lockOfBookings(tx, bookings).chain(found -> endMessages.withdraw(tx, found));
    }

    private Uni<Void> add(Tx tx, List<TracedMessage> created, Instant now) {
        return created.isEmpty() ? Uni.createFrom().voidItem() : newMessages.add(tx, created, now);
    }
}
