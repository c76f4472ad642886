package dev.carillon.delivery;

import dev.carillon.delivery.attempt.store.DeliveryHistory;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.kit.inbox.InboxSettings;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Forgets, once an hour, what has ended and been kept long enough. */
@ApplicationScoped
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofHours(1);
    // Their rows are wide, and locked while they are deleted.
    private static final int AT_ONCE = 2_000;

    private final Vertx vertx;
    private final Transactions transactions;
    private final DeliveryHistory deliveries;
    private final RedriveStore redrives;
    private final DeliverySettings settings;
    private final InboxSettings inbox;

    Housekeeping(
            Vertx vertx,
            Transactions transactions,
            DeliveryHistory deliveries,
            RedriveStore redrives,
            DeliverySettings settings,
            InboxSettings inbox) {
        this.vertx = vertx;
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.redrives = redrives;
        this.settings = settings;
        this.inbox = inbox;
    }

    void start(@Observes StartupEvent started) {
        check(settings.retention(), inbox.retention());
        vertx.setPeriodic(EVERY.toMillis(), timer -> {
            run("deliveries that ended long ago", forgetDeliveries());
            run("redrives that ended long ago", forgetRedrives());
        });
    }

    static void check(Duration retention, Duration remembered) {
        if (retention.compareTo(remembered) < 0) {
            throw new ConfigurationException(
                    "carillon.delivery.retention is %s; it must be at least carillon.inbox.retention, %s"
                            .formatted(retention, remembered));
        }
    }

    /** Gives how many. */
    Uni<Integer> forgetDeliveries() {
        return all(tx -> deliveries.forget(tx, settings.retention(), AT_ONCE));
    }

    /** Gives how many. */
    Uni<Integer> forgetRedrives() {
        return all(tx -> redrives.forget(tx, settings.retention(), AT_ONCE));
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
