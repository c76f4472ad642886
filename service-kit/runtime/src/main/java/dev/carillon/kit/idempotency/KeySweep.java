package dev.carillon.kit.idempotency;

import dev.carillon.kit.tx.Transactions;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Forgets old keys once an hour, in every service, a bounded number in each transaction. */
@ApplicationScoped
public class KeySweep {
    private static final Logger LOG = Logger.getLogger(KeySweep.class);
    private static final Duration EVERY = Duration.ofHours(1);
    static final int AT_ONCE = 10_000;

    private final Vertx vertx;
    private final Transactions transactions;
    private final IdempotencyKeys keys;

    public KeySweep(Vertx vertx, Transactions transactions, IdempotencyKeys keys) {
        this.vertx = vertx;
        this.transactions = transactions;
        this.keys = keys;
    }

    void start(@Observes StartupEvent started) {
        vertx.setPeriodic(EVERY.toMillis(), timer -> sweepAll(AT_ONCE)
                .subscribe()
                .with(
                        swept -> LOG.debug("Old idempotency keys are forgotten"),
                        failure -> LOG.warnf("Idempotency keys were not swept, tried again: %s", failure)));
    }

    Uni<Void> sweepAll(int atOnce) {
        return transactions
                .inTransaction(tx -> keys.sweep(tx, atOnce))
                .chain(forgotten -> forgotten < atOnce ? Uni.createFrom().voidItem() : sweepAll(atOnce));
    }
}
