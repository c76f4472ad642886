package dev.carillon.relay.engine;

import dev.carillon.kit.event.EventFields;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.relay.Broker;
import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.Publication;
import dev.carillon.relay.PublishWindow;
import dev.carillon.relay.PublishWindow.Sending;
import dev.carillon.relay.RelayObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends what the window lets go, and settles it. Confined to the loop's thread. */
final class Sender {
    private static final LogCategory LOG = LogCategory.of(Sender.class);
    private static final Duration LOOK_FOR_TOPICS_EVERY = Duration.ofSeconds(1);

    private final String source;
    private final Broker broker;
    private final PublishWindow window;
    private final RelayLimits limits;
    private final RelayObserver observer;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Loop loop;
    private final Runnable readAgain;

    private final Map<String, String> withheld = new HashMap<>();
    private final Map<String, String> warned = new HashMap<>();
    private final Map<String, Long> deniedUntilNanos = new HashMap<>();
    private final long[] acknowledged = new long[Lane.COUNT];
    private boolean looking;
    private long lookDueNanos;
    private long resumeNanos;
    private @Nullable String failure;

    Sender(
            String source,
            Broker broker,
            PublishWindow window,
            RelayLimits limits,
            RelayObserver observer,
            InstantSource clock,
            LongSupplier nanoClock,
            Loop loop,
            Runnable readAgain) {
        this.source = source;
        this.broker = broker;
        this.window = window;
        this.limits = limits;
        this.observer = observer;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.loop = loop;
        this.readAgain = readAgain;
        this.resumeNanos = nanoClock.getAsLong();
        this.lookDueNanos = resumeNanos;
    }

    void turn(long nowNanos) {
        if (!withheld.isEmpty() && !looking && nowNanos - lookDueNanos >= 0) {
            lookForTopics(nowNanos);
        }
        // The clock is read for each event: a call into the broker's client may block, and a lease end in between.
        for (long now = nowNanos; now - resumeNanos >= 0; now = nanoClock.getAsLong()) {
            @Nullable Sending sending = window.next(now, this::open);
            if (sending == null) {
                return;
            }
            send(sending);
        }
    }

    private void send(Sending sending) {
        CompletableFuture<Publication> answer = broker.publish(sending.event()).toCompletableFuture();
        if (answer.isDone()) {
            // At once, before another is sent: what the client refuses by itself, most will be refused the same way.
            settle(sending, answer.join());
        } else {
            var unused = answer.thenAcceptAsync(publication -> settle(sending, publication), loop);
        }
    }

    private void settle(Sending sending, Publication publication) {
        OutboxEvent event = sending.event();
        switch (publication) {
            case Publication.Acknowledged acknowledgement -> acknowledged(sending);
            case Publication.Refused(String reason) -> {
                observer.publishFailed(event, publication);
                // Which key that is, is not said: a tenant's ordering key may be anything, somebody's address too.
                about(LOG.error(), event)
                        .say(
                                "Source %s: event %s of type %s is refused by %s and parks its key: %s",
                                source, event.id(), event.type(), event.topic(), reason);
                window.refused(sending, reason);
            }
            case Publication.Failed(String reason) -> {
                observer.publishFailed(event, publication);
                window.failed(sending);
                waitFor(reason);
            }
            case Publication.TopicUnavailable(String reason) -> {
                observer.publishFailed(event, publication);
                denied(event.topic(), reason);
                window.failed(sending);
            }
        }
    }

    private void acknowledged(Sending sending) {
        OutboxEvent event = sending.event();
        window.acknowledged(sending);
        acknowledged[event.lane().number()]++;
        observer.published(event, Duration.between(event.occurredAt(), clock.instant()));
        if (LogCategory.EVENTS.isDebug()) {
            about(LogCategory.EVENTS.debug(), event)
                    .with("topic", event.topic())
                    .say("Source %s: %s of %s is published", source, event.type(), event.subject());
        }
        if (failure != null) {
            failure = null;
            LOG.info().say("Source %s: Kafka takes its events again", source);
        }
    }

    private static LogCategory.Line about(LogCategory.Line line, OutboxEvent event) {
        var trace = new TraceContext(event.traceparent(), event.tracestate());
        return EventFields.add(line, event.id(), event.type(), event.subject(), event.tenant(), trace.traceId());
    }

    private void waitFor(String reason) {
        long now = nanoClock.getAsLong();
        resumeNanos = now + limits.retryAfter().toNanos();
        if (failure == null) {
            LOG.warn().say("Source %s: Kafka does not take its events, which wait: %s", source, reason);
        }
        failure = reason;
        // A topic that was deleted shows itself only as a timeout.
        if (!looking) {
            lookForTopics(now);
        }
    }

    private boolean open(String topic) {
        if (withheld.containsKey(topic)) {
            return false;
        }
        @Nullable String obstacle = broker.obstacle(topic);
        if (obstacle != null) {
            withhold(topic, obstacle);
        }
        return obstacle == null;
    }

    /**
     * The broker itself says so. It is not tried again before the next look is due: a topic that is listed and may not be written to would keep both
     * busy for nothing.
     */
    private void denied(String topic, String reason) {
        deniedUntilNanos.put(topic, nanoClock.getAsLong() + LOOK_FOR_TOPICS_EVERY.toNanos());
        if (!reason.equals(warned.put(topic, reason))) {
            LOG.warn().say("Source %s: events wait: %s", source, reason);
        }
        withhold(topic, reason);
    }

    private boolean isDenied(String topic) {
        @Nullable Long until = deniedUntilNanos.get(topic);
        return until != null && until - nanoClock.getAsLong() > 0;
    }

    private void withhold(String topic, String reason) {
        withheld.put(topic, reason);
        if (!looking) {
            lookForTopics(nanoClock.getAsLong());
        }
    }

    private void lookForTopics(long nowNanos) {
        looking = true;
        lookDueNanos = nowNanos + LOOK_FOR_TOPICS_EVERY.toNanos();
        broker.refreshTopics().whenCompleteAsync((done, problem) -> looked(), loop);
    }

    private void looked() {
        looking = false;
        for (String topic : List.copyOf(withheld.keySet())) {
            @Nullable String obstacle = broker.obstacle(topic);
            if (obstacle == null && isDenied(topic)) {
                continue;
            }
            if (obstacle == null) {
                withheld.remove(topic);
                deniedUntilNanos.remove(topic);
                readAgain.run();
            } else if (!obstacle.equals(warned.put(topic, obstacle))) {
                withheld.put(topic, obstacle);
                LOG.warn().say("Source %s: events wait: %s", source, obstacle);
            }
        }
        warned.keySet().retainAll(withheld.keySet());
    }

    Map<String, String> withheld() {
        return withheld;
    }

    /** Acknowledged events by lane since the last call. */
    long[] takeAcknowledged() {
        long[] taken = acknowledged.clone();
        Arrays.fill(acknowledged, 0);
        return taken;
    }

    long nanosLeft(long nowNanos) {
        return resumeNanos - nowNanos > 0
                ? resumeNanos - nowNanos
                : Duration.ofSeconds(1).toNanos();
    }
}
