package dev.carillon.kit.tx;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Lets concurrent requests share a transaction: while some groups are being committed, what arrives waits and forms the next group, so that the
 * cost of a commit is divided by the load and an idle system adds no wait. Each request is answered after its group's commit, with its own
 * result, on the context that asked. When a group fails, its items are tried one by one, so that only the guilty one fails.
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
        commit.apply(group.stream().map(Waiting::request).toList())
                .subscribe()
                .with(results -> answer(group, results), failure -> fail(group, failure));
    }

    private void answer(List<Waiting<T, R>> group, List<R> results) {
        groupEnded();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).complete(results.get(i));
        }
    }

    private void fail(List<Waiting<T, R>> group, Throwable failure) {
        groupEnded();
        if (group.size() == 1) {
            group.getFirst().fail(failure);
        } else {
            group.forEach(waiting -> commit.apply(List.of(waiting.request))
                    .subscribe()
                    .with(results -> waiting.complete(results.getFirst()), waiting::fail));
        }
    }

    private void groupEnded() {
        synchronized (queue) {
            running--;
        }
        startGroups();
    }

    private record Waiting<T, R>(
            T request,
            UniEmitter<R> emitter,
            @org.jspecify.annotations.Nullable Context caller) {
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
