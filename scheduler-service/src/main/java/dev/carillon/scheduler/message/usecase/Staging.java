package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Hands messages over to delivery when their instant is nearer than the lead. A message's timer stands first at (instant − lead), for that; then
 * at (instant + a minute), to hand it over again should delivery not have said that it has it; and is gone once it has.
 */
@ApplicationScoped
public class Staging {
    private static final int MOST_TOGETHER = 4 << 20;

    /** The first is for what had nothing left: a bucket of nothing at all cannot be had. Close below the lead, where nearly all are. */
    private static final Duration[] LEAD_LEFT = {
        Duration.ofMillis(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15),
        Duration.ofSeconds(20),
        Duration.ofSeconds(25),
        Duration.ofSeconds(28),
        Duration.ofSeconds(29),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2)
    };

    private final SchedulerSettings settings;
    private final Transactions transactions;
    private final MessageStore messages;
    private final MessageEvents events;
    private final Outbox outbox;
    private final Timers timers;
    private final Counter repeated;
    private final Timer leadLeft;

    public Staging(
            SchedulerSettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            MessageStore messages,
            MessageEvents events,
            Outbox outbox,
            MeterRegistry metrics) {
        this.settings = settings;
        this.transactions = transactions;
        this.messages = messages;
        this.events = events;
        this.outbox = outbox;
        this.timers = new Timers("staging", pool, vertx, timerSettings, Duration.ZERO, this::stageDue);
        this.repeated = metrics.counter("carillon.staging.repeated");
        this.leadLeft = Timer.builder("carillon.staging.lead.left")
                .serviceLevelObjectives(LEAD_LEFT)
                .register(metrics);
        metrics.gauge("carillon.timer.held", timers, Timers::held);
        metrics.gauge(
                "carillon.clock.skew.seconds", timers, t -> t.clock().skew().toNanos() / 1e9);
    }

    void start(@Observes StartupEvent started) {
        var least = settings.relayLease().plus(settings.sessionTimeout()).plus(SchedulerSettings.MARGIN);
        if (settings.lead().compareTo(least) < 0) {
            throw new ConfigurationException(
                    "carillon.scheduler.lead is %s; it must be at least %s: relay lease + session timeout + 10 s"
                            .formatted(settings.lead(), least));
        }
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    /** The database's clock, to the microsecond that it can keep. */
    public Instant now() {
        return timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The message itself, or as handed over now when its instant is nearer than the lead. */
    TracedMessage stagedWhenNear(TracedMessage traced, Instant now) {
        var message = traced.message();
        boolean near = !stagedAt(message).isAfter(now);
        return near ? traced.with(message.staged(now)) : traced;
    }

    Uni<Void> arm(Tx tx, List<TracedMessage> changed) {
        return timers.arm(tx, ids(changed), nextTimers(changed));
    }

    /** For those that have no timer, since they are new or theirs was taken in this transaction. */
    Uni<Void> armNew(Tx tx, List<TracedMessage> added) {
        return timers.armNew(tx, ids(added), nextTimers(added));
    }

    private static List<UUID> ids(List<TracedMessage> some) {
        return some.stream().map(TracedMessage::id).toList();
    }

    private List<Instant> nextTimers(List<TracedMessage> some) {
        return some.stream().map(one -> nextTimer(one.message())).toList();
    }

    Uni<Void> disarm(Tx tx, List<UUID> ids) {
        return timers.disarm(tx, ids);
    }

    private Instant stagedAt(Message message) {
        return message.timing().dueAt().minus(settings.lead());
    }

    private Instant nextTimer(Message message) {
        if (message.status() == Status.SCHEDULED) {
            return stagedAt(message);
        }
        var firstRepeat = message.timing().dueAt().plus(settings.restageAfter());
        var nextRepeat = now().plus(settings.restageAfter());
        return firstRepeat.isAfter(now()) ? firstRepeat : nextRepeat;
    }

    /** A timer takes no negative amount, and would leave out the worst of them. */
    private void recordLeadLeft(Message message, Instant now) {
        var left = Duration.between(now, message.timing().dueAt());
        leadLeft.record(left.isNegative() ? Duration.ZERO : left);
    }

    /** Large messages in several transactions: what one transaction hands over is in memory, several times. */
    private Uni<Void> stageDue(List<Due> due) {
        return messages.sizes(due.stream().map(Due::id).toList())
                .onItem()
                .transformToMulti(sizes -> Multi.createFrom().iterable(bounded(due, sizes)))
                .onItem()
                .transformToUniAndConcatenate(this::stageTogether)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** In order, each part of at most {@link #MOST_TOGETHER} bytes, or of one message. */
    static List<List<Due>> bounded(List<Due> due, Map<UUID, Integer> sizes) {
        var parts = new ArrayList<List<Due>>();
        long bytes = MOST_TOGETHER;
        for (var one : due) {
            int size = sizes.getOrDefault(one.id(), 0);
            bytes += size;
            if (bytes >= MOST_TOGETHER) {
                parts.add(new ArrayList<>());
                bytes = size;
            }
            parts.getLast().add(one);
        }
        return parts;
    }

    private Uni<Void> stageTogether(List<Due> due) {
        // Messages are locked before their timers, here as everywhere, so that nobody waits for each other.
        return transactions.inTransaction(
                tx -> messages.lock(tx, due.stream().map(Due::id).toList())
                        .chain(found -> timers.take(tx, due).chain(taken -> stage(tx, found, taken))));
    }

    private Uni<Void> stage(Tx tx, List<TracedMessage> found, Set<UUID> taken) {
        var now = now();
        var changed = new ArrayList<TracedMessage>();
        var waiting = new ArrayList<TracedMessage>();
        for (var one : found) {
            if (!taken.contains(one.id())) {
                continue;
            }
            switch (one.message().status()) {
                case SCHEDULED -> {
                    changed.add(one.with(one.message().staged(now)));
                    recordLeadLeft(one.message(), now);
                }
                case STAGED, RECALLING -> waiting.add(one);
                case DELIVERING, HELD, DELIVERED, FAILED, EXPIRED, CANCELLED -> {}
            }
        }
        waiting.removeIf(one -> one.message().progress().acceptedAt() != null);
        repeated.increment(waiting.size());
        var handedOver = new ArrayList<>(changed);
        handedOver.addAll(waiting);
        var outgoing = new ArrayList<>(
                handedOver.stream().map(one -> events.staged(one, now)).toList());
        waiting.stream()
                .filter(one -> one.message().status() == Status.RECALLING)
                .map(one -> events.recalled(one, now))
                .forEach(outgoing::add);
        return messages.save(tx, changed.stream().map(TracedMessage::message).toList())
                .chain(() -> armNew(tx, handedOver))
                .chain(() -> outbox.append(tx, outgoing));
    }
}
