package dev.carillon.scheduler;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.store.FailureNoticeStore;
import dev.carillon.scheduler.message.store.MessageHistory;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Forgets, once an hour, what has been kept long enough. */
@ApplicationScoped
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
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

    private final Vertx vertx;
    private final Transactions transactions;
    private final KnownBookingStore bookings;
    private final RunStore runs;
    private final FailureNoticeStore notices;
    private final MessageHistory messages;
    private final SchedulerSettings settings;

    Housekeeping(
            Vertx vertx,
            Transactions transactions,
            KnownBookingStore bookings,
            RunStore runs,
            FailureNoticeStore notices,
            MessageHistory messages,
            SchedulerSettings settings) {
        this.vertx = vertx;
        this.transactions = transactions;
        this.bookings = bookings;
        this.runs = runs;
        this.notices = notices;
        this.messages = messages;
        this.settings = settings;
    }

    void start(@Observes StartupEvent started) {
        check(settings);
        vertx.setPeriodic(EVERY.toMillis(), timer -> {
            run("bookings that are long past", forgetBookings());
            run("runs of schedules that are long past", forgetRuns());
            run("notices of failures that are long past", forgetNotices());
            run("contents of messages that ended long ago", redactMessages());
            run("messages that ended very long ago", forgetMessages());
        });
    }

    static void check(SchedulerSettings settings) {
        if (settings.historyRetention().compareTo(settings.contentRetention()) < 0) {
            throw new ConfigurationException(
                    "carillon.scheduler.history-retention is %s; it must be at least carillon.scheduler.content-retention, %s"
                            .formatted(settings.historyRetention(), settings.contentRetention()));
        }
    }

    private Uni<Integer> forgetBookings() {
        var before = Instant.now().minus(BOOKINGS_KEPT);
        return all(AT_ONCE, tx -> bookings.forget(tx, before, AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> forgetRuns() {
        var before = Instant.now().minus(RUNS_KEPT);
        return all(AT_ONCE, tx -> runs.forget(tx, before, AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> redactMessages() {
        var before = Instant.now().minus(settings.contentRetention());
        return all(MESSAGES_AT_ONCE, tx -> messages.redact(tx, before, MESSAGES_AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> forgetMessages() {
        var before = Instant.now().minus(settings.historyRetention());
        return all(MESSAGES_AT_ONCE, tx -> messages.forget(tx, before, MESSAGES_AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> forgetNotices() {
        var before = Instant.now().minus(NOTICES_KEPT);
        return all(AT_ONCE, tx -> notices.forget(tx, before, AT_ONCE));
    }

    /** In short transactions, until there is no more: however much an hour brings, it is gone in the next. */
    private Uni<Integer> all(int atOnce, Function<Tx, Uni<Integer>> sweep) {
        return Uni.createFrom()
                .deferred(() -> transactions.inTransaction(sweep))
                .repeat()
                .whilst(forgotten -> forgotten >= atOnce)
                .collect()
                .with(Collectors.summingInt(forgotten -> forgotten));
    }

    private static void run(String what, Uni<Integer> sweep) {
        sweep.subscribe()
                .with(
                        forgotten -> LOG.debugf("%d %s forgotten", forgotten, what),
                        failure -> LOG.warnf("Sweeping %s failed, tried again: %s", what, failure));
    }
}
