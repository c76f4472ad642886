package dev.carillon.relay.telemetry;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState;
import dev.carillon.relay.OutboxState.LaneSummary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How many events wait in each lane of one source, as they were last counted. A count goes through all of them, up to {@value OutboxState#LANE_COUNTS_TO} in
 * each lane, so that it costs most when the database has most to do. So it is made at a {@link SparingPace}, and told until the next one is overdue.
 */
final class LaneBacklogs {
    private static final Logger LOG = Logger.getLogger(LaneBacklogs.class);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(30);
    private static final Duration OVERDUE_AFTER = Duration.ofSeconds(30);

    private final String source;
    private final Duration answerWithin;
    private final LongSupplier nanos;
    private final SparingPace pace;

    private volatile @Nullable Counted last;

    private record Counted(Map<Lane, Long> events, long toldUntilNanos) {}

    /**
     * @param answerWithin how long a count may take before it is given up
     * @param nanos a monotonic clock
     */
    LaneBacklogs(String source, Duration answerWithin, LongSupplier nanos) {
        this.source = source;
        this.answerWithin = answerWithin;
        this.nanos = nanos;
        this.pace = new SparingPace(LEAST_PAUSE, nanos.getAsLong());
    }

    /** {@code NaN} when it is not known. */
    double of(Lane lane) {
        var known = last;
        return known == null || nanos.getAsLong() - known.toldUntilNanos() > 0
                ? Double.NaN
                : known.events().getOrDefault(lane, 0L).doubleValue();
    }

    /** Counts if that is due. May be called at any time, on any thread. */
    void count(OutboxState state) {
        if (!pace.begin(nanos.getAsLong())) {
            return;
        }
        var unused = state.lanes()
                .toCompletableFuture()
                .orTimeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((lanes, problem) -> {
                    long dueNanos = pace.ended(nanos.getAsLong());
                    if (lanes == null) {
                        LOG.warnf("Source %s: the backlogs of its lanes were not counted: %s", source, problem);
                    } else {
                        last = new Counted(events(lanes), dueNanos + OVERDUE_AFTER.toNanos());
                    }
                });
    }

    private static Map<Lane, Long> events(List<LaneSummary> lanes) {
        return lanes.stream().collect(Collectors.toUnmodifiableMap(LaneSummary::lane, LaneSummary::backlog));
    }
}
