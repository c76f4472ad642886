package dev.carillon.kit.tx;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Runs {@link Sweep}s now and then, in short transactions: however much comes between two times, it is gone after the next. */
@ApplicationScoped
public class Sweeps {
    private static final Logger LOG = Logger.getLogger(Sweeps.class);

    private final Vertx vertx;
    private final Transactions transactions;
    private final List<Long> timers = new ArrayList<>();

    public Sweeps(Vertx vertx, Transactions transactions) {
        this.vertx = vertx;
        this.transactions = transactions;
    }

    /**
     * From now until the service stops: one after another, first when the period has passed. One that fails is logged, holds up no other and comes again; a
     * round that is still at work when the next is due stands for both.
     */
    public synchronized void every(Duration period, List<Sweep> sweeps) {
        var atWork = new AtomicBoolean();
        timers.add(vertx.setPeriodic(period.toMillis(), timer -> {
            if (atWork.compareAndSet(false, true)) {
                round(sweeps).subscribe().with(done -> atWork.set(false));
            }
        }));
    }

    private Uni<Void> round(List<Sweep> sweeps) {
        return Multi.createFrom()
                .iterable(sweeps)
                .onItem()
                .transformToUniAndConcatenate(this::logged)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Integer> logged(Sweep sweep) {
        return run(sweep)
                .invoke(forgotten -> LOG.debugf("%d %s forgotten", forgotten, sweep.what()))
                .onFailure()
                .invoke(failure -> LOG.warnf("Sweeping %s failed, tried again: %s", sweep.what(), failure))
                .onFailure()
                .recoverWithItem(0);
    }

    /** Once, until there is no more. Gives how many were forgotten. */
    public Uni<Integer> run(Sweep sweep) {
        return Uni.createFrom()
                .deferred(() -> transactions.inTransaction(sweep.some()))
                .repeat()
                .whilst(forgotten -> forgotten >= sweep.atOnce())
                .collect()
                .with(Collectors.summingInt(forgotten -> forgotten));
    }

    synchronized void stop(@Observes ShutdownEvent stopping) {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }
}
