package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accepts recurring schedules. */
@ApplicationScoped
public class CreateSchedule {
    /** What a request came to. */
    public sealed interface Outcome {
        record Created(TracedSchedule schedule) implements Outcome {}

        /** The key was seen before; nothing was created. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final ScheduleStore schedules;
    private final FireSchedules fireSchedules;

    public CreateSchedule(
            Transactions transactions, IdempotencyKeys keys, ScheduleStore schedules, FireSchedules fireSchedules) {
        this.transactions = transactions;
        this.keys = keys;
        this.schedules = schedules;
        this.fireSchedules = fireSchedules;
    }

    public Uni<Outcome> create(TracedSchedule schedule, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? createFresh(tx, schedule, key)
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> createFresh(Tx tx, TracedSchedule traced, IdempotencyKeys.@Nullable Key key) {
        var answered = key == null
                ? List.<IdempotencyKeys.Answered>of()
                : List.of(new IdempotencyKeys.Answered(key, 201, traced.id()));
        return schedules
                .insert(tx, traced)
                .chain(() ->
                        fireSchedules.wake(tx, traced.id(), traced.schedule().decidedUntil()))
                .chain(() -> keys.remember(tx, answered))
                .replaceWith(new Outcome.Created(traced));
    }
}
