package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Wakes schedules when their next occurrence is to become a message, by a timer each. Whichever node has the timer, the schedule's row decides what
 * is to be done.
 */
@ApplicationScoped
public class FireSchedules {
    private final SchedulerSettings settings;
    private final Transactions transactions;
    private final ScheduleStore schedules;
    private final RunSchedules runSchedules;
    private final Staging staging;
    private final Timers timers;

    public FireSchedules(
            SchedulerSettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            ScheduleStore schedules,
            RunSchedules runSchedules,
            Staging staging) {
        this.settings = settings;
        this.transactions = transactions;
        this.schedules = schedules;
        this.runSchedules = runSchedules;
        this.staging = staging;
        this.timers = new Timers("schedule", pool, vertx, timerSettings, Duration.ZERO, this::fire);
    }

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    /** Looks at a schedule at {@code at}, and no more at any other time that was set before. */
    Uni<Void> wake(Tx tx, UUID id, Instant at) {
        return timers.arm(tx, id, at);
    }

    Uni<Void> letSleep(Tx tx, UUID id) {
        return timers.disarm(tx, List.of(id));
    }

    private Uni<Void> fire(List<Due> due) {
        // Schedules are locked before their timers, here as everywhere, so that nobody waits for each other.
        return transactions.inTransaction(
                tx -> schedules.lock(tx, due.stream().map(Due::id).toList()).chain(found -> timers.take(tx, due)
                        .chain(taken -> run(tx, found, taken))));
    }

    private Uni<Void> run(Tx tx, List<TracedSchedule> found, Set<UUID> taken) {
        var now = staging.now();
        return runSchedules
                .run(
                        tx,
                        found.stream().filter(one -> taken.contains(one.id())).toList(),
                        now,
                        now.plus(runSchedules.ahead()))
                .chain(turned -> arm(tx, turned.next()));
    }

    private Uni<Void> arm(Tx tx, Map<UUID, Instant> next) {
        var ids = List.copyOf(next.keySet());
        return timers.arm(tx, ids, ids.stream().map(next::get).toList());
    }
}
