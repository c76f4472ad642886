package dev.carillon.kit.tx;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent requests share a transaction: while some groups are being committed, what arrives waits and forms the next group, so that the
 * cost of a commit is divided by the load and an idle system adds no wait. Each request is answered after its group's commit, with its own
 * result, on the context that asked. When a group fails for a reason of its data, its items are tried one by one, so that only the guilty one fails;
 * when the database is away, all of them fail at once.
 *
 * @param <T> a request
 * @param <R> its result
 */
public final class GroupCommit<T, R> {
    private final Vertx vertx;
    private final int largestGroup;
    private final int concurrentGroups;
    private final Function<List<T>, Uni<List<R>>> commit;
    private final ArrayDeque<Waiting<T, R>> queue = new ArrayDeque<>();
    private int running;

    /** @param commit commits one group and gives one result for each of its items, in their order */
    public GroupCommit(Vertx vertx, int largestGroup, int concurrentGroups, Function<List<T>, Uni<List<R>>> commit) {
        this.vertx = vertx;
        this.largestGroup = largestGroup;
        this.concurrentGroups = concurrentGroups;
        this.commit = commit;
    }

    /** The result of {@code request}, once the group that it became part of has committed. */
    public Uni<R> submit(T request) {
        return Uni.createFrom().emitter(emitter -> {
            var caller = Vertx.currentContext();
            @SuppressWarnings("unchecked")
            var typed = (UniEmitter<R>) emitter;
            synchronized (queue) {
                queue.add(new Waiting<>(request, typed, caller));
            }
            startGroups();
        });
    }

    private void startGroups() {
        while (true) {
            List<Waiting<T, R>> group;
            synchronized (queue) {
                if (queue.isEmpty() || running >= concurrentGroups) {
                    return;
                }
                running++;
                group = nextGroup();
            }
            // A context of its own: a group belongs to none of its requests, so it must not run inside the trace of
            // one.
            ((ContextInternal) vertx.getOrCreateContext())
                    .unwrap()
                    .duplicate()
                    .runOnContext(ignored -> commitGroup(group));
        }
    }

    private List<Waiting<T, R>> nextGroup() {
        var group = new ArrayList<Waiting<T, R>>(Math.min(queue.size(), largestGroup));
        while (group.size() < largestGroup && !queue.isEmpty()) {
            group.add(queue.poll());
        }
        return group;
    }

    private void commitGroup(List<Waiting<T, R>> group) {
        committed(group.stream().map(Waiting::request).toList())
                .subscribe()
                .with(results -> answer(group, results), failure -> fail(group, failure));
    }

    /** Whatever {@code commit} throws becomes a failure, or the group would never end. */
    private Uni<List<R>> committed(List<T> requests) {
        return Uni.createFrom().deferred(() -> commit.apply(requests));
    }

    private void answer(List<Waiting<T, R>> group, List<R> results) {
        groupEnded();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).complete(results.get(i));
        }
    }

    private void fail(List<Waiting<T, R>> group, Throwable failure) {
        if (group.size() == 1 || Outages.isOutage(failure)) {
            groupEnded();
            group.forEach(waiting -> waiting.fail(failure));
        } else {
            Multi.createFrom()
                    .iterable(group)
                    .onItem()
                    .transformToUniAndConcatenate(this::commitAlone)
                    .onTermination()
                    .invoke(this::groupEnded)
                    .subscribe()
                    .with(answered -> {});
        }
    }

    private Uni<Boolean> commitAlone(Waiting<T, R> waiting) {
        return committed(List.of(waiting.request))
                .invoke(results -> waiting.complete(results.getFirst()))
                .replaceWith(true)
                .onFailure()
                .recoverWithItem(failure -> {
                    waiting.fail(failure);
                    return false;
                });
    }

    private void groupEnded() {
        synchronized (queue) {
            running--;
        }
        startGroups();
    }

    private record Waiting<T, R>(
            T request, UniEmitter<R> emitter, @Nullable Context caller) {
        void complete(R result) {
            onCaller(() -> emitter.complete(result));
        }

        void fail(Throwable failure) {
            onCaller(() -> emitter.fail(failure));
        }

        private void onCaller(Runnable answer) {
            if (caller == null) {
                answer.run();
            } else {
                caller.runOnContext(ignored -> answer.run());
            }
        }
    }
}
