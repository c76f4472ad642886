package dev.carillon.scheduler;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.store.FailureNoticeStore;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import io.quarkus.runtime.StartupEvent;
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

    private final Vertx vertx;
    private final Transactions transactions;
    private final KnownBookingStore bookings;
    private final RunStore runs;
    private final FailureNoticeStore notices;

    Housekeeping(
            Vertx vertx,
            Transactions transactions,
            KnownBookingStore bookings,
            RunStore runs,
            FailureNoticeStore notices) {
        this.vertx = vertx;
        this.transactions = transactions;
        this.bookings = bookings;
        this.runs = runs;
        this.notices = notices;
    }

    void start(@Observes StartupEvent started) {
        vertx.setPeriodic(EVERY.toMillis(), timer -> {
            run("bookings that are long past", forgetBookings());
            run("runs of schedules that are long past", forgetRuns());
            run("notices of failures that are long past", forgetNotices());
        });
    }

    private Uni<Integer> forgetBookings() {
        var before = Instant.now().minus(BOOKINGS_KEPT);
        return all(tx -> bookings.forget(tx, before, AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> forgetRuns() {
        var before = Instant.now().minus(RUNS_KEPT);
        return all(tx -> runs.forget(tx, before, AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> forgetNotices() {
        var before = Instant.now().minus(NOTICES_KEPT);
        return all(tx -> notices.forget(tx, before, AT_ONCE));
    }

    /** In short transactions, until there is no more: however much an hour brings, it is gone in the next. */
    private Uni<Integer> all(Function<Tx, Uni<Integer>> sweep) {
        return Uni.createFrom()
                .deferred(() -> transactions.inTransaction(sweep))
                .repeat()
                .whilst(forgotten -> forgotten >= AT_ONCE)
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
