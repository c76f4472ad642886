package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.EndpointSettings;
import dev.carillon.delivery.SeldomCounted;
import dev.carillon.delivery.attempt.store.HeldStore;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/**
 * Lets so many deliveries be held for one disabled endpoint, and no more. They are counted every few seconds at most, and what this instance holds meanwhile
 * is counted with it; so other instances may hold a few more, as many as they hold in that time.
 */
@ApplicationScoped
public class HeldLimit {
    private final HeldStore held;
    private final SeldomCounted<HeldStore.Totals> totals;
    private final int most;
    private final Counter refused;
    private final HeldRooms rooms;

    /** @throws IllegalArgumentException when the settings would let nothing be held */
    public HeldLimit(HeldStore held, EndpointSettings settings, Vertx vertx, MeterRegistry metrics) {
        this.held = held;
        this.totals = new SeldomCounted<>(vertx, "Held deliveries", held::totals);
        this.most = settings.mostHeld();
        if (most < 1) {
            throw new IllegalArgumentException("carillon.endpoints.most-held is at least 1");
        }
        this.rooms = new HeldRooms(most, System::nanoTime);
        this.refused = Counter.builder("carillon.delivery.hold.refusals")
                .description("Dead letters whose endpoint was disabled and had as many held as may be")
                .register(metrics);
        gauge(metrics, "carillon.delivery.held", "Deliveries held for disabled endpoints", HeldStore.Totals::held);
        gauge(
                metrics,
                "carillon.delivery.held.largest",
                "Deliveries held for the endpoint that has most",
                HeldStore.Totals::largest);
    }

    private void gauge(
            MeterRegistry metrics, String name, String description, ToDoubleFunction<HeldStore.Totals> value) {
        Gauge.builder(name, this, limit -> limit.totals.told(value))
                .description(description)
                .register(metrics);
    }

    void start(@Observes StartupEvent started) {
        totals.start();
    }

    /** Looks how much room there is for these; to be called before {@link #takes}, in the transaction that holds. */
    Uni<Void> prepare(Tx tx, Collection<UUID> disabled) {
        if (disabled.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        countAnewUnlessCommitted(tx, disabled);
        var unknown = rooms.toCount(disabled);
        return unknown.isEmpty()
                ? Uni.createFrom().voidItem()
                : held.count(tx, unknown, most).invoke(rooms::counted).replaceWithVoid();
    }

    private void countAnewUnlessCommitted(Tx tx, Collection<UUID> disabled) {
        var committed = new AtomicBoolean();
        tx.afterCommit(() -> committed.set(true));
        tx.afterEnd(() -> {
            if (!committed.get()) {
                rooms.countAnew(disabled);
            }
        });
    }

    /** Whether one more is held for this endpoint. One that was held before is so again in any case, and is counted already where it still is. */
    boolean takes(UUID endpoint) {
        return rooms.takes(endpoint);
    }

    void refused() {
        refused.increment();
    }
}
