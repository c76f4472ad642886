package dev.carillon.kit.stream;

import dev.carillon.kit.tx.Overloaded;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Shows things of one kind as they change, until they end. All that are watched share a few queries, four times a second while anybody watches, so that it
 * does not matter which instance made a change and thousands may watch.
 *
 * @param <S> a thing in a state
 */
public final class Watches<S> {
    private static final Logger LOG = Logger.getLogger(Watches.class);
    private static final long INTERVAL_MILLIS = 250;
    private static final int IN_A_QUERY = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What is known of a state. */
    public interface Shape<S> {
        String tenant(S state);

        UUID id(S state);

        /** Higher in each later state. */
        long version(S state);

        /** Whether no other state comes after it. */
        boolean isEnd(S state);
    }

    /** Finds those of these things that are in a later state than the version beside them, each in the state that it is in. */
    public interface Later<S> {
        Uni<List<S>> find(List<Map.Entry<UUID, Long>> seen);
    }

    /**
     * How many may watch at once.
     *
     * @param all in this instance
     * @param ofTenant of one tenant
     */
    public record Limits(int all, int ofTenant) {}

    /** @param seen the version that was shown last */
    private record Watcher<S>(
            Shape<S> shape, String tenant, UUID id, AtomicLong seen, MultiEmitter<? super S> emitter) {
        /** Each state once, and none after a later one; answers whether that was the last. */
        boolean show(S state) {
            long version = shape.version(state);
            long before = seen.getAndAccumulate(version, Math::max);
            if (before < version) {
                emitter.emit(state);
            }
            return shape.isEnd(state);
        }
    }

    private final Vertx vertx;
    private final Limits limits;
    private final Shape<S> shape;
    private final Later<S> later;
    private final Set<Watcher<S>> watchers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Counts those that are open in {@code carillon.streams.open}. */
    public Watches(Vertx vertx, Limits limits, Shape<S> shape, Later<S> later, MeterRegistry metrics) {
        this.vertx = vertx;
        this.limits = limits;
        this.shape = shape;
        this.later = later;
        metrics.gaugeCollectionSize("carillon.streams.open", List.of(), watchers);
    }

    /** @throws Overloaded when as many watch as may, in all or of one tenant */
    public void admit(String tenant) {
        if (watchers.size() >= limits.all) {
            throw new Overloaded("More than %d streams".formatted(limits.all));
        }
        long own = watchers.stream()
                .filter(watcher -> watcher.tenant.equals(tenant))
                .count();
        if (own >= limits.ofTenant) {
            throw new Overloaded("More than %d streams of %s".formatted(limits.ofTenant, tenant));
        }
    }

    /** The states of a thing that are later than {@code seen}, from {@code known} on, up to its end. */
    public Multi<S> states(S known, long seen) {
        return Multi.createFrom().emitter(emitter -> watch(known, seen, emitter), BackPressureStrategy.LATEST);
    }

    private void watch(S known, long seen, MultiEmitter<? super S> emitter) {
        var watcher = new Watcher<>(shape, shape.tenant(known), shape.id(known), new AtomicLong(seen), emitter);
        if (watcher.show(known)) {
            emitter.complete();
            return;
        }
        watchers.add(watcher);
        // Only now: whoever has left already is taken out at once, and would stay if it were added after that.
        emitter.onTermination(() -> watchers.remove(watcher));
        if (looking.compareAndSet(false, true)) {
            lookLater();
        }
    }

    /** Ends all streams; for a service that stops. */
    public void stop() {
        watchers.forEach(watcher -> watcher.emitter.complete());
    }

    private void lookLater() {
        vertx.setTimer(INTERVAL_MILLIS, timer -> look());
    }

    private void look() {
        if (watchers.isEmpty()) {
            looking.set(false);
            // One may have come between the two lines above.
            if (watchers.isEmpty() || !looking.compareAndSet(false, true)) {
                return;
            }
        }
        var seen = new HashMap<UUID, Long>();
        watchers.forEach(watcher -> seen.merge(watcher.id, watcher.seen.get(), Math::min));
        lookAt(new ArrayList<>(seen.entrySet()))
                .onTermination()
                .invoke(this::lookLater)
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf("What is watched was not read, tried again: %s", failure.getMessage()));
    }

    private Uni<Void> lookAt(List<Map.Entry<UUID, Long>> seen) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (int from = 0; from < seen.size(); from += IN_A_QUERY) {
            var some = seen.subList(from, Math.min(seen.size(), from + IN_A_QUERY));
            all = all.chain(() -> later.find(some).ifNoItem().after(PATIENCE).fail())
                    .invoke(this::show)
                    .replaceWithVoid();
        }
        return all;
    }

    private void show(List<S> found) {
        var states = new HashMap<UUID, S>();
        found.forEach(one -> states.put(shape.id(one), one));
        watchers.forEach(watcher -> {
            var state = states.get(watcher.id);
            if (state != null && watcher.show(state)) {
                watcher.emitter.complete();
            }
        });
    }
}
