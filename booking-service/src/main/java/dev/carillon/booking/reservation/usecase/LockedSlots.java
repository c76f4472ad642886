package dev.carillon.booking.reservation.usecase;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Asker;
import dev.carillon.kit.tx.GroupCommit;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait for what others have locked, so that who needs something else does not wait with them. What is locked has a line. All who stand in a line
 * share a transaction, one after another, so that none keeps one slot while it waits for another. The first waits for a moment: most locks are gone by then.
 * Only a line that did not get its lock so waits for long, and few do so at once, for each keeps a connection; the others wait for their turn.
 *
 * <pre>
 *   (none) ──somebody comes──> SHORT ──got it──> (none), or SHORT again for who has come meanwhile
 *                               └──locked──> STUCK ──got it──> as above
 *                                              └──locked──> (none): all who stand there are told, and it is remembered for a while
 * </pre>
 *
 * <p>Nobody waits for much longer than the patience, and there are never more who wait, or who are remembered, than the limits say. A transaction that fails
 * is the failure of those whom it was for. Each is answered on the context that asked.
 *
 * @param <T> a request
 * @param <R> its result
 */
final class LockedSlots<T, R> {
    private static final int MOST_REMEMBERED = 1_000;

    /**
     * What others may have locked.
     *
     * @param customer whose bookings of the slot's resource are meant; null for the slot itself
     */
    record Need(UUID slotId, @Nullable String customer) {}

    /** Does what the requests of a line want, in one transaction. */
    @FunctionalInterface
    interface Commit<T, R> {
        /**
         * One result for each, in their order; empty where others still have {@code need} locked.
         *
         * @param longest how long a lock is waited for
         */
        Uni<List<Optional<R>>> commit(Need need, List<T> requests, Duration longest);
    }

    /**
     * @param most how many requests wait, in all lines together
     * @param longestLine how many stand in one line
     * @param atOnce how many lines wait shortly at once; as many others may wait for long
     * @param shortWait how long that is
     * @param patience how long a request waits in all
     * @param memory how long it is remembered that something could not be had
     */
    record Limits(int most, int longestLine, int atOnce, Duration shortWait, Duration patience, Duration memory) {}

    private final Vertx vertx;
    private final Limits limits;
    private final Commit<T, R> commit;
    private final GroupCommit<Line<T, R>, List<Optional<R>>> shortTurns;
    private final GroupCommit<Line<T, R>, List<Optional<R>>> longTurns;
    private final Map<Need, Line<T, R>> lines = new HashMap<>();
    private final Map<Need, Long> remembered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Need, Long> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private int waiting;

    /** @param name what is committed, for the spans of transactions */
    LockedSlots(Vertx vertx, Traces traces, String name, Limits limits, Commit<T, R> commit) {
        this.vertx = vertx;
        this.limits = limits;
        this.commit = commit;
        this.shortTurns = turns(traces, name);
        this.longTurns = turns(traces, name);
    }

    /** A line each: so one that fails is not tried again request by request. */
    private GroupCommit<Line<T, R>, List<Optional<R>>> turns(Traces traces, String name) {
        return new GroupCommit<>(
                vertx,
                traces,
                name,
                GroupCommit.Limits.of(1, limits.atOnce).withLongestQueue(limits.most),
                turn -> serve(turn.getFirst()).map(List::of));
    }

    /** Whether it could not be had a moment ago, or is waited for by some who could not have it: trying would be waiting. */
    boolean isLocked(Need need) {
        synchronized (lines) {
            var line = lines.get(need);
            return line != null && line.isStuck || isRemembered(need);
        }
    }

    private boolean isRemembered(Need need) {
        var until = remembered.get(need);
        return until != null && System.nanoTime() - until < 0;
    }

    /** Whether one more may wait for it. */
    boolean hasRoomFor(Need need) {
        synchronized (lines) {
            var line = lines.get(need);
            return waiting < limits.most && (line == null || line.length() < limits.longestLine);
        }
    }

    /** Whether one of those waits whom {@code who} means. */
    boolean awaitsAny(Predicate<T> who) {
        synchronized (lines) {
            return lines.values().stream()
                    .flatMap(line -> Stream.concat(line.served.stream(), line.queue.stream()))
                    .anyMatch(one -> who.test(one.request));
        }
    }

    /** The result of {@code request}, or empty: others have it locked for longer than is waited, or as many wait already as may. */
    Uni<Optional<R>> await(Need need, T request) {
        return Asker.ask(asker -> {
            if (!joins(need, new Waiting<>(request, asker, System.nanoTime()))) {
                asker.complete(Optional.empty());
            }
        });
    }

    private boolean joins(Need need, Waiting<T, R> one) {
        synchronized (lines) {
            if (!hasRoomFor(need)) {
                return false;
            }
            var line = lines.computeIfAbsent(need, Line::new);
            line.queue.add(one);
            waiting++;
            if (!line.hasTurn) {
                line.hasTurn = true;
                giveTurn(line);
            }
            vertx.setTimer(limits.patience.toMillis(), timer -> giveUp(line, one));
            return true;
        }
    }

    /** Its turn has not come in time. */
    private void giveUp(Line<T, R> line, Waiting<T, R> one) {
        synchronized (lines) {
            if (!line.queue.remove(one)) {
                return;
            }
            waiting--;
        }
        one.asker.complete(Optional.empty());
    }

    /** A line is of several requests, and not of the one that has it begin. */
    private void giveTurn(Line<T, R> line) {
        (line.isStuck ? longTurns : shortTurns)
                .submit(line, TraceContext.NONE)
                .subscribe()
                .with(results -> served(line, results), failure -> failed(line, failure));
    }

    private Uni<List<Optional<R>>> serve(Line<T, R> line) {
        List<T> requests;
        Duration longest;
        synchronized (lines) {
            waiting -= line.beginToServe();
            requests = line.served.stream().map(Waiting::request).toList();
            longest = line.isStuck ? leftOf(line.served) : limits.shortWait;
        }
        return requests.isEmpty() ? Uni.createFrom().item(List.of()) : commit.commit(line.need, requests, longest);
    }

    /** Of the patience of who has waited longest. */
    private Duration leftOf(List<Waiting<T, R>> served) {
        var left = served.isEmpty()
                ? Duration.ZERO
                : limits.patience.minusNanos(System.nanoTime() - served.getFirst().since);
        return left.compareTo(limits.shortWait) < 0 ? limits.shortWait : left;
    }

    private boolean isOver(Waiting<T, R> one) {
        return System.nanoTime() - one.since >= limits.patience.toNanos();
    }

    private void served(Line<T, R> line, List<Optional<R>> results) {
        var answers = new ArrayList<Runnable>();
        synchronized (lines) {
            var locked = new ArrayList<Waiting<T, R>>();
            for (int i = 0; i < results.size(); i++) {
                var one = line.served.get(i);
                var result = results.get(i);
                if (result.isPresent()) {
                    answers.add(() -> one.asker.complete(result));
                } else {
                    locked.add(one);
                }
            }
            line.served = List.of();
            if (results.isEmpty()) {
                line.isStuck = false;
            } else if (locked.isEmpty()) {
                line.isStuck = false;
                remembered.remove(line.need);
            } else if (line.isStuck) {
                locked.addAll(line.queue);
                line.queue.clear();
                locked.forEach(one -> answers.add(() -> one.asker.complete(Optional.empty())));
                remember(line.need);
            } else {
                line.isStuck = true;
                for (var one : locked.reversed()) {
                    // Whose patience has ended meanwhile: nobody would tell them while they wait for another turn.
                    if (isOver(one)) {
                        answers.add(() -> one.asker.complete(Optional.empty()));
                    } else {
                        line.queue.addFirst(one);
                    }
                }
            }
            waiting -= answers.size();
            goOn(line);
        }
        answers.forEach(Runnable::run);
    }

    /** As the latest; what is remembered for longest is forgotten first. */
    private void remember(Need need) {
        remembered.remove(need);
        remembered.put(need, System.nanoTime() + limits.memory.toNanos());
    }

    private void failed(Line<T, R> line, Throwable failure) {
        List<Waiting<T, R>> all;
        synchronized (lines) {
            if (line.served.isEmpty()) {
                waiting -= line.beginToServe();
            }
            all = line.served;
            line.served = List.of();
            waiting -= all.size();
            goOn(line);
        }
        all.forEach(one -> one.asker.fail(failure));
    }

    private void goOn(Line<T, R> line) {
        if (line.queue.isEmpty()) {
            lines.remove(line.need);
        } else {
            giveTurn(line);
        }
    }

    /** Who waits for one thing. Guarded by the lock of all lines. */
    private static final class Line<T, R> {
        private final Need need;
        private final ArrayDeque<Waiting<T, R>> queue = new ArrayDeque<>();
        private List<Waiting<T, R>> served = List.of();
        private boolean hasTurn;
        private boolean isStuck;

        private Line(Need need) {
            this.need = need;
        }

        private int length() {
            return served.size() + queue.size();
        }

        /** Whose callers have gone are left out, and counted. */
        private int beginToServe() {
            int all = queue.size();
            served = queue.stream().filter(one -> !one.asker.isGone()).toList();
            queue.clear();
            return all - served.size();
        }
    }

    private record Waiting<T, R>(T request, Asker<Optional<R>> asker, long since) {}
}
