package dev.carillon.scheduler;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.tx.Transactions;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Forgets, once an hour, what has been kept long enough. */
@ApplicationScoped
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final Vertx vertx;
    private final Transactions transactions;
    private final IdempotencyKeys keys;

    Housekeeping(Vertx vertx, Transactions transactions, IdempotencyKeys keys) {
        this.vertx = vertx;
        this.transactions = transactions;
        this.keys = keys;
    }

    void start(@Observes StartupEvent started) {
        vertx.setPeriodic(EVERY.toMillis(), timer -> sweep());
    }

    private void sweep() {
        transactions
                .inTransaction(keys::sweep)
                .subscribe()
                .with(
                        forgotten -> LOG.debugf("%d idempotency keys forgotten", forgotten),
                        failure -> LOG.warnf("Idempotency keys were not swept, tried again: %s", failure));
    }
}
