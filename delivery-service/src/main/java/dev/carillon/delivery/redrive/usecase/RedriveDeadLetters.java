package dev.carillon.delivery.redrive.usecase;

import dev.carillon.delivery.redrive.DeadLetters;
import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Begins and stops redrives. What they do is {@link RunRedrives}'. */
@ApplicationScoped
public class RedriveDeadLetters {
    /** What the wish to begin one came to. */
    public sealed interface Outcome {
        record Begun(Redrive job) implements Outcome {}

        /** Another one of the tenant ran when it was asked for; null when that has ended since. */
        record Running(@Nullable UUID other) implements Outcome {}

        /** The Idempotency-Key has decided already. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    /** What the wish to stop one came to. */
    public sealed interface Stop {
        /** It has ended, by this wish or before. */
        record Ended(Redrive job) implements Stop {}

        record NotFound() implements Stop {}

        /** The Idempotency-Key has decided already. */
        record Decided(Verdict verdict) implements Stop {}
    }

    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final Transactions transactions;
    private final RedriveStore redrives;
    private final RunRedrives runRedrives;
    private final EventIds ids;
    private final IdempotencyKeys keys;
    private final Traces traces;

    public RedriveDeadLetters(
            Transactions transactions,
            RedriveStore redrives,
            RunRedrives runRedrives,
            EventIds ids,
            IdempotencyKeys keys,
            Traces traces) {
        this.transactions = transactions;
        this.redrives = redrives;
        this.runRedrives = runRedrives;
        this.ids = ids;
        this.keys = keys;
        this.traces = traces;
    }

    /** Begins a job, unless one of the tenant runs: of two that are asked for at once one does. */
    public Uni<Outcome> begin(
            String tenant, DeadLetters which, int ratePerSecond, String by, IdempotencyKeys.@Nullable Key key) {
        var request = traces.current();
        return transactions.inTransaction(tx -> keys.once(
                tx,
                key,
                () -> begin(tx, tenant, which, ratePerSecond, by, request),
                RedriveDeadLetters::made,
                Outcome.Decided::new));
    }

    private Uni<Outcome> begin(
            Tx tx, String tenant, DeadLetters which, int ratePerSecond, String by, TraceContext request) {
        var now = runRedrives.now().truncatedTo(ChronoUnit.MICROS);
        return redrives.count(tx, tenant, which).chain(total -> {
            var job = Redrive.begun(ids.next(), tenant, which, ratePerSecond, total, by, now);
            return redrives.insert(tx, job, request)
                    .chain(begun -> begun
                            ? runRedrives.wake(tx, job.id(), now).replaceWith((Outcome) new Outcome.Begun(job))
                            : refused(tx, tenant));
        });
    }

    private Uni<Outcome> refused(Tx tx, String tenant) {
        return redrives.running(tx, tenant)
                .map(other -> new Outcome.Running(other.map(Redrive::id).orElse(null)));
    }

    private static Optional<IdempotencyKeys.Made> made(Outcome outcome) {
        return outcome instanceof Outcome.Begun(Redrive job)
                ? Optional.of(new IdempotencyKeys.Made(ACCEPTED, job.id()))
                : Optional.empty();
    }

    /** One that has ended stays as it is. */
    public Uni<Stop> stop(String tenant, UUID id, String by, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(
                tx -> keys.once(tx, key, () -> stop(tx, tenant, id, by), stop -> made(stop, id), Stop.Decided::new));
    }

    private static Optional<IdempotencyKeys.Made> made(Stop stop, UUID id) {
        return stop instanceof Stop.Ended ? Optional.of(new IdempotencyKeys.Made(OK, id)) : Optional.empty();
    }

    private Uni<Stop> stop(Tx tx, String tenant, UUID id, String by) {
        return redrives.lock(tx, tenant, id).chain(found -> found.map(job -> stop(tx, job, by))
                .orElseGet(() -> Uni.createFrom().item(new Stop.NotFound())));
    }

    private Uni<Stop> stop(Tx tx, Redrive job, String by) {
        if (!job.isRunning()) {
            return Uni.createFrom().item(new Stop.Ended(job));
        }
        var stopped = job.stopped(by, runRedrives.now());
        return redrives.save(tx, stopped)
                .chain(() -> runRedrives.letSleep(tx, job.id()))
                .replaceWith(new Stop.Ended(stopped));
    }
}
