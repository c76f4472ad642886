package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.kit.timer.DatabaseClock;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one timer that an open delivery has: for its next attempt, which fires a head start before the instant; for its expiry; while it is held,
 * for its being given up; or, while a call is open, for the call's deadline. A delivery's timer is locked after the delivery and its ordering key, never before.
 */
@ApplicationScoped
public class AttemptTimers {
    private static final Duration LONGEST_HEAD_START = Duration.ofMillis(500);
    // Only for the turn that a fault made it miss: whatever ends before it gives it its turn.
    private static final Duration BLOCKED_RECHECK = Duration.ofSeconds(15);

    private final DeliveryStore deliveries;
    private final Channels channels;
    private final Duration headStart;
    private final Timers timers;
    private final CompletableFuture<Timers.Firing> firing = new CompletableFuture<>();

    /** @throws IllegalArgumentException when the settings would let an attempt stand open for longer than is promised */
    public AttemptTimers(
            DeliverySettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            DeliveryStore deliveries,
            Channels channels,
            MeterRegistry metrics) {
        this.deliveries = deliveries;
        this.channels = channels;
        this.headStart = settings.intentLead();
        if (headStart.compareTo(LONGEST_HEAD_START) > 0 || headStart.isNegative()) {
            throw new IllegalArgumentException(
                    "carillon.delivery.intent-lead is %s; it must be at most PT0.5S".formatted(headStart));
        }
        this.timers = new Timers("attempts", pool, vertx, timerSettings, headStart, this::fire);
        metrics.gauge("carillon.timer.held", timers, Timers::held);
        metrics.gauge(
                "carillon.clock.skew.seconds", timers, t -> t.clock().skew().toNanos() / 1e9);
    }

    /** Registers this node; from then on {@code whenDue} gets what is due. */
    Uni<Void> start(Timers.Firing whenDue) {
        firing.complete(whenDue);
        return timers.start();
    }

    /** Fires nothing more, and leaves everything to other nodes once {@code drained}. */
    Uni<Void> stop(Duration patience, BooleanSupplier drained) {
        return timers.stop(patience, drained);
    }

    /** The database's clock. */
    DatabaseClock clock() {
        return timers.clock();
    }

    Instant now() {
        return timers.clock().instant();
    }

    boolean holdsLease() {
        return timers.holdsLease();
    }

    /** How long before its instant an attempt's intent may be committed. */
    Duration headStart() {
        return headStart;
    }

    /** What a call for this delivery may take. */
    Duration timeout(Delivery delivery) {
        return channels.named(delivery.channel()).map(Channel::timeout).orElse(Duration.ofSeconds(15));
    }

    Uni<Set<UUID>> take(Tx tx, List<Due> due) {
        return timers.take(tx, due);
    }

    /**
     * Sets the timers as these deliveries stand now: the next one of an open one, none of one that has ended. Whichever is no longer in flight
     * gives the next of its ordering key its turn.
     */
    Uni<Void> follow(Tx tx, List<Delivery> changed) {
        var gaveWay = changed.stream()
                .filter(one -> one.status() == DeliveryStatus.WAITING
                        || one.status() == DeliveryStatus.HELD
                        || one.status().isEnd())
                .toList();
        return follow(tx, changed, gaveWay);
    }

    /** As {@link #follow(Tx, List)}, for those that were in flight and are no more: one that was not called is as it was before, and gives way, too. */
    Uni<Void> followLanded(Tx tx, List<Delivery> landed) {
        return follow(tx, landed, landed);
    }

    private Uni<Void> follow(Tx tx, List<Delivery> changed, List<Delivery> gaveWay) {
        var open = changed.stream().filter(one -> !one.status().isEnd()).toList();
        var ended = changed.stream().filter(one -> one.status().isEnd()).toList();
        return timers.disarm(tx, ended.stream().map(Delivery::id).toList())
                .chain(() -> deliveries.nextOfKeys(tx, gaveWay))
                .chain(next -> arm(tx, distinct(open, next), this::firesAt));
    }

    private static Collection<Delivery> distinct(List<Delivery> some, List<Delivery> more) {
        var byId = new LinkedHashMap<UUID, Delivery>();
        some.forEach(one -> byId.put(one.id(), one));
        more.forEach(one -> byId.putIfAbsent(one.id(), one));
        return byId.values();
    }

    /** Who cannot begin yet, and when it is looked at again. */
    record Waiting(Delivery delivery, Instant until) {}

    /** For those that another one of their key stands before. */
    Uni<Void> recheck(Tx tx, List<Delivery> blocked) {
        var later = now().plus(BLOCKED_RECHECK);
        return await(tx, blocked.stream().map(one -> new Waiting(one, later)).toList());
    }

    /** Each until its instant, or until it expires. */
    Uni<Void> await(Tx tx, List<Waiting> waiting) {
        var until = waiting.stream().collect(Collectors.toMap(one -> one.delivery.id(), Waiting::until));
        return arm(tx, waiting.stream().map(Waiting::delivery).toList(), one -> {
            var expiresAt = one.expiresAt();
            var later = Objects.requireNonNull(until.get(one.id()));
            return expiresAt != null && expiresAt.isBefore(later) ? expiresAt : later;
        });
    }

    private Uni<Void> arm(Tx tx, Collection<Delivery> all, Function<Delivery, Instant> firesAt) {
        return timers.arm(
                tx,
                all.stream().map(Delivery::id).toList(),
                all.stream().map(one -> firesAt.apply(one).plus(headStart)).toList());
    }

    private Instant firesAt(Delivery delivery) {
        if (delivery.status() == DeliveryStatus.IN_FLIGHT) {
            return delivery.deadline(timeout(delivery));
        }
        var expiresAt = delivery.expiresAt();
        if (expiresAt != null && delivery.expiresFirst()) {
            return expiresAt;
        }
        return delivery.status() == DeliveryStatus.HELD
                ? delivery.attemptAt()
                : delivery.attemptAt().minus(headStart);
    }

    private Uni<Void> fire(List<Due> due) {
        return Uni.createFrom().completionStage(firing).chain(whenDue -> whenDue.fire(due));
    }
}
