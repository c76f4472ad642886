package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.SlotPlan;
import dev.carillon.booking.availability.SlotTimes;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.EntityTransactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Generates slots ahead: all up to the horizon when a resource is opened, and a day's more each time that a day begins there. A resource's timer
 * is a row, so that the day after an outage catches up with all that was missed.
 */
@ApplicationScoped
public class SlotGeneration {
    private final BookingSettings settings;
    private final EntityTransactions transactions;
    private final ResourceStore resources;
    private final SlotBook book;
    private final Timers timers;

    public SlotGeneration(
            BookingSettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Mutiny.SessionFactory sessions,
            ResourceStore resources,
            SlotBook book,
            MeterRegistry metrics) {
        this.settings = settings;
        this.transactions = new EntityTransactions(sessions);
        this.resources = resources;
        this.book = book;
        this.timers = new Timers("slots", pool, vertx, timerSettings, Duration.ZERO, this::generateDue);
        metrics.gauge("carillon.timer.held", Tags.of("kind", "slots"), timers, Timers::held);
    }

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    /** The database's clock, to the microsecond that it can keep. */
    public Instant now() {
        return timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Sets the timer for the next day's slots. */
    Uni<Void> goOnTomorrow(Tx tx, Resource resource, Instant now) {
        return timers.arm(tx, resource.id(), resource.nextDay(now));
    }

    private Uni<Void> generateDue(List<Due> due) {
        return Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUniAndConcatenate(this::generate)
                .toUni();
    }

    private Uni<Void> generate(Due due) {
        return transactions.inTransaction(
                (session, tx) -> resources.lock(session, tx, due.id()).chain(found -> timers.take(tx, List.of(due))
                        .chain(taken -> taken.isEmpty() || found.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : generate(session, tx, found.get()))));
    }

    private Uni<Void> generate(Mutiny.Session session, Tx tx, ResourceStore.Generated generated) {
        var now = now();
        var resource = generated.resource();
        var end = resource.horizonAt(now);
        var times = SlotTimes.of(resource, generated.until(), end, Integer.MAX_VALUE);
        var from = resource.startOf(generated.until());
        return book.fit(tx, resource, SlotPlan::opening, times, from, resource.startOf(end), now)
                .chain(() -> resources.setGeneratedUntil(session, resource.id(), end))
                .chain(() -> goOnTomorrow(tx, resource, now));
    }
}
