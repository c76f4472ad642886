package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.GroupCommit;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepts messages. Those that come at the same time share a commit; one whose instant is nearer than the lead is handed over to delivery in the
 * same transaction.
 */
@ApplicationScoped
public class ScheduleMessage {
    // A batch is a transaction of its own; these bounds are those of the memory that batches of 4 MiB take.
    private static final GroupCommit.Limits BATCHES =
            GroupCommit.Limits.of(1, 2).withLongestQueue(20);

    /** A validated message and the key that its request came with. */
    public record Request(TracedMessage message, IdempotencyKeys.@Nullable Key key) {}

    /** What a request came to. */
    public sealed interface Outcome {
        record Scheduled(TracedMessage message) implements Outcome {}

        /** The key was seen before; nothing was scheduled, unless the verdict is that this very request was. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final NewMessages newMessages;
    private final Staging staging;
    private final GroupCommit<Request, Outcome> groups;
    private final GroupCommit<List<Request>, List<Outcome>> batches;

    public ScheduleMessage(
            Vertx vertx,
            Traces traces,
            SchedulerSettings settings,
            Transactions transactions,
            IdempotencyKeys keys,
            NewMessages newMessages,
            Staging staging) {
        this.transactions = transactions;
        this.keys = keys;
        this.newMessages = newMessages;
        this.staging = staging;
        this.groups = new GroupCommit<>(
                vertx,
                traces,
                "messages",
                GroupCommit.Limits.of(settings.createGroup(), settings.createGroups())
                        .withLongestQueue(settings.createQueue()),
                this::commit);
        this.batches =
                new GroupCommit<>(vertx, traces, "batches of messages", BATCHES, batch -> commit(batch.getFirst())
                        .map(List::of));
    }

    public Uni<Outcome> schedule(TracedMessage message, IdempotencyKeys.@Nullable Key key) {
        return groups.submit(new Request(message, key));
    }

    /** All in one commit: one outcome for each, in their order. */
    public Uni<List<Outcome>> schedule(List<Request> batch) {
        return batch.isEmpty() ? Uni.createFrom().item(List.of()) : batches.submit(batch);
    }

    /** What each key says about its request, without scheduling anything. */
    public Uni<List<Verdict>> judge(List<IdempotencyKeys.Key> presented) {
        return presented.isEmpty()
                ? Uni.createFrom().item(List.of())
                : transactions.inTransaction(tx -> keys.judge(
                        tx,
                        presented.stream()
                                .<IdempotencyKeys.@Nullable Key>map(key -> key)
                                .toList()));
    }

    private Uni<List<Outcome>> commit(List<Request> group) {
        return transactions.inTransaction(tx -> keys.judge(
                        tx,
                        group.stream()
                                .<IdempotencyKeys.@Nullable Key>map(Request::key)
                                .toList())
                .chain(verdicts -> create(tx, group, verdicts)));
    }

    private Uni<List<Outcome>> create(Tx tx, List<Request> group, List<Verdict> verdicts) {
        var now = staging.now();
        var outcomes = new ArrayList<Outcome>(group.size());
        var created = new ArrayList<TracedMessage>();
        var answered = new ArrayList<IdempotencyKeys.Answered>();
        for (int i = 0; i < group.size(); i++) {
            if (!(verdicts.get(i) instanceof Verdict.Fresh)) {
                outcomes.add(new Outcome.Decided(verdicts.get(i)));
                continue;
            }
            var message = newMessages.asAccepted(group.get(i).message, now);
            created.add(message);
            outcomes.add(new Outcome.Scheduled(message));
            var key = group.get(i).key;
            if (key != null) {
                answered.add(new IdempotencyKeys.Answered(key, 201, message.id()));
            }
        }
        return newMessages
                .add(tx, created, now)
                .chain(() -> keys.remember(tx, answered))
                .replaceWith(outcomes);
    }
}
