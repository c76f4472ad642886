package dev.carillon.relay;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an operator sees of one source, and the pause. */
public interface OutboxState {

    /** Completes when the database has answered. */
    CompletionStage<Void> answers();

    /** Costs little, whatever the backlog: counts end at {@value #SUMMARY_COUNTS_TO}. */
    CompletionStage<Summary> summary();

    /** Counts end at {@value #LANE_COUNTS_TO} for each lane. */
    CompletionStage<List<LaneSummary>> lanes();

    /** Stops or resumes publishing in every relay of this source. */
    CompletionStage<Void> pause(boolean paused);

    int SUMMARY_COUNTS_TO = 100_000;
    int LANE_COUNTS_TO = 10_000;

    /** @param oldestAges of the oldest unpublished event of each lane that has one */
    record Summary(long backlog, Map<Lane, Duration> oldestAges, long parked, boolean paused) {
        public Summary {
            oldestAges = Map.copyOf(oldestAges);
        }

        /** Of the oldest unpublished event; zero when there is none. */
        public Duration oldestAge() {
            return oldestAges.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }

        /** Of the lane's oldest unpublished event; zero when it has none. */
        public Duration oldestAge(Lane lane) {
            return oldestAges.getOrDefault(lane, Duration.ZERO);
        }
    }

    /** @param owner of a lease that counts */
    record LaneSummary(
            Lane lane,
            @Nullable String owner,
            long backlog,
            @Nullable Duration oldestAge) {}
}
