package dev.carillon.scheduler;

import dev.carillon.kit.tx.Sweep;
import dev.carillon.kit.tx.Sweeps;
import dev.carillon.scheduler.message.store.FailureNoticeStore;
import dev.carillon.scheduler.message.store.MessageHistory;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Forgets, once an hour, what has been kept long enough. */
@ApplicationScoped
class Housekeeping {
    private static final Duration EVERY = Duration.ofHours(1);
    // Longer than any event of a booking can still come, redriven ones included.
    private static final Duration BOOKINGS_KEPT = Duration.ofDays(400);
    // Longer than any occurrence is caught up with.
    private static final Duration RUNS_KEPT = Duration.ofDays(40);
    // Longer than any event of a delivery can still come, redriven ones included.
    private static final Duration NOTICES_KEPT = Duration.ofDays(400);
    private static final int AT_ONCE = 10_000;
    // Their rows are wide, and locked while they are written.
    private static final int MESSAGES_AT_ONCE = 2_000;

    private final Sweeps sweeps;
    private final KnownBookingStore bookings;
    private final RunStore runs;
    private final FailureNoticeStore notices;
    private final MessageHistory messages;
    private final SchedulerSettings settings;

    Housekeeping(
            Sweeps sweeps,
            KnownBookingStore bookings,
            RunStore runs,
            FailureNoticeStore notices,
            MessageHistory messages,
            SchedulerSettings settings) {
        this.sweeps = sweeps;
        this.bookings = bookings;
        this.runs = runs;
        this.notices = notices;
        this.messages = messages;
        this.settings = settings;
    }

    void start(@Observes StartupEvent started) {
        check(settings);
        sweeps.every(EVERY, List.of(bookings(), runs(), notices(), contents(), messages()));
    }

    static void check(SchedulerSettings settings) {
        if (settings.historyRetention().compareTo(settings.contentRetention()) < 0) {
            throw new ConfigurationException(
                    "carillon.scheduler.history-retention is %s; it must be at least carillon.scheduler.content-retention, %s"
                            .formatted(settings.historyRetention(), settings.contentRetention()));
        }
    }

    private Sweep bookings() {
        return new Sweep(
                "bookings that are long past", AT_ONCE, tx -> bookings.forget(tx, before(BOOKINGS_KEPT), AT_ONCE));
    }

    Sweep runs() {
        return new Sweep(
                "runs of schedules that are long past", AT_ONCE, tx -> runs.forget(tx, before(RUNS_KEPT), AT_ONCE));
    }

    Sweep contents() {
        return new Sweep(
                "contents of messages that ended long ago",
                MESSAGES_AT_ONCE,
                tx -> messages.redact(tx, before(settings.contentRetention()), MESSAGES_AT_ONCE));
    }

    Sweep messages() {
        return new Sweep(
                "messages that ended very long ago",
                MESSAGES_AT_ONCE,
                tx -> messages.forget(tx, before(settings.historyRetention()), MESSAGES_AT_ONCE));
    }

    Sweep notices() {
        return new Sweep(
                "notices of failures that are long past",
                AT_ONCE,
                tx -> notices.forget(tx, before(NOTICES_KEPT), AT_ONCE));
    }

    private static Instant before(Duration kept) {
        return Instant.now().minus(kept);
    }
}
