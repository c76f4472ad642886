package dev.carillon.delivery.redrive.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.attempt.usecase.AttemptAgain;
import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.delivery.redrive.store.TracedRedrive;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Works on redrives, a batch at each firing of a job's timer. The timer is the lease: whoever takes it goes on, in one transaction with the job's row, and
 * when its node dies another one takes it over. A job's row is locked before its timer, and both before any delivery.
 */
@ApplicationScoped
public class RunRedrives {
    private static final Logger LOG = Logger.getLogger(RunRedrives.class);

    private final DeliverySettings settings;
    private final Transactions transactions;
    private final RedriveStore redrives;
    private final AttemptAgain attemptAgain;
    private final Traces traces;
    private final Timers timers;

    public RunRedrives(
            DeliverySettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            RedriveStore redrives,
            AttemptAgain attemptAgain,
            Traces traces) {
        this.settings = settings;
        this.transactions = transactions;
        this.redrives = redrives;
        this.attemptAgain = attemptAgain;
        this.traces = traces;
        this.timers = new Timers("redrive", pool, vertx, timerSettings, Duration.ZERO, this::fire);
    }

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    /** By the database's clock. */
    Instant now() {
        return timers.clock().instant();
    }

    /** Works on a job from {@code at} on. */
    Uni<Void> wake(Tx tx, UUID id, Instant at) {
        return timers.arm(tx, id, at);
    }

    Uni<Void> letSleep(Tx tx, UUID id) {
        return timers.disarm(tx, List.of(id));
    }

    /** Each in a transaction of its own, so that deliveries of the second are not locked after timers of the first's. */
    private Uni<Void> fire(List<Due> due) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (var one : due) {
            all = all.chain(() -> transactions.inTransaction(tx -> fire(tx, one)));
        }
        return all;
    }

    private Uni<Void> fire(Tx tx, Due due) {
        return redrives.lock(tx, due.id())
                .chain(traced -> timers.take(tx, List.of(due)).chain(taken -> traced.map(TracedRedrive::redrive)
                        .filter(job -> job.isRunning() && taken.contains(job.id()))
                        .map(job -> advance(tx, job, traced.orElseThrow().trace()))
                        .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private Uni<Void> advance(Tx tx, Redrive job, TraceContext request) {
        return redrives.next(tx, job).chain(ids -> attemptAgain.lock(tx, ids).chain(found -> {
            var now = now();
            var again = redriven(job, found, now);
            var advanced = job.advanced(ids.size(), again.size(), ids.isEmpty() ? null : ids.getLast(), now);
            return inSpan(job, again, request, wish -> attemptAgain.begin(tx, again, StoredDelivery::trace, wish))
                    .chain(() -> save(tx, advanced, now));
        }));
    }

    /** The span of a batch is in the trace of the request for the redrive, and leads to the trace of each of its messages. */
    private Uni<Void> inSpan(
            Redrive job, List<StoredDelivery> again, TraceContext request, Function<TraceContext, Uni<Void>> work) {
        if (again.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var span = traces.startLinked(
                        "redrive dead letters",
                        SpanKind.INTERNAL,
                        request,
                        again.stream().map(StoredDelivery::trace).toList())
                .setAttribute("carillon.redrive.id", job.id().toString())
                .setAttribute("carillon.tenant", job.tenant())
                .setAttribute("carillon.group.size", again.size());
        return traces.within(
                span,
                work.apply(traces.of(span))
                        .onFailure()
                        .invoke(failure -> span.setStatus(
                                StatusCode.ERROR, failure.getClass().getSimpleName()))
                        .onTermination()
                        .invoke(() -> span.end()));
    }

    /** Those that are dead letters still and worth an attempt, one after the other at the job's rate. */
    private static List<StoredDelivery> redriven(Redrive job, List<StoredDelivery> found, Instant now) {
        var again = new ArrayList<StoredDelivery>();
        for (var one : found) {
            var at = now.plus(job.after(again.size()));
            if (one.delivery().status() == DeliveryStatus.DEAD
                    && !one.delivery().isExpiredAt(at)) {
                again.add(one.with(one.delivery().redriven(at)));
            }
        }
        return again;
    }

    private Uni<Void> save(Tx tx, Redrive job, Instant now) {
        tx.afterCommit(() -> {
            if (!job.isRunning()) {
                LOG.infof(
                        "Redrive %s of %s is done: %d redriven, %d passed over",
                        job.id(), job.tenant(), job.redriven(), job.passedOver());
            }
        });
        return redrives.save(tx, job)
                .chain(() -> job.isRunning()
                        ? wake(tx, job.id(), now.plus(job.after(job.batch())))
                        : Uni.createFrom().voidItem());
    }
}
