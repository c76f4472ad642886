package dev.carillon.relay.telemetry;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.OutboxState;
import dev.carillon.relay.OutboxState.Summary;
import dev.carillon.relay.Publication;
import dev.carillon.relay.RelayObserver;
import dev.carillon.relay.engine.RelayLimits;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One source's meters, each with the tag {@code source}. What was last seen of a source that cannot be looked at any more is not told for long: a number that
 * stands still looks like one that is well.
 */
public final class SourceMetrics implements RelayObserver {
    private static final long SAMPLE_MILLIS = 5_000;
    private static final long TOLD_SECONDS = 30;

    private final Counter published;
    private final Counter failed;
    private final Counter refused;
    private final Counter unavailable;
    private final Counter parked;
    private final Counter leaseLosses;
    private final Timer commitToAck;
    private final LongSupplier nanos;
    private final LaneBacklogs laneBacklogs;

    /** When it was last looked at; before the first time when that was begun. */
    private volatile long seenNanos;

    private volatile @Nullable Summary last;

    public SourceMetrics(String source, MeterRegistry meters) {
        this(source, meters, System::nanoTime);
    }

    /** @param nanos a monotonic clock */
    SourceMetrics(String source, MeterRegistry meters, LongSupplier nanos) {
        this.nanos = nanos;
        this.seenNanos = nanos.getAsLong();
        this.laneBacklogs = new LaneBacklogs(source, RelayLimits.ANSWER_WITHIN, nanos);
        this.published = meters.counter("carillon.relay.published", "source", source);
        this.failed = meters.counter("carillon.relay.publish.failures", "source", source, "outcome", "failed");
        this.refused = meters.counter("carillon.relay.publish.failures", "source", source, "outcome", "refused");
        this.unavailable =
                meters.counter("carillon.relay.publish.failures", "source", source, "outcome", "topic-unavailable");
        this.parked = meters.counter("carillon.relay.parked", "source", source);
        this.leaseLosses = meters.counter("carillon.relay.lease.losses", "source", source);
        this.commitToAck = Timer.builder("carillon.relay.commit.to.ack")
                .description("From the time an event occurred to Kafka's acknowledgement")
                .tag("source", source)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .register(meters);
        gauge(
                "carillon.outbox.backlog",
                source,
                meters,
                summary -> summary.backlog(),
                "Unpublished events; counts end at 100000");
        gauge(
                "carillon.outbox.oldest.age.seconds",
                source,
                meters,
                summary -> seconds(summary.oldestAge()),
                "Of the oldest unpublished event");
        Lane.all().forEach(lane -> lane(lane, source, meters));
        gauge(
                "carillon.outbox.parked",
                source,
                meters,
                summary -> summary.parked(),
                "Events that wait for an operator");
        Gauge.builder("carillon.outbox.unread.seconds", this, SourceMetrics::unreadSeconds)
                .description("Since the source was last looked at")
                .tag("source", source)
                .register(meters);
    }

    private void lane(Lane lane, String source, MeterRegistry meters) {
        ToDoubleFunction<Summary> age = summary -> seconds(summary.oldestAge(lane));
        Gauge.builder("carillon.outbox.lane.oldest.age.seconds", this, metrics -> metrics.seen(age))
                .description("Of the lane's oldest unpublished event")
                .tags("source", source, "lane", lane.toString())
                .register(meters);
        Gauge.builder("carillon.outbox.lane.backlog", this, metrics -> metrics.backlog(lane))
                .description("Unpublished events of the lane; counts end at " + OutboxState.LANE_COUNTS_TO)
                .tags("source", source, "lane", lane.toString())
                .register(meters);
    }

    private double backlog(Lane lane) {
        return isUnread() ? Double.NaN : laneBacklogs.of(lane);
    }

    private static double seconds(Duration age) {
        return age.toMillis() / 1000.0;
    }

    private double unreadSeconds() {
        return (nanos.getAsLong() - seenNanos) / 1e9;
    }

    private boolean isUnread() {
        return unreadSeconds() > TOLD_SECONDS;
    }

    private void gauge(
            String name, String source, MeterRegistry meters, ToDoubleFunction<Summary> value, String description) {
        Gauge.builder(name, this, metrics -> metrics.seen(value))
                .description(description)
                .tag("source", source)
                .register(meters);
    }

    private double seen(ToDoubleFunction<Summary> value) {
        var known = last;
        return known == null || isUnread() ? Double.NaN : value.applyAsDouble(known);
    }

    /** Looks every few seconds, for as long as Vert.x runs. A source that cannot be looked at is told by readiness, with why. */
    public void follow(OutboxState state, Vertx vertx) {
        vertx.setPeriodic(SAMPLE_MILLIS, tick -> {
            var unused = look(state);
        });
    }

    /**
     * Lanes are counted, when that is due, after the database has answered something cheap: a count that fails because it is away would have taken long,
     * and the next one would be far off when it is back.
     */
    CompletionStage<Void> look(OutboxState state) {
        return state.summary().thenAccept(summary -> {
            saw(summary);
            laneBacklogs.count(state);
        });
    }

    void saw(Summary summary) {
        seenNanos = nanos.getAsLong();
        last = summary;
    }

    @Override
    public void published(OutboxEvent event, Duration sinceOccurred) {
        published.increment();
        commitToAck.record(sinceOccurred.isNegative() ? Duration.ZERO : sinceOccurred);
    }

    @Override
    public void publishFailed(OutboxEvent event, Publication outcome) {
        switch (outcome) {
            case Publication.Refused refusal -> refused.increment();
            case Publication.TopicUnavailable waiting -> unavailable.increment();
            case Publication.Failed failure -> failed.increment();
            case Publication.Acknowledged acknowledged -> throw new IllegalArgumentException("not a failure");
        }
    }

    @Override
    public void parked(int events) {
        parked.increment(events);
    }

    @Override
    public void leaseLost(Lane lane) {
        leaseLosses.increment();
    }
}
