package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.tx.Overloaded;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
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
 * Shows messages as they change, until they end. All that are watched share a few queries, four times a second while anybody watches, so that it
 * does not matter which instance made a change and thousands may watch. A watcher that reads slowly misses states in between, never the last one.
 */
@ApplicationScoped
public class WatchMessages {
    private static final Logger LOG = Logger.getLogger(WatchMessages.class);
    private static final long INTERVAL_MILLIS = 250;
    private static final int IN_A_QUERY = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final MessageStore messages;
    private final SchedulerSettings settings;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param seen the version that was shown last */
    private record Watcher(String tenant, UUID id, AtomicLong seen, MultiEmitter<? super TracedMessage> emitter) {
        /** Each state once, and none after a later one; answers whether that was the last. */
        boolean show(TracedMessage state) {
            long before = seen.getAndAccumulate(state.message().version(), Math::max);
            if (before < state.message().version()) {
                emitter.emit(state);
            }
            return state.message().status().isEnd();
        }
    }

    public WatchMessages(Vertx vertx, MessageStore messages, SchedulerSettings settings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.messages = messages;
        this.settings = settings;
        metrics.gaugeCollectionSize("carillon.streams.open", List.of(), watchers);
    }

    /** @throws Overloaded when as many watch as may, in all or of one tenant */
    public void admit(String tenant) {
        if (watchers.size() >= settings.streams()) {
            throw new Overloaded("More than %d streams".formatted(settings.streams()));
        }
        long own = watchers.stream()
                .filter(watcher -> watcher.tenant.equals(tenant))
                .count();
        if (own >= settings.streamsOfTenant()) {
            throw new Overloaded("More than %d streams of %s".formatted(settings.streamsOfTenant(), tenant));
        }
    }

    /** The states of a message that are later than {@code seen}, from {@code known} on, up to its end. */
    public Multi<TracedMessage> states(TracedMessage known, long seen) {
        return Multi.createFrom()
                .emitter(
                        emitter -> {
                            var watcher =
                                    new Watcher(known.message().tenant(), known.id(), new AtomicLong(seen), emitter);
                            emitter.onTermination(() -> watchers.remove(watcher));
                            if (watcher.show(known)) {
                                emitter.complete();
                                return;
                            }
                            watchers.add(watcher);
                            if (looking.compareAndSet(false, true)) {
                                lookLater();
                            }
                        },
                        BackPressureStrategy.LATEST);
    }

    void stop(@Observes ShutdownEvent stopping) {
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
                        failure -> LOG.warnf("Watched messages were not read, tried again: %s", failure.getMessage()));
    }

    private Uni<Void> lookAt(List<Map.Entry<UUID, Long>> seen) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (int from = 0; from < seen.size(); from += IN_A_QUERY) {
            var some = seen.subList(from, Math.min(seen.size(), from + IN_A_QUERY));
            all = all.chain(() ->
                            messages.findLater(some).ifNoItem().after(PATIENCE).fail())
                    .invoke(this::show)
                    .replaceWithVoid();
        }
        return all;
    }

    private void show(List<TracedMessage> later) {
        var states = new HashMap<UUID, TracedMessage>();
        later.forEach(one -> states.put(one.id(), one));
        watchers.forEach(watcher -> {
            var state = states.get(watcher.id);
            if (state != null && watcher.show(state)) {
                watcher.emitter.complete();
            }
        });
    }
}
