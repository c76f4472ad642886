package dev.carillon.delivery.redrive.usecase;

import dev.carillon.delivery.redrive.DeadLetters;
import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
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

    private static final int ACCEPTED = 202;

    private final Transactions transactions;
    private final RedriveStore redrives;
    private final RunRedrives runRedrives;
    private final EventIds ids;
    private final IdempotencyKeys keys;

    public RedriveDeadLetters(
            Transactions transactions,
            RedriveStore redrives,
            RunRedrives runRedrives,
            EventIds ids,
            IdempotencyKeys keys) {
        this.transactions = transactions;
        this.redrives = redrives;
        this.runRedrives = runRedrives;
        this.ids = ids;
        this.keys = keys;
    }

    /** Begins a job, unless one of the tenant runs: of two that are asked for at once one does. */
    public Uni<Outcome> begin(
            String tenant, DeadLetters which, int ratePerSecond, String by, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? beginFresh(tx, tenant, which, ratePerSecond, by, key)
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> beginFresh(
            Tx tx, String tenant, DeadLetters which, int ratePerSecond, String by, IdempotencyKeys.@Nullable Key key) {
        var now = runRedrives.now().truncatedTo(ChronoUnit.MICROS);
        return redrives.count(tx, tenant, which).chain(total -> {
            var job = Redrive.begun(ids.next(), tenant, which, ratePerSecond, total, by, now);
            return redrives.insert(tx, job)
                    .chain(begun -> begun
                            ? runRedrives
                                    .wake(tx, job.id(), now)
                                    .chain(() -> remember(tx, job, key))
                                    .replaceWith((Outcome) new Outcome.Begun(job))
                            : refused(tx, tenant));
        });
    }

    private Uni<Outcome> refused(Tx tx, String tenant) {
        return redrives.running(tx, tenant)
                .map(other -> new Outcome.Running(other.map(Redrive::id).orElse(null)));
    }

    private Uni<Void> remember(Tx tx, Redrive job, IdempotencyKeys.@Nullable Key key) {
        return key == null
                ? Uni.createFrom().voidItem()
                : keys.remember(tx, List.of(new IdempotencyKeys.Answered(key, ACCEPTED, job.id())));
    }

    /** The job as it is then; one that has ended stays as it is. Empty when the tenant has none of this id. */
    public Uni<Optional<Redrive>> stop(String tenant, UUID id, String by) {
        return transactions.inTransaction(
                tx -> redrives.lock(tx, tenant, id).chain(found -> found.filter(Redrive::isRunning)
                        .map(job -> stop(tx, job, by))
                        .orElseGet(() -> Uni.createFrom().item(found))));
    }

    private Uni<Optional<Redrive>> stop(Tx tx, Redrive job, String by) {
        var stopped = job.stopped(by, runRedrives.now());
        return redrives.save(tx, stopped)
                .chain(() -> runRedrives.letSleep(tx, job.id()))
                .replaceWith(Optional.of(stopped));
    }
}
