package dev.carillon.delivery.redrive.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.EndpointSettings;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.attempt.usecase.LetGo;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.usecase.HeldDeliveries;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Lets go what was held for an endpoint that is enabled again, or deleted: a batch at each firing of the endpoint's timer, until nothing is held. Whatever
 * node has the timer goes on. If the endpoint is disabled meanwhile, it stops; what had been let go is held again when its attempt would begin. Deliveries
 * are locked before the timer, which whoever enables or deletes the endpoint sets with the endpoint locked: while a replay waits for
 * a delivery, nobody waits for the replay.
 */
@ApplicationScoped
public class ReplayHeld implements HeldDeliveries {
    private static final int LARGEST_BATCH = 100;

    private final DeliverySettings settings;
    private final Transactions transactions;
    private final EndpointStore endpoints;
    private final LetGo letGo;
    private final Timers timers;
    private final int rate;
    private final int batch;

    /** @throws IllegalArgumentException when the settings would let nothing go */
    public ReplayHeld(
            DeliverySettings settings,
            EndpointSettings endpointSettings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            EndpointStore endpoints,
            LetGo letGo) {
        this.settings = settings;
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.letGo = letGo;
        this.rate = endpointSettings.replayRate();
        if (rate < 1) {
            throw new IllegalArgumentException("carillon.endpoints.replay-rate is at least 1");
        }
        this.batch = Math.min(rate, LARGEST_BATCH);
        this.timers = new Timers("replay", pool, vertx, timerSettings, Duration.ZERO, this::fire);
    }

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    @Override
    public Uni<Void> letGo(Tx tx, UUID endpointId) {
        return timers.arm(tx, endpointId, timers.clock().instant());
    }

    /** Each in a transaction of its own, so that deliveries of the second are not locked after timers of the first's. */
    private Uni<Void> fire(List<Due> due) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (var one : due) {
            all = all.chain(() -> transactions.inTransaction(tx -> fire(tx, one)));
        }
        return all;
    }

    /**
     * The status is read after the timer was taken: whoever enables it later arms another one. So does whoever enables it after something was held that
     * is not among those that were found before.
     */
    private Uni<Void> fire(Tx tx, Due due) {
        return letGo.lockHeldFor(tx, due.id(), batch).chain(locked -> timers.take(tx, List.of(due))
                .chain(taken -> taken.isEmpty() ? Uni.createFrom().item(false) : mayGo(tx, due.id()))
                .chain(may ->
                        may ? letGoSome(tx, due.id(), locked) : Uni.createFrom().voidItem()));
    }

    private Uni<Boolean> mayGo(Tx tx, UUID endpointId) {
        return endpoints
                .status(tx, endpointId)
                .map(found -> found.isPresent() && found.get() != Endpoint.Status.DISABLED);
    }

    private Uni<Void> letGoSome(Tx tx, UUID endpointId, List<StoredDelivery> locked) {
        var now = timers.clock().instant();
        return letGo.letGo(tx, locked, number -> now.plus(after(number)))
                .chain(() -> locked.size() < batch
                        ? Uni.createFrom().voidItem()
                        : timers.arm(tx, endpointId, now.plus(after(batch))));
    }

    private Duration after(int number) {
        return Duration.ofNanos(1_000_000_000L * number / rate);
    }
}
