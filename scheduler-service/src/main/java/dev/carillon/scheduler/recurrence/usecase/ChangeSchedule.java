package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes, pauses, resumes and deletes schedules. What is due up to the change's instant belongs to the schedule as it was, what is due after it to
 * the schedule as it is then: messages that were made ahead are withdrawn.
 */
@ApplicationScoped
public class ChangeSchedule {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(TracedSchedule schedule) implements Outcome {}

        record Deleted() implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}

        /** Nothing is left of it that could be paused or resumed. */
        record Ended() implements Outcome {}

        /** More is late than one transaction fires; it will be in a moment. */
        record CatchingUp() implements Outcome {}

        record Decided(Verdict verdict) implements Outcome {}
    }

    /**
     * Which schedule is meant.
     *
     * @param revision the one that the client means; null for any
     */
    public record Target(String tenant, UUID id, @Nullable Integer revision) {}

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final ScheduleStore schedules;
    private final RunSchedules runSchedules;
    private final FireSchedules fireSchedules;
    private final WithdrawRuns withdrawRuns;
    private final Staging staging;

    public ChangeSchedule(
            Transactions transactions,
            IdempotencyKeys keys,
            ScheduleStore schedules,
            RunSchedules runSchedules,
            FireSchedules fireSchedules,
            WithdrawRuns withdrawRuns,
            Staging staging) {
        this.transactions = transactions;
        this.keys = keys;
        this.schedules = schedules;
        this.runSchedules = runSchedules;
        this.fireSchedules = fireSchedules;
        this.withdrawRuns = withdrawRuns;
        this.staging = staging;
    }

    /** @param lastAt the instant after which {@code later} has no occurrence */
    public Uni<Outcome> change(Target target, Definition later, @Nullable Instant lastAt) {
        return transactions.inTransaction(tx -> locked(
                tx, target, found -> settled(tx, found, (schedule, now) -> schedule.changed(later, lastAt, now))));
    }

    /** One that is paused already stays as it is. */
    public Uni<Outcome> pause(Target target, IdempotencyKeys.@Nullable Key key) {
        return keyed(target, key, (tx, found) -> switch (found.schedule().state()) {
            case ACTIVE -> settled(tx, found, RecurringSchedule::paused);
            case PAUSED -> Uni.createFrom().item(new Outcome.Changed(found));
            case ENDED -> Uni.createFrom().item(new Outcome.Ended());
        });
    }

    /** One that is not paused stays as it is. */
    public Uni<Outcome> resume(Target target, IdempotencyKeys.@Nullable Key key) {
        return keyed(target, key, (tx, found) -> switch (found.schedule().state()) {
            case ACTIVE -> Uni.createFrom().item(new Outcome.Changed(found));
            case PAUSED -> resumed(tx, found);
            case ENDED -> Uni.createFrom().item(new Outcome.Ended());
        });
    }

    public Uni<Outcome> delete(Target target) {
        return transactions.inTransaction(tx -> locked(tx, target, found -> withdrawRuns
                .forGood(tx, found.id(), staging.now())
                .chain(() -> schedules.delete(tx, found.id()))
                .chain(() -> fireSchedules.letSleep(tx, found.id()))
                .replaceWith(new Outcome.Deleted())));
    }

    private Uni<Outcome> keyed(
            Target target, IdempotencyKeys.@Nullable Key key, BiFunction<Tx, TracedSchedule, Uni<Outcome>> act) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? locked(tx, target, found -> act.apply(tx, found))
                                .call(outcome -> remember(tx, target, outcome, key))
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> locked(Tx tx, Target target, Function<TracedSchedule, Uni<Outcome>> act) {
        return schedules.lock(tx, target.tenant, target.id).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Outcome.NotFound());
            }
            int actual = found.get().schedule().revision();
            return target.revision != null && target.revision != actual
                    ? Uni.createFrom().item(new Outcome.OtherRevision(actual))
                    : act.apply(found.get());
        });
    }

    /** First everything up to now is decided as the schedule was. */
    private Uni<Outcome> settled(
            Tx tx, TracedSchedule found, BiFunction<RecurringSchedule, Instant, RecurringSchedule> change) {
        var now = staging.now();
        return runSchedules
                .run(tx, List.of(found), now, now)
                .chain(turned -> turned.behind().contains(found.id())
                        ? Uni.createFrom().item(new Outcome.CatchingUp())
                        : withdrawRuns
                                .forThisOnce(tx, found.id(), now)
                                .chain(() -> saved(tx, found.with(change.apply(found.schedule(), now)), now)));
    }

    /** What came during the pause is skipped, what the pause had called back from delivery included. */
    private Uni<Outcome> resumed(Tx tx, TracedSchedule found) {
        var now = staging.now();
        return withdrawRuns
                .skip(tx, found.id(), now)
                .chain(() -> saved(tx, found.with(found.schedule().resumed(now)), now));
    }

    private Uni<Outcome> saved(Tx tx, TracedSchedule changed, Instant now) {
        boolean active = changed.schedule().state() == State.ACTIVE;
        return schedules
                .save(tx, changed.schedule())
                .chain(() ->
                        active ? fireSchedules.wake(tx, changed.id(), now) : fireSchedules.letSleep(tx, changed.id()))
                .replaceWith(new Outcome.Changed(changed));
    }

    private Uni<Void> remember(Tx tx, Target target, Outcome outcome, IdempotencyKeys.@Nullable Key key) {
        return key == null || !(outcome instanceof Outcome.Changed)
                ? Uni.createFrom().voidItem()
                : keys.remember(tx, List.of(new IdempotencyKeys.Answered(key, 200, target.id)));
    }
}
