package dev.carillon.kit.tx;

import dev.carillon.kit.telemetry.Statements;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent requests share a transaction: while some groups are being committed, what arrives waits and forms the next group, so that the
 * cost of a commit is divided by the load and an idle system adds no wait, unless it is told to gather first. Each request is answered after its group's commit, with its own
 * result, on the context that asked. When a group fails for a reason of its data, its items are tried one by one, so that only the guilty one fails;
 * when the database is away, all of them fail at once. Bounded: what is too much to wait for is refused with {@link Overloaded}, a group that takes
 * longer than its patience fails as an outage does, and a request whose caller has gone before its turn is left out. A group of several has a span
 * in a trace of its own, which links to what each of its requests came of, and its statements are part of it; those of a lone request are part of what it came of.
 * A group's statements count for each of its requests, since each waits for all.
 *
 * @param <T> a request
 * @param <R> its result
 */
public final class GroupCommit<T, R> {
    private final Vertx vertx;
    private final Traces traces;
    private final String name;
    private final Limits limits;
    private final Function<List<T>, Uni<List<R>>> commit;
    private final ArrayDeque<Waiting<T, R>> queue = new ArrayDeque<>();
    private int running;
    private boolean gathering;

    /**
     * @param largestGroup how many requests share a commit at most
     * @param concurrentGroups how many groups are committed at once
     * @param longestQueue how many requests wait at most; more are refused
     * @param patience how long a commit may take
     * @param gather how long the first of a group waits for others, unless the group is full before
     */
    public record Limits(int largestGroup, int concurrentGroups, int longestQueue, Duration patience, Duration gather) {
        public static Limits of(int largestGroup, int concurrentGroups) {
            return new Limits(largestGroup, concurrentGroups, 10_000, Duration.ofSeconds(10), Duration.ZERO);
        }

        public Limits withLongestQueue(int longest) {
            return new Limits(largestGroup, concurrentGroups, longest, patience, gather);
        }

        /** For what nobody waits for: fewer and larger commits, each somewhat later. */
        public Limits gathering(Duration time) {
            return new Limits(largestGroup, concurrentGroups, longestQueue, patience, time);
        }
    }

    /**
     * @param name what is committed, for the spans of groups
     * @param commit commits one group and gives one result for each of its items, in their order
     */
    public GroupCommit(Vertx vertx, Traces traces, String name, Limits limits, Function<List<T>, Uni<List<R>>> commit) {
        this.vertx = vertx;
        this.traces = traces;
        this.name = name;
        this.limits = limits;
        this.commit = commit;
    }

    /** The result of {@code request}, once the group that it became part of has committed. */
    public Uni<R> submit(T request) {
        return Uni.createFrom().deferred(() -> submit(request, traces.current()));
    }

    /** As {@link #submit(Object)}, for what does not come of the span that is active. */
    public Uni<R> submit(T request, TraceContext cause) {
        return Asker.ask(asker -> {
            if (enqueue(new Waiting<>(request, cause, asker, Statements.current()))) {
                startGroupsWhenGathered();
            } else {
                asker.fail(new Overloaded("More than %d requests wait to be committed".formatted(limits.longestQueue)));
            }
        });
    }

    private boolean enqueue(Waiting<T, R> waiting) {
        synchronized (queue) {
            return queue.size() < limits.longestQueue && queue.add(waiting);
        }
    }

    private void startGroupsWhenGathered() {
        synchronized (queue) {
            if (limits.gather.isPositive() && queue.size() < limits.largestGroup) {
                if (!gathering && !queue.isEmpty()) {
                    gathering = true;
                    vertx.setTimer(Math.max(1, limits.gather.toMillis()), timer -> startGathered());
                }
                return;
            }
        }
        startGroups();
    }

    private void startGathered() {
        synchronized (queue) {
            gathering = false;
        }
        startGroups();
    }

    private void startGroups() {
        while (true) {
            List<Waiting<T, R>> group;
            synchronized (queue) {
                if (running >= limits.concurrentGroups) {
                    return;
                }
                group = nextGroup();
                if (group.isEmpty()) {
                    return;
                }
                running++;
            }
            // A context of its own: a group of several belongs to none of its requests, so it must not run inside the
            // trace of whichever had it start.
            var own = ((ContextInternal) vertx.getOrCreateContext()).unwrap().duplicate();
            var sent = Statements.begin(own);
            own.runOnContext(ignored -> commitGroup(group, sent));
        }
    }

    private List<Waiting<T, R>> nextGroup() {
        var group = new ArrayList<Waiting<T, R>>(Math.min(queue.size(), limits.largestGroup));
        while (group.size() < limits.largestGroup && !queue.isEmpty()) {
            var next = queue.remove();
            if (!next.asker.isGone()) {
                group.add(next);
            }
        }
        return group;
    }

    private void commitGroup(List<Waiting<T, R>> group, Statements sent) {
        committed(group.stream().map(Waiting::request).toList())
                .plug(work -> group.size() == 1 ? traces.within(group.getFirst().cause, work) : inSpan(group, work))
                .subscribe()
                .with(results -> answer(group, results, sent), failure -> fail(group, failure, sent));
    }

    private Uni<List<R>> inSpan(List<Waiting<T, R>> group, Uni<List<R>> work) {
        var span = traces.startLinked(
                        "commit " + name,
                        SpanKind.INTERNAL,
                        TraceContext.NONE,
                        group.stream().map(Waiting::cause).toList())
                .setAttribute("carillon.group.size", group.size());
        return traces.within(
                span,
                work.onFailure()
                        .invoke(failure -> span.setStatus(
                                StatusCode.ERROR, failure.getClass().getSimpleName()))
                        .onTermination()
                        .invoke(() -> span.end()));
    }

    /** Whatever {@code commit} throws becomes a failure, or the group would never end. */
    private Uni<List<R>> committed(List<T> requests) {
        return Uni.createFrom()
                .deferred(() -> commit.apply(requests))
                .ifNoItem()
                .after(limits.patience)
                .fail();
    }

    private void answer(List<Waiting<T, R>> group, List<R> results, Statements sent) {
        groupEnded();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).complete(results.get(i), sent);
        }
    }

    private void fail(List<Waiting<T, R>> group, Throwable failure, Statements sent) {
        if (group.size() == 1 || Outages.isOutage(failure)) {
            groupEnded();
            group.forEach(waiting -> waiting.fail(failure, sent));
        } else {
            var outage = new AtomicReference<@Nullable Throwable>();
            Multi.createFrom()
                    .iterable(group)
                    .onItem()
                    .transformToUniAndConcatenate(
                            waiting -> Uni.createFrom().deferred(() -> commitAlone(waiting, outage, sent)))
                    .onTermination()
                    .invoke(this::groupEnded)
                    .subscribe()
                    .with(answered -> {});
        }
    }

    /** @param outage what has ended the trying, if anything: the rest then need not wait for the same */
    private Uni<Boolean> commitAlone(
            Waiting<T, R> waiting, AtomicReference<@Nullable Throwable> outage, Statements sent) {
        var ended = outage.get();
        if (ended != null || waiting.asker.isGone()) {
            waiting.fail(ended == null ? new CancellationException("Nobody waits any more") : ended, sent);
            return Uni.createFrom().item(false);
        }
        return traces.within(waiting.cause, committed(List.of(waiting.request)))
                .invoke(results -> waiting.complete(results.getFirst(), sent))
                .replaceWith(true)
                .onFailure()
                .recoverWithItem(failure -> {
                    outage.set(Outages.isOutage(failure) ? failure : null);
                    waiting.fail(failure, sent);
                    return false;
                });
    }

    private void groupEnded() {
        synchronized (queue) {
            running--;
        }
        startGroupsWhenGathered();
    }

    private record Waiting<T, R>(T request, TraceContext cause, Asker<R> asker, Statements statements) {
        /** @param sent by its group until now */
        void complete(R result, Statements sent) {
            statements.add(sent.sum());
            asker.complete(result);
        }

        /** As {@link #complete}. */
        void fail(Throwable failure, Statements sent) {
            statements.add(sent.sum());
            asker.fail(failure);
        }
    }
}
